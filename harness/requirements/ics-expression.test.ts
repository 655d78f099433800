import { describe, expect, test } from 'vitest'
import { evaluateIcs, icsNames } from './ics-expression.ts'

const ics = { Upload: true, FactoryReset: false, HttpConnectionRequest: true }

describe('ICS expressions', () => {
  test.each([
    ['Upload', true],
    ['!Upload', false],
    ['Upload && FactoryReset', false],
    ['Upload || FactoryReset', true],
    ['!(Upload && FactoryReset) && HttpConnectionRequest', true],
    ['FactoryReset && Upload || HttpConnectionRequest', true],
    ['FactoryReset && (Upload || HttpConnectionRequest)', false],
  ])('%s is %s', (expression, expected) => {
    expect(evaluateIcs(expression, ics)).toBe(expected)
  })

  test.each(['', 'Upload &&', '(Upload', 'Upload Upload', 'Upload & FactoryReset', '!'])(
    'refuses %j',
    (expression) => {
      expect(() => icsNames(expression)).toThrow(/ICS expression/)
    },
  )

  test('refuses an item that the profile does not answer', () => {
    expect(() => evaluateIcs('Uplaod', ics)).toThrow('Uplaod')
  })
})
