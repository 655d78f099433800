import { test, Untestable } from '../../harness/conformance.ts'
import { isFault } from '../../harness/cwmp/cwmp.ts'
import { changeToldIn, tellsChangesAlone, tellsChangeTo } from '../../harness/testbed/untold.ts'
import { whereInForce } from '../rpc/values.ts'
import { expectHeldBack, type Hold, heldBackMs, isWithin, secondsToHold } from './held-back.ts'
import { type Bench, expectToldWhenCalled, sessionTelling, watchBoolean, watchNumber } from './watching.ts'

/** DefaultActiveNotificationThrottle: so many seconds after a session no other one is opened for active notification alone. */

test('NTF-THROTTLE-001 waits with an active change until the throttle lets it', {
  meta: { id: 'NTF-THROTTLE-001' },
}, async ({ cpe, dut, restore, signal }) => {
  const bench = { cpe, restore, signal }
  const { path, before, other } = await watchBoolean(bench, 2)
  const seconds = await secondsToHold(cpe, 3, 1, () => dut.setLocally(path, before, signal))
  const hold = await throttle(bench, seconds)

  await dut.setLocally(path, other, signal)

  const madeMs = cpe.transcript.now()
  const timeoutMs = heldBackMs(cpe, hold)
  const next = await sessionTelling(bench, [{ path, value: other }], { timeoutMs })
  expectHeldBack(cpe, next, hold, { madeMs, isForIt: tellsChangesAlone(next.inform) })
})

test('NTF-THROTTLE-002 tells all changes that the throttle held back in one session', {
  meta: { id: 'NTF-THROTTLE-002' },
}, async ({ cpe, dut, restore, signal }) => {
  const bench = { cpe, restore, signal }
  const boolean = await watchBoolean(bench, 2)
  const number = await watchNumber(bench, 2)
  const changes = [boolean, number].map(({ path, other }) => ({ path, value: other }))
  const seconds = await secondsToHold(cpe, 2, changes.length, () =>
    dut.setLocally(boolean.path, boolean.before, signal),
  )
  const hold = await throttle(bench, seconds)

  for (const { path, value } of changes) await dut.setLocally(path, value, signal)

  const madeMs = cpe.transcript.now()
  const next = await sessionTelling(bench, changes, { timeoutMs: heldBackMs(cpe, hold) })
  if (changes.every((change) => tellsChangeTo(change, next.inform))) return
  if (!isWithin(cpe, hold, madeMs))
    throw new Untestable(`the adapter needs more than ${seconds} s for two changes`)
  if (!tellsChangesAlone(next.inform))
    throw new Untestable(`a session with ${next.eventCodes.join(', ')} came between the changes`)
  for (const change of changes) changeToldIn([next.inform], change)
})

test('NTF-THROTTLE-003 opens a session for a connection request whatever the throttle says, and tells the change in it', {
  meta: { id: 'NTF-THROTTLE-003' },
}, async ({ cpe, dut, restore, signal }) => {
  const bench = { cpe, restore, signal }
  const { path, other } = await watchBoolean(bench, 2)
  await throttle(bench, 3600)
  const change = { path, value: other }
  const mark = cpe.messages.mark()
  await dut.setLocally(path, other, signal)

  if (!(await isCalled(bench))) {
    await expectToldWhenCalled(bench, mark, change)
    return
  }

  const told = cpe.messages.informsSince(mark).some((inform) => tellsChangeTo(change, inform))
  if (!told) await sessionTelling(bench, [change])
})

test('NTF-THROTTLE-004 notifies at once when the throttle is 0', {
  meta: { id: 'NTF-THROTTLE-004' },
}, async ({ cpe, dut, restore, signal }) => {
  const { path, other } = await watchBoolean({ cpe, restore, signal }, 2)
  await throttle({ cpe, restore, signal }, 3600)
  await throttle({ cpe, restore, signal }, 0)

  await dut.setLocally(path, other, signal)

  await sessionTelling({ cpe, signal }, [{ path, value: other }])
})

/** Whether the device grants a connection request; one that does not is brought to call by other means. */
async function isCalled({ cpe, signal }: Bench): Promise<boolean> {
  if (!cpe.profile.ics.HttpConnectionRequest) return false
  const { status } = await cpe.askPatiently(() => cpe.requestConnection(signal), signal)
  return status === 200 || status === 204
}

/** Sets the throttle in a session of its own, which ends then; put back after the case. */
async function throttle({ cpe, restore, signal }: Bench, seconds: number): Promise<Hold> {
  const path = `${cpe.profile.cwmp.root}ManagementServer.DefaultActiveNotificationThrottle`
  const session = await cpe.openSession(signal)
  const read = await session.call('GetParameterValues', { ParameterNames: [path] })
  if (isFault(read)) throw new Untestable('the device has no DefaultActiveNotificationThrottle')
  restore(async () => {
    const later = await cpe.openSession()
    await later.call('SetParameterValues', { ParameterList: read.ParameterList, ParameterKey: '' })
    await later.end()
  })
  const ParameterList = [{ Name: path, Value: String(seconds), type: 'xsd:unsignedInt' }]
  const answer = await session.call('SetParameterValues', { ParameterList, ParameterKey: 'throttle' })
  if (isFault(answer)) throw new Untestable('DefaultActiveNotificationThrottle cannot be set')
  const last = await whereInForce({ cpe, session }, answer)
  await last.end()
  return { sinceMs: last.exchanges.at(-1)?.atMs ?? 0, seconds }
}
