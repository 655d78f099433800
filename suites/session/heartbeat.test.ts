import type { AcsSession, InformAnswer } from '../../harness/acs/acs.ts'
import {
  ConformanceFailure,
  DeviceSilent,
  expect,
  granted,
  refused,
  test,
} from '../../harness/conformance.ts'
import { type Restore, setRetryWaits } from '../../harness/testbed/session-retries.ts'
import type { TestBed } from '../../harness/testbed/testbed.ts'

/** HeartbeatPolicy and 14 HEARTBEAT (Annex O). Intervals are 30 s and more: a device with a usual clock takes minutes. */

const rate = 20
const interval = 30

/** So many seconds of the device in milliseconds of the wall clock. */
function wallMs({ profile }: TestBed, seconds: number): number {
  return (seconds * 1000) / profile.pixit.clockRate
}

test('HBT-001 opens sessions with 14 HEARTBEAT at the ReportingInterval', {
  meta: { id: 'HBT-001' },
}, async ({ atClockRate, signal }) => {
  const { cpe, restore } = await atClockRate(rate)
  await begin(cpe, restore, signal)
  const first = await heartbeat(cpe)
  await first.end()

  const second = await heartbeat(cpe)

  const apartMs = second.informExchange.atMs - first.informExchange.atMs
  const apart = (apartMs / wallMs(cpe, interval)) * interval
  if (Math.abs(apart - interval) > interval / 3)
    throw new ConformanceFailure(`heartbeats ${interval} s apart`, `${apart.toFixed(1)} s`)
})

test('HBT-002 takes the phase of heartbeats from InitiationTime', {
  meta: { id: 'HBT-002' },
}, async ({ atClockRate, signal }) => {
  const { cpe, restore } = await atClockRate(rate)
  const long = 600
  const reference = await begin(cpe, restore, signal, { interval: long, aheadSeconds: 40 })

  const next = await heartbeat(cpe)

  const off = ((Date.parse(next.inform.CurrentTime) - reference) / 1000) % long
  // Ten seconds of the device are half a second of the bench.
  if (Math.min(Math.abs(off), long - Math.abs(off)) > 10)
    throw new ConformanceFailure(
      `a multiple of ${long} s before or after InitiationTime`,
      `${off} s after one`,
    )
})

test('HBT-003 tells 14 HEARTBEAT alone', {
  meta: { id: 'HBT-003' },
}, async ({ atClockRate, signal }) => {
  const { cpe, restore } = await atClockRate(rate)
  await begin(cpe, restore, signal)

  const next = await heartbeat(cpe)

  expect(next.eventCodes, 'events of the Inform').toEqual(['14 HEARTBEAT'])
})

test('HBT-004 holds in the Inform of a heartbeat the forced parameters only', {
  meta: { id: 'HBT-004' },
}, async ({ atClockRate, signal }) => {
  const { cpe, restore } = await atClockRate(rate)
  const { path } = cpe.profile.pixit.parameters.writableBoolean
  const session = await cpe.openSession(signal)
  const usual = [...session.parameters.keys()]
  const read = granted(await session.call('GetParameterValues', { ParameterNames: [path] }))
  const isOn = ['1', 'true'].includes(read.ParameterList[0]?.Value ?? '')
  const before = granted(await session.call('GetParameterAttributes', { ParameterNames: [path] }))
  await notify(session, path, 1)
  restore(async () => {
    await cpe.dut.setLocally(path, isOn ? '1' : '0')
    const later = await cpe.openSession()
    await notify(later, path, before.ParameterList[0]?.Notification ?? 0)
    await later.end()
  })
  await session.end()
  await begin(cpe, restore, signal)
  await cpe.dut.setLocally(path, isOn ? '0' : '1', signal)

  const next = await heartbeat(cpe)

  const more = [...next.parameters.keys()].filter((name) => !usual.includes(name))
  expect(more, 'parameters besides the forced ones').toEqual([])
})

test('HBT-005 beats no more once it is disabled', {
  meta: { id: 'HBT-005' },
}, async ({ atClockRate, signal }) => {
  const { cpe, restore } = await atClockRate(rate)
  await begin(cpe, restore, signal)
  const first = await heartbeat(cpe)
  granted(await setPolicy(cpe, first, [['Enable', '0', 'xsd:boolean']]))
  await first.end()

  await noHeartbeat(cpe, wallMs(cpe, 1.7 * interval))
})

test('HBT-006 refuses a ReportingInterval below 30 s', {
  meta: { id: 'HBT-006' },
}, async ({ cpe, session }) => {
  const answer = await setPolicy(cpe, session, [['ReportingInterval', '29', 'xsd:unsignedInt']])

  const { setParameterValuesFaults } = refused(answer, 9003)
  expect(
    setParameterValuesFaults.map(({ FaultCode }) => FaultCode),
    'fault of ReportingInterval',
  ).toEqual([9007])
})

test('HBT-007 does not retry a heartbeat whose Inform was not answered', {
  meta: { id: 'HBT-007' },
}, async ({ atClockRate, signal }) => {
  const { cpe, restore } = await atClockRate(rate)
  await begin(cpe, restore, signal, { interval: 600, aheadSeconds: 40 })

  await heartbeat(cpe, { status: 500 })

  // The first retry of other sessions would come within ten seconds of the device, the next heartbeat in ten minutes.
  await noHeartbeat(cpe, wallMs(cpe, 40))
})

test('HBT-008 keeps its heartbeats over a reboot', {
  meta: { id: 'HBT-008' },
}, async ({ atClockRate, signal }) => {
  const { cpe, restore } = await atClockRate(rate)
  await begin(cpe, restore, signal)
  const session = await cpe.openSession(signal)
  granted(await session.call('Reboot', { CommandKey: 'heartbeat' }))
  await session.end()
  const booted = await cpe.nextSession({
    timeoutMs: cpe.profile.pixit.timing.rebootSeconds * 1000,
    where: ({ Event }) => Event.some(({ EventCode }) => EventCode === '1 BOOT'),
    signal,
  })
  await booted.end()

  const next = await heartbeat(cpe)

  expect(next.inform).toCarryEvents('14 HEARTBEAT')
})

test('HBT-009 does not beat while another session waits for its retry', {
  meta: { id: 'HBT-009' },
}, async ({ atClockRate, signal }) => {
  const { cpe, restore } = await atClockRate(rate)
  await failAtBoot(cpe, restore, signal, 600)

  // The first retry would come in ten minutes of the device at the earliest, heartbeats every half a minute.
  await noHeartbeat(cpe, wallMs(cpe, 2.5 * interval))
})

test('HBT-010 beats again once the session that failed was held', {
  meta: { id: 'HBT-010' },
}, async ({ atClockRate, signal }) => {
  const { cpe, restore } = await atClockRate(rate)
  await failAtBoot(cpe, restore, signal, 5)
  const retry = await cpe.nextSession({ signal })
  await retry.end()

  const next = await heartbeat(cpe)

  expect(next.inform).toCarryEvents('14 HEARTBEAT')
})

async function notify(session: AcsSession, Name: string, Notification: number): Promise<void> {
  const attributes = { Name, NotificationChange: true, Notification, AccessListChange: false, AccessList: [] }
  granted(await session.call('SetParameterAttributes', { ParameterList: [attributes] }))
}

type Setting = [name: string, value: string, type: string]

function setPolicy({ profile }: TestBed, session: AcsSession, settings: readonly Setting[]) {
  const policy = `${profile.cwmp.root}ManagementServer.HeartbeatPolicy.`
  return session.call('SetParameterValues', {
    ParameterList: settings.map(([name, Value, type]) => ({ Name: policy + name, Value, type })),
    ParameterKey: 'heartbeat',
  })
}

/** Switches heartbeats on and returns InitiationTime, as milliseconds. */
async function begin(
  cpe: TestBed,
  restore: Restore,
  signal: AbortSignal,
  wanted: { interval: number; aheadSeconds: number } = { interval, aheadSeconds: 20 },
): Promise<number> {
  const session = await cpe.openSession(signal)
  const now = Date.parse(session.inform.CurrentTime)
  const reference = Math.ceil(now / 1000) * 1000 + wanted.aheadSeconds * 1000
  granted(
    await setPolicy(cpe, session, [
      ['ReportingInterval', String(wanted.interval), 'xsd:unsignedInt'],
      ['InitiationTime', new Date(reference).toISOString().replace('.000', ''), 'xsd:dateTime'],
      ['Enable', '1', 'xsd:boolean'],
    ]),
  )
  await session.end()
  restore(async () => {
    const later = await cpe.openSession()
    await setPolicy(cpe, later, [['Enable', '0', 'xsd:boolean']])
    await later.end()
  })
  return reference
}

/** Has a device with heartbeats reboot, and spoils the session in which it tells that; its retry is so many seconds away at least. */
async function failAtBoot(
  cpe: TestBed,
  restore: Restore,
  signal: AbortSignal,
  waitSeconds: number,
): Promise<void> {
  await begin(cpe, restore, signal)
  const session = await cpe.openSession(signal)
  await setRetryWaits(cpe, session, restore, { minimum: waitSeconds, multiplier: 2000 })
  granted(await session.call('Reboot', { CommandKey: 'heartbeat' }))
  await session.end()
  await cpe.nextSession({
    timeoutMs: cpe.profile.pixit.timing.rebootSeconds * 1000,
    where: ({ Event }) => Event.some(({ EventCode }) => EventCode === '1 BOOT'),
    inform: { status: 500 },
    signal,
  })
}

function heartbeat(cpe: TestBed, inform: InformAnswer = {}): Promise<AcsSession> {
  return cpe.nextSession({
    timeoutMs: wallMs(cpe, 2 * interval) + cpe.profile.pixit.timing.informSeconds * 1000,
    where: ({ Event }) => Event.some(({ EventCode }) => EventCode === '14 HEARTBEAT'),
    inform,
  })
}

async function noHeartbeat({ acs }: TestBed, timeoutMs: number): Promise<void> {
  const where: Parameters<typeof acs.nextSession>[0] = {
    timeoutMs,
    where: ({ Event }) => Event.some(({ EventCode }) => EventCode === '14 HEARTBEAT'),
  }
  await expect(acs.nextSession(where), 'a session with 14 HEARTBEAT').rejects.toBeInstanceOf(DeviceSilent)
}
