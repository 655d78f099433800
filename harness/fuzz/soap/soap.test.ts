import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseEnvelope } from '../../cwmp/cwmp.ts'
import type { Cell } from '../campaign/field.ts'
import { SEVERAL } from '../campaign/tally.ts'
import type { Expectation } from '../oracle/soap-oracle.ts'
import { harshEnvelopes } from './around.ts'
import type { SoapCase } from './case.ts'
import { expected, soapLanguage } from './language.ts'
import { madeUpTarget } from './made-up-target.ts'
import { render } from './render.ts'
import { cpeMethods } from './requests.ts'
import { harsh, illFormed } from './structure.ts'

const target = { ...madeUpTarget, methods: cpeMethods }
const language = soapLanguage(target)
const bindings = { id: 'one', row: '7', lure: 'http://acs.example/lure' }
const octetsOf = (one: SoapCase) => Buffer.from(render(one, target, bindings).body as string)
const coverage = [...language.coverage()]
const random = fc.sample(language.mutation, { seed: 1, numRuns: 2000 })

describe('the grammar', () => {
  test('has each cell once for each kind of value', () => {
    const cells = coverage.map((one) => JSON.stringify(language.cellOf(one)))

    expect(coverage.length).toBeGreaterThan(1500)
    expect(new Set(cells).size).toBeGreaterThan(1500)
  })

  test('makes requests that are right where nothing is said to be wrong', () => {
    for (const one of [...coverage, ...random].filter(
      ({ breakages, edits }) => breakages.length === 0 && !edits,
    )) {
      const envelope = parseEnvelope(octetsOf(one))

      expect(envelope).toMatchObject({ name: one.rpc, id: 'one', bodyEntries: 1 })
      expect(expected(one)?.permits.size).toBeGreaterThan(0)
    }
  })

  test('changes the octets with every breakage', () => {
    const idle = coverage.filter((one) => {
      const [first] = one.breakages
      return (
        first && first.kind !== 'not supported' && octetsOf(one).equals(octetsOf({ ...one, breakages: [] }))
      )
    })

    expect(idle.map(language.describe)).toEqual([])
  })

  test('says the same octets for the same case, also when it comes from a file', () => {
    for (const one of [...coverage, ...random]) {
      const again = language.fromJson(JSON.parse(JSON.stringify(language.toJson(one))))

      expect(octetsOf(again).equals(octetsOf(one))).toBe(true)
    }
  })

  test('makes the same random cases of the same seed', () => {
    expect(fc.sample(language.mutation, { seed: 1, numRuns: 100 })).toEqual(random.slice(0, 100))
  })

  test('names the cells that random cases meet, and has a place for each of them', () => {
    const chance = soapLanguage(target, 'mutation')
    const keyOf = ({ requestClass, element, breakage }: Cell) =>
      breakage.includes(' + ') ? `${requestClass}//${SEVERAL}` : `${requestClass}/${element}/${breakage}`
    const cells = new Set([...chance.cells()].map(keyOf))
    const met = new Set(random.map((one) => keyOf(chance.cellOf(one))))

    expect([...met].filter((key) => !cells.has(key))).toEqual([])
    expect([...cells].filter((key) => key.startsWith('Reboot'))).toEqual([])
    expect(cells).toContain('AddObject/ObjectName/missing')
    expect(cells).toContain(`SetParameterValues//${SEVERAL}`)
  })

  test('names no cell that random cases cannot meet', () => {
    const chance = soapLanguage({ ...madeUpTarget, methods: ['DeleteObject'] }, 'mutation')
    const left = new Set([...chance.cells()].map(({ element, breakage }) => `${element}/${breakage}`))
    for (const one of fc.sample(chance.mutation, { seed: 2, numRuns: 4000 })) {
      const { element, breakage } = chance.cellOf(one)
      left.delete(breakage.includes(' + ') ? `/${SEVERAL}` : `${element}/${breakage}`)
    }

    // What ends the session has few turns among so many.
    const seldom = [...harshEnvelopes, ...Object.keys(illFormed), ...Object.keys(harsh)]
    expect([...left].filter((key) => !seldom.some((kind) => key.endsWith(`/${kind}`)))).toEqual([])
  })

  test('knows what may be answered to every random case, unless its octets are changed', () => {
    const known = random.map(expected).filter((one): one is Expectation => one !== undefined)

    expect(known.length).toBeGreaterThan(1900)
    expect(known.filter(({ permits }) => permits.size === 0)).toEqual([])
  })

  test.each(['{}', '[]', 'null', '{"rpc":"Reboot"}', '{"rpc":"Reboot","arguments":[1],"breakages":[]}'])(
    'refuses a file that is no case: %s',
    (text) => {
      expect(() => language.fromJson(JSON.parse(text))).toThrow(/SOAP case/)
    },
  )
})

describe('simpler cases', () => {
  const spv = random.find(({ rpc, breakages, arguments: [list] }) => {
    const position = breakages[0]?.at?.[1] ?? 0
    return (
      rpc === 'SetParameterValues' &&
      breakages.length === 1 &&
      position > 0 &&
      (list?.children?.length ?? 0) > 2
    )
  }) as SoapCase

  test('lack a breakage, or a member that nothing is wrong with', () => {
    const [without, ...fewer] = [...language.simpler(spv)]

    expect(without?.breakages).toEqual([])
    expect(fewer.length).toBeGreaterThan(0)
    for (const one of fewer.filter(({ arguments: [list] }) => list?.children)) {
      expect(language.cellOf(one)).toEqual(language.cellOf(spv))
    }
  })

  test('come to an end', () => {
    let steps = 0
    for (let one: SoapCase | undefined = spv; one; steps++) one = [...language.simpler(one)][0]

    expect(steps).toBeLessThan(20)
  })
})
