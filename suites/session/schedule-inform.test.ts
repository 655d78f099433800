import type { AcsSession, InformAnswer } from '../../harness/acs/acs.ts'
import { ConformanceFailure, expect, granted, refused, test } from '../../harness/conformance.ts'
import { nextRetry, quickRetries } from '../../harness/testbed/session-retries.ts'
import type { TestBed } from '../../harness/testbed/testbed.ts'
import { callAltered } from '../rpc/altered-request.ts'
import { iso } from './clock.ts'

test('SCH-001 opens a session with 3 SCHEDULED and M ScheduleInform', {
  meta: { id: 'SCH-001' },
}, async ({ cpe, session }) => {
  await schedule(cpe, session, 1, 'scheduled')
  await session.end()

  const later = await scheduled(cpe)

  expect(later.inform).toCarryEvents('3 SCHEDULED', 'M ScheduleInform')
})

test('SCH-002 states the CommandKey of the request in M ScheduleInform', {
  meta: { id: 'SCH-002' },
}, async ({ cpe, session }) => {
  await schedule(cpe, session, 1, 'key <1> & "2"')
  await session.end()

  const later = await scheduled(cpe)

  expect(keysOf(later), 'CommandKeys of M ScheduleInform').toEqual(['key <1> & "2"'])
})

test('SCH-003 opens the session after the delay, not before', {
  meta: { id: 'SCH-003' },
}, async ({ cpe, session }) => {
  await schedule(cpe, session, 2, 'in time')
  const askedMs = session.exchanges.at(-1)?.atMs ?? 0
  await session.end()

  const later = await scheduled(cpe)

  const waited = ((later.informExchange.atMs - askedMs) * cpe.profile.pixit.clockRate) / 1000
  expectInTime(cpe, [{ commandKey: 'in time', delay: seconds(cpe, 2), waited }])
})

test('SCH-004 refuses a delay of 0', {
  meta: { id: 'SCH-004' },
}, async ({ session }) => {
  const answer = await session.call('ScheduleInform', { DelaySeconds: 0, CommandKey: 'at once' })

  refused(answer, 9003)
})

test('SCH-005 carries out each of several requests', {
  meta: { id: 'SCH-005' },
}, async ({ cpe, session }) => {
  const askedMs = cpe.transcript.now()
  await schedule(cpe, session, 2, 'second')
  await schedule(cpe, session, 1, 'first')
  const tookMs = cpe.transcript.now() - askedMs
  await session.end()

  const keys: string[][] = []
  while (keys.flat().length < 2) {
    const later = await scheduled(cpe)
    keys.push(keysOf(later).sort())
    await later.end()
  }

  // What is due while the device is busy is told together, and the order in an Inform means nothing.
  expect(keys.flat().sort(), 'CommandKeys of M ScheduleInform').toEqual(['first', 'second'])
  const apartMs = ((seconds(cpe, 2) - seconds(cpe, 1)) * 1000) / cpe.profile.pixit.clockRate
  if (tookMs < apartMs)
    expect(keys[0], 'CommandKeys of M ScheduleInform in the first Inform').toContain('first')
})

test('SCH-006 tells requests that fall due together as one 3 SCHEDULED and an M ScheduleInform each', {
  meta: { id: 'SCH-006' },
}, async ({ acs, cpe, session, pixit, signal }) => {
  await schedule(cpe, session, 1, 'this')
  await schedule(cpe, session, 1, 'that')
  // The session stays open until both are due.
  const stray = await acs.nextExchange({ timeoutMs: 1500, signal }).catch(() => undefined)
  if (stray) throw new ConformanceFailure('no other session while this one is open', stray.description)
  granted(await session.call('GetParameterValues', { ParameterNames: [pixit.parameters.readOnly.path] }))
  await session.end()

  const later = await scheduled(cpe)

  expect(keysOf(later).sort(), 'CommandKeys of M ScheduleInform').toEqual(['that', 'this'])
  const singles = later.eventCodes.filter((code) => code === '3 SCHEDULED')
  expect(singles, '3 SCHEDULED in the EventList').toEqual(['3 SCHEDULED'])
})

test('SCH-007 carries out a request after the power was cut', {
  meta: { id: 'SCH-007' },
}, async ({ cpe, dut, session, signal }) => {
  await schedule(cpe, session, 2, 'powered')
  await session.end()

  await dut.powerCycle(signal)

  const later = await scheduled(cpe, {}, cpe.profile.pixit.timing.rebootSeconds)
  expect(keysOf(later), 'CommandKeys of M ScheduleInform').toEqual(['powered'])
})

test('SCH-008 tells both events again whose Inform was not answered', {
  meta: { id: 'SCH-008' },
}, async ({ cpe, restore, signal }) => {
  const waits = await quickRetries(cpe, restore, signal)
  const session = await cpe.openSession(signal)
  await schedule(cpe, session, 1, 'again')
  await session.end()
  await scheduled(cpe, { status: 500 })

  const retry = await nextRetry(cpe, waits, 1)

  expect(retry.inform).toCarryEvents('3 SCHEDULED')
  expect(keysOf(retry), 'CommandKeys of M ScheduleInform').toEqual(['again'])
})

test('SCH-009 keeps both events over a power cycle when their Inform was not answered', {
  meta: { id: 'SCH-009' },
}, async ({ cpe, dut, session, restore, signal }) => {
  restore(() => cpe.enrol())
  await schedule(cpe, session, 1, 'kept')
  await session.end()
  await scheduled(cpe, { status: 500 })

  await dut.powerCycle(signal)

  const later = await cpe.firstSessionSinceBoot({ signal })
  expect(later.inform).toCarryEvents('3 SCHEDULED')
  expect(keysOf(later), 'CommandKeys of M ScheduleInform').toEqual(['kept'])
})

test('SCH-010 tells two requests with one CommandKey as two events', {
  meta: { id: 'SCH-010' },
}, async ({ cpe, session }) => {
  await schedule(cpe, session, 1, 'twin')
  await schedule(cpe, session, 2, 'twin')
  await session.end()

  const keys: string[] = []
  while (keys.length < 2) {
    const later = await scheduled(cpe)
    keys.push(...keysOf(later))
    await later.end()
  }

  expect(keys, 'CommandKeys of M ScheduleInform').toEqual(['twin', 'twin'])
})

test('SCH-011 tells no more than 64 events in an Inform, and the rest later', {
  meta: { id: 'SCH-011' },
}, async ({ acs, cpe, session, pixit, signal }) => {
  let count = 0
  for (; count < 70; count++) {
    const DelaySeconds = Math.max(1, Math.round(pixit.clockRate))
    const answer = await session.call('ScheduleInform', { DelaySeconds, CommandKey: `number ${count}` })
    // A device may take fewer than come together here; it says so by 9004.
    if ('faultCode' in answer) {
      refused(answer, 9004)
      break
    }
  }
  const stray = await acs.nextExchange({ timeoutMs: 1500, signal }).catch(() => undefined)
  if (stray) throw new ConformanceFailure('no other session while this one is open', stray.description)
  await session.end()

  const keys = new Set<string>()
  while (keys.size < count) {
    const later = await scheduled(cpe)
    expect(later.inform.Event.length, 'events of the Inform').toBeLessThanOrEqual(64)
    for (const key of keysOf(later)) keys.add(key)
    await later.end()
  }

  expect(keys.size, 'requests told').toBe(count)
})

test('SCH-012 refuses a CommandKey of 33 characters with 9003', {
  meta: { id: 'SCH-012' },
}, async ({ session }) => {
  const answer = await session.call('ScheduleInform', { DelaySeconds: 1, CommandKey: 'k'.repeat(33) })

  refused(answer, 9003)
})

test('SCH-013 refuses a request without DelaySeconds with 9003', {
  meta: { id: 'SCH-013' },
}, async ({ acs, session }) => {
  const request = { DelaySeconds: 1, CommandKey: 'undelayed' }

  const answer = await callAltered({ session, acs }, 'ScheduleInform', request, (xml) =>
    xml.replace(/<DelaySeconds[\s\S]*<\/DelaySeconds>/, ''),
  )

  refused(answer, 9003)
})

test('SCH-014 opens the session after the delay when its clock is set ahead meanwhile', {
  meta: { id: 'SCH-014' },
}, async ({ cpe, restore, signal }) => {
  const told = await toldAcrossJump({ cpe, restore, signal }, DAY, { ahead: 2 })

  expectInTime(cpe, told)
})

test('SCH-015 opens the session after the delay when its clock is set back meanwhile', {
  meta: { id: 'SCH-015' },
}, async ({ cpe, restore, signal }) => {
  const told = await toldAcrossJump({ cpe, restore, signal }, -DAY, { back: 2 })

  expectInTime(cpe, told)
})

test('SCH-016 keeps several requests apart when its clock is set ahead meanwhile', {
  meta: { id: 'SCH-016' },
}, async ({ cpe, restore, signal }) => {
  const told = await toldAcrossJump({ cpe, restore, signal }, DAY, { later: 3, sooner: 2 })

  expectInTime(cpe, told)
})

const DAY = 86_400

interface Told {
  readonly commandKey: string
  /** Device seconds from the request to the Inform: those asked for, and those that it took. */
  readonly delay: number
  readonly waited: number
}

/**
 * Has the device find its clock so many seconds away while requests wait, one for each CommandKey, with the seconds of the wall clock for which
 * it waits beyond the time that the clock takes to be set; resolves when all are told.
 */
async function toldAcrossJump(
  { cpe, restore, signal }: Restorable,
  bySeconds: number,
  requests: Readonly<Record<string, number>>,
): Promise<Told[]> {
  restore(() => cpe.dut.setClock(iso(0)))
  const beforeMs = cpe.transcript.now()
  await cpe.dut.setClock(iso(0), signal)
  // A device that is told the time by hand or over SSH has to wait for longer than that takes.
  const settingSeconds = Math.floor((2 * (cpe.transcript.now() - beforeMs)) / 1000)
  const session = await cpe.openSession(signal)
  const asked = new Map<string, { delay: number; atMs: number }>()
  for (const [commandKey, beyond] of Object.entries(requests)) {
    await schedule(cpe, session, settingSeconds + beyond, commandKey)
    const atMs = session.exchanges.at(-1)?.atMs ?? 0
    asked.set(commandKey, { delay: seconds(cpe, settingSeconds + beyond), atMs })
  }
  await session.end()

  await cpe.dut.setClock(iso(bySeconds), signal)

  const told: Told[] = []
  while (told.length < asked.size) {
    const later = await scheduled(cpe, {}, settingSeconds + 5)
    for (const commandKey of keysOf(later)) {
      const { delay = 0, atMs = 0 } = asked.get(commandKey) ?? {}
      const waited = ((later.informExchange.atMs - atMs) * cpe.profile.pixit.clockRate) / 1000
      told.push({ commandKey, delay, waited })
    }
    await later.end()
  }
  return told
}

/** @throws ConformanceFailure naming the first request that was told before its time or long after it */
function expectInTime({ profile }: TestBed, told: readonly Told[]): void {
  for (const { commandKey, delay, waited } of told)
    if (waited < delay - 0.5 || waited > delay + 5 * profile.pixit.clockRate)
      throw new ConformanceFailure(
        `an Inform for ${commandKey} ${delay} s after the request`,
        `${waited.toFixed(1)} s`,
      )
}

interface Restorable {
  readonly cpe: TestBed
  readonly restore: (step: () => Promise<void>) => void
  readonly signal: AbortSignal
}

/** Device seconds for so many seconds of the wall clock. */
function seconds({ profile }: TestBed, wall: number): number {
  return Math.max(1, Math.round(wall * profile.pixit.clockRate))
}

async function schedule(cpe: TestBed, session: AcsSession, wall: number, CommandKey: string): Promise<void> {
  granted(await session.call('ScheduleInform', { DelaySeconds: seconds(cpe, wall), CommandKey }))
}

/** The next session that a ScheduleInform brings. */
function scheduled(cpe: TestBed, inform: InformAnswer = {}, moreSeconds = 3): Promise<AcsSession> {
  return cpe.nextSession({
    timeoutMs: (cpe.profile.pixit.timing.informSeconds + moreSeconds) * 1000,
    where: ({ Event }) => Event.some(({ EventCode }) => EventCode.endsWith('ScheduleInform')),
    inform,
  })
}

function keysOf({ inform }: AcsSession): string[] {
  return inform.Event.filter(({ EventCode }) => EventCode === 'M ScheduleInform').map(
    ({ CommandKey }) => CommandKey,
  )
}
