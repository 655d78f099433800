import { isAllowed, itemsOf, type Rule, violation } from './judge.ts'
import type { BaseType, Syntax } from './model.ts'

/** Values to write: other ones than a parameter has that its model allows, and such as it does not allow. */

const BOUNDS: Partial<Record<BaseType, readonly [bigint, bigint]>> = {
  int: [-(2n ** 31n), 2n ** 31n - 1n],
  unsignedInt: [0n, 2n ** 32n - 1n],
  long: [-(2n ** 63n), 2n ** 63n - 1n],
  unsignedLong: [0n, 2n ** 64n - 1n],
}

/** Longer values than that would say more about the size of messages than about the parameter. */
const MAX_LENGTH = 4096
const MAX_ITEMS = 300

/**
 * A value that the syntax allows and that differs from the present one; undefined where none can be known, as with
 * references. `variant` makes different ones, so that rows do not collide in their unique keys.
 */
export function otherValue(syntax: Syntax, present: string, variant = 0): string | undefined {
  if (syntax.pathRef || syntax.enumerationRef) return undefined
  const found = candidates(syntax, present, variant).find(
    (value) => isOther(syntax, value, present) && isAllowed(syntax, value),
  )
  return found
}

/**
 * A value of the right type that breaks that rule; undefined where the syntax leaves no room for one.
 * `form` gives a text that is no value of the type at all.
 */
export function badValue(syntax: Syntax, rule: Rule): string | undefined {
  const bad = badCandidates(syntax, rule).find(
    (value) => value.length <= MAX_LENGTH && violation(syntax, value, rule) !== undefined,
  )
  if (bad === undefined || rule === 'form') return bad
  return violation(syntax, bad, 'form') === undefined ? bad : undefined
}

function isOther({ base }: Syntax, value: string, present: string): boolean {
  if (base === 'boolean') return value !== (/^\s*(1|true)\s*$/.test(present) ? 'true' : 'false')
  return value !== present
}

function candidates(syntax: Syntax, present: string, variant: number): string[] {
  const settable = syntax.enumeration.filter(({ access }) => access === 'readWrite')
  if (settable.length > 0) {
    const required = settable.filter(({ optional }) => !optional)
    return [...required, ...settable].map(({ value }) => value)
  }
  switch (syntax.base) {
    case 'boolean':
      return ['true', 'false']
    case 'int':
    case 'unsignedInt':
    case 'long':
    case 'unsignedLong':
      return numbers(syntax, present, variant).map(String)
    case 'decimal':
      return ['1.5', '2.5', '0', '1', ...numbers(syntax, present, variant).map(String)]
    case 'dateTime':
      return ['2030-01-02T03:04:05Z', '2031-02-03T04:05:06Z']
    case 'base64':
      return lengths(syntax).map((length) => Buffer.alloc(length, 0xc0 + (variant % 16)).toString('base64'))
    case 'hexBinary':
      return lengths(syntax).map((length) =>
        (0xc0 + (variant % 16)).toString(16).toUpperCase().repeat(length),
      )
    case 'string':
      return [...texts(syntax, variant), ...texts(syntax, variant + 1)]
  }
}

/** Near the present value first: it is the one that a device can be expected to take. */
function numbers({ base, ranges }: Syntax, present: string, variant: number): bigint[] {
  const [least, most] = BOUNDS[base] ?? [-(2n ** 31n), 2n ** 31n - 1n]
  const around = /^\s*-?\d{1,20}\s*$/.test(present) ? BigInt(present.trim()) : 0n
  const step = BigInt(variant) + 1n
  const ends = ranges.flatMap(({ min, max }) => [min ?? least, max ?? most])
  return [around + step, around - step, ...ends, 1n, 0n].filter((number) => number >= least && number <= most)
}

function lengths({ sizes }: Syntax): number[] {
  const ends = sizes.flatMap(({ min, max }) => [min, max]).filter((end) => end !== undefined)
  return [3, 4, ...ends.map(Number)].filter((length) => length <= MAX_LENGTH)
}

/** Texts of the forms that parameters have; which of them fits, the syntax decides. */
function texts({ typeName = '', sizes }: Syntax, variant: number): string[] {
  const low = variant % 250
  const octet = low.toString(16).toUpperCase().padStart(2, '0')
  const forms = [
    { of: /IPv6Prefix/, texts: [`2001:db8:${low + 1}::/64`] },
    { of: /Prefix/, texts: ['192.0.2.0/24', `2001:db8:${low + 1}::/64`] },
    { of: /IPv6Address/, texts: [`2001:db8::${low + 1}`] },
    { of: /IP.*Address/, texts: [`192.0.2.${low + 1}`, `2001:db8::${low + 1}`] },
    { of: /MAC|EUI/, texts: [`02:00:5E:00:53:${octet}`, `02:00:5E:FF:FE:00:53:${octet}`] },
    { of: /URL|URI/, texts: [`https://example.com/${low + 1}`] },
    { of: /UUID/, texts: [`00000000-0000-4000-8000-0000000000${octet}`] },
  ]
  const plain = [
    `conformance ${low + 1}`,
    `conformance-${low + 1}`,
    `c${low + 1}`,
    `ABCD${octet}`,
    String(low + 1),
    '',
  ]
  const meant = forms.find(({ of }) => of.test(typeName))?.texts ?? []
  const exact = sizes
    .map(({ min, max }) => Number(min ?? max ?? 0n))
    .filter((length) => length > 0 && length <= 64)
  const padded = exact.map((length) => `${low}`.padStart(length, 'c').slice(-length))
  return [...meant, ...plain, ...forms.flatMap((form) => form.texts), ...padded]
}

function badCandidates(syntax: Syntax, rule: Rule): string[] {
  const { base, ranges, sizes, enumeration, patterns, list } = syntax
  switch (rule) {
    case 'form':
      return base === 'string' || list ? [] : ['neither number nor time', '']
    case 'range': {
      const ends = ranges.flatMap(({ min, max }) => [
        ...(max === undefined ? [] : [max + 1n]),
        ...(min === undefined ? [] : [min - 1n]),
      ])
      const [least, most] = BOUNDS[base] ?? [0n, 0n]
      return ends.filter((number) => number >= least && number <= most).map(String)
    }
    case 'size':
      return sizes.flatMap(({ min, max }) => [
        ...(max === undefined ? [] : [textOfLength(base, Number(max) + 1)]),
        ...(min === undefined || min === 0n ? [] : [textOfLength(base, Number(min) - 1)]),
      ])
    case 'enumeration':
      return enumeration.length > 0 ? ['NoSuchValueHere'] : []
    case 'pattern':
      return patterns.length > 0 ? ['!', '!!!!!!', 'x'] : []
    case 'items':
      return tooMany(syntax)
  }
}

function textOfLength(base: BaseType, length: number): string {
  if (length > MAX_LENGTH) return 'x'.repeat(MAX_LENGTH + 1)
  if (base === 'hexBinary') return 'C0'.repeat(length)
  if (base === 'base64') return Buffer.alloc(length, 0xc0).toString('base64')
  return 'x'.repeat(length)
}

/** A list with one item too many, each of which would be allowed. */
function tooMany(syntax: Syntax): string[] {
  const { list, ...item } = syntax
  if (!list || list.maxItems > MAX_ITEMS || syntax.pathRef) return []
  const items = Array.from({ length: list.maxItems + 1 }, (_, variant) => otherValue(item, '', variant))
  const text = items.join(',')
  return items.includes(undefined) || itemsOf(text).length !== items.length ? [] : [text]
}
