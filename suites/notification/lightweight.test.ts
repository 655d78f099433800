import { ConformanceFailure, expect, granted, test } from '../../harness/conformance.ts'
import { headerOf, isSigned, lightweightIssues } from '../../harness/net/net.ts'
import { noChangeToldIn, quietMs } from '../../harness/testbed/untold.ts'
import { anyWithin, receiveLightweight, told } from './lightweight.ts'
import {
  expectToldWhenCalled,
  freshSession,
  isTrue,
  noChangeTold,
  watchBoolean,
  watchNumber,
} from './watching.ts'

/** Lightweight notifications by UDP (Annex M), which the notification values 3 to 6 ask for. */

test('LWN-001 sends a lightweight notification of an active lightweight change', {
  meta: { id: 'LWN-001' },
}, async ({ cpe, dut, restore, signal }) => {
  const bench = { cpe, restore, signal }
  const receiver = await receiveLightweight(bench)
  const { path, other } = await watchBoolean(bench, 5)

  await dut.setLocally(path, other, signal)

  const { parameters } = await told(bench, receiver, path)
  expect(isTrue(parameters.get(path)?.value ?? ''), `value of ${path}`).toBe(isTrue(other))
})

test('LWN-002 sends a body that the schema of lightweight notifications allows', {
  meta: { id: 'LWN-002' },
}, async ({ cpe, dut, restore, signal }) => {
  const bench = { cpe, restore, signal }
  const receiver = await receiveLightweight(bench)
  const { path, other } = await watchBoolean(bench, 5)
  await dut.setLocally(path, other, signal)

  const issues = await lightweightIssues(await told(bench, receiver, path))

  if (issues.length > 0) throw new ConformanceFailure('a valid body', issues.join('; '))
})

test('LWN-003 signs its lightweight notifications with the password that it shows to the ACS', {
  meta: { id: 'LWN-003' },
}, async ({ cpe, dut, pixit, restore, signal }) => {
  const bench = { cpe, restore, signal }
  const receiver = await receiveLightweight(bench)
  const { path, other } = await watchBoolean(bench, 5)
  await dut.setLocally(path, other, signal)

  const notification = await told(bench, receiver, path)

  if (!isSigned(notification, pixit.credentials.acsPassword))
    throw new ConformanceFailure(
      'a header Signature with the HMAC-SHA1 of the body',
      headerOf(notification, 'Signature') ?? 'no such header',
    )
})

test('LWN-004 names itself in a lightweight notification as in its Inform', {
  meta: { id: 'LWN-004' },
}, async ({ cpe, dut, pixit, restore, signal }) => {
  const bench = { cpe, restore, signal }
  const receiver = await receiveLightweight(bench)
  const { path, other } = await watchBoolean(bench, 5)
  const session = await cpe.openSession(signal)
  const { OUI, ProductClass, SerialNumber } = session.inform.DeviceId
  await session.end()
  await dut.setLocally(path, other, signal)

  const { oui, productClass, serialNumber, username } = await told(bench, receiver, path)

  expect({ oui, productClass, serialNumber }, 'who notifies').toEqual({
    oui: OUI,
    productClass: ProductClass,
    serialNumber: SerialNumber,
  })
  expect(username, 'UN').toBe(pixit.credentials.acsUsername)
})

test('LWN-005 opens no session for an active lightweight change', {
  meta: { id: 'LWN-005' },
}, async ({ cpe, dut, restore, signal }) => {
  const bench = { cpe, restore, signal }
  await receiveLightweight(bench)
  const watched = await watchBoolean(bench, 5)
  const mark = cpe.messages.mark()

  await dut.setLocally(watched.path, watched.other, signal)

  await noChangeTold(bench, mark, watched)
})

test('LWN-006 does not tell an active lightweight change in its next Inform', {
  meta: { id: 'LWN-006' },
}, async ({ cpe, dut, restore, signal }) => {
  const bench = { cpe, restore, signal }
  const receiver = await receiveLightweight(bench)
  const watched = await watchBoolean(bench, 5)
  const mark = cpe.messages.mark()
  await dut.setLocally(watched.path, watched.other, signal)
  await told(bench, receiver, watched.path)

  await freshSession(bench)

  noChangeToldIn(cpe.messages.informsSince(mark), watched)
})

test('LWN-007 tells a change with value 6 by lightweight notification and in its next Inform', {
  meta: { id: 'LWN-007' },
}, async ({ cpe, dut, restore, signal }) => {
  const bench = { cpe, restore, signal }
  const receiver = await receiveLightweight(bench)
  const { path, other } = await watchBoolean(bench, 6)
  const mark = cpe.messages.mark()

  await dut.setLocally(path, other, signal)

  await told(bench, receiver, path)
  await expectToldWhenCalled(bench, mark, { path, value: other })
})

test('LWN-008 sends nothing of a passive lightweight change by itself', {
  meta: { id: 'LWN-008' },
}, async ({ cpe, dut, restore, signal }) => {
  const bench = { cpe, restore, signal }
  const receiver = await receiveLightweight(bench)
  const { path, other } = await watchBoolean(bench, 3)

  await dut.setLocally(path, other, signal)

  expect(await anyWithin(receiver, quietMs(cpe.profile)), 'lightweight notification').toBeUndefined()
})

test('LWN-009 tells a passive lightweight change with the next active one', {
  meta: { id: 'LWN-009' },
}, async ({ cpe, dut, restore, signal }) => {
  const bench = { cpe, restore, signal }
  const receiver = await receiveLightweight(bench)
  const passive = await watchNumber(bench, 3)
  const active = await watchBoolean(bench, 5)
  await dut.setLocally(passive.path, passive.other, signal)

  await dut.setLocally(active.path, active.other, signal)

  const { parameters } = await told(bench, receiver, passive.path)
  expect(parameters.get(passive.path)?.value, `value of ${passive.path}`).toBe(passive.other)
})

test('LWN-010 does not tell a passive lightweight change in its next Inform', {
  meta: { id: 'LWN-010' },
}, async ({ cpe, dut, restore, signal }) => {
  const bench = { cpe, restore, signal }
  await receiveLightweight(bench)
  const watched = await watchBoolean(bench, 3)
  const mark = cpe.messages.mark()
  await dut.setLocally(watched.path, watched.other, signal)

  await freshSession(bench)

  noChangeToldIn(cpe.messages.informsSince(mark), watched)
})

test('LWN-011 tells a change with value 4 in its next Inform', {
  meta: { id: 'LWN-011' },
}, async ({ cpe, dut, restore, signal }) => {
  const bench = { cpe, restore, signal }
  await receiveLightweight(bench)
  const { path, other } = await watchBoolean(bench, 4)
  const mark = cpe.messages.mark()

  await dut.setLocally(path, other, signal)

  await expectToldWhenCalled(bench, mark, { path, value: other })
})

test('LWN-012 tells a passive lightweight change when the trigger interval is over', {
  meta: { id: 'LWN-012' },
}, async ({ cpe, dut, restore, signal }) => {
  const bench = { cpe, restore, signal }
  const receiver = await receiveLightweight(bench, {
    more: { LightweightNotificationTriggerInterval: ['2', 'xsd:unsignedInt'] },
  })
  const { path, other } = await watchBoolean(bench, 3)

  await dut.setLocally(path, other, signal)

  const { parameters } = await told(bench, receiver, path)
  expect(isTrue(parameters.get(path)?.value ?? ''), `value of ${path}`).toBe(isTrue(other))
})

test('LWN-013 sends nothing while no protocol is to be used', {
  meta: { id: 'LWN-013' },
}, async ({ cpe, dut, restore, signal }) => {
  const bench = { cpe, restore, signal }
  const receiver = await receiveLightweight(bench, {
    more: { LightweightNotificationProtocolsUsed: ['', 'xsd:string'] },
  })
  const { path, other } = await watchBoolean(bench, 5)

  await dut.setLocally(path, other, signal)

  expect(await anyWithin(receiver, quietMs(cpe.profile)), 'lightweight notification').toBeUndefined()
})

test('LWN-014 sends to the host of the ACS when no other is named', {
  meta: { id: 'LWN-014' },
}, async ({ cpe, dut, restore, signal }) => {
  const bench = { cpe, restore, signal }
  const receiver = await receiveLightweight(bench, { host: '' })
  const { path, other } = await watchBoolean(bench, 5)

  await dut.setLocally(path, other, signal)

  expect((await told(bench, receiver, path)).parameters.has(path)).toBe(true)
})

test('LWN-015 sends nothing of a value that the ACS has set', {
  meta: { id: 'LWN-015' },
}, async ({ cpe, restore, signal }) => {
  const bench = { cpe, restore, signal }
  const receiver = await receiveLightweight(bench)
  const { path, other } = await watchBoolean(bench, 5)
  const session = await cpe.openSession(signal)
  const ParameterList = [{ Name: path, Value: other, type: 'xsd:boolean' }]

  granted(await session.call('SetParameterValues', { ParameterList, ParameterKey: 'lightweight' }))
  await session.end()

  expect(await anyWithin(receiver, quietMs(cpe.profile)), 'lightweight notification').toBeUndefined()
})

test('LWN-016 has another random string in each lightweight notification', {
  meta: { id: 'LWN-016' },
}, async ({ cpe, dut, restore, signal }) => {
  const bench = { cpe, restore, signal }
  const receiver = await receiveLightweight(bench)
  const { path, before, other } = await watchBoolean(bench, 5)
  await dut.setLocally(path, other, signal)
  const first = await told(bench, receiver, path)

  await dut.setLocally(path, before, signal)

  const second = await told(bench, receiver, path)
  if (second.nonce === first.nonce) throw new ConformanceFailure('another CN', `"${first.nonce}" again`)
})

test('LWN-017 frames its notification as a POST of text/xml with its length', {
  meta: { id: 'LWN-017' },
}, async ({ cpe, dut, restore, signal }) => {
  const bench = { cpe, restore, signal }
  const receiver = await receiveLightweight(bench)
  const { path, other } = await watchBoolean(bench, 5)
  await dut.setLocally(path, other, signal)

  const notification = await told(bench, receiver, path)

  expect(notification.requestLine, 'request line').toMatch(/^POST /)
  expect(headerOf(notification, 'Content-Type') ?? 'none', 'Content-Type').toMatch(/^text\/xml\b/)
  expect(headerOf(notification, 'Content-Length'), 'Content-Length').toBe(
    String(Buffer.byteLength(notification.body)),
  )
})

test('LWN-018 states the present time in TS', {
  meta: { id: 'LWN-018' },
}, async ({ cpe, dut, restore, signal }) => {
  const bench = { cpe, restore, signal }
  const receiver = await receiveLightweight(bench)
  const { path, other } = await watchBoolean(bench, 5)
  const session = await cpe.openSession(signal)
  const now = Date.parse(session.inform.CurrentTime) / 1000
  await session.end()
  await dut.setLocally(path, other, signal)

  const { timestamp } = await told(bench, receiver, path)

  const { clockRate, timing } = cpe.profile.pixit
  const off = Number(timestamp) - now
  if (!(off >= -1 && off <= timing.informSeconds * clockRate))
    throw new ConformanceFailure(`TS of about ${Math.round(now)}`, timestamp)
})
