import { expect, test } from '../../harness/conformance.ts'
import { setPeriod } from '../../harness/testbed/periodic-informs.ts'
import {
  longestWaitMs,
  type RetryWaits,
  setRetryWaits,
  shortestWaitMs,
} from '../../harness/testbed/session-retries.ts'
import type { TestBed } from '../../harness/testbed/testbed.ts'
import {
  type Failed,
  failAfterSetting,
  isInBand,
  needInBand,
  type Waited,
  waitForRetry,
} from './retry-waits.ts'

/**
 * The table of session retries (3.2.1.1) down to its end. Hours pass there, which a hurried clock makes seconds; a device with
 * a usual clock is given waits that grow more slowly, or fewer retries, so that no case takes more than about five minutes.
 */

const rate = 500

/** The wait is measured from Inform to Inform, so the upper end has room for the device's own work. */
function roomMs({ profile }: TestBed): number {
  return profile.pixit.timing.informSeconds * 150
}

const affordableMs = 320_000

test('SES-RETRY-007 waits by the table of the standard when nothing else was set', {
  meta: { id: 'SES-RETRY-007' },
}, async ({ atClockRate, signal }) => {
  const { cpe, restore, isNew } = await atClockRate(rate)
  // What somebody set on a device in use says nothing about the standard's values.
  const wanted = isNew ? undefined : { minimum: 5, multiplier: 2000 }
  const { waits, failed } = await failAfterSetting({ cpe, restore, signal }, wanted)
  let retries = 7
  while (sumMs(cpe, waits, retries) > affordableMs) retries--

  const waited = await waitAll(cpe, waits, failed, retries)

  needInBand(...waited.map((wait) => isAsTabled(cpe, waits, wait)))
})

test('SES-RETRY-008 waits longer with each retry up to the tenth', {
  meta: { id: 'SES-RETRY-008' },
}, async ({ atClockRate, signal }) => {
  const { cpe, restore } = await atClockRate(rate)
  const { waits, failed } = await failAfterSetting({ cpe, restore, signal }, steepest(cpe, 10, 2000))

  const waited = await waitAll(cpe, waits, failed, 10)

  needInBand(...waited.map((wait) => isAsTabled(cpe, waits, wait)))
})

test('SES-RETRY-009 waits after the tenth retry as before it', {
  meta: { id: 'SES-RETRY-009' },
}, async ({ atClockRate, signal }) => {
  const { cpe, restore } = await atClockRate(20 * rate)
  const { waits, failed } = await failAfterSetting({ cpe, restore, signal }, steepest(cpe, 11, 2800))

  const waited = await waitAll(cpe, waits, failed, 11)

  needInBand(...waited.slice(-1).map((wait) => isAsTabled(cpe, waits, wait)))
})

test('SES-RETRY-010 begins its table anew after a reboot', {
  meta: { id: 'SES-RETRY-010' },
}, async ({ atClockRate, signal }) => {
  const { cpe, restore } = await atClockRate(rate / 2)
  const { waits, failed } = await failAfterSetting({ cpe, restore, signal }, steepest(cpe, 9, 2000))
  await waitAll(cpe, waits, failed, 9)
  await cpe.dut.powerCycle(signal)
  const timeoutMs = cpe.profile.pixit.timing.rebootSeconds * 1000
  const booted = await cpe.nextSessionWith('1 BOOT', { timeoutMs, inform: { status: 500 }, signal })

  const retry = await waitForRetry(
    cpe,
    waits,
    { undelivered: booted, atMs: booted.informExchange.atMs, isOwed: false },
    1,
    {},
  )

  needInBand(isAsTabled(cpe, waits, retry))
})

test('SES-RETRY-011 keeps all its waits to the minimum when the multiplier is 1000', {
  meta: { id: 'SES-RETRY-011' },
}, async ({ atClockRate, signal }) => {
  const { cpe, restore } = await atClockRate(rate)
  const hundred = { minimum: 100, multiplier: 1000 }
  const wanted = sumMs(cpe, hundred, 5) > affordableMs ? { ...hundred, minimum: 20 } : hundred
  const { waits, failed } = await failAfterSetting({ cpe, restore, signal }, wanted)

  const waited = await waitAll(cpe, waits, failed, 5)

  needInBand(...waited.map((wait) => isAsTabled(cpe, waits, wait)))
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

/** Has that many retries after a failed session fail as well, and returns how long the device waited before each. */
async function waitAll(cpe: TestBed, waits: RetryWaits, failed: Failed, retries: number): Promise<Waited[]> {
  const waited: Waited[] = []
  let last = failed
  for (let retry = 1; retry <= retries; retry++) {
    const wait = await waitForRetry(cpe, waits, last, retry)
    expect(wait.session.inform.RetryCount, 'RetryCount').toBe(retry)
    waited.push(wait)
    last = wait.failed
  }
  return waited
}

function isAsTabled(cpe: TestBed, waits: RetryWaits, wait: Waited): boolean {
  const earlyMs = 0.05 * shortestWaitMs(cpe, waits, wait.retry) + 3
  return isInBand(cpe, waits, wait, { earlyMs, lateMs: roomMs(cpe) })
}
