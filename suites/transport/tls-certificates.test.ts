import { expect, test } from '../../harness/conformance.ts'
import { CertificateAuthority, selfSigned, yearsFromNow } from '../../harness/net/net.ts'
import { rouse } from './calling-in.ts'
import { assertReads } from './probe.ts'
import { redirect } from './redirects.ts'
import {
  alter,
  assertKnowsTime,
  assertRefuses,
  assertSecure,
  comeTo,
  enter,
  homeAtSecureAcs,
  secureAcs,
} from './secure.ts'

test('TLS-017 refuses a certificate of an authority that it does not trust', {
  meta: { id: 'TLS-017' },
}, async ({ cpe, restore }) => {
  const acs = await homeAtSecureAcs(cpe, restore)
  const stranger = await CertificateAuthority.create({ commonName: 'An authority that nobody knows' })
  alter(acs, await stranger.issue({ names: [new URL(acs.url).hostname] }))

  await assertRefuses(cpe, acs, 'has a certificate of an unknown authority')
})

test('TLS-018 refuses a certificate of an authority that only bears the name of the one it trusts', {
  meta: { id: 'TLS-018' },
}, async ({ cpe, restore }) => {
  const acs = await homeAtSecureAcs(cpe, restore)
  const impostor = await CertificateAuthority.create()
  alter(acs, await impostor.issue({ names: [new URL(acs.url).hostname] }))

  await assertRefuses(cpe, acs, 'has a certificate of an authority with a borrowed name')
})

test('TLS-019 refuses a certificate that vouches for itself', {
  meta: { id: 'TLS-019' },
}, async ({ cpe, restore }) => {
  const acs = await homeAtSecureAcs(cpe, restore)
  alter(acs, await selfSigned({ names: [new URL(acs.url).hostname] }))

  await assertRefuses(cpe, acs, 'has a certificate that vouches for itself')
})

test('TLS-020 refuses a certificate that has expired', {
  meta: { id: 'TLS-020' },
}, async ({ cpe, restore }) => {
  const acs = await secureAcs(cpe, restore)
  const session = await enter(cpe, acs)
  await session.end()
  assertKnowsTime(session)
  const names = [new URL(acs.url).hostname]
  alter(acs, await cpe.authority.issue({ names, notBefore: yearsFromNow(-3), notAfter: yearsFromNow(-2) }))

  await assertRefuses(cpe, acs, 'has a certificate that has expired')
})

test('TLS-021 refuses a certificate that is not valid yet', {
  meta: { id: 'TLS-021' },
}, async ({ cpe, restore }) => {
  const acs = await secureAcs(cpe, restore)
  const session = await enter(cpe, acs)
  await session.end()
  assertKnowsTime(session)
  const names = [new URL(acs.url).hostname]
  alter(acs, await cpe.authority.issue({ names, notBefore: yearsFromNow(2), notAfter: yearsFromNow(3) }))

  await assertRefuses(cpe, acs, 'has a certificate that is not valid yet')
})

test('TLS-022 refuses a certificate for another host', {
  meta: { id: 'TLS-022' },
}, async ({ cpe, restore }) => {
  const acs = await homeAtSecureAcs(cpe, restore)
  alter(acs, await cpe.authority.issue({ names: ['acs.other.example', '192.0.2.7'] }))

  await assertRefuses(cpe, acs, 'has a certificate for another host')
})

test('TLS-023 refuses a certificate that is only for clients', {
  meta: { id: 'TLS-023' },
}, async ({ cpe, restore }) => {
  const acs = await homeAtSecureAcs(cpe, restore)
  alter(acs, await cpe.authority.issue({ names: [new URL(acs.url).hostname], usage: 'client' }))

  await assertRefuses(cpe, acs, 'has a certificate that is only for clients')
})

test('TLS-024 believes a certificate through one in the middle that the ACS sends along', {
  meta: { id: 'TLS-024' },
}, async ({ cpe, restore, pixit }) => {
  const acs = await homeAtSecureAcs(cpe, restore)
  const middle = await cpe.authority.intermediate()
  const { cert, key } = await middle.issue({ names: [new URL(acs.url).hostname] })
  alter(acs, { cert: `${cert}\n${middle.cert}`, key })

  const session = await comeTo(cpe, acs)

  await assertReads({ session, pixit })
})

test('TLS-025 refuses a certificate from which no chain leads to the authority it trusts', {
  meta: { id: 'TLS-025' },
}, async ({ cpe, restore }) => {
  const acs = await homeAtSecureAcs(cpe, restore)
  const middle = await cpe.authority.intermediate()
  alter(acs, await middle.issue({ names: [new URL(acs.url).hostname] }))

  await assertRefuses(cpe, acs, 'has a certificate whose chain has a gap')
})

test('TLS-026 refuses a certificate that was issued by a holder who is no authority', {
  meta: { id: 'TLS-026' },
}, async ({ cpe, restore }) => {
  const acs = await homeAtSecureAcs(cpe, restore)
  alter(acs, await cpe.authority.issueByLeaf({ names: [new URL(acs.url).hostname] }))

  await assertRefuses(cpe, acs, 'has a certificate that another server has issued')
})

test('TLS-027 checks the certificate of the host that a redirect names', {
  meta: { id: 'TLS-027' },
}, async ({ cpe, restore }) => {
  const acs = await homeAtSecureAcs(cpe, restore)
  const other = await secureAcs(cpe, restore, {
    tls: await cpe.authority.issue({ names: ['acs.other.example'] }),
  })
  const [inform] = await Promise.all([acs.nextExchange(), rouse(cpe)])
  const refused = assertRefuses(cpe, other, 'has a certificate for another host than the redirect')

  await redirect(inform, 307, other.url)

  await refused
})

test('TLS-028 shows its certificate to an ACS that asks who it is', {
  meta: { id: 'TLS-028' },
}, async ({ cpe, dut, restore, pixit }) => {
  const shown = await cpe.authority.issue({ usage: 'client', names: [], commonName: 'conformance-cpe' })
  const acs = await secureAcs(cpe, restore, {
    tls: { requestClientCert: true, ca: cpe.authority.cert },
  })
  restore(() => dut.clientCertificate(undefined))
  await dut.clientCertificate(shown)

  const session = await enter(cpe, acs)

  await assertReads({ session, pixit })
  const { tls } = session.informExchange
  expect(tls?.peerCertificate?.subject, 'subject of the certificate that the device shows').toBe(
    'CN=conformance-cpe',
  )
  expect(tls?.authorized, 'whether the device proves to hold its key').toBe(true)
})

test('TLS-029 holds a session with an ACS that asks who it is also without a certificate', {
  meta: { id: 'TLS-029' },
}, async ({ cpe, restore, pixit }) => {
  const acs = await secureAcs(cpe, restore, {
    tls: { requestClientCert: true, ca: cpe.authority.cert },
  })

  const session = await enter(cpe, acs)

  await assertReads({ session, pixit })
  assertSecure(session)
})

test('TLS-030 judges dates by its own clock', {
  meta: { id: 'TLS-030' },
}, async ({ cpe, dut, restore }) => {
  const acs = await homeAtSecureAcs(cpe, restore)
  restore(() => dut.setClock(iso(new Date())))
  await dut.setClock(iso(yearsFromNow(12)))

  await assertRefuses(cpe, acs, 'has a certificate that will have expired')
})

test('TLS-031 accepts a certificate of any dates as long as it does not know the time', {
  meta: { id: 'TLS-031' },
}, async ({ cpe, dut, restore, pixit, signal }) => {
  const acs = await secureAcs(cpe, restore)
  const names = [new URL(acs.url).hostname]
  alter(acs, await cpe.authority.issue({ names, notBefore: yearsFromNow(-3), notAfter: yearsFromNow(-2) }))
  restore(() => dut.timeSource(true))
  await dut.timeSource(false, signal)

  const session = await enter(cpe, acs)

  await assertReads({ session, pixit })
  assertSecure(session)
})

/** As adapters are told the time. */
function iso(time: Date): string {
  return time.toISOString().replace(/\.\d+/, '')
}
