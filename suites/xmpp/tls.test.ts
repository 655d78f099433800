import type { SecureVersion } from 'node:tls'
import { ConformanceFailure, expect, test } from '../../harness/conformance.ts'
import { CertificateAuthority, type Credentials, selfSigned, yearsFromNow } from '../../harness/net/net.ts'
import { type Bench, deadline, domain, takeNews } from '../../harness/testbed/xmpp-connection.ts'
import {
  attr,
  type Deed,
  namespaces,
  say,
  streamErrorText,
  tlsFailure,
  type XmppConnection,
  type XmppServer,
} from '../../harness/xmpp/xmpp.ts'
import { ask, cameInTime, expectEntry } from './asking.ts'
import { goOnline, setUp, startServer } from './bench.ts'

const names = [domain]

test('XMPP-TLS-001 tells nothing to a server whose certificate is of an unknown authority', {
  meta: { id: 'XMPP-TLS-001' },
}, async ({ cpe, restore, signal }) => {
  const stranger = await CertificateAuthority.create({ commonName: 'An authority that nobody knows' })

  await expectDistrust({ cpe, restore, signal }, await stranger.issue({ names }))
})

test('XMPP-TLS-002 tells nothing to a server whose certificate vouches for itself', {
  meta: { id: 'XMPP-TLS-002' },
}, async ({ cpe, restore, signal }) => {
  await expectDistrust({ cpe, restore, signal }, await selfSigned({ names }))
})

test('XMPP-TLS-003 tells nothing to a server whose certificate has expired', {
  meta: { id: 'XMPP-TLS-003' },
}, async ({ cpe, restore, signal }) => {
  const dates = { notBefore: yearsFromNow(-3), notAfter: yearsFromNow(-2) }

  await expectDistrust({ cpe, restore, signal }, await cpe.authority.issue({ names, ...dates }))
})

test('XMPP-TLS-004 tells nothing to a server whose certificate is not valid yet', {
  meta: { id: 'XMPP-TLS-004' },
}, async ({ cpe, restore, signal }) => {
  const dates = { notBefore: yearsFromNow(2), notAfter: yearsFromNow(3) }

  await expectDistrust({ cpe, restore, signal }, await cpe.authority.issue({ names, ...dates }))
})

test('XMPP-TLS-005 tells nothing to a server whose certificate is for another domain', {
  meta: { id: 'XMPP-TLS-005' },
}, async ({ cpe, restore, signal }) => {
  const foreign = await cpe.authority.issue({ names: ['xmpp.other.example', `${domain}.org`] })

  await expectDistrust({ cpe, restore, signal }, foreign)
})

test('XMPP-TLS-006 tells nothing to a server whose certificate names only the address that it was dialled at', {
  meta: { id: 'XMPP-TLS-006' },
}, async ({ cpe, restore, signal }) => {
  const { acs } = cpe.profile.pixit

  await expectDistrust(
    { cpe, restore, signal },
    await cpe.authority.issue({ names: [acs.publicHost ?? acs.host], commonName: 'no domain' }),
  )
})

test('XMPP-TLS-007 takes a certificate with a wildcard for the domain', {
  meta: { id: 'XMPP-TLS-007' },
}, async ({ cpe, restore, signal }) => {
  const bench = { cpe, restore, signal }
  const wildcard = await cpe.authority.issue({ names: [domain.replace(/^[^.]+/, '*')] })

  await expectTrust(bench, wildcard)
})

test('XMPP-TLS-008 does not log in without TLS when the server refuses it after having demanded it', {
  meta: { id: 'XMPP-TLS-008' },
}, async ({ cpe, restore, signal }) => {
  await expectRecovery({ cpe, restore, signal }, tlsFailure)
})

test('XMPP-TLS-009 gives up a handshake that is answered with something else than TLS, and comes back', {
  meta: { id: 'XMPP-TLS-009' },
}, async ({ cpe, restore, signal }) => {
  const garbage = '<proceed xmlns="urn:ietf:params:xml:ns:xmpp-tls"/>'

  await expectRecovery({ cpe, restore, signal }, (connection, element, usual) => {
    say(garbage)(connection, element, usual)
    say('HTTP/1.1 400 Bad Request\r\n\r\n')(connection, element, usual)
    connection.end()
  })
})

test('XMPP-TLS-010 logs in as soon as the server shows a certificate that is right', {
  meta: { id: 'XMPP-TLS-010' },
}, async ({ cpe, restore, signal }) => {
  const bench = { cpe, restore, signal }
  const right = await cpe.authority.issue({ names })
  const wrong = await selfSigned({ names })
  const { server } = await setUp(bench, {
    prepare: (it) => {
      it.certificate = wrong
    },
  })
  await (await server.nextConnection(deadline(bench))).closed(deadline(bench))

  server.certificate = right

  const line = await server.nextLogin(deadline(bench))
  await takeNews(bench)
  await expectEntry(bench, line)
})

test('XMPP-TLS-011 tells nothing to a server whose certificate comes from somebody who may not issue any', {
  meta: { id: 'XMPP-TLS-011' },
}, async ({ cpe, restore, signal }) => {
  await expectDistrust({ cpe, restore, signal }, await cpe.authority.issueByLeaf({ names }))
})

test('XMPP-TLS-012 takes a certificate with the one between it and the authority', {
  meta: { id: 'XMPP-TLS-012' },
}, async ({ cpe, restore, signal }) => {
  const between = await cpe.authority.intermediate()
  const { cert, key } = await between.issue({ names })

  await expectTrust({ cpe, restore, signal }, { cert: `${cert}\n${between.cert}`, key })
})

test('XMPP-TLS-013 tells nothing to a server whose certificate is for clients only', {
  meta: { id: 'XMPP-TLS-013' },
}, async ({ cpe, restore, signal }) => {
  await expectDistrust({ cpe, restore, signal }, await cpe.authority.issue({ names, usage: 'client' }))
})

test('XMPP-TLS-014 heeds nothing that came in the clear behind the permission to begin with TLS', {
  meta: { id: 'XMPP-TLS-014' },
}, async ({ cpe, restore, signal }) => {
  const bench = { cpe, restore, signal }
  const injected = `<iq type="get" id="injected" from="${domain}"><ping xmlns="${namespaces.PING}"/></iq>`
  const { server } = await setUp(bench, {
    script: {
      instead: {
        starttls: (connection) => {
          connection.send(`<proceed xmlns="${namespaces.TLS}"/>${injected}`)
          connection.secure(server.certificate)
        },
      },
    },
  })
  const first = await server.nextConnection(deadline(bench))
  await first.nextElement('STARTTLS', { ...deadline(bench), where: ({ name }) => name === 'starttls' })
  // A device that takes the rest for TLS breaks the handshake off: as good as leaving it aside.
  await cameInTime(Promise.race([first.closed(deadline(bench)), server.nextLogin(deadline(bench))]))
  await takeNews(bench)

  if (!first.isClosed) await ask(bench, first, { payload: `<ping xmlns="${namespaces.PING}"/>` })

  const heeded = first.elements.some((element) => attr(element, 'id') === 'injected')
  if (heeded) throw new ConformanceFailure('no answer to what was not protected', 'an answer')
})

test('XMPP-TLS-015 goes by what the server offers over TLS, not by what it offered before', {
  meta: { id: 'XMPP-TLS-015' },
}, async ({ cpe, restore, signal }) => {
  const bench = { cpe, restore, signal }
  const weak = `<mechanisms xmlns="${namespaces.SASL}"><mechanism>PLAIN</mechanism></mechanisms>`
  const { server } = await setUp(bench, {
    script: {
      mechanisms: ['SCRAM-SHA-1'],
      instead: {
        greeted: (connection) => {
          connection.openStream()
          connection.send(
            `<stream:features><starttls xmlns="${namespaces.TLS}"><required/></starttls>${weak}</stream:features>`,
          )
        },
      },
    },
  })

  const line = await server.nextLogin(deadline(bench))

  expect(line.mechanism).toBe('SCRAM-SHA-1')
  await takeNews(bench)
})

test('XMPP-TLS-016 does not log in with versions of TLS that are out of date', {
  meta: { id: 'XMPP-TLS-016' },
}, async ({ cpe, restore, signal }) => {
  const bench = { cpe, restore, signal }
  const { server } = await setUp(bench, {
    script: { tls: { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' } },
  })

  await expectNothingSaid(bench, server)
})

test('XMPP-TLS-017 logs in with TLS 1.2', {
  meta: { id: 'XMPP-TLS-017' },
}, async ({ cpe, restore, signal }) => {
  await expectLoginWith({ cpe, restore, signal }, 'TLSv1.2')
})

test('XMPP-TLS-018 logs in with TLS 1.3', {
  meta: { id: 'XMPP-TLS-018' },
}, async ({ cpe, restore, signal }) => {
  await expectLoginWith({ cpe, restore, signal }, 'TLSv1.3')
})

test('XMPP-TLS-019 tells nothing to a host that it was sent on to and that does not stand for the domain', {
  meta: { id: 'XMPP-TLS-019' },
}, async ({ cpe, restore, signal }) => {
  const bench = { cpe, restore, signal }
  const { acs } = cpe.profile.pixit
  const host = acs.publicHost ?? acs.host
  const other = await startServer(bench)
  other.certificate = await cpe.authority.issue({ names: [host], commonName: 'no domain' })
  const { line } = await goOnline(bench)
  line.send(streamErrorText('see-other-host', `${host}:${other.port}`))
  line.end()

  // Nobody has to go there.
  const there = await other.nextConnection({ timeoutMs: 2000 }).catch(() => undefined)
  if (there) await cameInTime(there.closed({ timeoutMs: 1500 }))

  if (other.connections.some(tellsOfItself)) throw new ConformanceFailure(...distrust)
})

/** Holds the device to say nothing to a server that shows this certificate but what comes before TLS. */
async function expectDistrust(bench: Bench, certificate: Credentials): Promise<void> {
  const { server } = await setUp(bench, {
    prepare: (it) => {
      it.certificate = certificate
    },
  })
  await expectNothingSaid(bench, server)
}

async function expectNothingSaid(bench: Bench, server: XmppServer): Promise<void> {
  const line = await server.nextConnection(deadline(bench))
  await line.nextElement('STARTTLS', { ...deadline(bench), where: ({ name }) => name === 'starttls' })

  await cameInTime(line.closed({ timeoutMs: 1500 }))

  if (server.connections.some(tellsOfItself)) throw new ConformanceFailure(...distrust)
}

const distrust = [
  'nothing after the handshake',
  'a stream over a connection that is not to be trusted',
] as const

function tellsOfItself({ headers, elements }: XmppConnection): boolean {
  return headers.length > 1 || elements.some(({ name }) => name === 'auth')
}

/** Holds the device to log in at a server that shows this certificate. */
async function expectTrust(bench: Bench, certificate: Credentials): Promise<void> {
  const { server } = await setUp(bench, {
    prepare: (it) => {
      it.certificate = certificate
    },
  })

  await server.nextLogin(deadline(bench))
  await takeNews(bench)
}

async function expectLoginWith(bench: Bench, version: SecureVersion): Promise<void> {
  const { line } = await goOnline(bench, { script: { tls: { minVersion: version, maxVersion: version } } })

  expect(line.secured, 'whether the login came through TLS').toBe(true)
}

/** Holds the device not to log in on a connection where this happens in place of the handshake, and to come back. */
async function expectRecovery(bench: Bench, deed: Deed): Promise<void> {
  const { server } = await setUp(bench, { script: { instead: { starttls: deed } } })
  const first = await server.nextConnection(deadline(bench))
  await first.nextElement('STARTTLS', { ...deadline(bench), where: ({ name }) => name === 'starttls' })
  await cameInTime(first.closed({ timeoutMs: 1500 }))
  if (first.elements.some(({ name }) => name === 'auth'))
    throw new ConformanceFailure('no login without TLS', 'an attempt to log in')
  server.script = { ...server.script, instead: {} }
  await first.dispose()

  const line = await server.nextLogin(deadline(bench))

  await takeNews(bench)
  await expectEntry(bench, line)
}
