import type { AcsSession } from '../../harness/acs/acs.ts'
import { ConformanceFailure, DeviceSilent, expect, granted, test } from '../../harness/conformance.ts'
import { isFault } from '../../harness/cwmp/cwmp.ts'
import type { TestBed } from '../../harness/testbed/testbed.ts'
import { bootWaitMs, rebootByRpc } from './boot-time.ts'

/** ManagementServer.ScheduleReboot and DelayReboot: reboots that the ACS asks for by a value. */

const never = '0001-01-01T00:00:00Z'

/** So far ahead lies the moment that the device is told of: a slow one must not hear of it when it is over. */
const leadSeconds = 5

test('RBS-DELAY-001 reboots DelayReboot seconds after the session in which it was set', {
  meta: { id: 'RBS-DELAY-001' },
}, async ({ cpe, session, skip, task }) => {
  if (!(await has(cpe, session, 'DelayReboot'))) {
    task.meta.notApplicable = 'the device has no DelayReboot'
    skip()
  }
  const { clockRate, timing } = cpe.profile.pixit
  const delay = Math.max(1, Math.round(2 * clockRate))
  await set(cpe, session, 'DelayReboot', String(delay), 'xsd:int')
  await session.end()
  const endedMs = session.exchanges.at(-1)?.atMs ?? 0

  const booted = await afterReboot(cpe, 2 + timing.rebootSeconds)

  const waited = ((booted.informExchange.atMs - endedMs) * clockRate) / 1000
  if (waited < delay - 0.5)
    throw new ConformanceFailure(`a reboot after ${delay} s`, `one after ${waited.toFixed(1)} s`)
})

test('RBS-DELAY-002 has DelayReboot −1 after the reboot', {
  meta: { id: 'RBS-DELAY-002' },
}, async ({ cpe, session, root, skip, task }) => {
  if (!(await has(cpe, session, 'DelayReboot'))) {
    task.meta.notApplicable = 'the device has no DelayReboot'
    skip()
  }
  await set(cpe, session, 'DelayReboot', '1', 'xsd:int')
  await session.end()
  const booted = await afterReboot(cpe, 1 + cpe.profile.pixit.timing.rebootSeconds)

  const read = granted(
    await booted.call('GetParameterValues', { ParameterNames: [`${root}ManagementServer.DelayReboot`] }),
  )

  expect(read.ParameterList[0]?.Value, 'DelayReboot').toBe('-1')
})

test('RBS-TIME-001 reboots at ScheduleReboot', {
  meta: { id: 'RBS-TIME-001' },
}, async ({ cpe, session, restore, skip, task }) => {
  const now = Date.parse(session.inform.CurrentTime)
  if (!(await has(cpe, session, 'ScheduleReboot')) || !knowsTime(now)) {
    task.meta.notApplicable = 'the device has no ScheduleReboot or does not know the time'
    skip()
  }
  restore(() => unset(cpe))
  const moment = Math.ceil(now / 1000) * 1000 + leadSeconds * 1000 * Math.max(1, cpe.profile.pixit.clockRate)
  await set(cpe, session, 'ScheduleReboot', dateTime(moment), 'xsd:dateTime')
  await session.end()

  const booted = await afterReboot(cpe, leadSeconds + 2 + cpe.profile.pixit.timing.rebootSeconds)

  const early = (moment - Date.parse(booted.inform.CurrentTime)) / 1000
  if (early > 1) throw new ConformanceFailure(`a reboot at ${dateTime(moment)}`, `one ${early} s before that`)
})

test('RBS-TIME-002 does not reboot for a time that has passed', {
  meta: { id: 'RBS-TIME-002' },
}, async ({ acs, cpe, restore, signal, skip, task }) => {
  const leastMs = cpe.profile.pixit.timing.rebootSeconds * 200
  const timeoutMs = await bootWaitMs(cpe, () => rebootByRpc(cpe, signal), { leastMs, signal })
  const session = await cpe.openSession(signal)
  const now = Date.parse(session.inform.CurrentTime)
  if (!(await has(cpe, session, 'ScheduleReboot')) || !knowsTime(now)) {
    task.meta.notApplicable = 'the device has no ScheduleReboot or does not know the time'
    skip()
  }
  restore(() => unset(cpe))
  await set(cpe, session, 'ScheduleReboot', dateTime(now - 60_000), 'xsd:dateTime')
  await session.end()

  const booted = acs.nextSession({ timeoutMs, where: isBoot, signal })

  await expect(booted, 'a reboot').rejects.toBeInstanceOf(DeviceSilent)
})

test('RBS-TIME-003 waits with its reboot for the end of a session', {
  meta: { id: 'RBS-TIME-003' },
}, async ({ acs, cpe, session, pixit, restore, signal, skip, task }) => {
  const now = Date.parse(session.inform.CurrentTime)
  if (!(await has(cpe, session, 'ScheduleReboot')) || !knowsTime(now)) {
    task.meta.notApplicable = 'the device has no ScheduleReboot or does not know the time'
    skip()
  }
  restore(() => unset(cpe))
  const moment = Math.ceil(now / 1000) * 1000 + leadSeconds * 1000 * Math.max(1, pixit.clockRate)
  await set(cpe, session, 'ScheduleReboot', dateTime(moment), 'xsd:dateTime')
  const stray = await acs
    .nextExchange({ timeoutMs: (leadSeconds + 1.5) * 1000, signal })
    .catch(() => undefined)
  if (stray) throw new ConformanceFailure('no reboot while the session is open', stray.description)

  granted(await session.call('GetParameterValues', { ParameterNames: [pixit.parameters.readOnly.path] }))
  await session.end()

  const booted = await afterReboot(cpe, pixit.timing.rebootSeconds)
  expect(booted.inform).toCarryEvents('1 BOOT')
})

async function has({ profile }: TestBed, session: AcsSession, name: string): Promise<boolean> {
  const ParameterNames = [`${profile.cwmp.root}ManagementServer.${name}`]
  return !isFault(await session.call('GetParameterValues', { ParameterNames }))
}

async function set(
  { profile }: TestBed,
  session: AcsSession,
  name: string,
  Value: string,
  type: string,
): Promise<void> {
  const ParameterList = [{ Name: `${profile.cwmp.root}ManagementServer.${name}`, Value, type }]
  granted(await session.call('SetParameterValues', { ParameterList, ParameterKey: 'reboot' }))
}

async function unset(cpe: TestBed): Promise<void> {
  const session = await cpe.openSession()
  await set(cpe, session, 'ScheduleReboot', never, 'xsd:dateTime')
  await session.end()
}

function afterReboot(cpe: TestBed, seconds: number): Promise<AcsSession> {
  return cpe.nextSession({ timeoutMs: seconds * 1000, where: isBoot })
}

function isBoot({ Event }: AcsSession['inform']): boolean {
  return Event.some(({ EventCode }) => EventCode === '1 BOOT')
}

function knowsTime(now: number): boolean {
  return now > Date.parse('2000-01-01T00:00:00Z')
}

function dateTime(moment: number): string {
  return new Date(moment).toISOString().replace(/\.\d+Z/, 'Z')
}
