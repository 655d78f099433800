import { test } from '../../harness/conformance.ts'
import { domain, managementServer, text } from '../../harness/testbed/xmpp-connection.ts'
import { goOnlineAnywhere } from './any-server.ts'
import { ask, expectEntry, expectNoEntry, expectRefused } from './asking.ts'
import { change, goOnline, noSession } from './bench.ts'

const full = `acs@${domain}/office`
const bare = `acs@${domain}`

test('XMPP-JID-001 lets in the full JID that is listed', {
  meta: { id: 'XMPP-JID-001', peers: 'any' },
}, async ({ cpe, restore, signal }) => {
  const bench = { cpe, restore, signal }
  const { line } = await goOnlineAnywhere(bench, { allowed: [full] })

  await expectEntry(bench, line, { from: full })
})

test('XMPP-JID-002 refuses another resource of a full JID that is listed', {
  meta: { id: 'XMPP-JID-002', peers: 'any' },
}, async ({ cpe, restore, signal }) => {
  const bench = { cpe, restore, signal }
  const { line } = await goOnlineAnywhere(bench, { allowed: [full] })

  await expectNoEntry(bench, line, { from: `${bare}/home` }, 'service-unavailable')
})

test('XMPP-JID-003 lets in any resource of a bare JID that is listed', {
  meta: { id: 'XMPP-JID-003', peers: 'any' },
}, async ({ cpe, restore, signal }) => {
  const bench = { cpe, restore, signal }
  const { line } = await goOnlineAnywhere(bench, { allowed: [bare] })

  await expectEntry(bench, line, { from: full })
  await expectEntry(bench, line, { from: `${bare}/another one/with a slash` })
})

test('XMPP-JID-004 lets in a bare JID that is listed', {
  meta: { id: 'XMPP-JID-004' },
}, async ({ cpe, restore, signal }) => {
  const bench = { cpe, restore, signal }
  const { line } = await goOnline(bench, { allowed: [bare] })

  await expectEntry(bench, line, { from: bare })
})

test('XMPP-JID-005 lets in every entry of the list, the last one too', {
  meta: { id: 'XMPP-JID-005' },
}, async ({ cpe, restore, signal }) => {
  const bench = { cpe, restore, signal }
  const { line } = await goOnline(bench, {
    allowed: ['a@b.example', 'somebody-else@far-away.example/x', bare],
  })

  await expectEntry(bench, line, { from: 'a@b.example/x' })
  await expectEntry(bench, line, { from: full })
})

test('XMPP-JID-006 lets in everybody when the list is empty', {
  meta: { id: 'XMPP-JID-006', peers: 'any' },
}, async ({ cpe, restore, signal }) => {
  const bench = { cpe, restore, signal }
  const { line } = await goOnlineAnywhere(bench, { allowed: [] })

  await expectEntry(bench, line, { from: `whoever@${domain}/x` })
})

test('XMPP-JID-007 refuses a JID that is not listed as service-unavailable, and opens no session', {
  meta: { id: 'XMPP-JID-007' },
}, async ({ cpe, restore, signal }) => {
  const bench = { cpe, restore, signal }
  const { line } = await goOnline(bench)

  await expectNoEntry(bench, line, { from: 'stranger@tests.example/x' }, 'service-unavailable')
})

test('XMPP-JID-008 refuses a domain that begins like the one of a listed JID', {
  meta: { id: 'XMPP-JID-008' },
}, async ({ cpe, restore, signal }) => {
  const bench = { cpe, restore, signal }
  // No more letters of an entry count than of another one.
  const brief = 'a@b.example'
  const { line } = await goOnline(bench, { allowed: [brief, bare] })

  const begunAlike = `${bare.slice(0, brief.length)}.example/x`
  for (const from of [`${bare}.org`, `${bare}.org/bench`, `${bare}x/bench`, begunAlike])
    expectRefused(await ask(bench, line, { from }), 'service-unavailable')

  await noSession(bench)
})

test('XMPP-JID-009 refuses a resource that begins like the one of a listed JID', {
  meta: { id: 'XMPP-JID-009' },
}, async ({ cpe, restore, signal }) => {
  const bench = { cpe, restore, signal }
  const { line } = await goOnline(bench, { allowed: [full] })

  for (const from of [`${full}2`, `${full}/2`, full.slice(0, -1), bare])
    expectRefused(await ask(bench, line, { from }), 'service-unavailable')

  await noSession(bench)
})

test('XMPP-JID-010 refuses another user of the domain, and names that end or begin like the listed one', {
  meta: { id: 'XMPP-JID-010' },
}, async ({ cpe, restore, signal }) => {
  const bench = { cpe, restore, signal }
  const { line } = await goOnline(bench, { allowed: [bare] })

  for (const from of [
    `the-${bare}/x`,
    `cs@${domain}/x`,
    `ac@${domain}/x`,
    `acs2@${domain}/x`,
    `${domain}/x`,
    domain,
  ])
    expectRefused(await ask(bench, line, { from }), 'service-unavailable')

  await noSession(bench)
})

test('XMPP-JID-011 refuses a JID that carries the listed one in its resource or user name', {
  meta: { id: 'XMPP-JID-011' },
}, async ({ cpe, restore, signal }) => {
  const bench = { cpe, restore, signal }
  const { line } = await goOnline(bench, { allowed: [bare] })

  for (const from of [
    `evil@tests.example/${bare}`,
    `evil@tests.example/${full}`,
    `acs\\40${domain}@tests.example/x`,
    `tests.example/${bare}`,
  ])
    expectRefused(await ask(bench, line, { from }), 'service-unavailable')

  await noSession(bench)
})

test('XMPP-JID-012 refuses look-alikes of a listed JID in other scripts', {
  meta: { id: 'XMPP-JID-012' },
}, async ({ cpe, restore, signal }) => {
  const bench = { cpe, restore, signal }
  const { line } = await goOnline(bench, { allowed: [bare] })

  // Cyrillic а, с and ѕ, a Greek omicron in the domain, and a wrong slash. Hidden letters are not among them: stringprep drops them.
  for (const from of [
    `\u0430cs@${domain}/x`,
    `a\u0441s@${domain}/x`,
    `acs@${domain.replace('o', '\u03bf')}/x`,
    `ac\u0455@${domain}/x`,
    `${bare}\u2215x`,
  ])
    expectRefused(await ask(bench, line, { from }), 'service-unavailable')

  await noSession(bench)
})

test('XMPP-JID-013 takes capital letters in user name and domain for the same JID', {
  meta: { id: 'XMPP-JID-013', peers: 'any' },
}, async ({ cpe, restore, signal }) => {
  const bench = { cpe, restore, signal }
  const { line } = await goOnlineAnywhere(bench, { allowed: [`ACS@${domain.toUpperCase()}/office`] })

  await expectEntry(bench, line, { from: full })
})

test('XMPP-JID-014 takes capital letters in the resource for another JID', {
  meta: { id: 'XMPP-JID-014', peers: 'any' },
}, async ({ cpe, restore, signal }) => {
  const bench = { cpe, restore, signal }
  const { line } = await goOnlineAnywhere(bench, { allowed: [full] })

  await expectNoEntry(bench, line, { from: `${bare}/OFFICE` }, 'service-unavailable')
})

test('XMPP-JID-015 refuses a request without a sender while others are listed', {
  meta: { id: 'XMPP-JID-015' },
}, async ({ cpe, restore, signal }) => {
  const bench = { cpe, restore, signal }
  const { line } = await goOnline(bench)

  await expectNoEntry(bench, line, { from: undefined }, 'service-unavailable')
})

test('XMPP-JID-016 goes by the new list as soon as the ACS has set it, on the connection that it has', {
  meta: { id: 'XMPP-JID-016' },
}, async ({ cpe, restore, signal }) => {
  const bench = { cpe, restore, signal }
  const { line } = await goOnline(bench, { allowed: [bare] })
  await expectEntry(bench, line, { from: full })

  await change(bench, { [managementServer(cpe, 'ConnReqAllowedJabberIDs')]: text('new@tests.example') })

  await expectNoEntry(bench, line, { from: full }, 'service-unavailable')
  await expectEntry(bench, line, { from: 'new@tests.example/x' })
})

test('XMPP-JID-017 tells a JID that is not allowed nothing about the credentials', {
  meta: { id: 'XMPP-JID-017', peers: 'any' },
}, async ({ cpe, restore, signal }) => {
  const bench = { cpe, restore, signal }
  const { line } = await goOnlineAnywhere(bench)
  const from = `stranger@${domain}/x`

  expectRefused(await ask(bench, line, { from }), 'service-unavailable')
  expectRefused(await ask(bench, line, { from, password: 'not the password' }), 'service-unavailable')
})
