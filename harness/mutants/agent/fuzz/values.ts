import type { AgentParts } from '../../../../reference-agent/agent.ts'
import { CwmpFault } from '../../../../reference-agent/soap/soap.ts'
import { alterRpc, alterTree } from '../alter/rpc.ts'
import { alterFault, alterRules, withMembers, withMissing, withText } from '../alter/writing.ts'
import type { Mutant } from '../mutant.ts'

/** Reads texts of one type of the data model that are none of its values. */
function reads(parts: AgentParts, type: string, read: (text: string) => string | undefined): void {
  alterRules(parts, (rules) => ({
    canonical: (definition, text) =>
      rules.canonical(definition, text) ?? (definition.type === type ? read(text.trim()) : undefined),
  }))
}

/** One lexical form, one type or one argument that is taken amiss. */
export const mutants: readonly Mutant[] = [
  {
    name: 'fuzz-number-beyond-32-bits',
    cases: [],
    language: 'soap',
    breaks: 'takes 4294967296 for a value of unsignedInt',
    apply: (parts) =>
      reads(parts, 'unsignedInt', (text) => (text === '4294967296' ? '4294967295' : undefined)),
  },
  {
    name: 'fuzz-hexadecimal-numbers',
    cases: [],
    language: 'soap',
    breaks: 'reads hexadecimal numbers where unsignedInt is due',
    apply: (parts) =>
      reads(parts, 'unsignedInt', (text) =>
        /^0x[0-9a-f]{1,8}$/i.test(text) ? String(Number(text) || 1) : undefined,
      ),
  },
  {
    name: 'fuzz-booleans-by-number',
    cases: [],
    language: 'soap',
    breaks: 'takes every number for a boolean, as C does',
    apply: (parts) =>
      reads(parts, 'boolean', (text) => (/^-?\d+$/.test(text) ? String(Number(text) !== 0) : undefined)),
  },
  {
    name: 'fuzz-dates-that-are-none',
    cases: [],
    language: 'soap',
    breaks: 'takes every dateTime that has the right number of digits',
    apply: (parts) =>
      reads(parts, 'dateTime', (text) =>
        /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ?$/.test(text) ? '2026-01-01T00:00:00Z' : undefined,
      ),
  },
  {
    name: 'fuzz-type-of-booleans-unchecked',
    cases: [],
    language: 'soap',
    breaks: 'does not look at the xsi:type of booleans',
    apply: (parts) =>
      alterRules(parts, (rules) => ({
        acceptsXsiType: (definition, received) =>
          definition.type === 'boolean' || rules.acceptsXsiType(definition, received),
      })),
  },
  {
    name: 'fuzz-read-only-is-unknown',
    cases: [],
    language: 'soap',
    breaks: 'says 9005 of a parameter that cannot be written',
    apply: (parts) =>
      alterFault(
        parts,
        'SetParameterValues',
        ({ faultCode, setParameterValuesFaults }) =>
          new CwmpFault(
            faultCode,
            '',
            setParameterValuesFaults.map((each) =>
              each.faultCode === 9008 ? { ...each, faultCode: 9005 } : each,
            ),
          ),
      ),
  },
  {
    name: 'fuzz-same-value-twice',
    cases: [],
    language: 'soap',
    breaks: 'grants SetParameterValues that names a parameter twice with the same value',
    apply: (parts) =>
      alterTree(parts, 'SetParameterValues', (tree) => ({
        setValues: (assignments, parameterKey) =>
          tree.setValues(
            [...new Map(assignments.map((each) => [`${each.path}=${each.value}`, each])).values()],
            parameterKey,
          ),
      })),
  },
  {
    name: 'fuzz-notification-beyond-6-is-off',
    cases: [],
    language: 'soap',
    breaks: 'takes a Notification beyond 6 for 0',
    apply: (parts) =>
      alterRpc(parts, 'SetParameterAttributes', (request, context, properly) =>
        properly(
          withMembers(request, (member) =>
            withText(member, 'Notification', (text) => (Number(text) > 6 ? '0' : text)),
          ),
          context,
        ),
      ),
  },
  {
    name: 'fuzz-next-level-need-not-be-there',
    cases: [],
    language: 'soap',
    breaks: 'takes a missing NextLevel for false',
    apply: (parts) =>
      alterRpc(parts, 'GetParameterNames', (request, context, properly) =>
        properly(withMissing(request, 'NextLevel', '0'), context),
      ),
  },
  {
    name: 'fuzz-next-level-in-any-words',
    cases: [],
    language: 'soap',
    breaks: 'takes every NextLevel that it cannot read for false',
    apply: (parts) =>
      alterRpc(parts, 'GetParameterNames', (request, context, properly) =>
        properly(
          withText(request, 'NextLevel', (text) => (/^\s*(0|1|true|false)\s*$/.test(text) ? text : 'false')),
          context,
        ),
      ),
  },
  {
    name: 'fuzz-row-without-key',
    cases: [],
    language: 'soap',
    breaks: 'takes a missing ParameterKey of AddObject for an empty one',
    apply: (parts) =>
      alterRpc(parts, 'AddObject', (request, context, properly) =>
        properly(withMissing(request, 'ParameterKey'), context),
      ),
  },
  {
    name: 'fuzz-key-of-a-deletion-cut-off',
    cases: [],
    language: 'soap',
    breaks: 'keeps the first 32 characters of a ParameterKey of DeleteObject that is longer',
    apply: (parts) =>
      alterRpc(parts, 'DeleteObject', (request, context, properly) =>
        properly(
          withText(request, 'ParameterKey', (key) => key.slice(0, 32)),
          context,
        ),
      ),
  },
]
