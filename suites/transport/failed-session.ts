import type { AcsSession, Exchange } from '../../harness/acs/acs.ts'
import { ConformanceFailure, granted } from '../../harness/conformance.ts'
import { HarnessError } from '../../harness/failure.ts'
import type { TestBed } from '../../harness/testbed/testbed.ts'
import { inWords, isRetry, nextPost, rouse } from './calling-in.ts'

/** A POST of the device in the middle of a session that the ACS has yet to answer. */
export async function pendingPost(session: AcsSession): Promise<Exchange> {
  granted(await session.call('GetRPCMethods', {}))
  const pending = session.exchanges.at(-1)
  if (!pending || pending.answered) throw new HarnessError('no POST of the device is pending')
  return pending
}

/**
 * Lets the case answer a POST of the device, after which the device has to give the session up as unsuccessful (3.7.1.4):
 * what it sends next is the Inform of a retry.
 * @returns that Inform, unanswered
 */
export async function assertSessionFails(
  cpe: TestBed,
  turn: Exchange,
  answer: (turn: Exchange) => Promise<void>,
): Promise<Exchange> {
  const next = nextPost(cpe)
  await answer(turn)
  await rouse(cpe)
  const exchange = await next
  if (!isRetry(exchange)) throw notARetry(exchange)
  return exchange
}

/**
 * As `assertSessionFails`, but a device may also refuse what it was sent with a fault and go on.
 * @param isHarmless whether another answer shows that the device has not fallen for it
 */
export async function assertRefusedOrFails(
  cpe: TestBed,
  turn: Exchange,
  answer: (turn: Exchange) => Promise<void>,
  isHarmless: (exchange: Exchange) => boolean = () => false,
): Promise<void> {
  const next = nextPost(cpe)
  await answer(turn)
  await rouse(cpe)
  const exchange = await next
  if (exchange.envelope?.kind === 'fault' || isRetry(exchange) || isHarmless(exchange)) return
  throw notARetry(exchange, 'a fault')
}

function notARetry(exchange: Exchange, ...others: string[]): ConformanceFailure {
  const failure = new ConformanceFailure(
    [...others, 'the session to be given up, then an Inform with RetryCount above 0'],
    inWords(exchange),
  )
  failure.transcriptSeq = exchange.transcriptSeq
  return failure
}
