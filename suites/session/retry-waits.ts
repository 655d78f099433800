import type { AcsSession, InformAnswer } from '../../harness/acs/acs.ts'
import { ConformanceFailure, Untestable } from '../../harness/conformance.ts'
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

/** How long a device waits before its retries, where nothing but the retry table (TR-069 3.2.1.1) should bring it. */

/** A session that has failed. */
export interface Failed {
  /** The one whose Inform failed; what an answered Inform told is delivered, and not told again. */
  readonly undelivered: AcsSession | undefined
  /** When it did, on the transcript's clock. */
  readonly atMs: number
  /** Whether a connection request may still bring another session, in the middle of a wait. */
  readonly isOwed: boolean
}

/** A wait for a retry, and how it ended. */
export interface Waited {
  readonly retry: number
  readonly waitedMs: number
  /** It tells something new: for an event the device need not wait any longer (3.2.1.1). */
  readonly isForEvent: boolean
  readonly failed: Failed
}

interface Bench {
  readonly cpe: TestBed
  readonly restore: Restore
  readonly signal: AbortSignal
}

/**
 * Sets these waits, if any are given, and has the ACS fail a session: from then on only retries are due. Periodic Informs, by which the bench
 * calls a device without connection requests, are off until the end of the case.
 * @returns the waits that the device has, and the session
 */
export async function failAfterSetting(
  { cpe, restore, signal }: Bench,
  wanted?: RetryWaits,
): Promise<{ waits: RetryWaits; failed: Failed }> {
  const session = await cpe.openSession(signal)
  const waits = wanted ? await setRetryWaits(cpe, session, restore, wanted) : STANDARD
  if (cpe.isCalledByPeriod) {
    restore(() => cpe.enrol())
    await setPeriod(cpe, session, { enable: false })
    await session.end({ status: 500 })
    return { waits, failed: { undelivered: undefined, atMs: cpe.transcript.now(), isOwed: false } }
  }
  await session.end()
  await cpe.settleDebt(session, signal)
  const spoiled = await cpe.openSession(signal, { inform: { status: 500 } })
  return { waits, failed: { ...failedAtInform(spoiled), isOwed: cpe.mayOweAfter(spoiled) } }
}

/** The table of a device on which nothing was set. */
const STANDARD: RetryWaits = { minimum: 5, multiplier: 2000 }

/** Waits for the retry that follows a failed session, and has it fail as well unless `inform` says otherwise. */
export async function waitForRetry(
  cpe: TestBed,
  waits: RetryWaits,
  failed: Failed,
  retry: number,
  inform: InformAnswer = { status: 500 },
): Promise<Waited & { readonly session: AcsSession }> {
  const session = await nextRetry(cpe, waits, retry, inform)
  return {
    retry,
    session,
    waitedMs: session.informExchange.atMs - failed.atMs,
    isForEvent: tellsMore(failed, session),
    failed: { ...failedAtInform(session), isOwed: failed.isOwed },
  }
}

/**
 * Holds a wait to the band of its retry, down to `earlyMs` before and up to `lateMs` after it. One that an event has cut short says nothing.
 * @returns whether it says something
 * @throws ConformanceFailure with both in seconds of the device
 */
export function isInBand(
  cpe: TestBed,
  waits: RetryWaits,
  { retry, waitedMs, isForEvent }: Waited,
  room: { readonly earlyMs: number; readonly lateMs: number },
): boolean {
  const [from, to] = [shortestWaitMs(cpe, waits, retry), longestWaitMs(cpe, waits, retry)]
  const isEarly = waitedMs < from - room.earlyMs
  if (isEarly && isForEvent) return false
  if (!isEarly && waitedMs <= to + room.lateMs) return true
  const { clockRate } = cpe.profile.pixit
  const inSeconds = (ms: number) => Number(((ms * clockRate) / 1000).toFixed(1))
  throw new ConformanceFailure(
    `a wait of ${inSeconds(from)} to ${inSeconds(to)} s before retry ${retry}`,
    `${inSeconds(waitedMs)} s`,
  )
}

/** @throws Untestable unless a wait, or one of several, says something */
export function needInBand(...saying: readonly boolean[]): void {
  if (!saying.includes(true)) throw new Untestable('a new event brought the device before its wait was over')
}

function failedAtInform(session: AcsSession): Omit<Failed, 'isOwed'> {
  return { undelivered: session, atMs: session.informExchange.atMs }
}

/** Whether a retry tells more than the session that failed before it: another event, or another change of values. */
function tellsMore({ undelivered: before, isOwed }: Failed, { inform, eventCodes }: AcsSession): boolean {
  // This event is not told again: if a connection request is open, it is new.
  if (isOwed && eventCodes.includes('6 CONNECTION REQUEST')) return true
  const known = before?.inform.Event.map(keyOf) ?? []
  if (inform.Event.some((event) => !take(known, keyOf(event)))) return true
  if (!eventCodes.includes('4 VALUE CHANGE')) return false
  // The ACS has set the ParameterKey along with the waits.
  return inform.ParameterList.some(
    ({ Name, Value }) => !Name.endsWith('.ParameterKey') && before?.parameters.get(Name)?.Value !== Value,
  )
}

function keyOf({ EventCode, CommandKey }: AcsSession['inform']['Event'][number]): string {
  return `${EventCode} ${CommandKey}`
}

/** Takes one of these out, if there is one. */
function take(all: string[], one: string): boolean {
  const at = all.indexOf(one)
  if (at >= 0) all.splice(at, 1)
  return at >= 0
}
