import type { AcsSession, Exchange, ScriptedAcs } from '../../harness/acs/acs.ts'
import { ConformanceFailure, granted, Untestable } from '../../harness/conformance.ts'
import { anotherAcs } from '../../harness/testbed/another-acs.ts'
import type { TestBed } from '../../harness/testbed/testbed.ts'
import { firstPost } from './calling-in.ts'

type Restore = (step: () => Promise<void>) => void

/** As `anotherAcs`, under another host name; only where device and ACS are on one machine. */
export async function acsOnAnotherHost(cpe: TestBed, restore: Restore): Promise<ScriptedAcs> {
  if (new URL(cpe.acs.url).hostname !== '127.0.0.1')
    throw new Untestable('a second address of the ACS is known only on the loopback interface')
  try {
    return await anotherAcs(cpe, restore, { host: '127.0.0.2' })
  } catch (error) {
    throw new Untestable(`there is no second loopback address: ${(error as Error).message}`)
  }
}

/** Answers a POST with a redirect. */
export function redirect(post: Exchange, status: number, location: string | URL): Promise<void> {
  return post.respond({ status, headers: { Location: String(location) } })
}

/**
 * Redirects the Inform of the next session to another ACS, and returns the session that opens there.
 * @throws ConformanceFailure as soon as the device comes back to the first one
 */
export async function redirectedSession(
  cpe: TestBed,
  other: ScriptedAcs,
  status: number,
): Promise<AcsSession> {
  const inform = await firstPost(cpe)
  const timeoutMs = cpe.profile.pixit.timing.informSeconds * 1000
  const arrived = new AbortController()
  const astray = cpe.acs.nextExchange({ timeoutMs, signal: arrived.signal }).then((exchange) => {
    throw wrong(exchange, `the Inform at ${other.url}`, 'host')
  })
  const arriving = other.nextSession({ timeoutMs })
  await redirect(inform, status, other.url)
  try {
    return await Promise.race([arriving, astray])
  } finally {
    arrived.abort()
    astray.catch(() => {})
  }
}

/**
 * What comes of a redirect, where a case examines something else than that it is followed.
 * @param path where the redirect leads
 * @throws Untestable when the device does not follow it, which the cases RDR examine
 */
export async function whereFollowed(coming: Promise<Exchange>, path: string): Promise<Exchange> {
  try {
    const came = await coming
    if (came.path === path) return came
  } catch (error) {
    if (!(error instanceof ConformanceFailure)) throw error
  }
  throw new Untestable('the device does not follow the redirect, which the cases RDR examine')
}

/** Has a POST in the middle of a session redirected, and returns the POST that comes of it. */
export async function redirectedPost(
  session: AcsSession,
  status: number,
  location: string | URL,
): Promise<{ sent: Exchange; again: Exchange }> {
  granted(await session.call('GetRPCMethods', {}))
  const sent = session.exchanges.at(-1) as Exchange
  const again = await session.send('', { status, headers: { Location: String(location) } })
  return { sent, again }
}

/** Holds a redirected request to be the one that was sent before: method, body and the headers that belong to it. */
export function assertSamePost(sent: Exchange, again: Exchange): void {
  for (const name of ['content-type', 'soapaction'])
    if (again.header(name) !== sent.header(name)) throw wrong(again, `${name}: ${sent.header(name)}`, name)
  if (again.method === sent.method && again.body.equals(sent.body)) return
  throw wrong(again, `the same POST (${sent.description}) of ${sent.body.length} octets`)
}

function wrong(again: Exchange, expected: string, header?: string): ConformanceFailure {
  const actual =
    header === undefined ? `${again.description} of ${again.body.length} octets` : again.header(header)
  const failure = new ConformanceFailure(expected, actual ?? `no ${header}`)
  failure.transcriptSeq = again.transcriptSeq
  return failure
}
