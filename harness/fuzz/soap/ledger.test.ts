import { expect, test } from 'vitest'
import type { AcsSession, Exchange } from '../../acs/acs.ts'
import { buildResponse, parseEnvelope } from '../../cwmp/cwmp.ts'
import { ConformanceFailure } from '../../failure.ts'
import { Ledger } from './ledger.ts'
import { madeUpTarget } from './made-up-target.ts'

/** An answer with a Value that does not say its type. */
function untyped(value: string): Exchange {
  const ParameterList = [{ Name: 'Device.A', Value: value, type: 'xsd:string' }]
  const xml = buildResponse('GetParameterValues', { ParameterList }, { id: '1' })
  const body = Buffer.from(xml.replace(' xsi:type="xsd:string"', ''))
  return { method: 'POST', headers: [], body, envelope: parseEnvelope(body) } as unknown as Exchange
}

test('what a device always breaks is known, also of one that an unknown name brings down', async () => {
  const gone = new ConformanceFailure('GetParameterValuesResponse', 'nothing')
  const answers = [async () => untyped('first'), () => Promise.reject(gone)]
  const exchanges: Exchange[] = []
  const call = async () => exchanges.push((await answers.shift()?.()) as Exchange)
  const ledger = new Ledger()

  await expect(ledger.calibrate({ call, exchanges } as unknown as AcsSession, madeUpTarget)).rejects.toBe(
    gone,
  )

  ledger.note(untyped('second'))
  expect(await ledger.settle(false)).toEqual([])
  const strict = new Ledger()
  strict.note(untyped('second'))
  expect((await strict.settle(false)).map(({ wrong }) => wrong.actual)).toEqual([
    expect.stringContaining('UNI-TYPE-001'),
  ])
})
