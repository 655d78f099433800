import { ConformanceFailure, test } from '../../harness/conformance.ts'
import { CertificateAuthority, type Credentials, selfSigned, yearsFromNow } from '../../harness/net/net.ts'
import { type Deed, say, tlsFailure } from '../../harness/xmpp/xmpp.ts'
import { cameInTime, expectEntry } from './asking.ts'
import { type Bench, deadline, domain, setUp, takeNews } from './bench.ts'

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
  const { server } = await setUp(bench, {
    prepare: (it) => {
      it.certificate = wildcard
    },
  })

  await server.nextLogin(deadline(bench))
  await takeNews(bench)
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

  await expectRecovery({ cpe, restore, signal }, (connection, element) => {
    say(garbage)(connection, element)
    say('HTTP/1.1 400 Bad Request\r\n\r\n')(connection, element)
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

/** Holds the device to say nothing to a server that shows this certificate but what comes before TLS. */
async function expectDistrust(bench: Bench, certificate: Credentials): Promise<void> {
  const { server } = await setUp(bench, {
    prepare: (it) => {
      it.certificate = certificate
    },
  })
  const line = await server.nextConnection(deadline(bench))
  await line.nextElement('STARTTLS', { ...deadline(bench), where: ({ name }) => name === 'starttls' })

  await cameInTime(line.closed({ timeoutMs: 1500 }))

  const said = server.connections.some(
    ({ headers, elements }) => headers.length > 1 || elements.some(({ name }) => name === 'auth'),
  )
  if (said)
    throw new ConformanceFailure(
      'nothing after the handshake',
      'a stream over a connection that is not to be trusted',
    )
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
