import { ConformanceFailure, test, Untestable } from '../../harness/conformance.ts'
import { isFault } from '../../harness/cwmp/cwmp.ts'
import { type Bench, expectTold, watchBoolean, watchNumber } from './watching.ts'

/** DefaultActiveNotificationThrottle: so many seconds after a session no other one is opened for active notification alone. */

test('NTF-THROTTLE-001 waits with an active change until the throttle lets it', {
  meta: { id: 'NTF-THROTTLE-001' },
}, async ({ cpe, dut, restore, signal }) => {
  const { path, other } = await watchBoolean({ cpe, restore, signal }, 2)
  const seconds = 3
  const endedMs = await throttle({ cpe, restore, signal }, seconds)

  await dut.setLocally(path, other, signal)

  const next = await cpe.nextSession({ signal })
  const waitedSeconds = ((next.informExchange.atMs - endedMs) * cpe.profile.pixit.clockRate) / 1000
  // The device counts from when it has seen the end of the session, the bench from when it has seen the last message.
  if (waitedSeconds < seconds - 0.5)
    throw new ConformanceFailure(
      `no session within ${seconds} s of the last one`,
      `one after ${waitedSeconds.toFixed(2)} s`,
    )
  expectTold(next, path, other)
})

test('NTF-THROTTLE-002 tells all changes that the throttle held back in one session', {
  meta: { id: 'NTF-THROTTLE-002' },
}, async ({ cpe, dut, restore, signal }) => {
  const bench = { cpe, restore, signal }
  const boolean = await watchBoolean(bench, 2)
  const number = await watchNumber(bench, 2)
  await throttle(bench, 2)

  await dut.setLocally(boolean.path, boolean.other, signal)
  await dut.setLocally(number.path, number.other, signal)

  const next = await cpe.nextSessionWith('4 VALUE CHANGE', { signal })
  expectTold(next, boolean.path, boolean.other)
  expectTold(next, number.path, number.other)
})

test('NTF-THROTTLE-003 opens a session for a connection request whatever the throttle says, and tells the change in it', {
  meta: { id: 'NTF-THROTTLE-003' },
}, async ({ cpe, dut, restore, signal }) => {
  const { path, other } = await watchBoolean({ cpe, restore, signal }, 2)
  await throttle({ cpe, restore, signal }, 3600)
  await dut.setLocally(path, other, signal)

  const next = await cpe.openSession(signal)

  expectTold(next, path, other)
})

test('NTF-THROTTLE-004 notifies at once when the throttle is 0', {
  meta: { id: 'NTF-THROTTLE-004' },
}, async ({ cpe, dut, restore, signal }) => {
  const { path, other } = await watchBoolean({ cpe, restore, signal }, 2)
  await throttle({ cpe, restore, signal }, 3600)
  await throttle({ cpe, restore, signal }, 0)

  await dut.setLocally(path, other, signal)

  await cpe.nextSessionWith('4 VALUE CHANGE', { signal })
})

/** Sets the throttle in a session of its own and returns when that ended, as the ACS counts time; put back after the case. */
async function throttle({ cpe, restore, signal }: Bench, seconds: number): Promise<number> {
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
  await session.end()
  return session.exchanges.at(-1)?.atMs ?? 0
}
