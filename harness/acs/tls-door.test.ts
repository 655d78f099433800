import { once } from 'node:events'
import { connect } from 'node:net'
import type { ConnectionOptions } from 'node:tls'
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { Transcript } from '../cwmp/transcript.ts'
import { CertificateAuthority, type Credentials } from '../net/net.ts'
import { ScriptedAcs } from './acs.ts'
import { readClientHello } from './client-hello.ts'
import { informOf, RawCpe } from './raw-cpe.ts'

describe('an ACS over TLS', () => {
  let root: CertificateAuthority
  let server: Credentials
  let transcript: Transcript
  let acs: ScriptedAcs
  const devices: RawCpe[] = []

  beforeAll(async () => {
    root = await CertificateAuthority.create()
    server = await root.issue()
  })

  beforeEach(async () => {
    transcript = new Transcript()
    acs = await ScriptedAcs.listen({ transcript, silenceMs: 2000, tls: server })
  })

  afterEach(async () => {
    for (const device of devices.splice(0)) device.destroy()
    await acs.close()
  })

  const call = async (tls: ConnectionOptions = {}) => {
    const device = await RawCpe.connect(acs.url, { ca: root.cert, ...tls })
    devices.push(device)
    return device
  }

  test('holds a session and knows the facts of its connection', async () => {
    const device = await call({ servername: 'acs.example', checkServerIdentity: () => undefined })

    const [session] = await Promise.all([acs.nextSession(), device.post(informOf())])
    const ending = session.end()
    const last = await device.post()
    await ending

    expect(acs.url).toMatch(/^https:/)
    expect(last.status).toBe(204)
    const { tls } = session.informExchange
    expect(tls).toMatchObject({ version: 'TLSv1.3', hello: { serverName: 'acs.example' } })
    expect(tls?.hello.versions).toEqual(['TLSv1.3', 'TLSv1.2'])
    expect(tls?.hello.cipherSuites.length).toBeGreaterThan(5)
    expect(transcript.render(transcript.since(0))).toMatch(/note: TLSv1\.3, TLS_AES_\w+/)
  })

  test('reports a device that refuses the certificate, with its alert or without', async () => {
    const alone = acs.nextRefusal()
    const quiet = call({ ca: [] })
    await expect(quiet).rejects.toThrow()
    expect(await alone).toMatchObject({ reason: expect.stringMatching(/closed|broke/), connection: 1 })

    acs.tls = { ...server, minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' }
    const next = acs.nextRefusal()
    await expect(call()).rejects.toThrow()
    const { reason, hello, transcriptSeq } = await next
    expect(reason).toMatch(/unsupported protocol|protocol version/)
    expect(hello?.versions).toContain('TLSv1.2')
    expect(transcript.since(transcriptSeq - 1)[0]?.octets.toString()).toContain('no TLS')
  })

  test('does not take a connection without an octet for a refusal', async () => {
    const { port } = new URL(acs.url)
    const refusal = acs.nextRefusal({ timeoutMs: 2000 })
    const mute = connect(Number(port), '127.0.0.1').end()
    await once(mute, 'close')

    await expect(call({ ca: [] })).rejects.toThrow()

    const { connection, hello } = await refusal
    expect(connection).toBe(2)
    expect(hello?.versions).toContain('TLSv1.3')
    expect(transcript.render(transcript.since(0))).toContain('no TLS: the device closed the connection')
  })

  test('shows a new certificate to the next connection and leaves the open one alone', async () => {
    const old = await call()
    const other = await CertificateAuthority.create({ commonName: 'Another root' })

    acs.tls = await other.issue()

    await expect(call()).rejects.toThrow()
    const fresh = await call({ ca: other.cert })
    const [session] = await Promise.all([acs.nextSession(), old.post(informOf())])
    session.abort()
    const [second] = await Promise.all([acs.nextSession(), fresh.post(informOf())])
    expect(second.informExchange.tls?.version).toBe('TLSv1.3')
    acs.reset()
    expect(acs.tls?.cert).toBe(server.cert)
  })

  test('asks for a certificate of the device and says whether it is believed', async () => {
    acs.tls = { ...server, requestClientCert: true, ca: root.cert }
    const shown = await root.issue({ usage: 'client', names: [], commonName: '00AA11-1' })

    const device = await call(shown)
    const [exchange] = await Promise.all([acs.nextExchange(), device.send(device.request(informOf()))])
    const nameless = await call()
    const [other] = await Promise.all([acs.nextExchange(), nameless.send(nameless.request(informOf()))])

    expect(exchange.tls?.peerCertificate?.subject).toBe('CN=00AA11-1')
    expect(exchange.tls?.authorized).toBe(true)
    expect(other.tls?.peerCertificate).toBeUndefined()
    expect(other.tls?.authorized).toBe(false)
  })

  test('lets a device that speaks in the clear in, without facts of TLS', async () => {
    const device = await RawCpe.connect(acs.url.replace('https', 'http'))
    devices.push(device)

    const [exchange] = await Promise.all([acs.nextExchange(), device.send(device.request(informOf()))])

    expect(exchange.tls).toBeUndefined()
    expect(transcript.render(transcript.since(0))).toContain('speaks in the clear')
  })

  test('gives up a device that connects and says nothing', async () => {
    await acs.close()
    acs = await ScriptedAcs.listen({ transcript, tls: server, requestMs: 30 })
    const { port } = acs
    const next = acs.nextRefusal()

    const mute = connect({ host: '127.0.0.1', port })
    mute.on('error', () => {})
    await once(mute, 'close')

    expect(await next).toMatchObject({ reason: 'no handshake within 30 ms' })
  })
})

describe('readClientHello', () => {
  /** A ClientHello of TLS 1.2 with one cipher suite that counts, one that is grease and one that is a signal. */
  const hello = Buffer.from(
    `16030100330100002f0303${'00'.repeat(32)}00 0006 c02f 0a0a 00ff 0100 0000`.replaceAll(' ', ''),
    'hex',
  )

  test('reads versions and cipher suites, in one record or in several', () => {
    const expected = { versions: ['TLSv1.2'], cipherSuites: [0xc02f], serverName: undefined }
    const inTwo = Buffer.concat([
      Buffer.from('160301000a', 'hex'),
      hello.subarray(5, 15),
      Buffer.from('1603010029', 'hex'),
      hello.subarray(15),
    ])

    expect(readClientHello(hello)).toEqual(expected)
    expect(readClientHello(inTwo)).toEqual(expected)
  })

  test('waits for the rest', () => {
    for (let length = 0; length < hello.length; length += 1)
      expect(readClientHello(hello.subarray(0, length))).toBeUndefined()
  })

  test('names old protocols and refuses what is none', () => {
    expect(readClientHello(Buffer.from('802e0100020015', 'hex'))?.versions).toEqual(['SSLv2'])
    expect(() => readClientHello(Buffer.from('POST / HTTP/1.1\r\n'))).toThrow('no TLS record')
    const short = Buffer.from(hello)
    short.writeUInt16BE(0x4000, 44)
    expect(() => readClientHello(short)).toThrow('cut short')
  })
})
