import { granted, test } from '../../harness/conformance.ts'
import { nextRetry, quickRetries } from '../../harness/testbed/session-retries.ts'
import { reboot } from '../rpc/restart.ts'
import {
  expectTold,
  noChangeTold,
  noSessionOpenedFor,
  notificationOf,
  putBackLocally,
  sessionTelling,
  valueAt,
  watchBoolean,
  watchNumber,
} from './watching.ts'

test('NTF-ACTIVE-001 tells several changes in one session', {
  meta: { id: 'NTF-ACTIVE-001' },
}, async ({ cpe, dut, restore, signal }) => {
  const bench = { cpe, restore, signal }
  const boolean = await watchBoolean(bench, 2)
  const number = await watchNumber(bench, 2)
  // During a session, so that both wait for the next one.
  const running = await cpe.openSession(signal)
  await dut.setLocally(boolean.path, boolean.other, signal)
  await dut.setLocally(number.path, number.other, signal)
  await running.end()

  const next = await sessionTelling(bench, [
    { path: boolean.path, value: boolean.other },
    { path: number.path, value: number.other },
  ])

  expectTold(next, boolean.path, boolean.other)
  expectTold(next, number.path, number.other)
})

test('NTF-ACTIVE-002 tells the value of now when a parameter has changed twice', {
  meta: { id: 'NTF-ACTIVE-002' },
}, async ({ cpe, dut, restore, signal }) => {
  const { path, other, third } = await watchNumber({ cpe, restore, signal }, 2)
  const running = await cpe.openSession(signal)
  await dut.setLocally(path, third, signal)
  await dut.setLocally(path, other, signal)
  await running.end()

  await sessionTelling({ cpe, signal }, [{ path, value: other }])
})

test('NTF-ACTIVE-003 tells a change although the old value came back before the Inform', {
  meta: { id: 'NTF-ACTIVE-003' },
}, async ({ cpe, dut, restore, signal }) => {
  const { path, other, before } = await watchBoolean({ cpe, restore, signal }, 2)
  const running = await cpe.openSession(signal)
  await dut.setLocally(path, other, signal)
  await dut.setLocally(path, before, signal)
  await running.end()

  await sessionTelling({ cpe, signal }, [{ path, value: before }])
})

test('NTF-ACTIVE-004 tells a change that happened during a session that failed', {
  meta: { id: 'NTF-ACTIVE-004' },
}, async ({ cpe, dut, restore, signal }) => {
  await quickRetries(cpe, restore, signal)
  const { path, other } = await watchBoolean({ cpe, restore, signal }, 2)
  const running = await cpe.openSession(signal)
  await dut.setLocally(path, other, signal)
  await running.end({ status: 500 })

  await sessionTelling({ cpe, signal }, [{ path, value: other }])
})

test('NTF-ACTIVE-005 tells in its retry the value of now', {
  meta: { id: 'NTF-ACTIVE-005' },
}, async ({ cpe, dut, restore, signal }) => {
  const waits = await quickRetries(cpe, restore, signal)
  const { path, before, other, third } = await watchNumber({ cpe, restore, signal }, 2)
  const [first, last] = third === before ? [other, third] : [third, other]
  await dut.setLocally(path, first, signal)
  const spoiled = await sessionTelling({ cpe, signal }, [{ path, value: first }], { inform: 'later' })
  await dut.setLocally(path, last, signal)
  spoiled.answerInform({ status: 500 })

  const retry = await nextRetry(cpe, waits, 1)

  expectTold(retry, path, last)
})

test('NTF-ACTIVE-006 opens one session for one change', {
  meta: { id: 'NTF-ACTIVE-006' },
}, async ({ cpe, dut, restore, signal }) => {
  const watched = await watchBoolean({ cpe, restore, signal }, 2)
  await dut.setLocally(watched.path, watched.other, signal)
  const session = await sessionTelling({ cpe, signal }, [{ path: watched.path, value: watched.other }])
  const mark = cpe.messages.mark()

  await session.end()

  await noChangeTold({ cpe, signal }, mark, watched)
})

test('NTF-ACTIVE-007 opens another session for the next change', {
  meta: { id: 'NTF-ACTIVE-007' },
}, async ({ cpe, dut, restore, signal }) => {
  const { path, other, before } = await watchBoolean({ cpe, restore, signal }, 2)
  await dut.setLocally(path, other, signal)
  const first = await sessionTelling({ cpe, signal }, [{ path, value: other }])
  await first.end()

  await dut.setLocally(path, before, signal)

  await sessionTelling({ cpe, signal }, [{ path, value: before }])
})

test('NTF-ACTIVE-008 notifies after a reboot as before', {
  meta: { id: 'NTF-ACTIVE-008' },
}, async ({ cpe, dut, restore, signal }) => {
  const { path, other } = await watchBoolean({ cpe, restore, signal }, 2)
  const session = await cpe.openSession(signal)
  await (await reboot(cpe, session, 'notification')).end()

  await dut.setLocally(path, other, signal)

  await sessionTelling({ cpe, signal }, [{ path, value: other }])
})

test('NTF-ACTIVE-009 opens no session for a change once its notification was made passive', {
  meta: { id: 'NTF-ACTIVE-009' },
}, async ({ cpe, dut, restore, signal }) => {
  const watched = await watchBoolean({ cpe, restore, signal }, 2)
  const session = await cpe.openSession(signal)
  const ParameterList = [notificationOf(watched.path, 1)]
  granted(await session.call('SetParameterAttributes', { ParameterList }))
  await session.end()
  const mark = cpe.messages.mark()

  await dut.setLocally(watched.path, watched.other, signal)

  await noSessionOpenedFor({ cpe, signal }, mark, watched)
})

test('NTF-FORCED-001 opens a session when a parameter with forced notification changes', {
  meta: { id: 'NTF-FORCED-001' },
}, async ({ cpe, dut, pixit, restore, signal }) => {
  const { path } = pixit.parameters.forcedActive
  const before = await valueAt({ cpe, signal }, path)
  restore(() => putBackLocally({ cpe }, path, before))

  await dut.setLocally(path, `${before}.1`, signal)

  await sessionTelling({ cpe, signal }, [{ path, value: `${before}.1` }])
})

test('NTF-FORCED-002 goes on notifying of a forced parameter after an attempt to switch that off', {
  meta: { id: 'NTF-FORCED-002' },
}, async ({ cpe, dut, pixit, restore, signal }) => {
  const { path } = pixit.parameters.forcedActive
  const before = await valueAt({ cpe, signal }, path)
  const session = await cpe.openSession(signal)
  // Ignored or refused with 9009: a case of SetParameterAttributes judges that.
  await session.call('SetParameterAttributes', { ParameterList: [notificationOf(path, 0)] })
  await session.end()
  restore(() => putBackLocally({ cpe }, path, before))

  await dut.setLocally(path, `${before}.2`, signal)

  await sessionTelling({ cpe, signal }, [{ path, value: `${before}.2` }])
})
