import type { ScriptedAcs } from '../../harness/acs/acs.ts'
import { expect, test } from '../../harness/conformance.ts'
import type { DnsServer } from '../../harness/net/net.ts'
import type { TestBed } from '../../harness/testbed/testbed.ts'
import { rouse } from './calling-in.ts'
import { ACS_NAME, acsWithName, addressOfAcs, nameServer, otherAddress } from './names.ts'
import { assertReads } from './probe.ts'
import { redirect } from './redirects.ts'
import { comeTo, enter } from './secure.ts'

test('DNS-001 finds the ACS by the name in its URL', {
  meta: { id: 'DNS-001' },
}, async ({ cpe, restore, pixit }) => {
  const names = await nameServer(cpe, restore)
  const acs = await acsWithName(cpe, restore)
  names.answer(ACS_NAME, { addresses: [addressOfAcs(cpe)] })

  const session = await enter(cpe, acs)

  expect(session.informExchange.header('host'), 'Host').toBe(`${ACS_NAME}:${acs.port}`)
  await assertReads({ session, pixit })
  await session.end()
})

test('DNS-002 tries the other addresses of a name when the first does not answer', {
  meta: { id: 'DNS-002' },
}, async ({ cpe, restore, pixit }) => {
  const names = await nameServer(cpe, restore)
  const acs = await acsWithName(cpe, restore)
  names.answer(ACS_NAME, { addresses: [otherAddress(cpe), addressOfAcs(cpe)] })

  const session = await enter(cpe, acs)

  expect(session.inform.RetryCount, 'RetryCount').toBe(0)
  await assertReads({ session, pixit })
  await session.end()
})

test('DNS-003 asks for the address again once what it was told is too old', {
  meta: { id: 'DNS-003' },
}, async ({ cpe, restore, pixit }) => {
  const names = await nameServer(cpe, restore)
  const acs = await acsWithName(cpe, restore)
  const moved = await acsWithName(cpe, restore, { host: otherAddress(cpe), port: acs.port })
  names.answer(ACS_NAME, { addresses: [addressOfAcs(cpe)], ttl: 0 })
  const before = await enter(cpe, acs)
  await before.end()
  names.answer(ACS_NAME, { addresses: [otherAddress(cpe)], ttl: 0 })

  const session = await comeTo(cpe, moved)

  await assertReads({ session, pixit })
  await session.end()
})

test('DNS-004 counts a name without address as an unsuccessful session, and tries again', {
  meta: { id: 'DNS-004' },
}, async ({ cpe, restore }) => {
  const names = await nameServer(cpe, restore)
  const acs = await acsWithName(cpe, restore)
  await lookUpInVain({ cpe, acs, names }, 'NXDOMAIN')

  const session = await comeTo(cpe, acs)

  expect(session.inform.RetryCount, 'RetryCount').toBeGreaterThan(0)
  await session.end()
})

test('DNS-005 finds the ACS by the name that a redirect has', {
  meta: { id: 'DNS-005' },
}, async ({ cpe, restore, pixit }) => {
  const names = await nameServer(cpe, restore)
  const acs = await acsWithName(cpe, restore)
  names.answer(ACS_NAME, { addresses: [addressOfAcs(cpe)] })
  const back = await cpe.provision()
  await back.end()
  const [inform] = await Promise.all([cpe.acs.nextExchange(), rouse(cpe)])
  const arriving = acs.nextSession()

  await redirect(inform, 302, acs.url)

  const session = await arriving
  expect(session.informExchange.header('host'), 'Host').toBe(`${ACS_NAME}:${acs.port}`)
  await assertReads({ session, pixit })
  await session.end()
})

test('DNS-006 survives a DNS server that fails', {
  meta: { id: 'DNS-006' },
}, async ({ cpe, restore, pixit }) => {
  const names = await nameServer(cpe, restore)
  const acs = await acsWithName(cpe, restore)
  await lookUpInVain({ cpe, acs, names }, 'SERVFAIL')

  const session = await comeTo(cpe, acs)

  await assertReads({ session, pixit })
  await session.end()
})

/** Has a device that was at the ACS before look for it while the DNS server gives this answer, and mends the DNS server then. */
async function lookUpInVain(
  { cpe, acs, names }: { cpe: TestBed; acs: ScriptedAcs; names: DnsServer },
  answer: 'NXDOMAIN' | 'SERVFAIL',
): Promise<void> {
  const addresses = [addressOfAcs(cpe)]
  names.answer(ACS_NAME, { addresses })
  const before = await enter(cpe, acs)
  await before.end()
  names.answer(ACS_NAME, answer)
  const timeoutMs = (cpe.profile.pixit.timing.informSeconds + 10) * 1000
  await Promise.all([names.nextQuery(ACS_NAME, { timeoutMs, answer }), rouse(cpe)])
  names.answer(ACS_NAME, { addresses })
}
