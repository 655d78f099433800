import type { AgentParts } from '../../../reference-agent/agent.ts'
import type { Rules } from '../../../reference-agent/datamodel/datamodel.ts'
import { alterRules } from './alter/writing.ts'
import type { Mutant } from './mutant.ts'

type Definition = Parameters<Rules['canonical']>[0]

/** Reads texts of one type by another rule; `properly` is the right one. */
function reads(
  parts: AgentParts,
  type: RegExp,
  how: (text: string, properly: (text: string) => string | undefined) => string | undefined,
): void {
  alterRules(parts, (rules) => ({
    canonical: (definition: Definition, text) =>
      type.test(definition.type)
        ? how(text, (each) => rules.canonical(definition, each))
        : rules.canonical(definition, text),
  }))
}

/** Takes what does not pass for a named type. */
function takes(parts: AgentParts, type: string, which: RegExp): void {
  alterRules(parts, (rules) => ({
    namedTypeViolation: (definition, value) =>
      definition.type === type && which.test(value) ? undefined : rules.namedTypeViolation(definition, value),
  }))
}

export const mutants: readonly Mutant[] = [
  {
    name: 'lexical-offset-ignored',
    cases: ['DM-LEX-001'],
    breaks: 'takes the hour of a time with an offset as it stands',
    apply: (parts) =>
      reads(parts, /^dateTime$/, (text, properly) => properly(text.replace(/[+-]\d\d:\d\d$/, 'Z'))),
  },
  {
    name: 'lexical-offset-refused',
    cases: ['DM-LEX-001'],
    breaks: 'knows no times but such that end with Z',
    apply: (parts) =>
      reads(parts, /^dateTime$/, (text, properly) => (text.endsWith('Z') ? properly(text) : undefined)),
  },
  {
    name: 'lexical-no-fractions',
    cases: ['DM-LEX-002'],
    breaks: 'knows no fractions of a second',
    apply: (parts) =>
      reads(parts, /^dateTime$/, (text, properly) => (text.includes('.') ? undefined : properly(text))),
  },
  {
    name: 'lexical-no-time-before-1970',
    cases: ['DM-LEX-003'],
    breaks: 'knows no time before 1970',
    apply: (parts) =>
      reads(parts, /^dateTime$/, (text, properly) => (Date.parse(text) < 0 ? undefined : properly(text))),
  },
  {
    name: 'lexical-rolls-days-over',
    cases: ['DM-LEX-004'],
    breaks: 'takes the 30th of February for the first days of March',
    apply: (parts) =>
      reads(parts, /^dateTime$/, (text, properly) => properly(text.replace('-02-30T', '-03-02T'))),
  },
  {
    name: 'lexical-date-alone',
    cases: ['DM-LEX-004'],
    breaks: 'takes a date without a time',
    apply: (parts) =>
      reads(parts, /^dateTime$/, (text, properly) =>
        properly(/^\d{4}-\d\d-\d\d$/.test(text) ? `${text}T00:00:00Z` : text),
      ),
  },
  {
    name: 'lexical-wraps-numbers',
    cases: ['DM-LEX-005', 'DM-LEX-006'],
    breaks: 'keeps the lower 32 bits of a number that is too large',
    apply: (parts) => {
      reads(parts, /^(unsignedInt|int)$/, (text, properly) => {
        const signed = properly(text)
        if (signed !== undefined || !/^-?\d{10,20}$/.test(text)) return signed
        return properly(String(BigInt.asUintN(31, BigInt(text)) + 1n))
      })
    },
  },
  {
    name: 'lexical-stops-at-first-letter',
    cases: ['DM-LEX-005'],
    breaks: 'reads a number up to the first character that is no digit',
    apply: (parts) =>
      reads(parts, /^unsignedInt$/, (text, properly) => properly(/^\d+/.exec(text)?.[0] ?? text)),
  },
  {
    name: 'lexical-rounds-int',
    cases: ['DM-LEX-006'],
    breaks: 'takes a decimal number for an int',
    apply: (parts) => reads(parts, /^int$/, (text, properly) => properly(text.replace(/\.0$/, ''))),
  },
  {
    name: 'lexical-octal',
    cases: ['DM-LEX-007'],
    breaks: 'takes a number that begins with zero for an octal one',
    apply: (parts) =>
      reads(parts, /^unsignedInt$/, (text, properly) =>
        properly(/^0[0-7]+$/.test(text) ? String(Number.parseInt(text, 8)) : text),
      ),
  },
  {
    name: 'lexical-zeros-refused',
    cases: ['DM-LEX-007'],
    breaks: 'knows no numbers that begin with zero',
    apply: (parts) =>
      reads(parts, /^unsignedInt$/, (text, properly) => (/^0\d/.test(text) ? undefined : properly(text))),
  },
  {
    name: 'lexical-any-dotted-number',
    cases: ['DM-LEX-008'],
    breaks: 'takes any four numbers with dots between them for an address',
    apply: (parts) => takes(parts, 'IPv4Address', /^\d+(\.\d+){3}$/),
  },
  {
    name: 'lexical-host-names-for-addresses',
    cases: ['DM-LEX-008'],
    breaks: 'takes a host name for an address',
    apply: (parts) => takes(parts, 'IPv4Address', /^[a-z]+\.[a-z]+$/),
  },
  {
    name: 'lexical-mac-with-dashes',
    cases: ['DM-LEX-009'],
    breaks: 'takes MAC addresses with dashes',
    apply: (parts) => takes(parts, 'MACAddress', /^..(-..){5}$/),
  },
  {
    name: 'lexical-short-mac',
    cases: ['DM-LEX-009'],
    breaks: 'takes MAC addresses of five octets',
    apply: (parts) => takes(parts, 'MACAddress', /^..(:..){4}$/),
  },
  {
    name: 'lexical-half-octet',
    cases: ['DM-LEX-010'],
    breaks: 'puts a zero before an odd number of hexadecimal digits',
    apply: (parts) =>
      reads(parts, /^hexBinary$/, (text, properly) => properly(text.length % 2 === 1 ? `0${text}` : text)),
  },
  {
    name: 'lexical-capital-digits-only',
    cases: ['DM-LEX-011'],
    breaks: 'knows no small hexadecimal digits',
    apply: (parts) =>
      reads(parts, /^hexBinary$/, (text, properly) => (/[a-f]/.test(text) ? undefined : properly(text))),
  },
  {
    name: 'lexical-floating-point',
    cases: ['DM-LEX-012'],
    breaks: 'keeps numbers of 64 bits as floating-point numbers',
    apply: (parts) =>
      reads(parts, /^(long|unsignedLong)$/, (text, properly) =>
        properly(/^\d+$/.test(text) ? BigInt(Number(text)).toString() : text),
      ),
  },
  {
    name: 'lexical-no-space-in-lists',
    cases: ['DM-LEX-013'],
    breaks: 'refuses a list of addresses with spaces in it',
    apply: (parts) =>
      reads(parts, /^IPv4Address$/, (text, properly) => (/, /.test(text) ? undefined : properly(text))),
  },
]
