import type { AcsSession } from '../../harness/acs/acs.ts'
import { ConformanceFailure, Untestable } from '../../harness/conformance.ts'
import type { TestBed } from '../../harness/testbed/testbed.ts'

/** Changes with active notification of which the device may tell only so many seconds after a session. */

/** For how long a change is held back, and when that began. */
export interface Hold {
  /** When the session ended from which on the seconds count, in milliseconds of the transcript's clock. */
  readonly sinceMs: number
  /** Of the device's clock. */
  readonly seconds: number
}

/**
 * So many seconds for which changes are to be held back, of the device's clock, and as many more as it takes to make them meanwhile.
 * @param makeOne takes about as long as one of the changes
 */
export async function secondsToHold(
  { profile }: TestBed,
  least: number,
  changes: number,
  makeOne: () => Promise<void>,
): Promise<number> {
  const beganMs = performance.now()
  await makeOne()
  // Twice as long: the next ones may be slower.
  const tookSeconds = ((performance.now() - beganMs) * profile.pixit.clockRate) / 1000
  return least + Math.round(2 * changes * tookSeconds)
}

/** For how long the session is waited for that tells what was held back, in milliseconds; another one meanwhile makes the device wait once more. */
export function heldBackMs({ profile: { pixit } }: TestBed, { seconds }: Hold): number {
  return ((2 * seconds) / pixit.clockRate + pixit.timing.informSeconds) * 1000
}

/** Whether a time of the transcript's clock, by which the changes had been made, is one at which they had to be held back. */
export function isWithin({ profile }: TestBed, { sinceMs, seconds }: Hold, madeMs: number): boolean {
  return ((madeMs - sinceMs) * profile.pixit.clockRate) / 1000 < seconds
}

/**
 * Holds a session that tells a change to have come no earlier than the device may tell it.
 * @param madeMs when the change had been made, on the transcript's clock
 * @param isForIt whether the session was opened for that change and nothing else; any other is lawful at any time and has to tell it
 * @throws Untestable when the session says nothing of how long the device holds back
 */
export function expectHeldBack(
  cpe: TestBed,
  session: AcsSession,
  hold: Hold,
  { madeMs, isForIt }: { madeMs: number; isForIt: boolean },
): void {
  const { sinceMs, seconds } = hold
  if (!isWithin(cpe, hold, madeMs))
    throw new Untestable(`the adapter needs more than the ${seconds} s for which the change is held back`)
  const waited = ((session.informExchange.atMs - sinceMs) * cpe.profile.pixit.clockRate) / 1000
  // The device counts from when it has seen the end of the session, the bench from when it has seen the last message.
  if (waited >= seconds - 0.5) return
  if (!isForIt)
    throw new Untestable(`a session with ${session.eventCodes.join(', ')} told the change before its time`)
  throw new ConformanceFailure(
    `no session for the change within ${seconds} s of the last one`,
    `one after ${waited.toFixed(2)} s`,
  )
}
