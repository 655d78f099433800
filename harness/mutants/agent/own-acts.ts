import type { AgentParts } from '../../../reference-agent/agent.ts'
import type { ParameterTree } from '../../../reference-agent/datamodel/datamodel.ts'
import { alterTreeClass } from './alter/changes.ts'
import { alterModules } from './alter/software-modules.ts'
import { alterTransfers } from './alter/transfer.ts'
import { alterEnvelopes, alterInforms } from './alter/wire.ts'
import type { Mutant } from './mutant.ts'

/** Has the device go by another policy than the ACS has set. */
function believe(parts: AgentParts, end: string, value: string): void {
  alterTreeClass(
    parts,
    (Base) =>
      class extends Base {
        override get(path: string): ReturnType<ParameterTree['get']> {
          const found = super.get(path)
          return found && path.endsWith(end) ? { ...found, value } : found
        }
      },
  )
}

/** Tells another event in place of one. */
function tellInstead(parts: AgentParts, event: string, other: string): void {
  alterInforms(parts, (xml) => xml.replaceAll(event, other))
}

export const mutants: readonly Mutant[] = [
  {
    name: 'own-transfer-as-ordered',
    cases: ['TRF-ATC-001'],
    breaks: 'tells 7 TRANSFER COMPLETE for a transfer of its own',
    apply: (parts) => tellInstead(parts, '10 AUTONOMOUS TRANSFER COMPLETE', '7 TRANSFER COMPLETE'),
  },
  {
    name: 'own-transfers-not-listed',
    cases: ['TRF-ATC-002'],
    breaks: 'lists in GetAllQueuedTransfers what the ACS has ordered alone',
    apply: (parts) =>
      alterTransfers(
        parts,
        (Base) =>
          class extends Base {
            override queued() {
              return super.queued().filter(({ isOrdered }) => isOrdered)
            }
          },
      ),
  },
  {
    name: 'own-transfer-of-any-type',
    cases: ['TRF-ATC-003'],
    breaks: 'tells of files of every type whatever FileTypeFilter says',
    apply: (parts) => believe(parts, 'Policy.FileTypeFilter', '2 Web Content'),
  },
  {
    name: 'own-transfers-always-told',
    cases: ['TRF-ATC-004'],
    breaks: 'tells of transfers of its own that nobody wants to hear of',
    apply: (parts) => believe(parts, 'AutonomousTransferCompletePolicy.Enable', 'true'),
  },
  {
    name: 'own-transfer-direction-ignored',
    cases: ['TRF-ATC-005'],
    breaks: 'tells of downloads and uploads whatever TransferTypeFilter says',
    apply: (parts) => believe(parts, 'Policy.TransferTypeFilter', 'Both'),
  },
  {
    name: 'own-transfer-result-ignored',
    cases: ['TRF-ATC-006'],
    breaks: 'tells of success and failure whatever ResultTypeFilter says',
    apply: (parts) => believe(parts, 'AutonomousTransferCompletePolicy.ResultTypeFilter', 'Both'),
  },
  {
    name: 'own-failure-untold',
    cases: ['TRF-ATC-007'],
    breaks: 'tells of transfers of its own that succeeded alone',
    apply: (parts) => believe(parts, 'AutonomousTransferCompletePolicy.ResultTypeFilter', 'Success'),
  },
  {
    name: 'own-download-as-upload',
    cases: ['TRF-ATC-008'],
    breaks: 'says of each transfer of its own that it was an upload',
    apply: (parts) =>
      alterEnvelopes(parts, (xml) =>
        xml.replace(/<IsDownload>(1|true)<\/IsDownload>/, '<IsDownload>0</IsDownload>'),
      ),
  },
  {
    name: 'own-unit-as-ordered',
    cases: ['TRF-DU-039'],
    breaks: 'tells 11 DU STATE CHANGE COMPLETE for a unit that it has installed by itself',
    apply: (parts) =>
      tellInstead(parts, '12 AUTONOMOUS DU STATE CHANGE COMPLETE', '11 DU STATE CHANGE COMPLETE'),
  },
  {
    name: 'own-units-always-told',
    cases: ['TRF-DU-040'],
    breaks: 'tells of units of its own that nobody wants to hear of',
    apply: (parts) => believe(parts, 'DUStateChangeComplPolicy.Enable', 'true'),
  },
  {
    name: 'own-unit-operation-ignored',
    cases: ['TRF-DU-041'],
    breaks: 'tells of operations of every kind whatever OperationTypeFilter says',
    apply: (parts) =>
      believe(parts, 'DUStateChangeComplPolicy.OperationTypeFilter', 'Install,Update,Uninstall'),
  },
  {
    name: 'own-unit-failure-always-told',
    cases: ['TRF-DU-042'],
    breaks: 'tells of success and failure where the ACS wants to hear of successes alone',
    apply: (parts) => believe(parts, 'DUStateChangeComplPolicy.ResultTypeFilter', 'Both'),
  },
  {
    name: 'own-unit-code-ignored',
    cases: ['TRF-DU-043'],
    breaks: 'tells of failures with every code whatever FaultCodeFilter says',
    apply: (parts) => believe(parts, 'DUStateChangeComplPolicy.FaultCodeFilter', '9015,9016,9017,9018'),
  },
  {
    name: 'own-unit-failure-untold',
    cases: ['TRF-DU-044'],
    breaks: 'tells of units of its own that came alone, never of failures',
    apply: (parts) => believe(parts, 'DUStateChangeComplPolicy.ResultTypeFilter', 'Success'),
  },
  {
    name: 'own-unit-success-always-told',
    cases: ['TRF-DU-045'],
    breaks: 'tells of success and failure where the ACS wants to hear of failures alone',
    apply: (parts) => believe(parts, 'DUStateChangeComplPolicy.ResultTypeFilter', 'Both'),
  },
  {
    name: 'own-unit-code-of-success',
    cases: ['TRF-DU-046'],
    breaks: 'tells of no unit of its own, not even of one that came, when FaultCodeFilter is empty',
    apply: (parts) =>
      alterModules(
        parts,
        (Base) =>
          class extends Base {
            protected override isWanted(...args: Parameters<InstanceType<typeof Base>['isWanted']>): boolean {
              const codes = this.device.tree.get(
                'Device.ManagementServer.DUStateChangeComplPolicy.FaultCodeFilter',
              )
              return codes?.value !== '' && super.isWanted(...args)
            }
          },
      ),
  },
  {
    name: 'own-wish-of-another-type',
    cases: ['TRF-RDL-001'],
    breaks: 'asks for a file of another type than the one that it wants',
    apply: (parts) =>
      alterEnvelopes(parts, (xml) =>
        xml.includes('<cwmp:RequestDownload>')
          ? xml.replace(/<FileType>[^<]*</, '<FileType>4 Tone File<')
          : xml,
      ),
  },
  {
    name: 'own-user-goes-nowhere',
    cases: ['TRF-KICK-001'],
    breaks: 'does not tell the ACS where its user wants to go',
    apply: (parts) =>
      alterEnvelopes(parts, (xml) =>
        xml.includes('<cwmp:Kicked>') ? xml.replace(/<Next>[^<]*</, '<Next><') : xml,
      ),
  },
]
