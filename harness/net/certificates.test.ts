import { X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { type ConnectionOptions, connect, createServer, type TlsOptions } from 'node:tls'
import { describe, expect, test } from 'vitest'
import { CertificateAuthority, selfSigned, yearsFromNow } from './certificates.ts'

/** What a strict client thinks of a server: the code of its complaint, or `fine`. */
async function verdict(server: TlsOptions, client: ConnectionOptions): Promise<string> {
  const listener = createServer(server, (socket) => socket.end())
  listener.on('tlsClientError', () => {})
  listener.listen(0, '127.0.0.1')
  await once(listener, 'listening')
  const { port } = listener.address() as { port: number }
  const socket = connect({ host: '127.0.0.1', port, ...client })
  try {
    await once(socket, 'secureConnect')
    return 'fine'
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? String(error)
  } finally {
    socket.destroy()
    listener.close()
  }
}

describe('certificates', () => {
  test.each(['EC', 'RSA'] as const)(
    'a server with a good certificate of an %s key is believed',
    async (key) => {
      const root = await CertificateAuthority.create({ key })

      const good = await root.issue({ key })

      expect(await verdict(good, { ca: root.cert })).toBe('fine')
      expect(new X509Certificate(good.cert).keyUsage).toEqual(['1.3.6.1.5.5.7.3.1'])
    },
  )

  test('each fault is the only one that a strict client finds', async () => {
    const root = await CertificateAuthority.create()
    const stranger = await CertificateAuthority.create({ commonName: 'Stranger' })
    const found = async (credentials: TlsOptions) => verdict(credentials, { ca: root.cert })

    expect(await found(await root.issue({ notBefore: yearsFromNow(-2), notAfter: yearsFromNow(-1) }))).toBe(
      'CERT_HAS_EXPIRED',
    )
    expect(await found(await root.issue({ notBefore: yearsFromNow(1) }))).toBe('CERT_NOT_YET_VALID')
    expect(await found(await root.issue({ names: ['other.example'] }))).toBe('ERR_TLS_CERT_ALTNAME_INVALID')
    expect(await found(await root.issue({ usage: 'client' }))).toBe('INVALID_PURPOSE')
    expect(await found(await selfSigned())).toBe('DEPTH_ZERO_SELF_SIGNED_CERT')
    expect(await found(await stranger.issue())).toBe('UNABLE_TO_VERIFY_LEAF_SIGNATURE')
  })

  test('a chain is believed when the server sends the certificate in the middle, and only then', async () => {
    const root = await CertificateAuthority.create()
    const middle = await root.intermediate()
    const { cert, key } = await middle.issue()

    expect(await verdict({ cert, key }, { ca: root.cert })).toBe('UNABLE_TO_VERIFY_LEAF_SIGNATURE')
    expect(await verdict({ cert: `${cert}\n${middle.cert}`, key }, { ca: root.cert })).toBe('fine')
  })

  test('a server cannot vouch for another one', async () => {
    const root = await CertificateAuthority.create()

    expect(await verdict(await root.issueByLeaf(), { ca: root.cert })).not.toBe('fine')
  })

  test('wildcards, addresses, and a common name without subjectAltName are written as asked', async () => {
    const root = await CertificateAuthority.create()
    const read = async (details: Parameters<typeof root.issue>[0]) =>
      new X509Certificate((await root.issue(details)).cert)

    const wild = await read({ names: ['*.acs.example', '::1'] })
    const bare = await read({ names: [], commonName: 'a "quoted", odd=name' })

    expect(wild.subjectAltName).toBe('DNS:*.acs.example, IP Address:0:0:0:0:0:0:0:1')
    expect(wild.checkHost('one.acs.example')).toBe('*.acs.example')
    expect(wild.checkHost('two.one.acs.example')).toBeUndefined()
    expect(bare.subjectAltName).toBeUndefined()
    expect(bare.toLegacyObject().subject).toEqual({ CN: 'a "quoted", odd=name' })
  })

  test('a client certificate is believed by a server that asks for one', async () => {
    const root = await CertificateAuthority.create()
    const asking = {
      ...(await root.issue()),
      ca: root.cert,
      requestCert: true,
      maxVersion: 'TLSv1.2',
    } as const
    const client = await root.issue({ usage: 'client', names: [], commonName: '00AB12-0001' })

    expect(await verdict(asking, { ca: root.cert, ...client })).toBe('fine')
    expect(await verdict(asking, { ca: root.cert })).not.toBe('fine')
  })

  test('no two certificates have the same serial number', async () => {
    const root = await CertificateAuthority.create()

    const numbers = await Promise.all(
      Array.from({ length: 4 }, async () => new X509Certificate((await root.issue()).cert).serialNumber),
    )

    expect(new Set(numbers).size).toBe(4)
  })
})
