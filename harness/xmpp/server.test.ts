import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { Transcript } from '../cwmp/transcript.ts'
import { DeviceSilent, HarnessError } from '../failure.ts'
import { CertificateAuthority, type Credentials } from '../net/net.ts'
import { RawClient } from './raw-client.ts'
import {
  attr,
  connectionRequestPayload,
  disconnect,
  impostor,
  saslFailure,
  say,
  streamError,
  tlsFailure,
  XmppServer,
} from './xmpp.ts'

const domain = 'xmpp.tests.example'
const soon = { timeoutMs: 3000 }
let authority: CertificateAuthority
let certificate: Credentials
let server: XmppServer
let transcript: Transcript
let clients: RawClient[]

beforeAll(async () => {
  authority = await CertificateAuthority.create()
  certificate = await authority.issue({ names: [domain] })
})

beforeEach(async () => {
  clients = []
  transcript = new Transcript()
  server = await XmppServer.listen({
    host: '127.0.0.1',
    transcript,
    domain,
    certificate,
    accounts: { cpe: 'cpe secret', acs: 'acs secret' },
  })
})

afterEach(async () => {
  for (const client of clients) client.destroy()
  await server.close()
})

async function dial(): Promise<RawClient> {
  const client = await RawClient.connect(server.port, domain)
  clients.push(client)
  return client
}

async function secured(): Promise<RawClient> {
  const client = await dial()
  await client.openStream()
  await client.startTls(authority.cert)
  await client.openStream()
  return client
}

async function online(username = 'cpe', resource = 'r'): Promise<RawClient> {
  const client = await secured()
  await client.plain(username, `${username} secret`)
  await client.openStream()
  await client.bind(resource)
  return client
}

describe('a good server', () => {
  test('demands TLS before anything else, and offers its mechanisms after it', async () => {
    const client = await dial()

    await client.openStream()
    expect(client.received).toContain('<required/>')
    expect(client.received).not.toContain('<mechanism')
    await client.startTls(authority.cert)
    await client.openStream()

    expect(client.received).toContain('<mechanism>SCRAM-SHA-1</mechanism>')
    expect(client.received).not.toContain('starttls')
  })

  test.each(['SCRAM-SHA-1', 'SCRAM-SHA-256'] as const)(
    'lets a client in with %s and proves that it knows the password',
    async (mechanism) => {
      const client = await secured()

      expect(await client.scram(mechanism, 'cpe', 'cpe secret')).toBe('good')

      await client.openStream()
      expect(await client.bind('here')).toBe(`cpe@${domain}/here`)
      const login = await server.nextLogin(soon)
      expect([login.jid, login.username, login.mechanism, login.secured]).toEqual([
        `cpe@${domain}/here`,
        'cpe',
        mechanism,
        true,
      ])
    },
  )

  test('refuses a wrong password in each mechanism', async () => {
    const client = await secured()

    expect(await client.scram('SCRAM-SHA-1', 'cpe', 'wrong')).toContain('<not-authorized/>')
    expect(await client.scram('SCRAM-SHA-256', 'nobody', 'cpe secret')).toContain('<not-authorized/>')
    expect((await client.plain('cpe', 'wrong'))[0]).toContain('<not-authorized/>')
    expect((await client.plain('cpe', 'cpe secret'))[0]).toContain('<success')
  })

  test('passes stanzas between clients, stamped with their sender, and answers for those who are away', async () => {
    const cpe = await online('cpe', 'one')
    const acs = await online('acs', 'two')

    acs.send(
      `<iq type="get" id="q1" to="cpe@${domain}/one" from="somebody@else"><q xmlns="urn:q"><a b="1">x</a></q></iq>`,
    )
    await cpe.expect(
      /<iq [^>]*from="acs@xmpp\.tests\.example\/two"[^>]*><q xmlns="urn:q"><a xmlns="urn:q" b="1">x<\/a><\/q><\/iq>/,
    )
    await acs.expect(
      /<service-unavailable/,
      `<iq type="get" id="q2" to="cpe@${domain}/gone"><q xmlns="urn:q"/></iq>`,
    )
    await acs.expect(
      /type="result"/,
      `<iq type="get" id="q3" to="${domain}"><ping xmlns="urn:xmpp:ping"/></iq>`,
    )
  })
})

describe('the harness', () => {
  test('asks in anybody’s name and gets the answer', async () => {
    const client = await online()
    const login = await server.nextLogin(soon)
    const payload = connectionRequestPayload({ username: 'u', password: 'p&q' })

    const asked = login.ask({ from: 'acs@elsewhere/x', payload }, soon)
    const [, id] = await client.expect(/id="(cr[^"]*)".*<password>p&amp;q<\/password>/)
    client.send(`<iq type="result" id="${id}" to="acs@elsewhere/x"/>`)

    const answer = await asked
    expect([attr(answer, 'type'), attr(answer, 'to'), answer.children]).toEqual([
      'result',
      'acs@elsewhere/x',
      [],
    ])
  })

  test('waits in vain with a deadline', async () => {
    await online()
    const login = await server.nextLogin(soon)

    await expect(login.ask({ from: undefined, payload: '' }, { timeoutMs: 20 })).rejects.toBeInstanceOf(
      DeviceSilent,
    )
    await expect(login.closed({ timeoutMs: 20 })).rejects.toThrow(/it is open/)
    await expect(server.nextConnection({ timeoutMs: 20 })).resolves.toBe(login)
    await expect(server.nextConnection({ timeoutMs: 20 })).rejects.toBeInstanceOf(DeviceSilent)
  })

  test('sees white space, ends, and what is no XML', async () => {
    const client = await online()
    const login = await server.nextLogin(soon)

    client.send(' ')
    await login.nextBlank(soon)
    client.send('<iq type="get"><a></iq>')
    await expect.poll(() => login.malformed).toBeDefined()
    client.destroy()
    await login.closed(soon)

    expect(login.isClosed).toBe(true)
    expect(server.open).toEqual([])
  })

  test('keeps every octet and no password', async () => {
    const client = await secured()
    await client.plain('cpe', 'cpe secret')
    await client.openStream()
    await client.bind('r')

    const text = transcript.render(transcript.since(0))

    expect(text).toContain('<starttls')
    expect(text).toContain(`<jid>cpe@${domain}/r</jid>`)
    expect(text).not.toContain(Buffer.from('\0cpe\0cpe secret').toString('base64'))
    expect(text).not.toContain('cpe secret')
  })

  test('closes and opens its door', async () => {
    await online()
    const login = await server.nextLogin(soon)

    const port = await server.refuse()
    await login.closed(soon)
    await expect(RawClient.connect(port, domain)).rejects.toThrow()
    await server.listenAgain(port, '127.0.0.1')

    await online()
    await server.nextLogin(soon)
  })
})

describe('a bad server', () => {
  test.each([
    ['greeted', streamError('host-unknown'), /<host-unknown [^>]*>.*<\/stream:error><\/stream:stream>/],
    ['greeted', disconnect, undefined],
    ['starttls', tlsFailure, /<failure xmlns="urn:ietf:params:xml:ns:xmpp-tls"\/>/],
  ] as const)('does something else at %s', async (stage, deed, seen) => {
    server.script = { ...server.script, instead: { [stage]: deed } }
    const client = await dial()

    if (stage === 'starttls') {
      await client.openStream()
      client.send('<starttls xmlns="urn:ietf:params:xml:ns:xmpp-tls"/>')
    } else await client.openStream(seen ?? /./).catch(() => {})
    await expect.poll(() => client.closed).toBe(true)

    if (seen) expect(client.received).toMatch(seen)
    else expect(client.received).toBe('')
  })

  test('plays the server that does not know the password, and the one that refuses everybody', async () => {
    server.script = { ...server.script, instead: { response: impostor } }
    expect(await (await secured()).scram('SCRAM-SHA-1', 'cpe', 'cpe secret')).toBe('impostor')

    server.script = { ...server.script, instead: { auth: saslFailure('account-disabled') } }
    expect((await (await secured()).plain('cpe', 'cpe secret'))[0]).toContain('<account-disabled/>')
  })

  test('lacks features, hands out other resources and talks nonsense', async () => {
    server.script = {
      ...server.script,
      starttls: 'missing',
      mechanisms: ['PLAIN'],
      session: false,
      jidFor: (username) => `${username}.2@${domain}/assigned`,
      instead: { presence: say('<nonsense') },
    }
    const client = await dial()
    await client.openStream()
    expect(client.received).not.toContain('starttls')
    await client.plain('cpe', 'cpe secret')
    await client.openStream()

    expect(await client.bind('wanted')).toBe(`cpe.2@${domain}/assigned`)
    await client.expect(/<nonsense$/, '<presence/>')
    const login = await server.nextLogin(soon)
    expect(attr(login.headers[0] as never, 'to')).toBe(domain)
  })

  test('shows a certificate that nobody trusts, and learns that it was refused', async () => {
    server.certificate = await (await CertificateAuthority.create()).issue({ names: [domain] })
    const client = await dial()
    await client.openStream()

    await expect(client.startTls(authority.cert)).rejects.toThrow()
    const connection = await server.nextConnection(soon)
    await connection.closed(soon)

    expect(connection.headers).toHaveLength(1)
  })
})

test('names a port that is taken', async () => {
  const taken = XmppServer.listen({
    host: '127.0.0.1',
    port: server.port,
    transcript,
    domain,
    certificate,
    accounts: {},
  })
  await expect(taken).rejects.toThrow(HarnessError)
})
