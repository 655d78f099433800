import { beforeEach, describe, expect, test } from 'vitest'
import { Ledger } from './ledger.ts'
import { ToldOnce } from './once.ts'
import { SeededRandom } from './random.ts'

let ledger: Ledger
beforeEach(() => {
  ledger = new Ledger()
})

describe('values', () => {
  test('are those that were confirmed, or those that were on their way', () => {
    ledger.settingValues('1')
    ledger.setValues('1')
    ledger.settingValues('2')

    ledger.readValues(['1', '1'])

    expect(ledger.violations).toEqual([])
    // What was on its way and has not arrived does not arrive later.
    ledger.readValues(['2', '2'])
    expect(ledger.violations).toEqual(['the values are 2, expected 1'])
  })

  test('that were confirmed take the place of older ones', () => {
    ledger.settingValues('1')
    ledger.settingValues('2')
    ledger.setValues('2')

    ledger.readValues(['1', '1'])

    expect(ledger.violations).toEqual(['the values are 1, expected 2'])
  })

  test('are there wholly or not at all', () => {
    ledger.settingValues('1')

    ledger.readValues(['1', ''])

    expect(ledger.violations).toEqual(['a SetParameterValues is there in part: 1, '])
  })
})

describe('rows', () => {
  test('that were confirmed stay', () => {
    ledger.addingRow()
    ledger.addedRow(1)

    ledger.readRows(new Set())

    expect(ledger.violations).toEqual(['the row 1 is lost'])
  })

  test('that were on their way may be there, each once', () => {
    ledger.addingRow()

    ledger.readRows(new Set([1, 2]))

    expect(ledger.violations).toEqual(['the row 2 was never asked for'])
  })

  test('whose deletion was on its way may be there, and no longer when it was confirmed', () => {
    for (const number of [1, 2]) {
      ledger.addingRow()
      ledger.addedRow(number)
      ledger.deletingRow(number)
    }
    ledger.deletedRow(2)

    ledger.readRows(new Set([1, 2]))

    expect(ledger.violations).toEqual(['the row 2 is there again although it was deleted'])
  })

  test('have numbers that no other had', () => {
    ledger.addingRow()
    ledger.addedRow(1)
    ledger.deletingRow(1)
    ledger.deletedRow(1)
    ledger.addingRow()

    ledger.addedRow(1)

    expect(ledger.violations).toEqual(['the instance number 1 is given a second time'])
  })
})

describe('what is told once', () => {
  const things = () => new ToldOnce('M Reboot')

  test('is owed from its confirmation until it is told', () => {
    const reboots = things()
    reboots.asked('a')
    expect(reboots.owed).toEqual([])

    reboots.confirmed('a')

    expect(reboots.owed).toEqual(['a'])
    expect(reboots.tell('a')).toBeUndefined()
    expect(reboots.owed).toEqual([])
    expect(reboots.open).toEqual(['a'])
  })

  test('may be told again until it was acknowledged for certain', () => {
    const reboots = things()
    reboots.asked('a')

    expect([reboots.tell('a'), reboots.tell('a')]).toEqual([undefined, undefined])
    reboots.acknowledged('a')

    expect(reboots.tell('a')).toBe('M Reboot a is told again after it was acknowledged')
    expect(reboots.isSettled('a')).toBe(true)
    expect(reboots.settled).toBe(1)
  })

  test('is not told unasked', () => {
    expect(things().tell('b')).toBe('M Reboot b is told and was never asked for')
  })

  test('is not owed any more once something newer may have taken its place', () => {
    const changes = things()
    changes.asked('a')
    changes.confirmed('a')

    changes.superseded()

    expect(changes.owed).toEqual([])
    expect(changes.tell('a')).toBeUndefined()
  })
})

test('a seed repeats its numbers', () => {
  const draw = (seed: number) => {
    const random = new SeededRandom(seed)
    return Array.from({ length: 100 }, () => random.between(1, 6))
  }

  expect(draw(7)).toEqual(draw(7))
  expect(draw(7)).not.toEqual(draw(8))
  expect(new Set(draw(7))).toEqual(new Set([1, 2, 3, 4, 5, 6]))
})
