import { setTimeout } from 'node:timers/promises'
import type { AcsSession, Exchange, NextSessionOptions } from '../../harness/acs/acs.ts'
import { ConformanceFailure, DeviceSilent } from '../../harness/conformance.ts'
import { decodeRequest, EnvelopeError, type RequestOf } from '../../harness/cwmp/cwmp.ts'
import type { TestBed } from '../../harness/testbed/testbed.ts'

/** How long a device that is still ending a session may refuse to be called again. */
const BUSY_MS = 5000

/** A first retry comes 5 to 10 s after a failure (TR-069 3.2.1.1). */
const FIRST_RETRY_MS = 10_000

/**
 * Asks the device to call, and leaves what then comes to the case. Where it cannot be asked, its periodic Informs (of the
 * test bed) or its own retry bring it.
 */
export async function rouse(cpe: TestBed): Promise<void> {
  if (!cpe.profile.ics.HttpConnectionRequest || cpe.connectionRequestUrl === '') return
  const deadline = performance.now() + BUSY_MS
  for (let pause = 10; performance.now() < deadline; pause *= 2) {
    try {
      const { status } = await cpe.requestConnection()
      if (status !== 503) return
    } catch (error) {
      if (error instanceof DeviceSilent) return
      throw error
    }
    await setTimeout(pause)
  }
}

/** As `rouse`, for the first session of a case: nothing is lost yet of a device that only provisioning brings to call. */
async function bring(cpe: TestBed): Promise<void> {
  if (cpe.isCalledByProvisioning) await cpe.callByProvisioning()
  else await rouse(cpe)
}

/** How long the first session of a case may take to come. */
function firstMs({ isCalledByProvisioning, profile: { pixit } }: TestBed): number {
  const { bootSeconds, informSeconds } = pixit.timing
  return (isCalledByProvisioning ? bootSeconds : informSeconds) * 1000
}

/** The first session of a case, opened under conditions that the case has set up before. */
export async function callFirst(cpe: TestBed, options: NextSessionOptions = {}): Promise<AcsSession> {
  const next = cpe.nextSession({ timeoutMs: firstMs(cpe), ...options })
  const [session] = await Promise.all([next, bring(cpe)])
  return session
}

/** The next session of the device, opened under conditions that the case has set up before. */
export async function callIn(cpe: TestBed, options: NextSessionOptions = {}): Promise<AcsSession> {
  const [session] = await Promise.all([cpe.nextSession(options), rouse(cpe)])
  return session
}

/**
 * The next session, opened while the ACS asks for credentials.
 * @throws ConformanceFailure as soon as the device comes with a retry: it was not let in
 */
export async function letIn(cpe: TestBed): Promise<AcsSession> {
  const arrived = new AbortController()
  const given = cpe.acs.nextExchange({ where: isRetry, signal: arrived.signal, timeoutMs: 600_000 })
  const givenUp = given.then((retry) => {
    const failure = new ConformanceFailure('credentials that are right', 'none, and the session given up')
    failure.transcriptSeq = retry.transcriptSeq
    throw failure
  })
  try {
    return await Promise.race([callFirst(cpe), givenUp])
  } finally {
    arrived.abort()
    givenUp.catch(() => {})
  }
}

/** The first HTTP request of the next session, for the case to answer by hand. */
export async function firstPost(cpe: TestBed): Promise<Exchange> {
  const next = cpe.acs.nextExchange({ timeoutMs: firstMs(cpe) + FIRST_RETRY_MS })
  const [exchange] = await Promise.all([next, bring(cpe)])
  return exchange
}

/** The next HTTP request, whatever it is; time enough for a first retry. */
export function nextPost(cpe: TestBed): Promise<Exchange> {
  return cpe.acs.nextExchange({
    timeoutMs: cpe.profile.pixit.timing.informSeconds * 1000 + FIRST_RETRY_MS,
  })
}

/** An Inform that follows an unsuccessful session: it counts that session (TR-069 3.2.1.1). A device that crashed is none of that kind. */
export function isRetry(exchange: Exchange): boolean {
  const inform = informOf(exchange)
  return (
    inform !== undefined &&
    inform.RetryCount > 0 &&
    !inform.Event.some(({ EventCode }) => EventCode === '1 BOOT')
  )
}

/** What came, with the RetryCount and the events of an Inform. */
export function inWords(exchange: Exchange): string {
  const inform = informOf(exchange)
  if (!inform) return exchange.description
  const events = inform.Event.map(({ EventCode }) => EventCode).join(', ')
  return `an Inform with RetryCount ${inform.RetryCount} and ${events || 'no event'}`
}

/** The arguments of an Inform; undefined for everything else, an Inform that cannot be read included. */
function informOf({ isInform, envelope }: Exchange): RequestOf<'Inform'> | undefined {
  if (!isInform || !envelope) return undefined
  try {
    return decodeRequest(envelope, 'Inform')
  } catch (error) {
    if (!(error instanceof EnvelopeError)) throw error
    return undefined
  }
}
