import type { z } from 'zod'
import { nearest } from '../nearest.ts'

/** A profile that cannot be used: the launcher prints the lines and exits 2. */
export class ProfileError extends Error {
  override readonly name = 'ProfileError'
  /** One line per error: `FILE: key.path: expected …, got …`. */
  readonly lines: readonly string[]

  constructor(lines: readonly string[]) {
    super(lines.join('\n'))
    this.lines = lines
  }
}

type Issue = z.core.$ZodIssue

/** The lines that tell the reader of `file` what is wrong with `written`; values at secret keys are not repeated. */
export function issueLines(
  file: string,
  issues: readonly Issue[],
  written: unknown,
  schema: unknown,
): string[] {
  return issues.flatMap((issue) => {
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) =>
        line(
          file,
          [...issue.path, key],
          unknownKey(key, knownKeys(schema, issue.path, written)),
          'an unknown key',
        ),
      )
    }
    const value = issue.path.reduce<unknown>(member, written)
    return [line(file, issue.path, expectation(issue), gotOf(issue) ?? describe(value, isSecret(issue.path)))]
  })
}

/** One line of a profile error; an empty path stands for the whole file. */
export function line(file: string, path: readonly PropertyKey[], expected: string, got: string): string {
  const key = path.reduce<string>(
    (text, step) =>
      typeof step === 'number' ? `${text}[${step}]` : text === '' ? String(step) : `${text}.${String(step)}`,
    '',
  )
  return `${file}: ${key === '' ? '' : `${key}: `}expected ${expected}, got ${got}`
}

function unknownKey(key: string, known: readonly string[]): string {
  const meant = nearest(key, known)
  if (meant) return `"${meant}"`
  return known.length === 0 ? 'no keys' : `only the keys ${known.join(', ')}`
}

const typeNames: Readonly<Record<string, string>> = {
  string: 'a text',
  boolean: 'true or false',
  number: 'a number',
  int: 'a whole number',
  object: 'an object',
  record: 'an object',
  array: 'a list',
  tuple: 'a list',
}

function expectation(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return typeNames[issue.expected] ?? issue.expected
    case 'invalid_value':
      return oneOf(issue.values)
    case 'invalid_union':
      return 'options' in issue && Array.isArray(issue.options) ? oneOf(issue.options) : issue.message
    case 'too_small':
      return atLeast(issue.origin, Number(issue.minimum), issue.inclusive !== false)
    case 'too_big':
      return `${amount(issue.origin, 'at most', Number(issue.maximum))}`
    case 'invalid_key':
      return issue.issues[0]?.message ?? issue.message
    default:
      return issue.message
  }
}

function oneOf(values: readonly unknown[]): string {
  const quoted = values.map((value) => JSON.stringify(value))
  return quoted.length === 1 ? (quoted[0] ?? '') : `one of ${quoted.join(', ')}`
}

function atLeast(origin: string, minimum: number, inclusive: boolean): string {
  if (origin === 'string' && minimum === 1) return 'a text that is not empty'
  return amount(origin, inclusive ? 'at least' : 'more than', minimum)
}

function amount(origin: string, bound: string, limit: number): string {
  if (origin === 'string') return `a text of ${bound} ${limit} characters`
  if (origin === 'array') return `a list of ${bound} ${limit} item${limit === 1 ? '' : 's'}`
  return `a number of ${bound} ${limit}`
}

function gotOf(issue: Issue): string | undefined {
  const got = issue.code === 'custom' ? issue.params?.got : undefined
  return typeof got === 'string' ? got : undefined
}

function isSecret(path: readonly PropertyKey[]): boolean {
  return path.some((step) => /password|secret|credential|environment/i.test(String(step)))
}

function describe(value: unknown, secret: boolean): string {
  if (value === undefined) return 'nothing'
  if (value === null) return 'null'
  if (Array.isArray(value)) return `a list of ${value.length}`
  if (typeof value === 'object') return 'an object'
  if (secret) return typeof value === 'string' ? `a text of ${value.length} characters` : `a ${typeof value}`
  const text = JSON.stringify(value)
  return text.length > 60 ? `${text.slice(0, 57)}…"` : text
}

function member(value: unknown, step: PropertyKey): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, step) : undefined
}

/** The keys that the JSON Schema knows at `path`; where it has alternatives, those of the one that `written` chose. */
function knownKeys(schema: unknown, path: readonly PropertyKey[], written: unknown): string[] {
  let node = chosen(schema, written)
  let value = written
  for (const step of path) {
    value = member(value, step)
    const below = typeof step === 'number' ? member(node, 'items') : member(member(node, 'properties'), step)
    node = chosen(below ?? member(node, 'additionalProperties'), value)
  }
  return Object.keys(member(node, 'properties') ?? {})
}

function chosen(node: unknown, value: unknown): unknown {
  const alternatives = member(node, 'oneOf') ?? member(node, 'anyOf')
  if (!Array.isArray(alternatives)) return node
  const kind = member(value, 'kind')
  return (
    alternatives.find(
      (option) => member(member(member(option, 'properties'), 'kind'), 'const') === kind && kind,
    ) ?? alternatives.find((option) => member(option, 'properties'))
  )
}
