import { expect, granted, refused, test, Untestable } from '../../harness/conformance.ts'
import { keepAttributes, notification, notificationOf, setAttributes } from './attributes.ts'
import { noSuchObject, noSuchParameter } from './parameter-names.ts'
import { refusedAnyhow } from './values.ts'

// PeriodicInformInterval is in every Baseline profile, and no data model restricts its notification.

test('RPC-SPA-020 refuses Notification 7 with 9003', {
  meta: { id: 'RPC-SPA-020' },
}, async ({ cpe, session, restore, root }) => {
  const path = `${root}ManagementServer.PeriodicInformInterval`
  await keepAttributes({ cpe, session, restore }, path)

  const answer = await setAttributes(session, notification(path, 7))

  refused(answer, 9003)
})

test('RPC-SPA-021 refuses Notification -1 with 9003', {
  meta: { id: 'RPC-SPA-021' },
}, async ({ cpe, session, restore, root }) => {
  const path = `${root}ManagementServer.PeriodicInformInterval`
  await keepAttributes({ cpe, session, restore }, path)

  const answer = await setAttributes(session, notification(path, -1))

  refused(answer, 9003)
})

test('RPC-SPA-022 changes no attribute when one Notification is out of range', {
  meta: { id: 'RPC-SPA-022' },
}, async ({ cpe, session, restore, root }) => {
  const path = `${root}ManagementServer.PeriodicInformInterval`
  const bad = `${root}ManagementServer.PeriodicInformEnable`
  await keepAttributes({ cpe, session, restore }, path)
  await keepAttributes({ cpe, session, restore }, bad)
  granted(await setAttributes(session, notification(path, 0)))

  refusedAnyhow(await setAttributes(session, notification(path, 1), notification(bad, 7)))

  expect(await notificationOf(session, path), 'Notification').toBe(0)
})

test('RPC-SPA-023 refuses an unknown parameter with 9005', {
  meta: { id: 'RPC-SPA-023' },
}, async ({ session, root }) => {
  const answer = await setAttributes(session, notification(noSuchParameter(`${root}DeviceInfo.`), 1))

  refused(answer, 9005)
})

test('RPC-SPA-024 refuses an unknown partial path with 9005', {
  meta: { id: 'RPC-SPA-024' },
}, async ({ session, root }) => {
  const answer = await setAttributes(session, notification(noSuchObject(root), 1))

  refused(answer, 9005)
})

test('RPC-SPA-025 changes no attribute when the last parameter is unknown', {
  meta: { id: 'RPC-SPA-025' },
}, async ({ cpe, session, restore, root }) => {
  const path = `${root}ManagementServer.PeriodicInformInterval`
  const unknown = noSuchParameter(`${root}DeviceInfo.`)
  await keepAttributes({ cpe, session, restore }, path)
  granted(await setAttributes(session, notification(path, 0)))

  refusedAnyhow(await setAttributes(session, notification(path, 1), notification(unknown, 1)))

  expect(await notificationOf(session, path), 'Notification').toBe(0)
})

test('RPC-SPA-026 changes no attribute when the first parameter is unknown', {
  meta: { id: 'RPC-SPA-026' },
}, async ({ cpe, session, restore, root }) => {
  const path = `${root}ManagementServer.PeriodicInformInterval`
  const unknown = noSuchParameter(`${root}DeviceInfo.`)
  await keepAttributes({ cpe, session, restore }, path)
  granted(await setAttributes(session, notification(path, 0)))

  refusedAnyhow(await setAttributes(session, notification(unknown, 1), notification(path, 1)))

  expect(await notificationOf(session, path), 'Notification').toBe(0)
})

test('RPC-SPA-027 denies active notification with 9009 where it claims to', {
  meta: { id: 'RPC-SPA-027' },
}, async ({ cpe, session, restore, pixit }) => {
  if (!pixit.parameters.canDeny) throw new Untestable('the profile names no parameter that may be denied')
  const { path } = pixit.parameters.canDeny
  await keepAttributes({ cpe, session, restore }, path)

  const answer = await setAttributes(session, notification(path, 2))

  refused(answer, 9009)
})

test('RPC-SPA-028 changes no attribute when it denies active notification', {
  meta: { id: 'RPC-SPA-028' },
}, async ({ cpe, session, restore, pixit, root }) => {
  if (!pixit.parameters.canDeny) throw new Untestable('the profile names no parameter that may be denied')
  const path = `${root}ManagementServer.PeriodicInformInterval`
  const denied = pixit.parameters.canDeny.path
  await keepAttributes({ cpe, session, restore }, path)
  await keepAttributes({ cpe, session, restore }, denied)
  granted(await setAttributes(session, notification(path, 0)))

  refusedAnyhow(await setAttributes(session, notification(path, 1), notification(denied, 2)))

  expect(await notificationOf(session, path), 'Notification').toBe(0)
})
