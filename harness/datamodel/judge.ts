import { isLexically } from './data-types.ts'
import type { Range, Syntax } from './model.ts'

/** What a value can break. `form`: no text of its type; `items`: too few, too many, or too long a list. */
export type Rule = 'form' | 'range' | 'size' | 'enumeration' | 'pattern' | 'items'

/** Vendors may add values of their own to an enumeration, with this prefix (TR-106 3.3). */
const VENDOR_SPECIFIC = /^X_/

/** Whether a syntax says anything that a value could break in this way. */
export function restricts(syntax: Syntax, rule: Rule): boolean {
  const { list } = syntax
  switch (rule) {
    case 'form':
      return syntax.base !== 'string'
    case 'range':
      return syntax.ranges.length > 0
    case 'size':
      return syntax.sizes.length > 0
    case 'enumeration':
      return syntax.enumeration.length > 0
    case 'pattern':
      return syntax.patterns.length > 0
    case 'items':
      return (
        list !== undefined &&
        (list.minItems > 0 || list.maxItems < Number.POSITIVE_INFINITY || list.sizes.length > 0)
      )
  }
}

/** How a value breaks a rule, in a few words; undefined when it does not. Where the syntax has a list, each item is judged. */
export function violation(syntax: Syntax, value: string, rule: Rule): string | undefined {
  const { list } = syntax
  if (rule === 'items') return list && itemsViolation(list, value)
  const items = list ? itemsOf(value) : [value]
  for (const item of items) {
    const what = itemViolation(syntax, item, rule)
    if (what !== undefined) return what
  }
  return undefined
}

/** Whether a value breaks no rule at all. */
export function isAllowed(syntax: Syntax, value: string): boolean {
  const rules: Rule[] = ['form', 'range', 'size', 'enumeration', 'pattern', 'items']
  return rules.every((rule) => violation(syntax, value, rule) === undefined)
}

/** The items of a list; commas inside brackets belong to a nested list. */
export function itemsOf(value: string): string[] {
  if (value.trim() === '') return []
  const items: string[] = []
  let depth = 0
  let start = 0
  for (let at = 0; at < value.length; at++) {
    const character = value[at]
    if (character === '[') depth += 1
    else if (character === ']') depth -= 1
    else if (character === ',' && depth <= 0) {
      items.push(value.slice(start, at).trim())
      start = at + 1
    }
  }
  items.push(value.slice(start).trim())
  return items
}

function itemsViolation(list: NonNullable<Syntax['list']>, value: string): string | undefined {
  const { length } = itemsOf(value)
  if (length < list.minItems || length > list.maxItems) {
    const most = list.maxItems === Number.POSITIVE_INFINITY ? '' : ` to ${list.maxItems}`
    return `${length} items, not ${list.minItems}${most}`
  }
  return within(list.sizes, BigInt([...value].length))
    ? undefined
    : `a list of ${[...value].length} characters`
}

function itemViolation(syntax: Syntax, item: string, rule: Exclude<Rule, 'items'>): string | undefined {
  const shown = JSON.stringify(item.length > 40 ? `${item.slice(0, 40)}…` : item)
  switch (rule) {
    case 'form':
      return isLexically(syntax.base, item) ? undefined : `${shown} is no ${syntax.base}`
    case 'range':
      return isInRange(syntax, item) ? undefined : `${shown} is not ${inWords(syntax.ranges)}`
    case 'size': {
      const length = lengthOf(syntax, item)
      return within(syntax.sizes, BigInt(length))
        ? undefined
        : `length ${length} is not ${inWords(syntax.sizes)}`
    }
    case 'enumeration': {
      const { enumeration } = syntax
      const isOneOf = enumeration.length === 0 || enumeration.some(({ value }) => value === item)
      return isOneOf || VENDOR_SPECIFIC.test(item) ? undefined : `${shown} is not one of its values`
    }
    case 'pattern': {
      const { patterns } = syntax
      const isMatched = patterns.length === 0 || patterns.some((pattern) => wholeMatch(pattern).test(item))
      return isMatched ? undefined : `${shown} does not match its pattern`
    }
  }
}

function isInRange({ base, ranges }: Syntax, item: string): boolean {
  // What is no number at all breaks the form, not the range.
  if (!isLexically(base, item)) return true
  const whole = /^\s*([+-]?\d+)/.exec(item)?.[1]
  return whole === undefined || within(ranges, BigInt(whole.replace('+', '')))
}

/** Characters of a string, octets of base64 and hexBinary. */
function lengthOf({ base }: Syntax, item: string): number {
  if (base === 'hexBinary') return item.trim().length / 2
  if (base === 'base64') return Buffer.from(item, 'base64').length
  return [...item].length
}

function within(ranges: readonly Range[], number: bigint): boolean {
  return (
    ranges.length === 0 ||
    ranges.some(
      ({ min, max }) => (min === undefined || number >= min) && (max === undefined || number <= max),
    )
  )
}

function inWords(ranges: readonly Range[]): string {
  return ranges.map(({ min, max }) => `${min ?? ''}:${max ?? ''}`).join(' or ')
}

const compiled = new Map<string, RegExp>()

function wholeMatch(pattern: string): RegExp {
  const known = compiled.get(pattern)
  if (known) return known
  const expression = new RegExp(`^(?:${pattern})$`, 'su')
  compiled.set(pattern, expression)
  return expression
}
