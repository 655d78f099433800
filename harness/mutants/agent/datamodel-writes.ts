import type { AgentParts } from '../../../reference-agent/agent.ts'
import type { Assignment, ParameterTree } from '../../../reference-agent/datamodel/datamodel.ts'
import { CwmpFault } from '../../../reference-agent/soap/soap.ts'
import { alterParameter } from './alter/definitions.ts'
import { exists } from './alter/reading.ts'
import { alterTree } from './alter/rpc.ts'
import { alterFault, alterRules, alterStateAtBoot } from './alter/writing.ts'
import type { Mutant } from './mutant.ts'

/** Grants the assignments that do not pass, and does nothing about them. */
function ignores(parts: AgentParts, which: (assignment: Assignment, tree: ParameterTree) => boolean): void {
  alterTree(parts, 'SetParameterValues', (tree) => ({
    setValues: (assignments, key) =>
      tree.setValues(
        assignments.filter((each) => !which(each, tree)),
        key,
      ),
  }))
}

const isReadOnly = ({ path }: Assignment, tree: ParameterTree) =>
  exists(tree, path) && tree.names(path, false)[0]?.writable === false

/** Answers other codes for single parameters. */
function recodes(parts: AgentParts, from: number, to: number): void {
  alterFault(parts, 'SetParameterValues', (fault) => {
    const faults = fault.setParameterValuesFaults.map((one) => ({
      ...one,
      faultCode: one.faultCode === from ? to : one.faultCode,
    }))
    return new CwmpFault(fault.faultCode, fault.faultString, faults)
  })
}

export const mutants: readonly Mutant[] = [
  {
    name: 'model-ignores-read-only-writes',
    cases: ['DM-WRITE-001'],
    breaks: 'grants the setting of read-only parameters and does nothing',
    apply: (parts) => ignores(parts, isReadOnly),
  },
  {
    name: 'model-takes-read-only-of-one-object',
    cases: ['DM-WRITE-001'],
    breaks: 'grants the setting of read-only parameters of one object',
    apply: (parts) =>
      ignores(parts, (each, tree) => each.path.startsWith('Device.Time.') && isReadOnly(each, tree)),
  },
  {
    name: 'model-takes-unchanged-read-only',
    cases: ['DM-WRITE-001'],
    breaks: 'grants the setting of a read-only parameter to what it is',
    apply: (parts) =>
      ignores(parts, (each, tree) => isReadOnly(each, tree) && tree.get(each.path)?.value === each.value),
  },
  {
    name: 'model-read-only-is-9007',
    cases: ['DM-WRITE-001'],
    breaks: 'answers 9007 for read-only parameters',
    apply: (parts) => recodes(parts, 9008, 9007),
  },
  {
    name: 'model-refuses-present-value',
    cases: ['DM-WRITE-002'],
    breaks: 'refuses a value that the parameter has already',
    apply: (parts) =>
      alterTree(parts, 'SetParameterValues', (tree) => ({
        setValues: (assignments, key) => {
          const same = assignments.filter(
            ({ path, value }) => path.endsWith('Enable') && tree.get(path)?.value === value,
          )
          const faults = same.map(({ path }) => ({
            parameterName: path,
            faultCode: 9007,
            faultString: 'the same',
          }))
          if (faults.length > 0) throw new CwmpFault(9003, '', faults)
          return tree.setValues(assignments, key)
        },
      })),
  },
  {
    name: 'model-narrower-than-it-says',
    cases: ['DM-WRITE-003'],
    breaks: 'takes no other lease time than the one it has from the factory',
    apply: (parts) =>
      alterRules(parts, (rules) => ({
        violation: (node, value, surroundings) =>
          node.name === 'LeaseTime' && value !== '86400' ? 'no' : rules.violation(node, value, surroundings),
      })),
  },
  {
    name: 'model-forgets-one-write',
    cases: ['DM-WRITE-004', 'DM-PERSIST-001'],
    breaks: 'grants the setting of one parameter and does nothing',
    apply: (parts) => ignores(parts, ({ path }) => path.endsWith('.DomainName')),
  },
  {
    name: 'model-rounds-numbers',
    cases: ['DM-WRITE-004'],
    breaks: 'rounds a number to the next ten without a word',
    apply: (parts) =>
      alterRules(parts, (rules) => ({
        canonical: (definition, text) => {
          const value = rules.canonical(definition, text)
          const isRounded = definition.range?.[0]?.[0] === 64 && value !== undefined
          return isRounded ? String(Math.round(Number(value) / 10) * 10) : value
        },
      })),
  },
  {
    name: 'model-forgets-one-at-boot',
    cases: ['DM-PERSIST-001'],
    breaks: 'loses the value of one parameter with the power',
    apply: (parts) =>
      alterStateAtBoot<Record<string, string>>(parts, 'datamodel.values', (values) =>
        Object.fromEntries(Object.entries(values).filter(([path]) => path !== 'Device.DeviceInfo.HostName')),
      ),
  },
  {
    name: 'model-forgets-times-at-boot',
    cases: ['DM-PERSIST-001'],
    breaks: 'loses what was set in the rows of one table with the power',
    apply: (parts) =>
      alterStateAtBoot<Record<string, string>>(parts, 'datamodel.values', (values) =>
        Object.fromEntries(
          Object.entries(values).filter(([path]) => !path.startsWith('Device.NAT.InterfaceSetting.')),
        ),
      ),
  },
  {
    name: 'model-reads-numbers-like-c',
    cases: ['DM-TYPE-003'],
    breaks: 'takes 0 for what is no number',
    apply: (parts) =>
      alterRules(parts, (rules) => ({
        canonical: (definition, text) =>
          rules.canonical(definition, text) ??
          (/^(int|unsignedInt|long)$/.test(definition.type) ? rules.canonical(definition, '0') : undefined),
      })),
  },
  {
    name: 'model-any-word-is-false',
    cases: ['DM-TYPE-003'],
    breaks: 'takes every word that it does not know for false',
    apply: (parts) =>
      alterRules(parts, (rules) => ({
        canonical: (definition, text) =>
          rules.canonical(definition, text) ?? (definition.type === 'boolean' ? 'false' : undefined),
      })),
  },
  {
    name: 'model-no-ranges',
    cases: ['DM-BOUND-001'],
    breaks: 'does not compare numbers with their ranges',
    apply: (parts) => alterRules(parts, () => ({ rangeViolation: () => undefined })),
  },
  {
    name: 'model-one-range-less',
    cases: ['DM-BOUND-001'],
    breaks: 'takes any number in one parameter',
    apply: (parts) =>
      alterParameter(
        parts,
        'Device.NAT.InterfaceSetting.{i}.TCPTranslationTimeout',
        ({ range: _range, ...one }) => one,
      ),
  },
  {
    name: 'model-range-is-9006',
    cases: ['DM-BOUND-001', 'DM-BOUND-002', 'DM-BOUND-003', 'DM-BOUND-004'],
    breaks: 'answers 9006 where 9007 is due',
    apply: (parts) => recodes(parts, 9007, 9006),
  },
  {
    name: 'model-no-lengths',
    cases: ['DM-BOUND-002'],
    breaks: 'takes texts of any length',
    apply: (parts) => alterRules(parts, () => ({ lengthViolation: () => undefined })),
  },
  {
    name: 'model-one-character-too-many',
    cases: ['DM-BOUND-002'],
    breaks: 'counts the zero behind a text as room for one more character',
    apply: (parts) =>
      alterParameter(parts, 'Device.DeviceInfo.HostName', (one) => ({ ...one, length: [[null, 256]] })),
  },
  {
    name: 'model-no-enumerations',
    cases: ['DM-BOUND-003'],
    breaks: 'takes any text for an enumerated parameter',
    apply: (parts) => alterRules(parts, () => ({ enumerationViolation: () => undefined })),
  },
  {
    name: 'model-no-patterns',
    cases: ['DM-BOUND-004'],
    breaks: 'takes any text that is short enough for an address',
    apply: (parts) => alterRules(parts, () => ({ namedTypeViolation: () => undefined })),
  },
  {
    name: 'model-lists-without-end',
    cases: ['DM-BOUND-005'],
    breaks: 'takes any number of items in one list',
    apply: (parts) =>
      alterParameter(parts, 'Device.DHCPv4.Server.Pool.{i}.IPRouters', (one) => ({ ...one, list: {} })),
  },
  {
    name: 'model-any-reference',
    cases: ['DM-BOUND-006'],
    breaks: 'takes references to what does not exist',
    apply: (parts) => alterRules(parts, () => ({ pathRefViolation: () => undefined })),
  },
  {
    name: 'model-any-value-listed-or-not',
    cases: ['DM-BOUND-007'],
    breaks: 'does not look into the list of values that are supported',
    apply: (parts) => alterRules(parts, () => ({ enumerationRefViolation: () => undefined })),
  },
  {
    name: 'model-reserved-for-nobody',
    cases: ['DM-BOUND-008'],
    breaks: 'lets the ACS say that a diagnostics is complete',
    apply: (parts) => alterRules(parts, () => ({ isReserved: () => false })),
  },
]
