/** What a parameter is before anybody has set it, where its declaration has no default: a value that it could be set to, if one is easily found. */
import type { Bounds, ParameterDefinition } from './definitions.ts'
import { emptyValueOf, typeOf } from './types.ts'

/** Words that say in an enumeration that there is nothing. */
const NOTHING = ['None', 'Disabled', 'Unknown']

/** Texts that many patterns take. */
const PLAIN = ['0', '00', '0000', '000000', '00000000', '1.0', '00000000-0000-0000-0000-000000000000']

/** In a row `{i}` stands for its instance number. The empty value of the type where no better one is found. */
export function initialValue(definition: ParameterDefinition): string {
  const known = found.get(definition)
  if (known !== undefined) return known
  const value = find(definition)
  found.set(definition, value)
  return value
}

/** A tree with thousands of parameters is read again and again. */
const found = new WeakMap<ParameterDefinition, string>()

function find(definition: ParameterDefinition): string {
  const { list } = definition
  const fewest = list?.items?.[0] ?? 0
  if (list) return fewest > 0 ? Array(fewest).fill(initialItem(definition)).join(',') : ''
  return initialItem(definition)
}

function initialItem(definition: ParameterDefinition): string {
  const { type, range, enumeration, enumerationRef, hidden, pathRef } = definition
  const { base } = typeOf(type)
  const empty = emptyValueOf(base)
  if (enumerationRef) return enumerationRef.nullValue ?? empty
  if (range) return numberIn(range)
  if (enumeration) return wordOf(enumeration)
  // Secrets that nobody has set are none, and references that nobody has set lead nowhere.
  if (hidden || pathRef) return empty
  if (type === 'Alias') return 'cpe-{i}'
  if (base === 'hexBinary') return '00'.repeat(shortest(definition))
  if (base === 'base64') return Buffer.alloc(shortest(definition)).toString('base64')
  return base === 'string' ? textOf(definition) : empty
}

/** The allowed number that is nearest to 0. */
function numberIn(range: readonly Bounds[]): string {
  const isAllowed = range.some(([minimum, maximum]) => (minimum ?? 0) <= 0 && (maximum ?? 0) >= 0)
  if (isAllowed) return '0'
  const ends = range.flat().filter((end) => end !== null)
  return String(ends.reduce((nearest, end) => (Math.abs(end) < Math.abs(nearest) ? end : nearest)))
}

function wordOf(enumeration: readonly string[]): string {
  if (enumeration.includes('')) return ''
  return NOTHING.find((word) => enumeration.includes(word)) ?? enumeration[0] ?? ''
}

function textOf(definition: ParameterDefinition): string {
  const { patterns, type, length } = definition
  const { accepts } = typeOf(type)
  const fits = (text: string) =>
    (length?.some(
      ([minimum, maximum]) => text.length >= (minimum ?? 0) && text.length <= (maximum ?? text.length),
    ) ??
      true) &&
    (patterns?.some((pattern) => new RegExp(`^(?:${pattern})$`, 'su').test(text)) ?? true) &&
    (accepts?.(text) ?? true)
  return ['', '0'.repeat(shortest(definition)), ...PLAIN].find(fits) ?? ''
}

function shortest({ length }: ParameterDefinition): number {
  return Math.min(...(length ?? [[0, null]]).map(([minimum]) => minimum ?? 0))
}
