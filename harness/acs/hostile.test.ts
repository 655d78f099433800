import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { informOf, RawCpe } from './raw-cpe.ts'
import { ScriptedAcs } from './scripted-acs.ts'
import { WatchedTranscript } from './watched-transcript.ts'

let acs: ScriptedAcs
let transcript: WatchedTranscript
let cpe: RawCpe

beforeEach(async () => {
  transcript = new WatchedTranscript()
  acs = await ScriptedAcs.listen({ transcript, silenceMs: 2000 })
  cpe = await RawCpe.connect(acs.url)
})

afterEach(async () => {
  cpe.destroy()
  await acs.close()
})

const POST = 'POST /cwmp HTTP/1.1\r\nHost: acs\r\n'

/** The ACS still serves a proper device. */
async function expectWell(): Promise<void> {
  const proper = await RawCpe.connect(acs.url)
  const next = acs.nextSession()
  expect((await proper.post(informOf({ serialNumber: 'proper' }))).status).toBe(200)
  const end = (await next).end()
  expect((await proper.post('')).status).toBe(204)
  await end
  proper.destroy()
}

describe('a hostile device', () => {
  it.each<[string, number, string | Buffer, string]>([
    ['no HTTP', 400, 'SSH-2.0-x\r\n\r\n', '"SSH-2.0-x" is no HTTP/1.x request line'],
    [
      'endless fields',
      431,
      `${POST}${'X-Field: and so on\r\n'.repeat(4000)}`,
      'more than 65536 octets of header fields',
    ],
    ['one endless line', 431, 'x'.repeat(70_000), 'more than 65536 octets of header fields'],
    [
      'a body of 100 MB',
      413,
      `${POST}Content-Length: 104857600\r\n\r\n`,
      'a body of 104857600 octets or more; the limit is 33554432',
    ],
    [
      'a gzip bomb',
      413,
      gzipped(gzipSync(Buffer.alloc(40 << 20))),
      'a body of 33554433 octets or more; the limit is 33554432',
    ],
    ['damaged gzip', 400, gzipped(Buffer.from('nonsense')), 'the body is not gzip: incorrect header check'],
    [
      'another coding',
      415,
      `${POST}Content-Encoding: br\r\nContent-Length: 1\r\n\r\nx`,
      'content coding "br" is not gzip or deflate',
    ],
  ])('gets an answer and a closed connection for %s', async (_name, status, octets, problem) => {
    const next = acs.nextSession()
    cpe.send(octets)
    const answer = await cpe.answer()
    expect(answer.status).toBe(status)
    expect(answer.head).toContain('Connection: close\r\n')
    await cpe.closed()
    await expect(next).rejects.toThrow(`expected an Inform; got ${problem}`)
    expect(
      transcript.since(0).some((entry) => entry.octets.includes(`refused with ${status}: ${problem}`)),
    ).toBe(true)
    await expectWell()
  })

  it('may go on sending a refused body: it is thrown away', async () => {
    cpe.send(`${POST}Content-Length: 104857600\r\n\r\n`)
    const block = Buffer.alloc(1 << 20, 'x')
    for (let sent = 0; sent < 8; sent += 1) await new Promise((resolve) => cpe.socket.write(block, resolve))
    expect((await cpe.answer()).status).toBe(413)
    expect(acs.budget.left).toBe(256 << 20)
    cpe.socket.end()
    await transcript.untilText('further octets were thrown away')
    await expectWell()
  })

  it('is refused at the chunk that makes its body too large', async () => {
    cpe.send(`${POST}Transfer-Encoding: chunked\r\n\r\n2\r\nok\r\n2000000\r\nand`)
    expect((await cpe.answer()).status).toBe(413)
    expect(acs.budget.left).toBe(256 << 20)
    await transcript.untilText('2\r\nok\r\n2000000\r\nand')
  })

  it.each([
    ['half a request', `${POST}Content-Length: 10\r\n\r\nhalf`],
    ['half a head', 'POST /cwmp HT'],
  ])('is not waited for with %s', async (_name, octets) => {
    const hasty = await ScriptedAcs.listen({ transcript, requestMs: 20 })
    cpe.destroy()
    cpe = await RawCpe.connect(hasty.url)
    const next = hasty.nextSession()
    cpe.send(octets)
    expect((await cpe.answer()).status).toBe(408)
    await expect(next).rejects.toThrow('expected an Inform; got no complete request within 20 ms')
    await transcript.untilText(octets.slice(octets.lastIndexOf('\n') + 1))
    await hasty.close()
  })

  it('may drip its request, but not for ever', async () => {
    const hasty = await ScriptedAcs.listen({ transcript, requestMs: 20 })
    cpe.destroy()
    cpe = await RawCpe.connect(hasty.url)
    const octets = cpe.request(informOf())
    let at = 0
    const dripping = setInterval(() => cpe.send(octets.subarray(at, ++at)), 2)
    await expect(hasty.nextSession()).rejects.toThrow('no complete request within 20 ms')
    clearInterval(dripping)
    await hasty.close()
  })

  it('may say nothing, and go', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const silent = await RawCpe.connect(acs.url)
    const next = acs.nextSession({ timeoutMs: 40 })
    silent.destroy()
    await transcript.untilText('the device closed its side')
    vi.advanceTimersByTime(40)
    vi.useRealTimers()
    await expect(next).rejects.toThrow(
      'expected an Inform; got none within 40 ms, but connection 2 without a request, connection 1 without a request',
    )
  })

  it('may close in the middle of a request', async () => {
    const next = acs.nextSession()
    cpe.send(`${POST}Content-Length: 10\r\n\r\nhalf`)
    cpe.socket.end()
    await expect(next).rejects.toThrow(
      'expected an Inform; got the connection closed in the middle of a request',
    )
    expect(transcript.render(transcript.since(0))).toContain('\nhalf\n')
  })

  it('may reset in the middle of a request', async () => {
    const next = acs.nextSession()
    cpe.send(`${POST}Content-Length: 10\r\n\r\nhalf`)
    await transcript.untilText('Content-Length: 10')
    cpe.socket.resetAndDestroy()
    await expect(next).rejects.toThrow(
      'expected an Inform; got the connection broke (ECONNRESET) in the middle of a request',
    )
  })

  it('may pipeline: its requests are answered in order, and noted', async () => {
    const next = acs.nextSession({ inform: 'later' })
    cpe.send(Buffer.concat([cpe.request(informOf()), cpe.request(''), cpe.request('')]))
    const session = await next
    session.answerInform()
    const end = session.end()
    expect([(await cpe.answer()).status, (await cpe.answer()).status, (await cpe.answer()).status]).toEqual([
      200, 204, 204,
    ])
    await end
    await transcript.untilText('octets came before the last request was answered')
  })

  it('may pipeline without end: reading stops until it has its answer', async () => {
    const next = acs.nextSession({ inform: 'later' })
    cpe.send(cpe.request(informOf()))
    const session = await next
    const flood = Buffer.alloc(1 << 20, cpe.request(''))
    let flushed = 0
    for (let sent = 0; sent < 16; sent += 1)
      cpe.socket.write(flood, () => {
        flushed += 1
      })
    await transcript.untilText('octets came before the last request was answered')
    // The kernel's buffers take some of it, the ACS no more than it read at once.
    await new Promise((resolve) => setImmediate(resolve))
    expect(flushed).toBeLessThan(16)
    session.abort()
    await cpe.closed()
  })

  it('may speak HTTP/1.0, with and without keep-alive', async () => {
    const next = acs.nextSession()
    const body = informOf()
    const head = (more: string) => `POST /cwmp HTTP/1.0\r\nContent-Length: ${body.length}\r\n${more}\r\n`
    cpe.send(head('Connection: keep-alive\r\n') + body)
    expect((await cpe.answer()).head).toContain('Connection: keep-alive\r\n')
    await next
    cpe.send('POST /cwmp HTTP/1.0\r\n\r\n')
    const end = (await next).end()
    expect((await cpe.answer()).head).toContain('Connection: close\r\n')
    await end
    await cpe.closed()
  })

  it('may wait for 100 Continue', async () => {
    const next = acs.nextSession()
    const octets = cpe.request(informOf(), { Expect: '100-continue' })
    const end = octets.indexOf('\r\n\r\n') + 4
    cpe.send(octets.subarray(0, end))
    expect((await cpe.answer()).head).toBe('HTTP/1.1 100 Continue\r\n\r\n')
    cpe.send(octets.subarray(end))
    expect((await cpe.answer()).status).toBe(200)
    await next
  })

  it('may close its side and still read its answer', async () => {
    const next = acs.nextSession()
    const octets = cpe.request(informOf())
    cpe.socket.end(octets)
    await next
    expect((await cpe.answer()).status).toBe(200)
    await cpe.closed()
  })

  it('may storm: the longest idle connections go', async () => {
    const small = await ScriptedAcs.listen({ transcript, maxConnections: 20 })
    const next = small.nextSession()
    const busy = await RawCpe.connect(small.url)
    await busy.post(informOf())
    const storm = await Promise.all(Array.from({ length: 50 }, () => RawCpe.connect(small.url)))
    await transcript.until(({ kind, connection }) => kind === 'connect' && connection === 52)
    const end = (await next).end()
    expect((await busy.post('')).status).toBe(204)
    await end
    expect(transcript.since(0).filter(({ octets }) => octets.includes('longest idle of 20'))).toHaveLength(31)
    for (const one of [busy, ...storm]) one.destroy()
    await small.close()
  })

  it('does not read its answer: the ACS can still be closed', async () => {
    const next = acs.nextSession()
    await cpe.post(informOf())
    const session = await next
    cpe.send(cpe.request(''))
    await transcript.untilText('Content-Length: 0\r\n')
    cpe.socket.pause()
    const sent = session.send(Buffer.alloc(16 << 20, 'x'), { timeoutMs: 30 })
    await expect(sent).rejects.toThrow('expected a request; got nothing within')
    await acs.close()
  })
})

/** A POST whose body is gzip, or says so. */
function gzipped(body: Buffer): Buffer {
  return Buffer.concat([
    Buffer.from(`${POST}Content-Encoding: gzip\r\nContent-Length: ${body.length}\r\n\r\n`),
    body,
  ])
}
