import type { AgentParts } from '../../../reference-agent/agent.ts'
import type { ParameterTree } from '../../../reference-agent/datamodel/datamodel.ts'
import { alterTreeClass } from './alter/changes.ts'
import { alterInforms } from './alter/wire.ts'
import { alterRules } from './alter/writing.ts'
import type { Mutant } from './mutant.ts'

const TABLE = 'Device.ManagementServer.InformParameter.'

/** Puts other parameters into Informs than the rows ask for. */
function alterWishes(
  parts: AgentParts,
  alter: (
    codes: readonly string[],
    properly: (codes: readonly string[]) => string[],
    tree: ParameterTree,
  ) => string[],
): void {
  alterTreeClass(
    parts,
    (Base) =>
      class extends Base {
        override informParameters(codes: readonly string[]): string[] {
          return alter(codes, (each) => super.informParameters(each), this)
        }
      },
  )
}

/** The values of one parameter in all rows. */
function column(tree: ParameterTree, parameter: string): string[] {
  return tree
    .getParameters(TABLE)
    .filter(({ path }) => path.endsWith(`.${parameter}`))
    .map(({ value }) => value)
}

const present = (tree: ParameterTree, path: string) => tree.get(path) !== undefined

export const mutants: readonly Mutant[] = [
  {
    name: 'inform-parameter-ignored',
    cases: ['NTF-INFORM-001', 'NTF-INFORM-003', 'NTF-INFORM-011', 'NTF-INFORM-012'],
    breaks: 'takes rows of InformParameter and does nothing with them',
    apply: (parts) => alterWishes(parts, () => []),
  },
  {
    name: 'inform-parameter-empty-list-is-none',
    cases: ['NTF-INFORM-001', 'NTF-INFORM-009'],
    breaks: 'takes an empty EventList for no event at all',
    apply: (parts) =>
      alterWishes(parts, (codes, properly, tree) =>
        column(tree, 'EventList').includes('') ? [] : properly(codes),
      ),
  },
  {
    name: 'inform-parameter-always-enabled',
    cases: ['NTF-INFORM-002'],
    breaks: 'adds the parameter of a row that is not enabled',
    apply: (parts) =>
      alterWishes(parts, (_codes, _properly, tree) =>
        column(tree, 'ParameterName').filter((path) => present(tree, path)),
      ),
  },
  {
    name: 'inform-parameter-first-event-only',
    cases: ['NTF-INFORM-003'],
    breaks: 'looks at the first event of an EventList only',
    apply: (parts) =>
      alterWishes(parts, (codes, properly, tree) => {
        const lists = column(tree, 'EventList').map((list) => list.split(','))
        return properly(codes.filter((code) => !lists.some((list) => list.slice(1).includes(code))))
      }),
  },
  {
    name: 'inform-parameter-with-any-event',
    cases: ['NTF-INFORM-004'],
    breaks: 'does not look at the EventList',
    apply: (parts) => alterWishes(parts, (codes, properly) => properly([...codes, '1 BOOT'])),
  },
  {
    name: 'inform-parameter-takes-forced',
    cases: ['NTF-INFORM-005'],
    breaks: 'lets a row name a parameter that is in every Inform',
    apply: (parts) => alterRules(parts, () => ({ informParameterViolation: () => undefined })),
  },
  {
    name: 'inform-parameter-takes-value-change',
    cases: ['NTF-INFORM-006'],
    breaks: 'takes 4 VALUE CHANGE in an EventList',
    apply: (parts) =>
      alterRules(parts, (rules) => ({
        patternViolation: (definition, value) =>
          value === '4 VALUE CHANGE' ? undefined : rules.patternViolation(definition, value),
      })),
  },
  {
    name: 'inform-parameter-first-row-only',
    cases: ['NTF-INFORM-007'],
    breaks: 'takes an asterisk for the first row',
    apply: (parts) => alterWishes(parts, (codes, properly) => properly(codes).slice(0, 1)),
  },
  {
    name: 'inform-parameter-invented',
    cases: ['NTF-INFORM-008'],
    breaks: 'tells a parameter that is not there, without a value',
    apply: (parts) => {
      let asked = ''
      alterWishes(parts, (codes, properly, tree) => {
        asked = column(tree, 'ParameterName').find((path) => path.includes('X_CONFORMANCE_')) ?? ''
        return properly(codes)
      })
      alterInforms(parts, (xml) =>
        asked === ''
          ? xml
          : xml
              .replace(/ParameterValueStruct\[(\d+)\]/, (_, n) => `ParameterValueStruct[${Number(n) + 1}]`)
              .replace(
                '</ParameterList>',
                `<ParameterValueStruct><Name>${asked.replace('*', '1')}</Name><Value xsi:type="xsd:string"></Value></ParameterValueStruct></ParameterList>`,
              ),
      )
    },
  },
  {
    name: 'inform-parameter-is-a-change',
    cases: ['NTF-INFORM-009'],
    breaks: 'tells 4 VALUE CHANGE because the Inform holds a parameter that a row asks for',
    apply: (parts) => {
      let asked = false
      alterWishes(parts, (codes, properly) => {
        const paths = properly(codes)
        asked = paths.length > 0
        return paths
      })
      alterInforms(parts, (xml) =>
        asked
          ? xml
              .replace(/EventStruct\[(\d+)\]/, (_, n) => `EventStruct[${Number(n) + 1}]`)
              .replace(
                '</Event>',
                '<EventStruct><EventCode>4 VALUE CHANGE</EventCode><CommandKey></CommandKey></EventStruct></Event>',
              )
          : xml,
      )
    },
  },
  {
    name: 'inform-parameter-with-value-change',
    cases: ['NTF-INFORM-010'],
    breaks: 'takes an empty EventList for all events, 4 VALUE CHANGE included',
    apply: (parts) =>
      alterWishes(parts, (codes, properly) =>
        properly(codes.map((code) => (code === '4 VALUE CHANGE' ? '2 PERIODIC' : code))),
      ),
  },
  {
    name: 'inform-parameter-not-after-boot',
    cases: ['NTF-INFORM-011'],
    breaks: 'adds nothing to the first Inform after a reboot',
    apply: (parts) =>
      alterWishes(parts, (codes, properly) => (codes.includes('1 BOOT') ? [] : properly(codes))),
  },
  {
    name: 'inform-parameter-without-value',
    cases: ['NTF-INFORM-012'],
    breaks: 'tells a parameter that a row asks for without its value',
    apply: (parts) =>
      alterInforms(parts, (xml) => xml.replace(/(DeviceInfo\.Manufacturer<\/Name><Value[^>]*>)[^<]*/, '$1')),
  },
  {
    name: 'inform-parameter-takes-any-wildcard',
    cases: ['NTF-INFORM-013'],
    breaks: 'takes * in place of the name of a parameter',
    apply: (parts) =>
      alterRules(parts, (rules) => ({
        informParameterViolation: (node, value, surroundings) =>
          value.endsWith('*') ? undefined : rules.informParameterViolation(node, value, surroundings),
      })),
  },
]
