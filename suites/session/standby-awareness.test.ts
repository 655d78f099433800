import type { AcsSession } from '../../harness/acs/acs.ts'
import { ConformanceFailure, granted, test } from '../../harness/conformance.ts'
import { isFault } from '../../harness/cwmp/cwmp.ts'
import { HarnessError } from '../../harness/failure.ts'
import { periodic, setPeriod } from '../../harness/testbed/periodic-informs.ts'
import type { TestBed } from '../../harness/testbed/testbed.ts'
import { type Setting, setPolicy } from './standby-policy.ts'

/** What a device must not sleep through where ManagementServer.StandbyPolicy says so (TR-181; TR-069 Annex L). */

const asks = (name: string): Setting => [`${name}AwarenessRequested`, '1', 'xsd:boolean']

test('EVT-AWARE-001 takes connection requests in standby when the ACS wants it to', {
  meta: { id: 'EVT-AWARE-001' },
}, async ({ cpe, session, restore, signal, skip, task }) => {
  await setPolicy({ cpe, session, restore }, asks('CR'))
  if (!(await isCapable({ cpe, session }, 'NetworkAwarenessCapable'))) {
    task.meta.notApplicable = 'the device is not capable of a standby in which it hears connection requests'
    skip()
  }
  await session.end()
  await cpe.idle(signal)
  await fallAsleep({ cpe, restore, signal })
  const asleepMs = cpe.transcript.now()

  const { status, atMs } = await cpe.requestConnection(signal)

  const isLate = atMs > asleepMs + sleepSeconds(cpe) * 1000
  if ((status !== 200 && status !== 204) || isLate)
    throw new ConformanceFailure(
      'HTTP status 200 or 204 in standby',
      `HTTP status ${status}${isLate ? ' after it' : ''}`,
    )
  const called = await cpe.nextSessionWith('6 CONNECTION REQUEST', { signal })
  await called.end()
})

test('EVT-AWARE-002 opens periodic sessions in standby when the ACS wants it to', {
  meta: { id: 'EVT-AWARE-002' },
}, async ({ cpe, session, restore, signal, skip, task }) => {
  await setPolicy({ cpe, session, restore }, asks('Periodic'))
  if (!(await isCapable({ cpe, session }, 'SelfTimerCapable'))) {
    task.meta.notApplicable = 'the device is not capable of a standby in which its timers go on'
    skip()
  }
  restore(() => cpe.enrol())
  await setPeriod(cpe, session, { enable: true, interval: Math.ceil(2 * cpe.profile.pixit.clockRate) })
  await session.end()
  await fallAsleep({ cpe, restore, signal })
  // One that was due before it slept does not count.
  await (await periodic(cpe)).end()

  const asleep = await periodic(cpe, cpe.profile.pixit.timing.informSeconds * 1000)

  await asleep.end()
})

test('EVT-AWARE-003 opens a scheduled session in standby when the ACS wants it to', {
  meta: { id: 'EVT-AWARE-003' },
}, async ({ atClockRate, signal }) => {
  const { cpe, restore } = await atClockRate(10)
  const session = await cpe.openSession(signal)
  await setPolicy({ cpe, session, restore }, asks('Scheduled'))
  // Time enough for the adapter to send the device to sleep before.
  granted(await session.call('ScheduleInform', { DelaySeconds: 20, CommandKey: 'in standby' }))
  await session.end()
  await fallAsleep({ cpe, restore, signal }, 20)

  const { clockRate, timing } = cpe.profile.pixit
  const timeoutMs = 20_000 / clockRate + timing.informSeconds * 1000
  const asleep = await cpe.nextSessionWith('M ScheduleInform', { timeoutMs, signal })

  await asleep.end()
})

/** Whether a parameter of StandbyPolicy is there and reads true. */
async function isCapable(
  { cpe, session }: { readonly cpe: TestBed; readonly session: AcsSession },
  name: string,
): Promise<boolean> {
  const ParameterNames = [`${cpe.profile.cwmp.root}ManagementServer.StandbyPolicy.${name}`]
  const answer = await session.call('GetParameterValues', { ParameterNames })
  return !isFault(answer) && ['1', 'true'].includes(answer.ParameterList[0]?.Value ?? '')
}

/** So many seconds of the wall clock a standby lasts: longer than the device may take for a session that is due. */
function sleepSeconds({ profile }: TestBed): number {
  return profile.pixit.timing.informSeconds + 10
}

/** Sends the device to sleep, and has it woken after the case. It may as well stay awake where it must not sleep so soundly. */
async function fallAsleep(
  {
    cpe,
    restore,
    signal,
  }: {
    readonly cpe: TestBed
    readonly restore: (step: () => Promise<void>) => void
    readonly signal: AbortSignal
  },
  moreSeconds = 0,
): Promise<void> {
  restore(async () => {
    await (await cpe.provision()).end()
  })
  const seconds = Math.ceil(sleepSeconds(cpe) * cpe.profile.pixit.clockRate) + moreSeconds
  try {
    await cpe.dut.standby(seconds, signal)
  } catch (error) {
    if (!(error instanceof HarnessError)) throw error
    cpe.transcript.note(`the device did not fall asleep, as it may: ${error.message}`)
  }
}
