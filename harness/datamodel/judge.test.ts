import { describe, expect, test } from 'vitest'
import {
  badValue,
  itemsOf,
  modelPath,
  otherValue,
  type Rule,
  resolvePath,
  restricts,
  violation,
} from './datamodel.ts'
import type { Syntax } from './model.ts'

const syntax = (base: Syntax['base'], facets: Partial<Syntax> = {}): Syntax => ({
  base,
  sizes: [],
  ranges: [],
  enumeration: [],
  patterns: [],
  ...facets,
})
const values = (...all: string[]) =>
  all.map((value) => ({ value, access: 'readWrite' as const, optional: false }))
const list = (minItems: number, maxItems: number, most?: bigint) => ({
  minItems,
  maxItems,
  sizes: most === undefined ? [] : [{ max: most }],
})

const percent = syntax('unsignedInt', { ranges: [{ max: 100n }] })
const port = syntax('int', {
  ranges: [
    { min: -1n, max: -1n },
    { min: 1024n, max: 65535n },
  ],
})
const short = syntax('string', { sizes: [{ max: 4n }] })
const oui = syntax('string', { sizes: [{ min: 6n, max: 6n }], patterns: ['[0-9A-F]{6}'] })
const mode = syntax('string', { enumeration: values('On', 'Off') })
const modes = { ...mode, list: list(1, 2) }
const key = syntax('hexBinary', { sizes: [{ max: 2n }] })

describe('a value breaks', () => {
  test.each<[Rule, Syntax, string, string]>([
    ['form', percent, 'much', '"much" is no unsignedInt'],
    ['form', percent, '-1', '"-1" is no unsignedInt'],
    ['form', syntax('boolean'), 'TRUE', '"TRUE" is no boolean'],
    ['form', syntax('dateTime'), '2030-13-01T00:00:00Z', '"2030-13-01T00:00:00Z" is no dateTime'],
    ['form', key, 'ABC', '"ABC" is no hexBinary'],
    ['range', percent, '101', '"101" is not :100'],
    ['range', port, '0', '"0" is not -1:-1 or 1024:65535'],
    ['size', short, 'abcde', 'length 5 is not :4'],
    ['size', key, 'C0FFEE', 'length 3 is not :2'],
    ['enumeration', mode, 'on', '"on" is not one of its values'],
    ['enumeration', modes, 'On,on', '"on" is not one of its values'],
    ['pattern', oui, '00d09e', '"00d09e" does not match its pattern'],
    ['items', modes, '', '0 items, not 1 to 2'],
    ['items', modes, 'On,Off,On', '3 items, not 1 to 2'],
    ['items', { ...short, list: list(0, 9, 5n) }, 'ab, cd', 'a list of 6 characters'],
  ])('%s', (rule, of, value, what) => {
    expect(violation(of, value, rule)).toBe(what)
  })

  test.each<[Rule, Syntax, string]>([
    ['range', percent, '100'],
    ['range', percent, 'much'],
    ['range', port, '-1'],
    ['range', syntax('unsignedLong', { ranges: [{ min: 0n }] }), '18446744073709551615'],
    ['size', short, '😀😀😀😀'],
    ['size', key, 'C0FF'],
    ['enumeration', mode, 'X_EXAMPLE_Blink'],
    ['enumeration', modes, ' On , Off '],
    ['pattern', oui, '00D09E'],
    ['items', modes, 'On'],
    ['form', { ...percent, list: list(0, 9) }, ''],
  ])('%s not, where it is allowed', (rule, of, value) => {
    expect(violation(of, value, rule)).toBeUndefined()
  })

  test('only what is restricted', () => {
    const rules: Rule[] = ['form', 'range', 'size', 'enumeration', 'pattern', 'items']

    expect(rules.filter((rule) => restricts(syntax('string'), rule))).toEqual([])
    expect(rules.filter((rule) => restricts(modes, rule))).toEqual(['enumeration', 'items'])
  })
})

test('brackets keep the commas of a nested list together', () => {
  expect(itemsOf('[1,2],[3], 4')).toEqual(['[1,2]', '[3]', '4'])
})

describe('another value', () => {
  test.each<[string, Syntax, string, string]>([
    ['of a boolean', syntax('boolean'), '1', 'false'],
    ['of a number is near the present one', percent, '40', '41'],
    ['of a number stays in range', percent, '100', '99'],
    ['of an enumeration', mode, 'On', 'Off'],
    ['of a list has an item of it', modes, 'On', 'Off'],
    [
      'of an address is one',
      syntax('string', { typeName: 'IPAddress', sizes: [{ max: 45n }] }),
      '',
      '192.0.2.1',
    ],
    ['of an IPv6 address is one', syntax('string', { typeName: 'IPv6Address' }), '', '2001:db8::1'],
    ['of a fixed length fits', syntax('string', { sizes: [{ min: 3n, max: 3n }] }), 'abc', 'cc0'],
    ['of a pattern matches', oui, '00D09E', 'ABCD00'],
    ['of octets fits', key, '', 'C0C0'],
    ['of a time', syntax('dateTime'), '2030-01-02T03:04:05Z', '2031-02-03T04:05:06Z'],
  ])('%s', (_what, of, present, other) => {
    expect(otherValue(of, present)).toBe(other)
  })

  test('differs from row to row', () => {
    const text = [0, 1, 2].map((variant) => otherValue(short, '', variant))

    expect(new Set(text).size).toBe(3)
  })

  test('of a reference, or of a range with one number, is unknown', () => {
    const reference = syntax('string', {
      pathRef: { refType: 'strong', targetType: 'row', targetParents: [] },
    })

    expect(otherValue(reference, '')).toBeUndefined()
    expect(otherValue(syntax('int', { ranges: [{ min: 7n, max: 7n }] }), '7')).toBeUndefined()
  })

  test('is never one that only the device sets', () => {
    const state = syntax('string', {
      enumeration: [{ value: 'Complete', access: 'readOnly', optional: false }, ...values('Requested')],
    })

    expect(otherValue(state, 'None')).toBe('Requested')
  })
})

describe('a bad value', () => {
  test.each<[Rule, Syntax, string | undefined]>([
    ['form', percent, 'neither number nor time'],
    ['form', syntax('string'), undefined],
    ['range', percent, '101'],
    ['range', port, '0'],
    ['range', syntax('unsignedInt', { ranges: [{ max: 4294967295n }] }), undefined],
    ['size', short, 'xxxxx'],
    ['size', key, 'C0C0C0'],
    ['enumeration', mode, 'NoSuchValueHere'],
    ['pattern', oui, '!'],
    ['pattern', syntax('string', { patterns: ['.*'] }), undefined],
    ['items', { ...mode, list: list(0, 2) }, 'On,On,On'],
    ['items', { ...mode, list: list(0, Number.POSITIVE_INFINITY) }, undefined],
  ])('that breaks %s', (rule, of, bad) => {
    expect(badValue(of, rule)).toBe(bad)
  })
})

describe('paths', () => {
  test.each([
    ['Device.Lamp.Shade.3.', '#.Modes', 'Device.Lamp.Modes'],
    ['Device.Lamp.Shade.{i}.', '##.IP.Interface.', 'Device.IP.Interface.'],
    ['Device.Lamp.Shade.[left].', '.IP.Interface.', 'Device.IP.Interface.'],
    ['Device.Lamp.', 'Modes', 'Device.Lamp.Modes'],
    ['Device.Lamp.', 'Device.IP.', 'Device.IP.'],
  ])('from %s, %s is %s', (object, reference, path) => {
    expect(resolvePath(object, reference)).toBe(path)
  })

  test('of a model have {i} for numbers and aliases', () => {
    expect(modelPath('Device.Lamp.2.Shade.[left].Size')).toBe('Device.Lamp.{i}.Shade.{i}.Size')
    expect(modelPath('Device.X_0123.Lamp1.')).toBe('Device.X_0123.Lamp1.')
  })
})
