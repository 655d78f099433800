import { expect, test } from 'vitest'
import type { AcsSession, Exchange } from '../../acs/acs.ts'
import { buildFault, buildResponse, parseEnvelope } from '../../cwmp/cwmp.ts'
import type { TestBed } from '../../testbed/testbed.ts'
import type { SoapCase } from './case.ts'
import { Keeper } from './keeper.ts'
import type { SoapLine } from './line.ts'
import { madeUpTarget } from './made-up-target.ts'
import { assignment, validArguments } from './requests.ts'

const { signal } = new AbortController()
const path = 'Device.DeviceInfo.ProvisioningCode'
const other = 'Device.ManagementServer.UpgradesManaged'
const set: SoapCase = {
  rpc: 'SetParameterValues',
  arguments: [
    {
      name: 'ParameterList',
      array: 'cwmp:ParameterValueStruct',
      children: [assignment({ path, type: 'string' }, 'two')],
    },
    { name: 'ParameterKey', text: 'k' },
  ],
  breakages: [],
}
const remove: SoapCase = {
  rpc: 'DeleteObject',
  arguments: validArguments('DeleteObject', madeUpTarget, {
    below: () => 0,
    pick: ([first]) => first as never,
  }),
  breakages: [],
}
const exchangeOf = (xml: string) => ({ envelope: parseEnvelope(Buffer.from(xml)) }) as unknown as Exchange
const later = exchangeOf(buildResponse('SetParameterValues', { Status: 1 }))
const refused = exchangeOf(buildFault({ code: 9003, string: '' }))

/** A device with these values, that answers AddObject so. */
async function keeperOf(values: Map<string, string>, added: object) {
  const answers: Readonly<Record<string, (args: never) => object>> = {
    GetParameterValues: ({ ParameterNames }: { ParameterNames: string[] }) => ({
      ParameterList: ParameterNames.map((Name) => ({
        Name,
        Value: values.get(Name) ?? '',
        type: 'xsd:string',
      })),
    }),
    GetParameterAttributes: () => ({ ParameterList: [] }),
    GetParameterNames: () => ({ ParameterList: [] }),
    AddObject: () => added,
  }
  const call = async (name: string, args: never) => answers[name]?.(args)
  const session = { call } as unknown as AcsSession
  const line = { session: async () => session } as unknown as SoapLine
  return { session, keeper: await Keeper.open({} as TestBed, line, madeUpTarget, session) }
}

test('what was granted with Status 1 may come into force while something else is refused, and nothing else may', async () => {
  const values = new Map([
    [path, 'one'],
    [other, '0'],
  ])
  const { keeper, session } = await keeperOf(values, {})
  await keeper.prepare(set, session)
  expect(await keeper.follow(set, later, signal)).toBeUndefined()
  expect(keeper.mayRestart).toBe(true)

  values.set(path, 'two')
  await keeper.prepare(set, session)
  expect(await keeper.follow(set, refused, signal)).toBeUndefined()
  values.set(other, '1')
  expect(await keeper.follow(set, refused, signal)).toMatchObject({ kind: 'state' })

  keeper.forget()
  expect(keeper.mayRestart).toBe(false)
  await keeper.prepare(set, session)
  values.set(path, 'one')
  expect(await keeper.follow(set, refused, signal)).toMatchObject({ kind: 'state' })
})

test.each([
  ['refuses a row', { faultCode: 9004, faultString: '', cwmpDetail: true }, false, undefined],
  ['makes it later', { InstanceNumber: 7, Status: 1 }, false, '7'],
  ['makes it at once', { InstanceNumber: 7, Status: 0 }, true, '7'],
])('a device that %s has it or not', async (_what, added, has, row) => {
  const { keeper, session } = await keeperOf(new Map(), added)

  await keeper.prepare(remove, session)

  expect(keeper.has(remove)).toBe(has)
  expect(keeper.has(set)).toBe(true)
  expect(keeper.row).toBe(row)
})
