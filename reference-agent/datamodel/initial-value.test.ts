import { expect, test } from 'vitest'
import type { ParameterDefinition } from './definitions.ts'
import { initialValue } from './initial-value.ts'

test.each<[string, ParameterDefinition, string]>([
  ['0 where that is allowed', { type: 'int', range: [[-1, null]] }, '0'],
  ['the number nearest to 0', { type: 'unsignedInt', range: [[5, 240]] }, '5'],
  [
    'the number nearest to 0 of several ranges',
    {
      type: 'unsignedInt',
      range: [
        [12, 12],
        [1, 2],
      ],
    },
    '1',
  ],
  ['the greatest of negative numbers', { type: 'int', range: [[null, -40]] }, '-40'],
  ['nothing where an enumeration has it', { type: 'string', enumeration: ['A', ''] }, ''],
  ['the word for nothing', { type: 'string', enumeration: ['Up', 'None'] }, 'None'],
  ['the first word of others', { type: 'string', enumeration: ['Up', 'Down'] }, 'Up'],
  ['an empty list', { type: 'string', list: {}, enumeration: ['Up', 'Down'] }, ''],
  [
    'a list as long as it has to be',
    { type: 'unsignedInt', list: { items: [2, 2] }, range: [[1, 9]] },
    '1,1',
  ],
  ['octets', { type: 'hexBinary', length: [[3, 3]] }, '000000'],
  ['octets in base64', { type: 'base64', length: [[2, 9]] }, 'AAA='],
  ['a text long enough', { type: 'string', length: [[2, 4]] }, '00'],
  ['a text of a pattern', { type: 'string', length: [[6, 6]], patterns: ['[0-9A-F]{6}'] }, '000000'],
  [
    'nothing for a pattern that takes none of the plain texts',
    { type: 'string', patterns: ['https?://.+'] },
    '',
  ],
  ['an identifier', { type: 'UUID' }, '00000000-0000-0000-0000-000000000000'],
  ['an alias', { type: 'Alias' }, 'cpe-{i}'],
  ['no secret', { type: 'string', hidden: true, length: [[8, 63]] }, ''],
  [
    'what a reference calls nothing',
    { type: 'string', enumerationRef: { targetParam: 'X', nullValue: 'None' } },
    'None',
  ],
  ['the unknown time', { type: 'dateTime' }, '0001-01-01T00:00:00Z'],
])('%s', (_what, definition, value) => {
  expect(initialValue(definition)).toBe(value)
  expect(initialValue(definition)).toBe(value)
})
