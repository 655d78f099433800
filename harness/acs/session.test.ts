import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { buildFault, buildRequest, isFault, parseEnvelope } from '../cwmp/cwmp.ts'
import { Transcript } from '../cwmp/transcript.ts'
import { ConformanceFailure, DeviceSilent } from '../failure.ts'
import { informOf, RawCpe } from './raw-cpe.ts'
import { ScriptedAcs } from './scripted-acs.ts'

let acs: ScriptedAcs
let cpe: RawCpe
let transcript: Transcript

beforeEach(async () => {
  transcript = new Transcript()
  acs = await ScriptedAcs.listen({ transcript, silenceMs: 2000, reconnectMs: 50 })
  cpe = await RawCpe.connect(acs.url)
})

afterEach(async () => {
  cpe.destroy()
  await acs.close()
})

/** Opens a session up to the CPE's empty POST, whose answer is pending. */
async function open() {
  const [session, answer] = await Promise.all([acs.nextSession(), cpe.post(informOf())])
  cpe.send(cpe.request(''))
  return { session, answer }
}

const values = { ParameterList: [{ Name: 'Device.X', Value: '1', type: 'xsd:string' }] }

describe('a session', () => {
  it('gives the Inform, calls an RPC and ends with 204', async () => {
    const { session, answer } = await open()
    expect(answer.status).toBe(200)
    expect(parseEnvelope(answer.body)).toMatchObject({ kind: 'response', name: 'Inform', id: '7' })
    expect(session.eventCodes).toEqual(['0 BOOTSTRAP', '1 BOOT'])
    expect(session.parameters.get('Device.RootDataModelVersion')?.Value).toBe('2.17')

    const call = session.call('GetParameterValues', { ParameterNames: ['Device.X'] })
    const request = parseEnvelope((await cpe.answer()).body)
    expect(request).toMatchObject({ kind: 'request', name: 'GetParameterValues', id: '1' })
    const last = cpe.respond('GetParameterValues', values, { id: request.id })
    expect(await call).toEqual(values)

    await session.end()
    expect(await last).toMatchObject({ status: 204 })
    expect(session.over).toBe(true)
    expect(session.exchanges).toHaveLength(3)
  })

  it('returns the fault of a call', async () => {
    const { session } = await open()
    const call = session.call('GetParameterValues', { ParameterNames: ['Device.Y'] })
    await cpe.answer()
    cpe.send(cpe.request(buildFault({ code: 9005, string: 'Invalid parameter name' })))
    const fault = await call
    expect(isFault(fault) && fault.faultCode).toBe(9005)
  })

  it.each([
    ['an empty POST', '', 'an empty POST'],
    [
      'the response of another RPC',
      buildFault({ code: 9, string: '' }).replace(
        /<soapenv:Fault>.*<\/soapenv:Fault>/s,
        '<cwmp:RebootResponse/>',
      ),
      'RebootResponse',
    ],
    ['a request', buildRequest('GetRPCMethods', {}), 'the request GetRPCMethods'],
    ['garbage', 'hello', 'a POST of 5 octets without a CWMP envelope: '],
  ])('says that %s is no answer to a call', async (_name, body, got) => {
    const { session } = await open()
    const call = session.call('GetParameterValues', { ParameterNames: ['Device.X'] })
    await cpe.answer()
    cpe.send(cpe.request(body))
    const error = (await call.catch((reason) => reason)) as ConformanceFailure
    expect(error).toBeInstanceOf(ConformanceFailure)
    expect(error.message).toContain(`expected GetParameterValuesResponse or a CWMP fault; got ${got}`)
    expect(error.transcriptSeq).toBe(session.exchanges.at(-1)?.transcriptSeq)
  })

  it('says which argument a response lacks', async () => {
    const { session } = await open()
    const call = session.call('AddObject', { ObjectName: 'Device.T.', ParameterKey: '' })
    await cpe.answer()
    cpe.send(
      cpe.request(
        buildRequest('Reboot', { CommandKey: 'x' }).replaceAll('cwmp:Reboot', 'cwmp:AddObjectResponse'),
      ),
    )
    await expect(call).rejects.toThrow(
      /expected a complete AddObjectResponse; got one where AddObjectResponse has no InstanceNumber \(line \d+/,
    )
  })

  it('is silent when nothing comes in time', async () => {
    const { session } = await open()
    const call = session.call('Reboot', { CommandKey: '' }, { timeoutMs: 20 })
    await expect(call).rejects.toThrow(DeviceSilent)
    await expect(call).rejects.toThrow(
      /expected RebootResponse or a CWMP fault; got nothing within \d+ ms on connection 1/,
    )
  })
})
