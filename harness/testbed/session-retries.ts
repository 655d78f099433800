import type { AcsSession, InformAnswer } from '../acs/acs.ts'
import { isFault } from '../cwmp/cwmp.ts'
import { ConformanceFailure } from '../failure.ts'
import type { TestBed } from './testbed.ts'

/** Takes what has to be undone after the case. */
export type Restore = (undo: () => Promise<void>) => void

/** How the ACS can spoil a session at its Inform; after each the device has to come back (TR-069 3.7.1.4, 3.2.1.1). */
export type Spoiling = Exclude<InformAnswer, 'later'>

/** The device's waits before retries: minimum in seconds, multiplier in thousandths. */
export interface RetryWaits {
  readonly minimum: number
  readonly multiplier: number
}

/** The waits of a device without these parameters (3.2.1.1). */
const defaults: RetryWaits = { minimum: 5, multiplier: 2000 }

/**
 * Sets the parameters of the session retry table (3.2.1.1) so that a case does not take minutes, and puts back afterwards what
 * was there. A device that denies them in its statement keeps the default table: 5 to 10 s before the first retry.
 */
export async function setRetryWaits(
  cpe: TestBed,
  session: AcsSession,
  restore: Restore,
  waits: RetryWaits,
): Promise<RetryWaits> {
  // Asked for all the same, a device that refuses nothing would seem to have them.
  if (!cpe.profile.ics.SessionRetryParameters) return defaults
  const before = await read(cpe, session)
  restore(async () => {
    const later = await cpe.openSession()
    await write(cpe, later, before)
    await later.end()
  })
  return (await write(cpe, session, waits)) ? waits : before
}

function namesOf({ profile }: TestBed): readonly [minimum: string, multiplier: string] {
  const server = `${profile.cwmp.root}ManagementServer.CWMPRetry`
  return [`${server}MinimumWaitInterval`, `${server}IntervalMultiplier`]
}

async function read(cpe: TestBed, session: AcsSession): Promise<RetryWaits> {
  const [minimum, multiplier] = namesOf(cpe)
  const answer = await session.call('GetParameterValues', { ParameterNames: [minimum, multiplier] })
  if (isFault(answer)) return defaults
  const stated = (name: string, otherwise: number): number =>
    Number(answer.ParameterList.find(({ Name }) => Name === name)?.Value) || otherwise
  return {
    minimum: stated(minimum, defaults.minimum),
    multiplier: stated(multiplier, defaults.multiplier),
  }
}

async function write(cpe: TestBed, session: AcsSession, waits: RetryWaits): Promise<boolean> {
  const [minimum, multiplier] = namesOf(cpe)
  const value = (Name: string, number: number) => ({ Name, Value: String(number), type: 'xsd:unsignedInt' })
  const answer = await session.call('SetParameterValues', {
    ParameterList: [value(minimum, waits.minimum), value(multiplier, waits.multiplier)],
    ParameterKey: 'retry waits',
  })
  return !isFault(answer)
}

/** Quick retries: about one second before each. */
const quick: RetryWaits = { minimum: 1, multiplier: 1000 }

/** The end of the band before retry number `retry`, in milliseconds of the wall clock (3.2.1.1). */
export function longestWaitMs(cpe: TestBed, { minimum, multiplier }: RetryWaits, retry: number): number {
  return (minimum * (multiplier / 1000) ** Math.min(retry, 10) * 1000) / cpe.profile.pixit.clockRate
}

/** The beginning of the band before retry number `retry`, in milliseconds of the wall clock. */
export function shortestWaitMs(cpe: TestBed, { minimum, multiplier }: RetryWaits, retry: number): number {
  return (minimum * (multiplier / 1000) ** (Math.min(retry, 10) - 1) * 1000) / cpe.profile.pixit.clockRate
}

/** The session of the device's next retry. */
export function nextRetry(
  cpe: TestBed,
  waits: RetryWaits,
  retry: number,
  inform?: InformAnswer,
): Promise<AcsSession> {
  const timeoutMs = longestWaitMs(cpe, waits, retry) + cpe.profile.pixit.timing.informSeconds * 1000
  return cpe.nextSession({ timeoutMs, ...(inform === undefined ? {} : { inform }) })
}

/** Sets quick retries in a session of its own and ends it. */
export async function quickRetries(cpe: TestBed, restore: Restore, signal: AbortSignal): Promise<RetryWaits> {
  const session = await cpe.openSession(signal)
  try {
    const waits = await setRetryWaits(cpe, session, restore, quick)
    await session.end()
    await cpe.settleDebt(session, signal)
    return waits
  } catch (error) {
    // A device that cannot even refuse the parameters is judged by the cases of SetParameterValues; here its defaults will do.
    if (!(error instanceof ConformanceFailure)) throw error
    await cpe.acs.drain()
    await (await cpe.openSession(signal)).end()
    return defaults
  }
}
