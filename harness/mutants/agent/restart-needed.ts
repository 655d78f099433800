import type { ParameterTree } from '../../../reference-agent/datamodel/datamodel.ts'
import { alterResponse, alterTree } from './alter/rpc.ts'
import { alterCpe } from './alter/wire.ts'
import { alterStateAtBoot, parameterKeyOf } from './alter/writing.ts'
import type { Mutant } from './mutant.ts'

const METHOD = 'SetParameterValues'
const WAITS = 'Device.WiFi.Radio.1.RegulatoryDomain'

/** Whether a request sets what waits for a restart. */
function waits(assignments: Parameters<ParameterTree['setValues']>[0]): boolean {
  return assignments.some(({ path }) => path === WAITS)
}

export const mutants: readonly Mutant[] = [
  {
    name: 'later-status-2',
    cases: ['RPC-LATER-001'],
    breaks: 'answers with Status 2 what waits for a restart',
    apply: (parts) => alterResponse(parts, METHOD, (xml) => xml.replace('<Status>1<', '<Status>2<')),
  },
  {
    name: 'later-restarts-in-session',
    cases: ['RPC-LATER-002'],
    breaks: 'restarts at once, in the middle of the session',
    apply: (parts) =>
      alterCpe(
        parts,
        (Base) =>
          class extends Base {
            override async start(): Promise<void> {
              await super.start()
              this.tree.on('restart', () => this.surroundings.reboot())
            }
          },
      ),
  },
  {
    name: 'later-never',
    cases: ['RPC-LATER-003', 'RPC-LATER-004'],
    breaks: 'answers Status 1 and never puts the change in force',
    apply: (parts) =>
      alterTree(parts, METHOD, (tree) => ({
        setValues: (assignments, key) => {
          const others = assignments.filter(({ path }) => path !== WAITS)
          const { status } = tree.setValues(others, key)
          return { status: waits(assignments) ? 1 : status }
        },
      })),
  },
  {
    name: 'later-lost-at-restart',
    cases: ['RPC-LATER-003', 'RPC-LATER-004'],
    breaks: 'forgets at its restart what was to be put in force by it',
    apply: (parts) =>
      alterStateAtBoot<Record<string, string>>(parts, 'datamodel.values', ({ [WAITS]: _, ...kept }) => kept),
  },
  {
    name: 'later-without-parameter-key',
    cases: ['RPC-LATER-005'],
    breaks: 'stores the ParameterKey only with Status 0',
    apply: (parts) =>
      alterTree(parts, METHOD, (tree) => ({
        setValues: (assignments, key) =>
          tree.setValues(assignments, waits(assignments) ? parameterKeyOf(tree) : key),
      })),
  },
  {
    name: 'later-told-as-changed',
    cases: ['RPC-LATER-006'],
    breaks: 'takes for a value change what a restart puts in force',
    apply: (parts) =>
      alterTree(parts, METHOD, (tree) => ({
        setValues: (assignments, key) => {
          const result = tree.setValues(assignments, key)
          if (waits(assignments)) {
            const value = tree.get(WAITS)?.value ?? ''
            tree.setLocally(WAITS, value === 'XX ' ? 'YY ' : 'XX ')
            tree.setLocally(WAITS, value)
          }
          return result
        },
      })),
  },
  {
    name: 'later-restart-as-ordered',
    cases: ['RPC-LATER-007'],
    breaks: 'tells M Reboot when it restarts for a change',
    apply: (parts) =>
      alterCpe(
        parts,
        (Base) =>
          class extends Base {
            override async start(): Promise<void> {
              await super.start()
              this.tree.on('restart', () => this.requestReboot(''))
            }
          },
      ),
  },
  {
    name: 'later-restart-as-bootstrap',
    cases: ['RPC-LATER-007'],
    breaks: 'tells 0 BOOTSTRAP when it restarts for a change',
    apply: (parts) =>
      alterCpe(
        parts,
        (Base) =>
          class extends Base {
            override async start(): Promise<void> {
              await super.start()
              this.tree.on('restart', () => this.bootstrap())
            }
          },
      ),
  },
  {
    name: 'later-row-never-comes',
    cases: ['RPC-ADD-002'],
    breaks: 'answers AddObject with Status 1 and has no row when the next session begins',
    apply: (parts) =>
      alterTree(parts, 'AddObject', () => ({ addObject: () => ({ instanceNumber: 77, status: 1 }) })),
  },
  {
    name: 'later-row-never-goes',
    cases: ['RPC-DEL-002'],
    breaks: 'answers DeleteObject with Status 1 and has the row still when the next session begins',
    apply: (parts) => alterTree(parts, 'DeleteObject', () => ({ deleteObject: () => ({ status: 1 }) })),
  },
]
