import type {
  AcsSession,
  AcsTls,
  ClientHello,
  Exchange,
  ScriptedAcs,
  TlsRefusal,
} from '../../harness/acs/acs.ts'
import { ConformanceFailure, Untestable } from '../../harness/conformance.ts'
import { HarnessError } from '../../harness/failure.ts'
import { anotherAcs } from '../../harness/testbed/another-acs.ts'
import type { TestBed } from '../../harness/testbed/testbed.ts'
import { rouse } from './calling-in.ts'

type Restore = (step: () => Promise<void>) => void

/** How far the clock of a device that knows the time may be out, in milliseconds: 100 days. */
const CLOCK_TOLERANCE = 100 * 24 * 3_600_000

/**
 * An ACS at an https URL that shows a good certificate, unless `tls` says otherwise; the device is brought back to the first one after
 * the case.
 * @param publicHost name in its URL and its certificate, where that is not the address
 */
export async function secureAcs(
  cpe: TestBed,
  restore: Restore,
  { tls, publicHost }: { tls?: Partial<AcsTls>; publicHost?: string } = {},
): Promise<ScriptedAcs> {
  comesHome(cpe, restore)
  const certificate = await cpe.authority.issue({ names: [publicHost ?? new URL(cpe.acs.url).hostname] })
  return await anotherAcs(cpe, restore, { publicHost, tls: { ...certificate, ...tls } })
}

/** Cases whose device will be brought back. */
const returning = new WeakSet<Restore>()

/** Has the device brought back to the first ACS when everything that the case registers after this is undone. */
export function comesHome(cpe: TestBed, restore: Restore): void {
  if (returning.has(restore)) return
  returning.add(restore)
  restore(async () => {
    const session = await cpe.provision()
    await session.end()
  })
}

/** Changes what an ACS shows and takes from its next connection on. */
export function alter(acs: ScriptedAcs, tls: Partial<AcsTls>): void {
  if (!acs.tls) throw new HarnessError('this ACS has no TLS')
  acs.tls = { ...acs.tls, ...tls }
}

/** Points the device at an ACS and returns the session that it opens there. */
export async function enter(cpe: TestBed, acs: ScriptedAcs): Promise<AcsSession> {
  const timeoutMs = cpe.profile.pixit.timing.bootSeconds * 1000
  const [session] = await Promise.all([acs.nextSession({ timeoutMs }), cpe.pointAt(acs.url)])
  return known(cpe, session)
}

/** Has a device whose home is another ACS open a session there. */
export async function comeTo(cpe: TestBed, acs: ScriptedAcs): Promise<AcsSession> {
  const timeoutMs = cpe.profile.pixit.timing.informSeconds * 1000
  const [session] = await Promise.all([acs.nextSession({ timeoutMs }), rouse(cpe)])
  return known(cpe, session)
}

/** An ACS over TLS at which the device is at home already: it has just held a session there. */
export async function homeAtSecureAcs(cpe: TestBed, restore: Restore): Promise<ScriptedAcs> {
  const acs = await secureAcs(cpe, restore)
  const session = await enter(cpe, acs)
  await session.end()
  return acs
}

/**
 * Holds a device to be unwilling to talk to an ACS as it is now: it connects, and gives the connection up before it has sent a request.
 * @param problem what is wrong with the ACS, for the failure
 */
export async function assertRefuses(cpe: TestBed, acs: ScriptedAcs, problem: string): Promise<TlsRefusal> {
  const timeoutMs = (cpe.profile.pixit.timing.informSeconds + 10) * 1000
  const given = new AbortController()
  const astray = acs.nextExchange({ timeoutMs, signal: given.signal }).then((exchange) => {
    throw talked(exchange, problem)
  })
  const refusing = acs.nextRefusal({ timeoutMs, signal: given.signal })
  try {
    const [refusal] = await Promise.all([Promise.race([refusing, astray]), rouse(cpe)])
    return refusal
  } finally {
    given.abort()
    astray.catch(() => {})
  }
}

/** Points the device at an ACS and returns what it offers there, whatever becomes of the handshake. */
export async function firstHello(cpe: TestBed, acs: ScriptedAcs): Promise<ClientHello> {
  const timeoutMs = cpe.profile.pixit.timing.bootSeconds * 1000
  const request = acs.nextExchange({ timeoutMs })
  const refusal = acs.nextRefusal({ timeoutMs })
  await cpe.pointAt(acs.url)
  const first = await Promise.race([request, refusal])
  const hello = 'reason' in first ? first.hello : first.tls?.hello
  if (!hello) throw new ConformanceFailure('a ClientHello', 'something else than TLS')
  return hello
}

/** Holds every request of a session to have come over TLS. */
export function assertSecure({ exchanges }: AcsSession): void {
  const bare = exchanges.find(({ tls }) => !tls)
  if (bare) throw talked(bare, 'speaks in the clear')
}

/**
 * A device that does not know the time pays no regard to the dates of certificates (TR-069 3.3).
 * @throws Untestable when its Inform shows that this is such a one
 */
export function assertKnowsTime({ inform }: AcsSession): void {
  const off = Math.abs(Date.parse(inform.CurrentTime) - Date.now())
  if (!(off < CLOCK_TOLERANCE)) throw new Untestable(`the device takes the time for ${inform.CurrentTime}`)
}

function known(cpe: TestBed, session: AcsSession): AcsSession {
  const stated = session.parameters.get(`${cpe.profile.cwmp.root}ManagementServer.ConnectionRequestURL`)
  if (stated) cpe.connectionRequestUrl = stated.Value
  return session
}

function talked(exchange: Exchange, problem: string): ConformanceFailure {
  const way = exchange.tls ? `over ${exchange.tls.version}` : 'in the clear'
  const failure = new ConformanceFailure(
    `no request to an ACS that ${problem}`,
    `${exchange.description} ${way}`,
  )
  failure.transcriptSeq = exchange.transcriptSeq
  return failure
}
