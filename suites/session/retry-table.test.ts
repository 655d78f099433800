import { ConformanceFailure, expect, test } from '../../harness/conformance.ts'
import { setPeriod } from '../../harness/testbed/periodic-informs.ts'
import {
  longestWaitMs,
  nextRetry,
  type Restore,
  type RetryWaits,
  setRetryWaits,
  shortestWaitMs,
} from '../../harness/testbed/session-retries.ts'
import type { TestBed } from '../../harness/testbed/testbed.ts'

/**
 * The table of session retries (3.2.1.1) down to its end. Hours pass there, which a hurried clock makes seconds; a device with
 * a usual clock is given waits that grow more slowly, or fewer retries, so that no case takes more than about five minutes.
 */

const rate = 500

/** The wait is measured from Inform to Inform, so the upper end has room for the device's own work. */
const roomMs = 1500

const affordableMs = 320_000

test('SES-RETRY-007 waits by the table of the standard when nothing else was set', {
  meta: { id: 'SES-RETRY-007' },
}, async ({ atClockRate, signal }) => {
  const { cpe, restore, isNew } = await atClockRate(rate)
  const waits = { minimum: 5, multiplier: 2000 }
  // What somebody set on a device in use says nothing about the standard's values.
  if (isNew) await (await cpe.openSession(signal)).end()
  else await settle(cpe, restore, waits, signal)
  let retries = 7
  while (sumMs(cpe, waits, retries) > affordableMs) retries--

  const waitedMs = await spoilAll(cpe, waits, retries, signal)

  waitedMs.forEach((waited, index) => void expectBand(cpe, waits, index + 1, waited))
})

test('SES-RETRY-008 waits longer with each retry up to the tenth', {
  meta: { id: 'SES-RETRY-008' },
}, async ({ atClockRate, signal }) => {
  const { cpe, restore } = await atClockRate(rate)
  const waits = steepest(cpe, 10, 2000)
  await settle(cpe, restore, waits, signal)

  const waitedMs = await spoilAll(cpe, waits, 10, signal)

  waitedMs.forEach((waited, index) => void expectBand(cpe, waits, index + 1, waited))
})

test('SES-RETRY-009 waits after the tenth retry as before it', {
  meta: { id: 'SES-RETRY-009' },
}, async ({ atClockRate, signal }) => {
  const { cpe, restore } = await atClockRate(20 * rate)
  const waits = steepest(cpe, 11, 2800)
  await settle(cpe, restore, waits, signal)

  const waitedMs = await spoilAll(cpe, waits, 11, signal)

  expectBand(cpe, waits, 11, waitedMs.at(-1) ?? 0)
})

test('SES-RETRY-010 begins its table anew after a reboot', {
  meta: { id: 'SES-RETRY-010' },
}, async ({ atClockRate, signal }) => {
  const { cpe, restore } = await atClockRate(rate / 2)
  const waits = steepest(cpe, 9, 2000)
  await settle(cpe, restore, waits, signal)
  await spoilAll(cpe, waits, 9, signal)
  await cpe.dut.powerCycle(signal)
  const timeoutMs = cpe.profile.pixit.timing.rebootSeconds * 1000
  const booted = await cpe.nextSession({
    timeoutMs,
    where: ({ Event }) => Event.some(({ EventCode }) => EventCode === '1 BOOT'),
    inform: { status: 500 },
    signal,
  })

  const retry = await cpe.nextSession({ timeoutMs, signal })

  expectBand(cpe, waits, 1, retry.informExchange.atMs - booted.informExchange.atMs)
})

test('SES-RETRY-011 keeps all its waits to the minimum when the multiplier is 1000', {
  meta: { id: 'SES-RETRY-011' },
}, async ({ atClockRate, signal }) => {
  const { cpe, restore } = await atClockRate(rate)
  const hundred = { minimum: 100, multiplier: 1000 }
  const waits = sumMs(cpe, hundred, 5) > affordableMs ? { ...hundred, minimum: 20 } : hundred
  await settle(cpe, restore, waits, signal)

  const waitedMs = await spoilAll(cpe, waits, 5, signal)

  waitedMs.forEach((waited, index) => void expectBand(cpe, waits, index + 1, waited))
})

test('SES-RETRY-012 tells a periodic Inform that falls due while it waits for a retry, with RetryCount counted up', {
  meta: { id: 'SES-RETRY-012' },
}, async ({ atClockRate, signal }) => {
  const { cpe, restore } = await atClockRate(20)
  const session = await cpe.openSession(signal)
  await setRetryWaits(cpe, session, restore, { minimum: 6000, multiplier: 1000 })
  const period = 30
  restore(() => cpe.enrol())
  await setPeriod(cpe, session, { enable: true, interval: period })
  await session.end()
  const { clockRate, timing } = cpe.profile.pixit
  await cpe.openSession(signal, { inform: { status: 500 } })

  const next = await cpe.nextSession({
    timeoutMs: (period / clockRate + timing.informSeconds) * 1000,
    signal,
  })

  expect(next.inform).toCarryEvents('2 PERIODIC')
  expect(next.inform.RetryCount, 'RetryCount').toBe(1)
})

/** How long so many retries take at most. */
function sumMs(cpe: TestBed, waits: RetryWaits, retries: number): number {
  return Array.from({ length: retries }, (_, index) => longestWaitMs(cpe, waits, index + 1)).reduce(
    (sum, wait) => sum + wait,
    0,
  )
}

/** Waits that begin with a second and grow by this multiplier, or by as much as the device's clock lets one wait for. */
function steepest(cpe: TestBed, retries: number, multiplier: number): RetryWaits {
  const waits = { minimum: 1, multiplier }
  while (sumMs(cpe, waits, retries) > affordableMs) waits.multiplier -= 100
  return waits
}

async function settle(cpe: TestBed, restore: Restore, waits: RetryWaits, signal: AbortSignal): Promise<void> {
  const session = await cpe.openSession(signal)
  await setRetryWaits(cpe, session, restore, waits)
  await session.end()
}

/** Spoils a session and so many of its retries but the last, and returns how long the device waited before each. */
async function spoilAll(
  cpe: TestBed,
  waits: RetryWaits,
  retries: number,
  signal: AbortSignal,
): Promise<number[]> {
  let last = (await cpe.openSession(signal, { inform: { status: 500 } })).informExchange.atMs
  const waitedMs: number[] = []
  for (let retry = 1; retry <= retries; retry++) {
    const session = await nextRetry(cpe, waits, retry, { status: 500 })
    expect(session.inform.RetryCount, 'RetryCount').toBe(retry)
    waitedMs.push(session.informExchange.atMs - last)
    last = session.informExchange.atMs
  }
  return waitedMs
}

function expectBand(cpe: TestBed, waits: RetryWaits, retry: number, waitedMs: number): void {
  const [from, to] = [shortestWaitMs(cpe, waits, retry), longestWaitMs(cpe, waits, retry)]
  if (waitedMs >= 0.95 * from - 3 && waitedMs <= to + roomMs) return
  const { clockRate } = cpe.profile.pixit
  const inSeconds = (ms: number) => ((ms * clockRate) / 1000).toFixed(0)
  throw new ConformanceFailure(
    `a wait of ${inSeconds(from)} to ${inSeconds(to)} s before retry ${retry}`,
    `${inSeconds(waitedMs)} s`,
  )
}
