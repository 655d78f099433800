import { describe, expect, test } from 'vitest'
import { type Asker, openManual } from './manual-adapter.ts'

const signal = new AbortController().signal

/** Somebody who types these lines. */
function somebody(...typed: string[]): Asker & { readonly shown: string[] } {
  const shown: string[] = []
  return {
    shown,
    ask: async (lines) => {
      shown.push(lines.join('\n'))
      return typed.shift() ?? ''
    },
    close: () => {},
  }
}

describe('a person', () => {
  test('is told everything that the device has to know', async () => {
    const person = somebody('')

    await openManual({ kind: 'manual', abilities: [] }, person).provision(
      { acsUrl: 'http://acs/', username: 'cpe', password: 'secret', trustedCa: 'PEM' },
      signal,
    )

    expect(person.shown[0]).toMatch(/URL of the ACS +http:\/\/acs\/\n/)
    expect(person.shown[0]).toMatch(/password there +secret\n/)
    expect(person.shown[0]).toMatch(/periodic Inform interval +\(as it is\)\n/)
    expect(person.shown[0]).toMatch(/PEM$/)
  })

  test('has to say whether the device is alive', async () => {
    const person = somebody('perhaps', 'n')

    expect(await openManual({ kind: 'manual', abilities: [] }, person).alive(signal)).toBe(false)
    expect(person.shown).toHaveLength(2)
  })

  test('may say why something cannot be done', async () => {
    const adapter = openManual({ kind: 'manual', abilities: ['powerCycle'] }, somebody('the switch is stuck'))

    await expect(adapter.powerCycle?.(signal)).rejects.toThrow('says: the switch is stuck')
  })

  test('is asked for nothing but what the profile lists', () => {
    const adapter = openManual({ kind: 'manual', abilities: ['powerCycle'] }, somebody())

    expect(Object.keys(adapter).sort()).toEqual(['alive', 'endByForce', 'powerCycle', 'provision', 'stop'])
  })
})
