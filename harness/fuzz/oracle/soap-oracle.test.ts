import { describe, expect, test } from 'vitest'
import { lookUp } from '../soap/case.ts'
import { soapLanguage } from '../soap/language.ts'
import { madeUpTarget } from '../soap/made-up-target.ts'
import { cpeMethods, isCpeMethod, kindOf } from '../soap/requests.ts'
import { expectationOf, rowFor, soapRows } from './soap-oracle.ts'

/** Every cell of the grammar, as the table is asked for it. */
function cells() {
  const withAll = soapLanguage({ ...madeUpTarget, methods: cpeMethods })
  return [...withAll.coverage(), ...soapLanguage(madeUpTarget).coverage()].flatMap(
    ({ rpc, arguments: nodes, breakages }) => {
      const faults = breakages.map(({ kind, at }) => {
        const path = lookUp(nodes, at)?.path
        return { breakage: kind, kind: (path && isCpeMethod(rpc) && kindOf(rpc, path)) || 'envelope' }
      })
      return (faults.length > 0 ? faults : [{ breakage: 'none', kind: 'envelope' }]).map((fault) => ({
        rpc,
        fault,
      }))
    },
  )
}

describe('the table of what may be answered', () => {
  test('has a row for every cell of the grammar', () => {
    const forgotten = cells().filter(({ rpc, fault }) => rowFor(rpc, fault) === undefined)

    expect(forgotten).toEqual([])
  })

  test('has no row that holds for no cell', () => {
    const used = new Set(cells().map(({ rpc, fault }) => rowFor(rpc, fault)))

    expect(soapRows.filter((row) => !used.has(row))).toEqual([])
  })

  test('has no breakage in a row that no cell has', () => {
    const all = cells()
    const dead = soapRows.flatMap((row) =>
      row.breakages.filter((one) => {
        const fits = (breakage: string) =>
          breakage === one || (one.endsWith('*') && breakage.startsWith(one.slice(0, -1)))
        return !all.some(({ rpc, fault }) => rowFor(rpc, fault) === row && fits(fault.breakage))
      }),
    )

    expect(dead).toEqual([])
  })

  test('lets a device that cannot take in what is too large say so in SOAP, before it has come to the method', () => {
    const large = [
      ['GetParameterValues', 'readName', 'name huge'],
      ['SetParameterValues', 'setName', 'name huge depth'],
      ['AddObject', 'tableName', 'object huge'],
      ['SetParameterValues', 'key', 'text huge'],
      ['Download', 'url', 'URL huge'],
      ['SetParameterValues', 'value', 'value string text huge'],
      ['GetParameterValues', 'array', 'a thousand members'],
      ['GetParameterValues', 'readName', 'text of a megabyte'],
    ] as const

    for (const [rpc, kind, breakage] of large)
      expect(expectationOf(rpc, [{ breakage, kind }]).permits, breakage).toContain('SOAP fault')
    expect(
      expectationOf('SetParameterValues', [{ breakage: 'text too long', kind: 'key' }]).permits,
    ).not.toContain('SOAP fault')
  })

  test('says which code a parameter has', () => {
    const name = 'Device.NoSuchParameterHere'
    const unknown = { breakage: 'name unknown', kind: 'setName', parameter: name }

    const { permits, parameters } = expectationOf('SetParameterValues', [unknown])

    expect([...permits]).toEqual(['9003'])
    expect(parameters?.get(name)).toEqual({ codes: new Set([9005]), isSure: true })
  })

  test('allows for several faults what each allows, but a response only when all do', () => {
    const unknown = { breakage: 'name unknown', kind: 'readName' }
    const more = { breakage: 'count more', kind: 'array' }
    const attribute = { breakage: 'unknown attribute', kind: 'array' }

    expect([...expectationOf('GetParameterValues', [unknown, more]).permits].sort()).toEqual([
      '9003',
      '9004',
      '9005',
    ])
    expect(expectationOf('GetParameterValues', [more, attribute]).permits).toContain('response')
  })

  test('allows a response where one fault may hide another', () => {
    const unknown = { breakage: 'name unknown', kind: 'readName' }
    const hidden = { breakage: 'members of other names', kind: 'array' }

    expect(expectationOf('GetParameterValues', [unknown, hidden]).permits).toContain('response')
  })
})
