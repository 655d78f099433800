import { ConformanceFailure, expect, granted, refused, test, Untestable } from '../../harness/conformance.ts'
import { isFault } from '../../harness/cwmp/cwmp.ts'
import {
  accessList,
  attributesBelow,
  attributesOf,
  keepAttributes,
  notification,
  notificationOf,
  setAttributes,
} from './attributes.ts'
import { someOf } from './parameter-names.ts'
import { powerCycle, reboot } from './restart.ts'
import { valueAt } from './values.ts'

// PeriodicInformInterval is in every Baseline profile, and no data model restricts its notification.

test('RPC-SPA-001 sets passive notification', {
  meta: { id: 'RPC-SPA-001' },
}, async ({ cpe, session, restore, root }) => {
  const path = `${root}ManagementServer.PeriodicInformInterval`
  await keepAttributes({ cpe, session, restore }, path)

  granted(await setAttributes(session, notification(path, 1)))

  expect(await notificationOf(session, path), 'Notification').toBe(1)
})

test('RPC-SPA-002 sets active notification', {
  meta: { id: 'RPC-SPA-002' },
}, async ({ cpe, session, restore, root }) => {
  const path = `${root}ManagementServer.PeriodicInformInterval`
  await keepAttributes({ cpe, session, restore }, path)

  granted(await setAttributes(session, notification(path, 2)))

  expect(await notificationOf(session, path), 'Notification').toBe(2)
})

test('RPC-SPA-003 switches notification off', {
  meta: { id: 'RPC-SPA-003' },
}, async ({ cpe, session, restore, root }) => {
  const path = `${root}ManagementServer.PeriodicInformInterval`
  await keepAttributes({ cpe, session, restore }, path)
  granted(await setAttributes(session, notification(path, 2)))

  granted(await setAttributes(session, notification(path, 0)))

  expect(await notificationOf(session, path), 'Notification').toBe(0)
})

test('RPC-SPA-004 sets the attributes of several parameters in one request', {
  meta: { id: 'RPC-SPA-004' },
}, async ({ cpe, session, restore, root }) => {
  const interval = `${root}ManagementServer.PeriodicInformInterval`
  const enable = `${root}ManagementServer.PeriodicInformEnable`
  const username = `${root}ManagementServer.ConnectionRequestUsername`
  for (const path of [interval, enable, username]) await keepAttributes({ cpe, session, restore }, path)
  granted(await setAttributes(session, notification(username, 1)))

  granted(
    await setAttributes(
      session,
      notification(interval, 1),
      notification(enable, 2),
      notification(username, 0),
    ),
  )

  const now = [
    await notificationOf(session, interval),
    await notificationOf(session, enable),
    await notificationOf(session, username),
  ]
  expect(now, 'Notification').toEqual([1, 2, 0])
})

test('RPC-SPA-005 applies a partial path to every parameter below it', {
  meta: { id: 'RPC-SPA-005' },
}, async ({ cpe, session, restore, pixit }) => {
  const { path } = pixit.parameters.object
  const before = await keepAttributes({ cpe, session, restore }, path)
  const wasActive = new Set(before.filter(({ Notification }) => Notification === 2).map(({ Name }) => Name))

  granted(await setAttributes(session, notification(path, 1)))

  // What was active may be so for ever (forced); everything else has to follow.
  const others = (await attributesBelow(session, path)).filter(
    ({ Name, Notification }) => Notification !== 1 && !(Notification === 2 && wasActive.has(Name)),
  )
  if (others.length > 0)
    throw new ConformanceFailure(
      `Notification 1 of every parameter below ${path}`,
      someOf(others.map(({ Name, Notification }) => `${Name}: ${Notification}`)),
    )
})

test('RPC-SPA-006 leaves the notification as it is when NotificationChange is false', {
  meta: { id: 'RPC-SPA-006' },
}, async ({ cpe, session, restore, root }) => {
  const path = `${root}ManagementServer.PeriodicInformInterval`
  await keepAttributes({ cpe, session, restore }, path)
  granted(await setAttributes(session, notification(path, 1)))

  granted(await setAttributes(session, { ...notification(path, 2), NotificationChange: false }))

  expect(await notificationOf(session, path), 'Notification').toBe(1)
})

test('RPC-SPA-007 stores the access list', {
  meta: { id: 'RPC-SPA-007' },
}, async ({ cpe, session, restore, root }) => {
  const path = `${root}ManagementServer.PeriodicInformInterval`
  await keepAttributes({ cpe, session, restore }, path)
  granted(await setAttributes(session, accessList(path, [])))

  granted(await setAttributes(session, accessList(path, ['Subscriber'])))

  expect((await attributesOf(session, path)).AccessList).toEqual(['Subscriber'])
})

test('RPC-SPA-008 stores an empty access list', {
  meta: { id: 'RPC-SPA-008' },
}, async ({ cpe, session, restore, root }) => {
  const path = `${root}ManagementServer.PeriodicInformInterval`
  await keepAttributes({ cpe, session, restore }, path)
  granted(await setAttributes(session, accessList(path, ['Subscriber'])))

  granted(await setAttributes(session, accessList(path, [])))

  expect((await attributesOf(session, path)).AccessList).toEqual([])
})

test('RPC-SPA-009 leaves the access list as it is when AccessListChange is false', {
  meta: { id: 'RPC-SPA-009' },
}, async ({ cpe, session, restore, root }) => {
  const path = `${root}ManagementServer.PeriodicInformInterval`
  await keepAttributes({ cpe, session, restore }, path)
  granted(await setAttributes(session, accessList(path, ['Subscriber'])))

  granted(await setAttributes(session, notification(path, 1)))

  expect(await attributesOf(session, path)).toEqual({
    Name: path,
    Notification: 1,
    AccessList: ['Subscriber'],
  })
})

test('RPC-SPA-010 grants passive notification of a parameter that may deny the active one', {
  meta: { id: 'RPC-SPA-010' },
}, async ({ cpe, session, restore, pixit }) => {
  if (!pixit.parameters.canDeny) throw new Untestable('the profile names no parameter that may be denied')
  const { path } = pixit.parameters.canDeny
  await keepAttributes({ cpe, session, restore }, path)

  granted(await setAttributes(session, notification(path, 1)))

  expect(await notificationOf(session, path), 'Notification').toBe(1)
})

test('RPC-SPA-011 grants active notification or denies it with 9009 where the data model lets it', {
  meta: { id: 'RPC-SPA-011' },
}, async ({ cpe, session, restore, pixit }) => {
  if (!pixit.parameters.canDeny) throw new Untestable('the profile names no parameter that may be denied')
  const { path } = pixit.parameters.canDeny
  await keepAttributes({ cpe, session, restore }, path)
  granted(await setAttributes(session, notification(path, 0)))

  const answer = await setAttributes(session, notification(path, 2))

  if (isFault(answer)) refused(answer, 9009)
  expect(await notificationOf(session, path), 'Notification').toBe(isFault(answer) ? 0 : 2)
})

test('RPC-SPA-012 keeps forced active notification whatever it is asked', {
  meta: { id: 'RPC-SPA-012' },
}, async ({ cpe, session, restore, pixit }) => {
  const { path } = pixit.parameters.forcedActive
  await keepAttributes({ cpe, session, restore }, path)

  // The attempt may be ignored or rejected.
  const answer = await setAttributes(session, notification(path, 0))

  if (isFault(answer)) refused(answer, 9009)
  expect(await notificationOf(session, path), 'Notification').toBe(2)
})

test('RPC-SPA-013 keeps attributes over a reboot', {
  meta: { id: 'RPC-SPA-013' },
}, async ({ cpe, session, restore, root }) => {
  const path = `${root}ManagementServer.PeriodicInformInterval`
  const [before] = await keepAttributes({ cpe, session, restore }, path)
  const wanted = before?.Notification === 1 ? 2 : 1
  granted(await setAttributes(session, notification(path, wanted)))

  const later = await reboot(cpe, session)

  expect(await notificationOf(later, path), 'Notification').toBe(wanted)
})

test('RPC-SPA-014 keeps attributes over a power cycle', {
  meta: { id: 'RPC-SPA-014' },
}, async ({ cpe, session, restore, root }) => {
  const path = `${root}ManagementServer.PeriodicInformInterval`
  const [before] = await keepAttributes({ cpe, session, restore }, path)
  const wanted = before?.Notification === 1 ? 2 : 1
  granted(await setAttributes(session, notification(path, wanted)))

  const later = await powerCycle(cpe, session)

  expect(await notificationOf(later, path), 'Notification').toBe(wanted)
})

test('RPC-SPA-015 leaves ParameterKey as it is', {
  meta: { id: 'RPC-SPA-015' },
}, async ({ cpe, session, restore, root }) => {
  const path = `${root}ManagementServer.PeriodicInformInterval`
  await keepAttributes({ cpe, session, restore }, path)
  const before = await valueAt(session, `${root}ManagementServer.ParameterKey`)

  granted(await setAttributes(session, notification(path, 1)))

  expect(await valueAt(session, `${root}ManagementServer.ParameterKey`), 'ParameterKey').toBe(before)
})
