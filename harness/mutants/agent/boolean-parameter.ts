import type { AgentParts } from '../../../reference-agent/agent.ts'
import { alterResponse } from './alter/rpc.ts'
import { alterRules } from './alter/writing.ts'
import type { Mutant } from './mutant.ts'

/** Reads the text of a boolean in another way; undefined refuses it. */
function readBooleans(parts: AgentParts, read: (text: string) => boolean | undefined): void {
  alterRules(parts, (rules) => ({
    canonical: (definition, text) => {
      if (definition.type !== 'boolean') return rules.canonical(definition, text)
      const value = read(text)
      return value === undefined ? undefined : String(value)
    },
  }))
}

export const mutants: readonly Mutant[] = [
  {
    name: 'boolean-takes-digits-only',
    cases: ['RPC-BOOL-003', 'RPC-BOOL-004'],
    breaks: 'refuses the words true and false',
    apply: (parts) => readBooleans(parts, (text) => (text === '1' ? true : text === '0' ? false : undefined)),
  },
  {
    name: 'boolean-takes-words-only',
    cases: ['RPC-BOOL-001', 'RPC-BOOL-002'],
    breaks: 'refuses 0 and 1',
    apply: (parts) =>
      readBooleans(parts, (text) => (text === 'true' ? true : text === 'false' ? false : undefined)),
  },
  {
    name: 'boolean-false-is-true',
    cases: ['RPC-BOOL-003', 'RPC-BOOL-005'],
    breaks: 'takes everything but 0 for true',
    apply: (parts) => readBooleans(parts, (text) => text !== '0'),
  },
  {
    name: 'boolean-true-is-false',
    cases: ['RPC-BOOL-004', 'RPC-BOOL-005'],
    breaks: 'takes everything but 1 for false',
    apply: (parts) => readBooleans(parts, (text) => text === '1'),
  },
  {
    name: 'boolean-any-text-is-true',
    cases: ['RPC-BOOL-001'],
    breaks: 'takes every text that is not empty for true',
    apply: (parts) => readBooleans(parts, (text) => text !== ''),
  },
  {
    name: 'boolean-never-on',
    cases: ['RPC-BOOL-002'],
    breaks: 'grants 1 and stays off',
    apply: (parts) => readBooleans(parts, (text) => text === 'true'),
  },
  {
    name: 'boolean-ignores-case',
    cases: ['RPC-BOOL-006'],
    breaks: 'takes TRUE and FALSE',
    apply: (parts) =>
      alterRules(parts, (rules) => ({
        canonical: (definition, text) =>
          rules.canonical(definition, definition.type === 'boolean' ? text.toLowerCase() : text),
      })),
  },
  {
    name: 'boolean-returned-as-string',
    cases: ['RPC-BOOL-007'],
    breaks: 'returns booleans with xsi:type string',
    apply: (parts) =>
      alterResponse(parts, 'GetParameterValues', (xml) => xml.replaceAll('"xsd:boolean"', '"xsd:string"')),
  },
  {
    name: 'boolean-returned-in-words-of-its-own',
    cases: ['RPC-BOOL-007'],
    breaks: 'returns Yes and No',
    apply: (parts) =>
      alterResponse(parts, 'GetParameterValues', (xml) =>
        xml.replaceAll('>true</Value>', '>Yes</Value>').replaceAll('>false</Value>', '>No</Value>'),
      ),
  },
]
