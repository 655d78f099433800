import type { AcsSession, InformAnswer } from '../../harness/acs/acs.ts'
import { DeviceSilent, expect, granted, test } from '../../harness/conformance.ts'
import type { RequestOf } from '../../harness/cwmp/cwmp.ts'
import { setPeriod } from '../../harness/testbed/periodic-informs.ts'
import { quickRetries } from '../../harness/testbed/session-retries.ts'
import type { TestBed } from '../../harness/testbed/testbed.ts'
import { type Setting, setPolicy } from './standby-policy.ts'

/** 13 WAKEUP after a standby, as ManagementServer.StandbyPolicy wants it (TR-069 Annex L). */

const UNAWARE: Setting = ['CRUnawarenessMaxDuration', '1', 'xsd:int']
const PERIODIC: Setting = ['MaxMissedPeriodic', '1', 'xsd:int']
const SCHEDULED: Setting = ['NotifyMissedScheduled', '1', 'xsd:boolean']

const tellsWakeUp = ({ Event }: RequestOf<'Inform'>) =>
  Event.some(({ EventCode }) => EventCode === '13 WAKEUP')

test('EVT-WAKEUP-001 tells 13 WAKEUP when it could not be called for longer than the ACS wants', {
  meta: { id: 'EVT-WAKEUP-001' },
}, async ({ cpe, session, restore, signal }) => {
  await setPolicy({ cpe, session, restore }, UNAWARE)
  await session.end()

  await cpe.dut.standby(2, signal)

  expect((await wakes(cpe)).inform).toCarryEvents('13 WAKEUP')
})

test('EVT-WAKEUP-002 tells 13 WAKEUP when it has missed more periodic sessions than the ACS wants', {
  meta: { id: 'EVT-WAKEUP-002' },
}, async ({ cpe, session, restore, signal }) => {
  await setPolicy({ cpe, session, restore }, PERIODIC)
  restore(() => cpe.enrol())
  await setPeriod(cpe, session, { enable: true, interval: 1 })
  await session.end()

  await cpe.dut.standby(4, signal)

  expect((await wakes(cpe)).inform).toCarryEvents('13 WAKEUP')
})

test('EVT-WAKEUP-003 tells 13 WAKEUP when it has missed a scheduled session and the ACS wants to know', {
  meta: { id: 'EVT-WAKEUP-003' },
}, async ({ atClockRate, signal }) => {
  const { cpe, restore } = await atClockRate(10)
  const session = await cpe.openSession(signal)
  await setPolicy({ cpe, session, restore }, SCHEDULED)
  // Time enough for the adapter to send the device to sleep before.
  granted(await session.call('ScheduleInform', { DelaySeconds: 20, CommandKey: 'missed' }))
  await session.end()

  await cpe.dut.standby(30, signal)

  expect((await wakes(cpe, {}, 30)).inform).toCarryEvents('13 WAKEUP')
})

test('EVT-WAKEUP-004 tells 13 WAKEUP again whose Inform was not answered', {
  meta: { id: 'EVT-WAKEUP-004' },
}, async ({ cpe, session, restore, signal }) => {
  await setPolicy({ cpe, session, restore }, UNAWARE)
  await session.end()
  await quickRetries(cpe, restore, signal)
  await cpe.dut.standby(2, signal)

  await wakes(cpe, { status: 500 })

  expect((await cpe.nextSession({ signal })).inform).toCarryEvents('13 WAKEUP')
})

test('EVT-WAKEUP-005 never tells 13 WAKEUP when the ACS wants none', {
  meta: { id: 'EVT-WAKEUP-005' },
}, async ({ acs, cpe, session, restore, signal }) => {
  const none: Setting[] = [
    ['CRUnawarenessMaxDuration', '-1', 'xsd:int'],
    ['MaxMissedPeriodic', '-1', 'xsd:int'],
    ['NotifyMissedScheduled', '0', 'xsd:boolean'],
  ]
  await setPolicy({ cpe, session, restore }, ...none)
  restore(() => cpe.enrol())
  await setPeriod(cpe, session, { enable: true, interval: 1 })
  await session.end()

  await cpe.dut.standby(2, signal)

  const wakeUp = acs.nextSession({ where: tellsWakeUp, timeoutMs: 4000 / cpe.profile.pixit.clockRate + 500 })
  await expect(wakeUp, 'a session with 13 WAKEUP').rejects.toBeInstanceOf(DeviceSilent)
})

/** The session in which a device that slept so many seconds of its clock at most tells that it is awake. */
function wakes(cpe: TestBed, inform: InformAnswer = {}, seconds = 4): Promise<AcsSession> {
  const { clockRate, timing } = cpe.profile.pixit
  const timeoutMs = (seconds * 1000) / clockRate + timing.informSeconds * 1000
  return cpe.nextSession({ where: tellsWakeUp, timeoutMs, inform })
}
