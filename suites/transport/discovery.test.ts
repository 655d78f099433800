import { expect, granted, test } from '../../harness/conformance.ts'
import { anotherAcs } from '../../harness/testbed/another-acs.ts'
import { callIn } from './calling-in.ts'
import { encapsulated, option17, option43, option125 } from './dhcp-options.ts'
import {
  assertAt,
  assertProvisioningCode,
  assertRetries,
  assertVendorClass,
  discover,
  enrolsAgain,
  renewLease,
  urlOffered,
} from './discovering.ts'
import { assertReads } from './probe.ts'

const RETRIES = { minimumWait: 17, multiplier: 3000 }

test('DISC-001 opens its session at the URL that option 43 gives', {
  meta: { id: 'DISC-001' },
}, async ({ cpe, acs, restore, pixit }) => {
  const url = urlOffered(acs)

  const session = await discover(cpe, restore, { option43: option43({ url }) })

  assertAt(session, url)
  await assertReads({ session, pixit })
  await session.end()
})

test('DISC-002 opens its first session at a discovered ACS with 0 BOOTSTRAP', {
  meta: { id: 'DISC-002' },
}, async ({ cpe, acs, restore }) => {
  const session = await discover(cpe, restore, { option43: option43({ url: urlOffered(acs) }) })

  expect(session.inform).toCarryEvents('0 BOOTSTRAP')
  await session.end()
})

test('DISC-003 says in option 60 that it looks for an ACS', {
  meta: { id: 'DISC-003' },
}, async ({ cpe, acs, dut, restore }) => {
  enrolsAgain(cpe, restore)

  const sent = await dut.dhcpOptions({ option43: option43({ url: urlOffered(acs) }), discover: true })

  assertVendorClass(sent.option60, 60)
})

test('DISC-004 takes its ProvisioningCode from option 43', {
  meta: { id: 'DISC-004' },
}, async ({ cpe, acs, restore, root }) => {
  const offer = option43({ url: urlOffered(acs), provisioningCode: 'from.dhcp' })

  const session = await discover(cpe, restore, { option43: offer })

  await assertProvisioningCode(session, root, 'from.dhcp')
  await session.end()
})

test('DISC-005 takes the waits of its retries from option 43', {
  meta: { id: 'DISC-005' },
}, async ({ cpe, acs, restore, root }) => {
  const offer = option43({ url: urlOffered(acs), ...RETRIES })

  const session = await discover(cpe, restore, { option43: offer })

  await assertRetries(session, root, RETRIES)
  await session.end()
})

test('DISC-006 takes URL, ProvisioningCode and waits from option 125', {
  meta: { id: 'DISC-006' },
}, async ({ cpe, acs, restore, root }) => {
  const url = urlOffered(acs)
  const offer = option125({ url, provisioningCode: 'from.dhcp', ...RETRIES })

  const session = await discover(cpe, restore, { option125: offer })

  assertAt(session, url)
  await assertProvisioningCode(session, root, 'from.dhcp')
  await assertRetries(session, root, RETRIES)
  await session.end()
})

test('DISC-007 stays with the URL that an ACS has set, whatever DHCP offers', {
  meta: { id: 'DISC-007' },
}, async ({ cpe, acs, dut, restore, root, session }) => {
  enrolsAgain(cpe, restore)
  const url = urlOffered(acs, '/by-acs')
  granted(
    await session.call('SetParameterValues', {
      ParameterList: [{ Name: `${root}ManagementServer.URL`, Value: url, type: 'xsd:string' }],
      ParameterKey: 'url',
    }),
  )
  await session.end()
  const there = await cpe.nextSession()
  await there.end()
  await dut.dhcpOptions({ option43: option43({ url: urlOffered(acs) }), discover: false })

  const next = await callIn(cpe)

  assertAt(next, url)
  await next.end()
})

test('DISC-008 goes where a new lease leads when it has discovered its ACS before', {
  meta: { id: 'DISC-008' },
}, async ({ cpe, acs, restore }) => {
  const other = await anotherAcs(cpe, restore)
  const first = await discover(cpe, restore, { option43: option43({ url: other.url }) }, other)
  await first.end()
  await other.close()
  const url = urlOffered(acs)

  const session = await renewLease(cpe, { option43: option43({ url }) })

  assertAt(session, url)
  expect(session.inform).toCarryEvents('0 BOOTSTRAP')
  await session.end()
})

test('DISC-009 reads what option 43 encapsulates in any order, and passes over what it does not know', {
  meta: { id: 'DISC-009' },
}, async ({ cpe, acs, restore, root }) => {
  const url = urlOffered(acs)
  const stranger = encapsulated(99, Buffer.from('what nobody knows'))
  const offer = option43({ url, provisioningCode: 'from.dhcp' }, (parts) => [
    stranger,
    ...parts.reverse(),
    stranger,
  ])

  const session = await discover(cpe, restore, { option43: offer })

  assertAt(session, url)
  await assertProvisioningCode(session, root, 'from.dhcp')
  await session.end()
})

test('DISC-010 reads option 43 between padding and end', {
  meta: { id: 'DISC-010' },
}, async ({ cpe, acs, restore }) => {
  const url = urlOffered(acs)
  const offer = option43({ url }, (parts) => [Buffer.from([0]), ...parts, Buffer.from([255])])

  const session = await discover(cpe, restore, { option43: offer })

  assertAt(session, url)
  await session.end()
})

test('DISC-011 finds the part of option 125 that is meant for it behind those for others', {
  meta: { id: 'DISC-011' },
}, async ({ cpe, acs, restore, root }) => {
  const url = urlOffered(acs)
  const offer = option125({ url, provisioningCode: 'from.dhcp' }, { afterOthers: true })

  const session = await discover(cpe, restore, { option125: offer })

  assertAt(session, url)
  await assertProvisioningCode(session, root, 'from.dhcp')
  await session.end()
})

test('DISC-012 survives an option 43 that is cut short', {
  meta: { id: 'DISC-012' },
}, async ({ cpe, acs, dut, restore }) => {
  enrolsAgain(cpe, restore)
  await dut.dhcpOptions({ option43: '0140', discover: true })
  const url = urlOffered(acs)

  const session = await renewLease(cpe, { option43: option43({ url }) })

  assertAt(session, url)
  await session.end()
})

test('DISC-013 survives an option 43 that has no length', {
  meta: { id: 'DISC-013' },
}, async ({ cpe, acs, dut, restore }) => {
  enrolsAgain(cpe, restore)
  await dut.dhcpOptions({ option43: '01', discover: true })
  const url = urlOffered(acs)

  const session = await renewLease(cpe, { option43: option43({ url }) })

  assertAt(session, url)
  await session.end()
})

test('DISC-014 survives an option 43 with something that is no URL', {
  meta: { id: 'DISC-014' },
}, async ({ cpe, acs, dut, restore }) => {
  enrolsAgain(cpe, restore)
  await dut.dhcpOptions({
    option43: encapsulated(1, Buffer.from('no URL at all')).toString('hex'),
    discover: true,
  })
  const url = urlOffered(acs)

  const session = await renewLease(cpe, { option43: option43({ url }) })

  assertAt(session, url)
  await session.end()
})

test('DISC-015 takes its URL from option 17 of DHCPv6', {
  meta: { id: 'DISC-015' },
}, async ({ cpe, acs, restore }) => {
  const url = urlOffered(acs)

  const session = await discover(cpe, restore, { option17: option17({ url }) })

  assertAt(session, url)
  await session.end()
})

test('DISC-016 says in option 16 of DHCPv6 that it looks for an ACS', {
  meta: { id: 'DISC-016' },
}, async ({ cpe, acs, dut, restore }) => {
  enrolsAgain(cpe, restore)

  const sent = await dut.dhcpOptions({ option17: option17({ url: urlOffered(acs) }), discover: true })

  assertVendorClass(sent.option16, 16)
})

test('DISC-017 goes where a new lease of DHCPv6 leads when it has discovered its ACS before', {
  meta: { id: 'DISC-017' },
}, async ({ cpe, acs, restore }) => {
  const other = await anotherAcs(cpe, restore)
  const first = await discover(cpe, restore, { option17: option17({ url: other.url }) }, other)
  await first.end()
  await other.close()
  const url = urlOffered(acs)

  const session = await renewLease(cpe, { option17: option17({ url }) })

  assertAt(session, url)
  await session.end()
})

test('DISC-018 takes its ProvisioningCode from option 17 of DHCPv6', {
  meta: { id: 'DISC-018' },
}, async ({ cpe, acs, restore, root }) => {
  const offer = option17({ url: urlOffered(acs), provisioningCode: 'from.dhcp' })

  const session = await discover(cpe, restore, { option17: offer })

  await assertProvisioningCode(session, root, 'from.dhcp')
  await session.end()
})

test('DISC-019 takes the waits of its retries from option 17 of DHCPv6', {
  meta: { id: 'DISC-019' },
}, async ({ cpe, acs, restore, root }) => {
  const offer = option17({ url: urlOffered(acs), ...RETRIES })

  const session = await discover(cpe, restore, { option17: offer })

  await assertRetries(session, root, RETRIES)
  await session.end()
})
