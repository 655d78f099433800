import { expect, test } from '../../harness/conformance.ts'
import { ACS_NAME, addressOfAcs, nameServer } from './names.ts'
import { assertReads } from './probe.ts'
import { alter, assertRefuses, comeTo, enter, secureAcs } from './secure.ts'

test('TLS-032 names the host of the URL in its ClientHello', {
  meta: { id: 'TLS-032' },
}, async ({ cpe, restore }) => {
  const names = await nameServer(cpe, restore)
  names.answer(ACS_NAME, { addresses: [addressOfAcs(cpe)] })
  const acs = await secureAcs(cpe, restore, { publicHost: ACS_NAME })

  const session = await enter(cpe, acs)

  expect(session.informExchange.tls?.hello.serverName, 'server name of the ClientHello').toBe(ACS_NAME)
  await session.end()
})

test('TLS-033 accepts a wildcard in place of the first label', {
  meta: { id: 'TLS-033' },
}, async ({ cpe, restore, pixit }) => {
  const names = await nameServer(cpe, restore)
  names.answer(ACS_NAME, { addresses: [addressOfAcs(cpe)] })
  const acs = await secureAcs(cpe, restore, {
    publicHost: ACS_NAME,
    tls: await cpe.authority.issue({ names: ['*.cwmp.test'] }),
  })

  const session = await enter(cpe, acs)

  await assertReads({ session, pixit })
  await session.end()
})

test('TLS-034 takes a wildcard for one label, not for several', {
  meta: { id: 'TLS-034' },
}, async ({ cpe, restore }) => {
  const name = `one.${ACS_NAME}`
  const names = await nameServer(cpe, restore)
  names.answer(name, { addresses: [addressOfAcs(cpe)] })
  const acs = await secureAcs(cpe, restore, { publicHost: name })
  const session = await enter(cpe, acs)
  await session.end()
  alter(acs, await cpe.authority.issue({ names: ['*.cwmp.test'] }))

  await assertRefuses(cpe, acs, 'has a certificate for hosts one level higher')
})

test('TLS-035 holds the certificate against the host of the URL, not against its address', {
  meta: { id: 'TLS-035' },
}, async ({ cpe, restore }) => {
  const names = await nameServer(cpe, restore)
  const address = addressOfAcs(cpe)
  names.answer(ACS_NAME, { addresses: [address] })
  const acs = await secureAcs(cpe, restore, { publicHost: ACS_NAME })
  const session = await enter(cpe, acs)
  await session.end()
  alter(acs, await cpe.authority.issue({ names: [address] }))

  await assertRefuses(cpe, acs, 'has a certificate for its address alone')
})

test('TLS-036 compares names without regard to upper and lower case', {
  meta: { id: 'TLS-036' },
}, async ({ cpe, restore, pixit }) => {
  const names = await nameServer(cpe, restore)
  names.answer(ACS_NAME, { addresses: [addressOfAcs(cpe)] })
  const acs = await secureAcs(cpe, restore, { publicHost: ACS_NAME })
  const first = await enter(cpe, acs)
  await first.end()
  alter(acs, await cpe.authority.issue({ names: [ACS_NAME.toUpperCase()] }))

  const session = await comeTo(cpe, acs)

  await assertReads({ session, pixit })
  await session.end()
})
