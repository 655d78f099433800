import { gunzipSync, gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { buildFault, buildRequest, isFault, parseEnvelope } from '../cwmp/cwmp.ts'
import { ConformanceFailure, DeviceSilent, HarnessError } from '../failure.ts'
import { informOf, RawCpe } from './raw-cpe.ts'
import { ScriptedAcs } from './scripted-acs.ts'
import { WatchedTranscript } from './watched-transcript.ts'

let acs: ScriptedAcs
let cpe: RawCpe
let transcript: WatchedTranscript

beforeEach(async () => {
  transcript = new WatchedTranscript()
  acs = await ScriptedAcs.listen({ transcript, silenceMs: 2000 })
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
    await transcript.untilText('Content-Length: 0\r\n')
    const call = session.call('Reboot', { CommandKey: '' }, { timeoutMs: 20 })
    await expect(call).rejects.toThrow(DeviceSilent)
    await expect(call).rejects.toThrow(
      /expected RebootResponse or a CWMP fault; got nothing within \d+ ms on connection 1/,
    )
  })
})

const transferComplete = buildRequest(
  'TransferComplete',
  {
    CommandKey: 'k',
    FaultStruct: { FaultCode: 0, FaultString: '' },
    StartTime: '0001-01-01T00:00:00Z',
    CompleteTime: '0001-01-01T00:00:00Z',
  },
  { id: 'tc' },
)

describe('requests of the CPE', () => {
  it('get the proper answers before the ACS has its turn', async () => {
    const [session] = await Promise.all([acs.nextSession(), cpe.post(informOf())])
    const call = session.call('Reboot', { CommandKey: '' })
    const complete = await cpe.post(transferComplete)
    expect(parseEnvelope(complete.body)).toMatchObject({
      kind: 'response',
      name: 'TransferComplete',
      id: 'tc',
    })
    const methods = parseEnvelope((await cpe.post(buildRequest('GetRPCMethods', {}))).body)
    expect(methods).toMatchObject({ kind: 'response', name: 'GetRPCMethods', id: undefined })
    expect(methods.source).toContain('<string>AutonomousTransferComplete</string>')
    const kicked = await cpe.post(
      buildRequest('Kicked', { Command: '', Referer: '', Arg: '', Next: 'http://x/' }),
    )
    expect(kicked.body.toString()).toContain('<NextURL>http://x/</NextURL>')
    const unknown = await cpe.post(
      buildRequest('GetRPCMethods', {}).replaceAll('GetRPCMethods', 'X_ACME_Dance'),
    )
    expect(parseEnvelope(unknown.body).fault).toMatchObject({ faultCode: 8000, soapFaultCode: 'Server' })
    const bad = await cpe.post(transferComplete.replace('<CommandKey>k</CommandKey>', ''))
    expect(parseEnvelope(bad.body)).toMatchObject({
      fault: { faultCode: 8003, soapFaultCode: 'Client' },
      id: 'tc',
    })
    expect(parseEnvelope((await cpe.post('')).body).name).toBe('Reboot')
    cpe.send(cpe.request(buildFault({ code: 9001, string: '' })))
    expect(isFault(await call)).toBe(true)
    expect(session.cpeRequests.map(({ name }) => name)).toEqual([
      'TransferComplete',
      'GetRPCMethods',
      'Kicked',
      'X_ACME_Dance',
      'TransferComplete',
    ])
  })

  it('can be answered by a handler', async () => {
    const fault = buildFault({ code: 8005, string: 'Retry request' })
    const [session] = await Promise.all([
      acs.nextSession({
        onCpeRequest: ({ name }) => (name === 'TransferComplete' ? { body: fault } : undefined),
      }),
      cpe.post(informOf()),
    ])
    expect(parseEnvelope((await cpe.post(transferComplete)).body).fault?.faultCode).toBe(8005)
    session.onCpeRequest = undefined
    expect(parseEnvelope((await cpe.post(transferComplete)).body).kind).toBe('response')
  })

  it('can be held for the case', async () => {
    const [session] = await Promise.all([
      acs.nextSession({ onCpeRequest: () => 'later' }),
      cpe.post(informOf()),
    ])
    cpe.send(cpe.request(transferComplete))
    const held = await session.nextCpeRequest()
    expect(held.envelope?.name).toBe('TransferComplete')
    await expect(session.call('Reboot', { CommandKey: '' })).rejects.toThrow(
      new HarnessError('Reboot called before the answer to TransferComplete'),
    )
    const next = session.send('<nonsense/>')
    expect((await cpe.answer()).body.toString()).toBe('<nonsense/>')
    cpe.send(cpe.request(''))
    expect((await next).description).toBe('an empty POST')
  })

  it('are missed when an empty POST comes instead', async () => {
    const [session] = await Promise.all([acs.nextSession(), cpe.post(informOf())])
    const next = session.nextCpeRequest()
    cpe.send(cpe.request(''))
    await expect(next).rejects.toThrow('expected a request of the CPE; got an empty POST')
    await expect(session.nextCpeRequest()).rejects.toThrow('expected a request of the CPE; got an empty POST')
  })
})

describe('the answer to an Inform', () => {
  it('can carry headers, cookies and coding of the case', async () => {
    const inform = {
      useCwmpVersion: '1.2',
      holdRequests: true,
      headers: { 'Set-Cookie': ['a=1', 'b=2'] },
      gzip: true,
      chunked: 10,
    } as const
    const [session, answer] = await Promise.all([
      acs.nextSession({ inform: { ...inform, headers: { 'Set-Cookie': ['a=1', 'b=2'] } } }),
      cpe.post(informOf()),
    ])
    expect(answer.head.match(/^Set-Cookie: .*$/gm)).toEqual([
      `Set-Cookie: cwmp-session=${session.cookie}; Path=/`,
      'Set-Cookie: a=1',
      'Set-Cookie: b=2',
    ])
    expect(answer.head).toContain('Content-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n')
    expect(answer.wire.toString('latin1', 0, 3)).toBe('a\r\n')
    expect(parseEnvelope(gunzipSync(answer.body))).toMatchObject({
      useCwmpVersion: '1.2',
      holdRequests: true,
    })
  })

  it('can be a fault, which ends the session', async () => {
    const [first, refused] = await Promise.all([
      acs.nextSession({ inform: { fault: { code: 8005, string: 'Retry request' } } }),
      cpe.post(informOf()),
    ])
    expect(parseEnvelope(refused.body)).toMatchObject({ id: '7', fault: { faultCode: 8005 } })
    expect(first.over).toBe(true)
    await expect(first.call('Reboot', { CommandKey: '' })).rejects.toThrow('the session is over')
    const [second] = await Promise.all([acs.nextSession(), cpe.post(informOf())])
    expect(second.cookie).not.toBe(first.cookie)
  })

  it('can be left to the case', async () => {
    const claimed = acs.nextSession({ inform: 'later' })
    cpe.send(cpe.request(informOf()))
    const session = await claimed
    await expect(session.call('Reboot', { CommandKey: '' })).rejects.toThrow(
      'Reboot called before the answer to Inform',
    )
    const again = session.send('', { status: 302, headers: { Location: '/elsewhere' } })
    expect((await cpe.answer()).head).toMatch(/^HTTP\/1\.1 302 Found\r\n[\s\S]*Location: \/elsewhere\r\n/)
    cpe.send(cpe.request(informOf()))
    expect((await again).isInform).toBe(true)
    const answer = session.send(buildFault({ code: 8001, string: '' }))
    expect(parseEnvelope((await cpe.answer()).body).fault?.faultCode).toBe(8001)
    session.abort()
    await expect(answer).rejects.toThrow('the case aborted the session')
  })

  it('is given when the case ends the session without one', async () => {
    const claimed = acs.nextSession({ inform: 'later' })
    cpe.send(cpe.request(informOf()))
    const end = (await claimed).end()
    expect(parseEnvelope((await cpe.answer()).body).name).toBe('Inform')
    expect((await cpe.post('')).status).toBe(204)
    await end
  })
})

describe('a device that goes astray', () => {
  it('is soon missed when it closes in the middle', async () => {
    const hasty = await ScriptedAcs.listen({ transcript, reconnectMs: 20 })
    cpe.destroy()
    cpe = await RawCpe.connect(hasty.url)
    const [session] = await Promise.all([hasty.nextSession(), cpe.post(informOf())])
    cpe.send(cpe.request(''))
    const call = session.call('Reboot', { CommandKey: '' })
    await cpe.answer()
    cpe.socket.end()
    const error = (await call.catch((reason) => reason)) as DeviceSilent
    expect(error).toBeInstanceOf(DeviceSilent)
    expect(error.message).toMatch(
      /^expected RebootResponse or a CWMP fault; got nothing within \d+ ms: the device closed the connection \(connection 2\)$/,
    )
    await expect(session.end()).rejects.toBe(error)
    await hasty.close()
  })

  it('is known to have crashed when it comes with a new Inform', async () => {
    const { session } = await open()
    const call = session.call('Reboot', { CommandKey: '' })
    await cpe.answer()
    cpe.socket.resetAndDestroy()
    cpe = await RawCpe.connect(acs.url)
    cpe.send(cpe.request(informOf({ events: ['1 BOOT', '4 VALUE CHANGE'] })))
    await expect(call).rejects.toThrow(
      'expected RebootResponse or a CWMP fault; got a new Inform (1 BOOT, 4 VALUE CHANGE) on connection 2',
    )
    expect((await acs.nextSession()).eventCodes).toEqual(['1 BOOT', '4 VALUE CHANGE'])
  })

  it('is quoted when it sends something that is no HTTP', async () => {
    const { session } = await open()
    const call = session.call('Reboot', { CommandKey: '' })
    await cpe.answer()
    cpe.send('rubbish\r\n\r\n')
    await expect(call).rejects.toThrow(
      'expected RebootResponse or a CWMP fault; got "rubbish" is no HTTP/1.x request line',
    )
    expect((await cpe.answer()).status).toBe(400)
  })

  it('is told of when it speaks without a question', async () => {
    const [session] = await Promise.all([acs.nextSession(), cpe.post(informOf())])
    cpe.send(cpe.request(buildFault({ code: 9000, string: 'Method not supported' })))
    await expect(session.call('Reboot', { CommandKey: '' })).rejects.toThrow(
      'expected an empty POST or a request of the CPE; got the fault 9000 (Method not supported)',
    )
  })

  it('is told of when it uses another method', async () => {
    const { session } = await open()
    const call = session.call('Reboot', { CommandKey: '' })
    await cpe.answer()
    cpe.send('GET /other HTTP/1.1\r\nHost: acs\r\n\r\n')
    await expect(call).rejects.toThrow('expected RebootResponse or a CWMP fault; got GET /other')
  })

  it('gets no call while another is under way', async () => {
    const { session } = await open()
    const first = session.call('Reboot', { CommandKey: '' })
    await expect(session.call('Reboot', { CommandKey: '' })).rejects.toThrow(HarnessError)
    await cpe.answer()
    cpe.send(cpe.request(buildFault({ code: 9001, string: '' })))
    await first
  })
})

it('passes the envelope options and HTTP options of a call on', async () => {
  const { session } = await open()
  const call = session.callEnvelope(
    'Reboot',
    { CommandKey: '' },
    { id: null, holdRequests: true, headers: { 'X-A': 'b' }, chunked: true },
  )
  const answer = await cpe.answer()
  expect(answer.head).toContain('X-A: b\r\n')
  expect(parseEnvelope(answer.body)).toMatchObject({ id: undefined, holdRequests: true })
  const gzipped = gzipSync(buildFault({ code: 9001, string: 'no' }, { id: 'mine' }))
  cpe.send(cpe.request(gzipped, { 'Content-Encoding': 'gzip' }))
  expect(await call).toMatchObject({ id: 'mine', fault: { faultCode: 9001 } })
  expect(transcript.render(transcript.since(0))).toContain('<FaultString>no</FaultString>')
})
