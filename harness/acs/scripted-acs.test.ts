import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { buildRequest, buildResponse, CWMP_1_0, CWMP_1_1, CWMP_1_2, parseEnvelope } from '../cwmp/cwmp.ts'
import { ConformanceFailure, DeviceSilent, HarnessError } from '../failure.ts'
import { informOf, RawCpe } from './raw-cpe.ts'
import { ScriptedAcs } from './scripted-acs.ts'
import { WatchedTranscript } from './watched-transcript.ts'

let acs: ScriptedAcs
let transcript: WatchedTranscript
const cpes: RawCpe[] = []

beforeEach(async () => {
  transcript = new WatchedTranscript()
  acs = await ScriptedAcs.listen({ transcript, silenceMs: 2000, holdMs: 2000 })
})

afterEach(async () => {
  for (const cpe of cpes.splice(0)) cpe.destroy()
  await acs.close()
})

async function device(): Promise<RawCpe> {
  const cpe = await RawCpe.connect(acs.url)
  cpes.push(cpe)
  return cpe
}

/** Runs a session as a device without anything to say, and gives the answers it got. */
async function wholeSession(cpe: RawCpe, serialNumber: string): Promise<number[]> {
  const first = await cpe.post(informOf({ serialNumber }))
  const second = await cpe.post('')
  return [first.status, second.status]
}

describe('listen', () => {
  it('names a port that is in use', async () => {
    await expect(ScriptedAcs.listen({ transcript, port: acs.port })).rejects.toThrow(
      new HarnessError(`port ${acs.port} of 127.0.0.1 is in use`),
    )
  })

  it('puts the public host into its URL', async () => {
    const other = await ScriptedAcs.listen({ transcript, publicHost: 'fd00::1' })
    expect(other.url).toBe(`http://[fd00::1]:${other.port}/cwmp`)
    await other.close()
  })
})

describe('nextSession', () => {
  it('takes an Inform that came before it was asked for', async () => {
    const cpe = await device()
    cpe.send(cpe.request(informOf()))
    await transcript.untilText('cwmp:Inform')
    const session = await acs.nextSession()
    expect(session.inform.DeviceId.SerialNumber).toBe('1')
    expect((await cpe.answer()).status).toBe(200)
  })

  it('ends sessions politely that are not meant', async () => {
    const [other, early, meant] = [await device(), await device(), await device()]
    const held = wholeSession(early, 'early')
    await transcript.untilText('cwmp:Inform')
    const next = acs.nextSession({ where: ({ DeviceId }) => DeviceId.SerialNumber === 'meant' })
    expect(await held).toEqual([200, 204])
    expect(await wholeSession(other, 'other')).toEqual([200, 204])
    meant.send(meant.request(informOf({ serialNumber: 'meant' })))
    expect((await next).inform.DeviceId.SerialNumber).toBe('meant')
  })

  it('serves many devices at once', async () => {
    const names = Array.from({ length: 50 }, (_unused, index) => `device ${index}`)
    const sessions = names.map((name) =>
      acs.nextSession({ where: ({ DeviceId }) => DeviceId.SerialNumber === name }),
    )
    const talks = names.map(async (name) => {
      const cpe = await device()
      await cpe.post(informOf({ serialNumber: name }))
      await cpe.post('')
      return cpe.respond('GetParameterValues', {
        ParameterList: [{ Name: 'Device.N', Value: name, type: 'xsd:string' }],
      })
    })
    const read = sessions.map(async (next) => {
      const session = await next
      const answer = await session.call('GetParameterValues', { ParameterNames: ['Device.N'] })
      await session.end()
      return 'ParameterList' in answer ? answer.ParameterList[0]?.Value : answer.faultString
    })
    expect(await Promise.all(read)).toEqual(names)
    expect((await Promise.all(talks)).map(({ status }) => status)).toEqual(names.map(() => 204))
  })

  it('is a silent device when no Inform comes, and says what came instead', async () => {
    await expect(acs.nextSession({ timeoutMs: 10 })).rejects.toThrow(DeviceSilent)
    const cpe = await device()
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const next = acs.nextSession({ timeoutMs: 150 })
    await cpe.post('')
    await cpe.post(buildRequest('GetRPCMethods', {}))
    vi.advanceTimersByTime(150)
    vi.useRealTimers()
    const error = (await next.catch((reason) => reason)) as DeviceSilent
    expect(error.message).toBe(
      'expected an Inform; got none within 150 ms, but an empty POST outside any session, the request GetRPCMethods outside any session',
    )
    expect(error.transcriptSeq).toBe(transcript.since(0).find((entry) => entry.kind === 'http-head')?.seq)
  })

  it('names the Informs that came and were others than the one that a case waits for', async () => {
    const cpe = await device()
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const next = acs.nextSession({ timeoutMs: 150, where: (_inform, { path }) => path === '/another-acs' })
    await cpe.post(informOf())
    await cpe.post('')
    vi.advanceTimersByTime(150)
    vi.useRealTimers()
    const error = (await next.catch((reason) => reason)) as DeviceSilent
    expect(error.message).toBe(
      'expected an Inform; got none within 150 ms, but an Inform with 0 BOOTSTRAP + 1 BOOT to /cwmp',
    )
    expect(error.transcriptSeq).toBe(transcript.since(0).find((entry) => entry.kind === 'http-head')?.seq)
  })

  it.each([
    ['garbage', 'hello', 'a POST of 5 octets without a CWMP envelope: line 1'],
    ['an XML bomb', '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', 'without a CWMP envelope: line 1'],
    [
      'an Inform without a device',
      informOf().replace(/<DeviceId>.*<\/DeviceId>/, ''),
      'an Inform where Inform has no DeviceId (line 2',
    ],
  ])('need not wait longer than for %s', async (_name, body, actual) => {
    const cpe = await device()
    const next = acs.nextSession()
    expect((await cpe.post(body)).status).toBe(400)
    const error = (await next.catch((reason) => reason)) as ConformanceFailure
    expect(error).toBeInstanceOf(ConformanceFailure)
    expect(error.message).toContain('expected an Inform; got ')
    expect(error.message).toContain(actual)
    expect(error.transcriptSeq).toBe(2)
  })

  it('ends with the signal', async () => {
    const controller = new AbortController()
    const next = acs.nextSession({ signal: controller.signal })
    controller.abort(new Error('case over'))
    await expect(next).rejects.toThrow('case over')
    await expect(acs.nextSession({ signal: controller.signal })).rejects.toThrow('case over')
  })

  it('passes on what its condition throws', async () => {
    const cpe = await device()
    const next = acs.nextSession({
      where: () => {
        throw new Error('bad case')
      },
    })
    cpe.send(cpe.request(informOf()))
    await expect(next).rejects.toThrow('bad case')
  })
})

describe('an Inform that nobody wants', () => {
  it('is answered politely after a while', async () => {
    const quick = await ScriptedAcs.listen({ transcript, holdMs: 1 })
    const cpe = await RawCpe.connect(quick.url)
    cpes.push(cpe)
    expect(await wholeSession(cpe, '1')).toEqual([200, 204])
    await quick.close()
  })

  it('is answered at once while the case waits elsewhere', async () => {
    acs.stepAside(true)
    const cpe = await device()

    expect(await wholeSession(cpe, '1')).toEqual([200, 204])
  })

  it('is answered at once when the case turns to another place', async () => {
    const cpe = await device()
    const whole = wholeSession(cpe, '1')
    await transcript.untilText('cwmp:Inform')

    acs.stepAside(true)

    expect(await whole).toEqual([200, 204])
  })

  it('is forgotten with its connection', async () => {
    const dead = await device()
    dead.send(dead.request(informOf({ events: ['1 BOOT'] })))
    await transcript.untilText('cwmp:Inform')
    dead.destroy()
    await transcript.untilText('the device closed its side')
    const alive = await device()
    const next = acs.nextSession()
    alive.send(alive.request(informOf({ events: ['2 PERIODIC'] })))
    expect((await next).eventCodes).toEqual(['2 PERIODIC'])
  })

  it('gives way to a newer one of the same device', async () => {
    const [old, young] = [await device(), await device()]
    old.send(old.request(informOf({ events: ['1 BOOT'] })))
    await transcript.untilText('cwmp:Inform')
    young.send(young.request(informOf({ events: ['2 PERIODIC'] })))
    await old.closed()
    expect((await acs.nextSession()).eventCodes).toEqual(['2 PERIODIC'])
  })
})

describe('nextExchange', () => {
  it('gives any request, to be answered by hand', async () => {
    const cpe = await device()
    cpe.send('GET /x?y HTTP/1.1\r\nHost: acs\r\nX-Thing: 1\r\nx-thing: 2\r\n\r\n')
    const exchange = await acs.nextExchange()
    expect(exchange).toMatchObject({
      method: 'GET',
      path: '/x?y',
      httpVersion: '1.1',
      connection: 1,
      transcriptSeq: 2,
    })
    expect(exchange.header('X-THING')).toBe('1, 2')
    expect(exchange.headers).toEqual([
      ['Host', 'acs'],
      ['X-Thing', '1'],
      ['x-thing', '2'],
    ])
    await exchange.respond({
      status: 307,
      reason: 'Elsewhere',
      headers: { Location: '/z', 'Content-Length': null },
    })
    expect((await cpe.answer()).head).toBe('HTTP/1.1 307 Elsewhere\r\nLocation: /z\r\n\r\n')
    await expect(exchange.respond({})).rejects.toThrow('was answered already')
  })

  it('comes before authentication and sessions, and takes an Inform that waits', async () => {
    acs.authentication = { scheme: 'basic', username: 'u', password: 'p' }
    const cpe = await device()
    const next = acs.nextExchange({ where: ({ path }) => path === '/cwmp' })
    cpe.send(cpe.request(informOf()))
    const challenge = await next
    expect(challenge.isInform).toBe(true)
    await challenge.respond({ status: 503 })
    expect((await cpe.answer()).status).toBe(503)

    acs.reset()
    const mark = transcript.mark()
    cpe.send(cpe.request(informOf()))
    await transcript.until(({ seq, kind }) => kind === 'http-body' && seq > mark)
    expect((await acs.nextExchange()).isInform).toBe(true)
  })

  it('answers in raw octets, in pieces, and cuts the connection', async () => {
    const cpe = await device()
    cpe.send(cpe.request(''))
    const first = await acs.nextExchange()
    await first.respondRaw('HTTP/1.1 200 OK\r\nContent-', { more: true })
    await first.respondRaw('Length: 2\r\n\r\nok')
    expect((await cpe.answer()).body.toString()).toBe('ok')

    cpe.send(cpe.request(''))
    ;(await acs.nextExchange()).destroy()
    await cpe.closed()
    expect(transcript.since(0).at(-1)).toMatchObject({ kind: 'close', direction: 'acs→cpe' })
  })

  it('is a silent device when nothing comes', async () => {
    await expect(acs.nextExchange({ timeoutMs: 5 })).rejects.toThrow(
      /^expected an HTTP request; got none within \d+ ms$/,
    )
  })

  it('says that a device went away before its answer', async () => {
    const cpe = await device()
    cpe.send(cpe.request(''))
    const exchange = await acs.nextExchange()
    cpe.socket.resetAndDestroy()
    await transcript.untilText('ECONNRESET')
    await expect(exchange.respond({ status: 204 })).rejects.toThrow(
      'expected connection 1 to stay open until its an empty POST was answered; got the connection broke (ECONNRESET)',
    )
  })
})

describe('the version that the ACS speaks', () => {
  it.each([
    ['auto', CWMP_1_0, undefined, CWMP_1_0, undefined],
    ['auto', CWMP_1_1, undefined, CWMP_1_1, undefined],
    ['auto', 'urn:dslforum-org:cwmp-1-3', undefined, 'urn:dslforum-org:cwmp-1-3', undefined],
    ['auto', CWMP_1_2, ['1.0', '1.2', '1.4'], CWMP_1_2, '1.4'],
    ['auto', CWMP_1_2, ['1.2', '1.9'], CWMP_1_2, '1.2'],
    ['1.0', CWMP_1_2, ['1.0', '1.4'], CWMP_1_0, undefined],
    ['1.4', CWMP_1_2, ['1.3', '1.4'], CWMP_1_2, '1.4'],
    ['1.4', CWMP_1_0, undefined, CWMP_1_2, undefined],
  ] as const)('%s to %s offering %s is %s with %s', async (version, namespace, offered, answered, use) => {
    acs.cwmpVersion = version
    const cpe = await device()
    const next = acs.nextSession()
    const answer = await cpe.post(informOf({ namespace, supportedCwmpVersions: offered && [...offered] }))
    expect(parseEnvelope(answer.body)).toMatchObject({ cwmpNamespace: answered, useCwmpVersion: use })

    const session = await next
    void session.call('Reboot', { CommandKey: '' })
    expect(parseEnvelope((await cpe.post('')).body).cwmpNamespace).toBe(answered)
  })

  it('can leave out the XML declaration', async () => {
    acs.xmlDeclaration = false
    const cpe = await device()
    void acs.nextSession()
    expect((await cpe.post(informOf())).body.toString()).toMatch(/^<soapenv:Envelope/)
  })

  it('can speak in the prefixes that a device knows', async () => {
    const old = await ScriptedAcs.listen({
      transcript,
      soapPrefixes: { envelope: 'SOAP-ENV', encoding: 'SOAP-ENC' },
    })
    try {
      const cpe = await RawCpe.connect(old.url)
      const next = old.nextSession()
      expect((await cpe.post(informOf())).body.toString()).toContain('<SOAP-ENV:Body><cwmp:InformResponse>')
      void (await next).call('GetParameterValues', { ParameterNames: ['Device.'] }).catch(() => {})
      const { head, body } = await cpe.post('')
      expect(body.toString()).toMatch(
        /^<\?xml [^>]*>\n<SOAP-ENV:Envelope .* SOAP-ENC:arrayType="xsd:string\[1\]"/,
      )
      expect(head).toContain(`Content-Length: ${body.length}\r\n`)
    } finally {
      await old.close()
    }
  })
})

describe('drain', () => {
  it('ends what is open politely and lets nobody wait', async () => {
    const [waiting, idle, midway, manual] = [await device(), await device(), await device(), await device()]
    const claimed = acs.nextSession()
    const idleTalk = wholeSession(idle, 'idle')
    const session = await claimed
    const claimedToo = acs.nextSession()
    await midway.post(informOf({ serialNumber: 'midway' }))
    const hung = (await claimedToo).call('Reboot', { CommandKey: '' })
    const asked = await midway.post('')
    const byHand = acs.nextExchange()
    const manualTalk = wholeSession(manual, 'manual')
    await byHand
    const never = acs.nextSession({ where: () => false })
    const waitingTalk = wholeSession(waiting, 'waiting')
    await transcript.untilText('waiting')

    const drained = acs.drain()
    await expect(never).rejects.toThrow(HarnessError)
    await expect(hung).rejects.toThrow('the case ended before the device answered')
    expect(asked.status).toBe(200)
    expect((await midway.respond('Reboot', {})).status).toBe(204)
    expect(await Promise.all([waitingTalk, idleTalk, manualTalk])).toEqual([
      [200, 204],
      [200, 204],
      [200, 204],
    ])
    await drained
    expect(session.over).toBe(true)
  })

  it('leaves an ACS that serves the next case', async () => {
    await acs.drain()
    const cpe = await device()
    const next = acs.nextSession()
    await cpe.post(informOf())
    expect((await next).over).toBe(false)
  })
})

it('answers what comes after the end of a session', async () => {
  const cpe = await device()
  const next = acs.nextSession()
  await cpe.post(informOf())
  const end = (await next).end()
  expect((await cpe.post('')).status).toBe(204)
  await end
  expect((await cpe.post('')).status).toBe(204)
  const late = await cpe.post(buildRequest('GetRPCMethods', {}, { id: 'x' }))
  expect(parseEnvelope(late.body)).toMatchObject({ name: 'GetRPCMethods', kind: 'response', id: 'x' })
})

it('knows a session by its cookie on another connection, and without one when it is alone', async () => {
  const first = await device()
  const next = acs.nextSession({ inform: { close: true } })
  const answer = await first.post(informOf())
  expect(answer.head).toContain('Connection: close')
  const session = await next
  await first.closed()

  const second = await device()
  second.cookie = first.cookie
  const call = session.call('Reboot', { CommandKey: '' }, { close: true })
  await second.post('')
  await second.closed()

  const third = await device()
  third.send(third.request(buildResponse('Reboot', {})))
  expect(await call).toEqual({})
  expect(session.exchanges.map(({ connection }) => connection)).toEqual([1, 2, 3])
})
