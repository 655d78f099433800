import type { AcsSession, InformAnswer } from '../../harness/acs/acs.ts'
import { DeviceSilent, expect, granted, test, Untestable } from '../../harness/conformance.ts'
import { isFault } from '../../harness/cwmp/cwmp.ts'
import { periodic, setPeriod } from '../../harness/testbed/periodic-informs.ts'
import { nextRetry, quickRetries } from '../../harness/testbed/session-retries.ts'
import type { TestBed } from '../../harness/testbed/testbed.ts'
import { noEventTold } from '../../harness/testbed/untold.ts'
import { failRequested } from './requested-session.ts'

/** What becomes of events that no ACS has acknowledged: over failures, reboots, and when others join them (3.7.1.5). */

test('EVT-RETRY-006 keeps an undelivered 2 PERIODIC over a power cycle', {
  meta: { id: 'EVT-RETRY-006' },
}, async ({ cpe, dut, session, restore, signal }) => {
  restore(() => cpe.enrol())
  await setPeriod(cpe, session, { enable: true, interval: 2 })
  await session.end()
  const spoiled = await periodic(cpe, undefined, 'later')
  spoiled.abort()

  await dut.powerCycle(signal)

  const booted = await afterBoot(cpe, signal)
  expect(booted.inform).toCarryEvents('2 PERIODIC')
})

test('EVT-RETRY-007 tells M Reboot once however often its Inform failed', {
  meta: { id: 'EVT-RETRY-007' },
}, async ({ cpe, restore, signal }) => {
  const waits = await quickRetries(cpe, restore, signal)
  const session = await cpe.openSession(signal)
  granted(await session.call('Reboot', { CommandKey: 'once' }))
  await session.end()
  await afterBoot(cpe, signal, { status: 500 })
  await nextRetry(cpe, waits, 1, { status: 500 })

  const retry = await nextRetry(cpe, waits, 2)

  const keys = retry.inform.Event.filter(({ EventCode }) => EventCode === 'M Reboot')
  expect(
    keys.map(({ CommandKey }) => CommandKey),
    'CommandKeys of M Reboot',
  ).toEqual(['once'])
})

test('EVT-RETRY-008 does not keep 6 CONNECTION REQUEST over a power cycle', {
  meta: { id: 'EVT-RETRY-008' },
}, async ({ cpe, dut, restore, signal }) => {
  restore(() => cpe.enrol())
  await failRequested(cpe, signal)

  await dut.powerCycle(signal)

  const booted = await afterBoot(cpe, signal)
  expect(booted.inform).not.toCarryEvents('6 CONNECTION REQUEST')
})

test('EVT-RETRY-009 tells in one Inform what failed before and what is new', {
  meta: { id: 'EVT-RETRY-009' },
}, async ({ cpe, restore, signal }) => {
  restore(() => cpe.enrol())
  const session = await cpe.openSession(signal)
  await setPeriod(cpe, session, { enable: true, interval: 3 })
  granted(await session.call('Reboot', { CommandKey: 'joined' }))
  await session.end()
  await afterBoot(cpe, signal, { status: 500 })

  const next = await periodic(cpe, cpe.profile.pixit.timing.informSeconds * 1000)

  expect(next.inform).toCarryEvents('1 BOOT', 'M Reboot', '2 PERIODIC')
})

test('EVT-MULTIPLE-002 tells an M Reboot for each Reboot of a session, also when both have one CommandKey', {
  meta: { id: 'EVT-MULTIPLE-002' },
}, async ({ cpe, session, signal, skip, task }) => {
  for (let reboot = 0; reboot < 2; reboot++) {
    if (isFault(await session.call('Reboot', { CommandKey: 'twin' }))) {
      task.meta.notApplicable = 'the device takes one Reboot in a session only'
      skip()
    }
  }
  await session.end()

  const booted = await afterBoot(cpe, signal)

  const keys = booted.inform.Event.filter(({ EventCode }) => EventCode === 'M Reboot')
  expect(
    keys.map(({ CommandKey }) => CommandKey),
    'CommandKeys of M Reboot',
  ).toEqual(['twin', 'twin'])
})

test('EVT-BOOT-001 tells 1 BOOT for a boot only', {
  meta: { id: 'EVT-BOOT-001' },
}, async ({ cpe, session, signal }) => {
  const mark = cpe.messages.mark()
  await session.end()

  await cpe.openSession(signal)

  if (cpe.isCalledByProvisioning) throw new Untestable('the device may boot in order to open a session')
  noEventTold(cpe.messages.informsSince(mark), '1 BOOT')
})

test('EVT-BOOT-002 tells neither M Reboot nor 0 BOOTSTRAP after a power cycle', {
  meta: { id: 'EVT-BOOT-002' },
}, async ({ cpe, dut, session, signal }) => {
  const mark = cpe.messages.mark()
  await session.end()

  await dut.powerCycle(signal)

  await afterBoot(cpe, signal)
  noEventTold(cpe.messages.informsSince(mark), 'M Reboot', '0 BOOTSTRAP')
})

test('PER-SESSION-001 tells a periodic Inform that falls due during a session in one afterwards', {
  meta: { id: 'PER-SESSION-001' },
}, async ({ acs, cpe, session, pixit, restore, signal }) => {
  restore(() => cpe.enrol())
  // So long that the Inform which comes at once after the session is not the one of the period after.
  await setPeriod(cpe, session, { enable: true, interval: 5 })
  const timeoutMs = 5500 / pixit.clockRate
  await expect(acs.nextExchange({ timeoutMs, signal })).rejects.toBeInstanceOf(DeviceSilent)
  granted(await session.call('GetParameterValues', { ParameterNames: [pixit.parameters.readOnly.path] }))
  await session.end()

  const next = await periodic(cpe, 3000 / pixit.clockRate)

  expect(next.inform).toCarryEvents('2 PERIODIC')
})

test('PER-REBOOT-001 goes on with its periodic sessions after a power cycle', {
  meta: { id: 'PER-REBOOT-001' },
}, async ({ cpe, dut, session, restore, signal }) => {
  restore(() => cpe.enrol())
  await setPeriod(cpe, session, { enable: true, interval: 2 })
  await session.end()
  await dut.powerCycle(signal)
  const booted = await afterBoot(cpe, signal)
  await booted.end()

  const next = await periodic(cpe)

  expect(next.inform).toCarryEvents('2 PERIODIC')
})

test('PER-TIME-002 takes the phase from a PeriodicInformTime long past, too', {
  meta: { id: 'PER-TIME-002' },
}, async ({ cpe, session, restore, skip, task }) => {
  const now = Date.parse(session.inform.CurrentTime)
  if (Number.isNaN(now) || now < Date.parse('2000-01-01T00:00:00Z')) {
    task.meta.notApplicable = 'the device does not know the time'
    skip()
  }
  restore(() => cpe.enrol())
  const interval = 4
  // A whole number of intervals ago, two seconds beside what counting from now would give.
  const reference = Math.ceil(now / 1000) * 1000 + 2000 - 1_000_000 * interval * 1000
  const time = new Date(reference).toISOString().replace('.000', '')
  await setPeriod(cpe, session, { enable: true, interval, time })
  await session.end()

  const next = await periodic(cpe)

  const off = ((Date.parse(next.inform.CurrentTime) - reference) / 1000) % interval
  expect(Math.min(off, interval - off), 'seconds beside the phase').toBeLessThanOrEqual(1)
})

function afterBoot(cpe: TestBed, signal: AbortSignal, inform: InformAnswer = {}): Promise<AcsSession> {
  return cpe.nextSession({
    timeoutMs: cpe.profile.pixit.timing.rebootSeconds * 1000,
    where: ({ Event }) => Event.some(({ EventCode }) => EventCode === '1 BOOT' || EventCode === 'M Reboot'),
    inform,
    signal,
  })
}
