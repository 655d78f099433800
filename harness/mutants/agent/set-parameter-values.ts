import { CwmpFault, parseEnvelope } from '../../../reference-agent/soap/soap.ts'
import { alterResponse, alterTree } from './alter/rpc.ts'
import { alterRules, alterStateAtBoot, cutToOctets, parameterKeyOf } from './alter/writing.ts'
import type { Mutant } from './mutant.ts'

const METHOD = 'SetParameterValues'

export const mutants: readonly Mutant[] = [
  {
    name: 'spv-status-2',
    cases: ['RPC-SPV-001'],
    breaks: 'answers with Status 2',
    apply: (parts) => alterResponse(parts, METHOD, (xml) => xml.replace('<Status>0<', '<Status>2<')),
  },
  {
    name: 'spv-grants-and-forgets',
    cases: [
      'RPC-SPV-002',
      'RPC-SPV-005',
      'INT-SET-001',
      'INT-PRE-001',
      'INT-VIRT-002',
      'INT-SET-003',
      'INT-SET-004',
      'INT-ACS-001',
      'INT-VIRT-001',
      'INT-PRE-002',
      'INT-FLT-006',
      'INT-CR-003',
      'INT-ACS-003',
      'INT-CROWD-001',
      'INT-SET-002',
    ],
    breaks: 'answers with Status 0 and sets nothing',
    apply: (parts) =>
      alterTree(parts, METHOD, (tree) => ({
        setValues: (_assignments, parameterKey) => tree.setValues([], parameterKey),
      })),
  },
  {
    name: 'spv-status-1-for-ever',
    cases: ['RPC-SPV-002'],
    breaks: 'answers with Status 1 and has not set the value when the next session begins',
    apply: (parts) =>
      alterTree(parts, METHOD, (tree) => ({
        setValues: (_assignments, parameterKey) => {
          tree.setValues([], parameterKey)
          return { status: 1 }
        },
      })),
  },
  {
    name: 'spv-sets-first-only',
    cases: ['RPC-SPV-003', 'INT-SET-005'],
    breaks: 'sets the first parameter of a request',
    apply: (parts) =>
      alterTree(parts, METHOD, (tree) => ({
        setValues: (assignments, parameterKey) => tree.setValues(assignments.slice(0, 1), parameterKey),
      })),
  },
  {
    name: 'spv-wants-order-of-model',
    cases: ['RPC-SPV-004'],
    breaks: 'refuses parameters that are not in the order of the data model',
    apply: (parts) =>
      alterTree(parts, METHOD, (tree) => ({
        setValues: (assignments, parameterKey) => {
          const paths = assignments.map(({ path }) => path)
          if (paths.join() !== paths.toSorted().join()) throw new CwmpFault(9003)
          return tree.setValues(assignments, parameterKey)
        },
      })),
  },
  {
    name: 'spv-refuses-present-value',
    cases: ['RPC-SPV-005'],
    breaks: 'refuses a request that changes nothing',
    apply: (parts) =>
      alterTree(parts, METHOD, (tree) => ({
        setValues: (assignments, parameterKey) => {
          const changes = assignments.some(({ path, value }) => tree.get(path)?.value !== value)
          if (!changes) throw new CwmpFault(9001)
          return tree.setValues(assignments, parameterKey)
        },
      })),
  },
  {
    name: 'spv-parameter-key-not-stored',
    cases: ['RPC-SPV-006'],
    breaks: 'does not store the ParameterKey',
    apply: (parts) =>
      alterTree(parts, METHOD, (tree) => ({
        setValues: (assignments) => tree.setValues(assignments, parameterKeyOf(tree)),
      })),
  },
  {
    name: 'spv-empty-parameter-key-ignored',
    cases: ['RPC-SPV-007'],
    breaks: 'takes an empty ParameterKey for none',
    apply: (parts) =>
      alterTree(parts, METHOD, (tree) => ({
        setValues: (assignments, parameterKey) =>
          tree.setValues(assignments, parameterKey || parameterKeyOf(tree)),
      })),
  },
  {
    name: 'spv-parameter-key-counted-in-octets',
    cases: ['RPC-SPV-008'],
    breaks: 'refuses a ParameterKey of more than 32 octets',
    apply: (parts) =>
      alterTree(parts, METHOD, (tree) => ({
        setValues: (assignments, parameterKey) => {
          if (Buffer.byteLength(parameterKey) > 32) throw new CwmpFault(9003)
          return tree.setValues(assignments, parameterKey)
        },
      })),
  },
  {
    name: 'spv-parameter-key-cut-to-octets',
    cases: ['RPC-SPV-008'],
    breaks: 'stores the first 32 octets of a ParameterKey',
    apply: (parts) =>
      alterTree(parts, METHOD, (tree) => ({
        setValues: (assignments, parameterKey) => tree.setValues(assignments, cutToOctets(parameterKey, 32)),
      })),
  },
  {
    name: 'spv-length-counted-in-octets',
    cases: ['RPC-SPV-009'],
    breaks: 'counts the length of strings in octets',
    apply: (parts) =>
      alterRules(parts, (rules) => ({
        lengthViolation: (definition, value) =>
          rules.lengthViolation(definition, 'x'.repeat(Buffer.byteLength(value))),
      })),
  },
  {
    name: 'spv-length-cut-to-octets',
    cases: ['RPC-SPV-009'],
    breaks: 'stores the first 64 octets of a string',
    apply: (parts) =>
      alterRules(parts, (rules) => ({
        canonical: (definition, text) =>
          rules.canonical(definition, definition.type === 'string' ? cutToOctets(text, 64) : text),
      })),
  },
  {
    name: 'spv-keeps-latin-1-only',
    cases: ['RPC-SPV-010', 'INT-SET-006'],
    breaks: 'stores characters outside Latin-1 as question marks',
    apply: (parts) =>
      alterRules(parts, (rules) => ({
        canonical: (definition, text) => rules.canonical(definition, text.replace(/[^\0-\xff]/g, '?')),
      })),
  },
  {
    name: 'spv-reads-utf-8-as-latin-1',
    cases: ['RPC-SPV-010'],
    breaks: 'takes the octets of UTF-8 for characters',
    apply: (parts) =>
      alterRules(parts, (rules) => ({
        canonical: (definition, text) =>
          rules.canonical(definition, Buffer.from(text, 'utf8').toString('latin1')),
      })),
  },
  {
    name: 'spv-escapes-twice',
    cases: ['RPC-SPV-011'],
    breaks: 'returns values escaped twice',
    apply: (parts) =>
      alterResponse(parts, 'GetParameterValues', (xml) => xml.replace(/&(lt|gt|amp|quot);/g, '&amp;$1;')),
  },
  {
    name: 'spv-stores-escapes',
    cases: ['RPC-SPV-011', 'INT-SET-006'],
    breaks: 'stores < and > as &lt; and &gt;',
    apply: (parts) =>
      alterRules(parts, (rules) => ({
        canonical: (definition, text) =>
          rules.canonical(definition, text.replaceAll('<', '&lt;').replaceAll('>', '&gt;')),
      })),
  },
  {
    name: 'spv-unescapes-twice',
    cases: ['RPC-SPV-011'],
    breaks: 'stores &amp; as &',
    apply: (parts) =>
      alterRules(parts, (rules) => ({
        canonical: (definition, text) => rules.canonical(definition, text.replaceAll('&amp;', '&')),
      })),
  },
  {
    name: 'spv-trims',
    cases: ['RPC-SPV-012'],
    breaks: 'takes the blanks off both ends of a string',
    apply: (parts) =>
      alterRules(parts, (rules) => ({
        canonical: (definition, text) => rules.canonical(definition, text.trim()),
      })),
  },
  {
    name: 'spv-white-space-becomes-blanks',
    cases: ['RPC-SPV-012'],
    breaks: 'stores tabs and line feeds as blanks',
    apply: (parts) =>
      alterRules(parts, (rules) => ({
        canonical: (definition, text) => rules.canonical(definition, text.replace(/[\t\n]/g, ' ')),
      })),
  },
  {
    name: 'spv-without-cdata',
    cases: ['RPC-SPV-013'],
    breaks: 'does not see CDATA sections',
    apply: (parts) => {
      parts.parseEnvelope = (octets, limits) =>
        parseEnvelope(octets.toString().replace(/<!\[CDATA\[.*?\]\]>/gs, ''), limits)
    },
  },
  {
    name: 'spv-without-character-references',
    cases: ['RPC-SPV-013'],
    breaks: 'keeps character references as they are written',
    apply: (parts) => {
      parts.parseEnvelope = (octets, limits) =>
        parseEnvelope(octets.toString().replaceAll('&#', '&amp;#'), limits)
    },
  },
  {
    name: 'spv-own-writes-raise-value-change',
    cases: ['RPC-SPV-014', 'INT-VC-003'],
    breaks: 'reports what the ACS has set as 4 VALUE CHANGE',
    apply: (parts) =>
      alterTree(parts, METHOD, (tree) => ({
        setValues: (assignments, parameterKey) => {
          for (const { path, value } of assignments) tree.setLocally(path, value)
          return tree.setValues(assignments, parameterKey)
        },
      })),
  },
  {
    name: 'spv-values-lost-at-boot',
    cases: ['RPC-SPV-015', 'RPC-RBT-010', 'INT-SET-007'],
    breaks: 'keeps values until the next boot only',
    apply: (parts) =>
      alterStateAtBoot<Record<string, string>>(parts, 'datamodel.values', (values) =>
        Object.fromEntries(
          Object.entries(values).filter(([path]) => path.startsWith('Device.ManagementServer.')),
        ),
      ),
  },
  {
    name: 'spv-fails-without-xsi-type',
    cases: ['RPC-SPV-016'],
    breaks: 'answers a Value without xsi:type with an internal error',
    apply: (parts) =>
      alterRules(parts, (rules) => ({
        acceptsXsiType: (definition, received) => {
          if (!received) throw new TypeError('there is no xsi:type')
          return rules.acceptsXsiType(definition, received)
        },
      })),
  },
  {
    name: 'spv-ignores-value-without-xsi-type',
    cases: ['RPC-SPV-016'],
    breaks: 'grants a Value without xsi:type and does not set it',
    apply: (parts) =>
      alterTree(parts, METHOD, (tree) => ({
        setValues: (assignments, parameterKey) =>
          tree.setValues(
            assignments.filter(({ type }) => type !== undefined),
            parameterKey,
          ),
      })),
  },
  {
    name: 'spv-logs-values',
    cases: ['RPC-SPV-039'],
    breaks: 'writes every value that the ACS sets into its log',
    apply: (parts) =>
      alterTree(parts, METHOD, (tree) => ({
        setValues: (assignments, parameterKey) => {
          for (const { path, value } of assignments) console.error(`${path} = ${value}`)
          return tree.setValues(assignments, parameterKey)
        },
      })),
  },
]
