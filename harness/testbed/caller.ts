import {
  type AcsSession,
  askPatiently,
  type ConnectionRequestResult,
  connectionRequest,
  type NextSessionOptions,
  type ScriptedAcs,
} from '../acs/acs.ts'
import type { Transcript } from '../cwmp/transcript.ts'
import type { Dut, Profile } from '../dut/dut.ts'
import { ConformanceFailure, DeviceSilent } from '../failure.ts'
import type { CertificateAuthority } from '../net/net.ts'
import { configure, provisioningOf } from './enrolment.ts'
import { untilEither } from './until-either.ts'

/** How the device is brought to open a session. */
type Trigger = 'connection request' | 'periodic inform' | 'provision'

/** What it takes to have a device open sessions. */
export interface CallParts {
  readonly profile: Profile
  readonly acs: ScriptedAcs
  readonly dut: Dut
  readonly transcript: Transcript
  readonly authority: CertificateAuthority
}

/** Has the device under test open sessions at will, by the best means that it has. */
export class Caller {
  readonly acs: ScriptedAcs
  readonly dut: Dut
  readonly transcript: Transcript
  readonly profile: Profile
  /** Which the device is made to trust each time it is provisioned, if it knows TLS at all. */
  readonly authority: CertificateAuthority
  /** Last ConnectionRequestURL that the device stated in an Inform. */
  connectionRequestUrl = ''
  #acsUrl = ''
  #trigger: Trigger
  /** When the latest connection request for a session was granted, on the transcript's clock. */
  #grantedAtMs = 0

  constructor({ profile, acs, dut, transcript, authority }: CallParts) {
    this.profile = profile
    this.acs = acs
    this.dut = dut
    this.transcript = transcript
    this.authority = authority
    this.#trigger = profile.ics.HttpConnectionRequest ? 'connection request' : 'periodic inform'
  }

  /** The ACS URL that the device was last given. */
  get acsUrl(): string {
    return this.#acsUrl
  }

  /** Points the device at the ACS, with the credentials of the profile, and waits for its first session. */
  async provision(
    options: { acsUrl?: string; signal?: AbortSignal } = {},
    next: NextSessionOptions = {},
  ): Promise<AcsSession> {
    const { timing } = this.profile.pixit
    const acsUrl = options.acsUrl ?? this.acs.url
    const before = this.#acsUrl
    await this.pointAt(acsUrl, options.signal)
    // It may have been about to open a session at the URL that it had: that is not the one that was asked for.
    const isMoved = acsUrl !== before && originOf(acsUrl) === originOf(before)
    const oldPath = isMoved ? pathOf(before) : undefined
    const isNew: NextSessionOptions['where'] = (inform, exchange) =>
      exchange.path !== oldPath && (next.where?.(inform, exchange) ?? true)
    return this.nextSession({
      timeoutMs: timing.bootSeconds * 1000,
      signal: options.signal,
      ...next,
      ...(oldPath !== undefined && { where: isNew }),
    })
  }

  /** Points the device at an ACS, of the bench or not, and leaves what then comes to the case. */
  async pointAt(acsUrl: string, signal?: AbortSignal): Promise<void> {
    this.#acsUrl = acsUrl
    this.acs.stepAside(new URL(acsUrl).origin !== new URL(this.acs.url).origin)
    await this.dut.provision(provisioningOf(this.profile, acsUrl, this.authority), signal)
  }

  /** Waits for the next session the device opens by itself and remembers where it wants to be called. */
  async nextSession(options: NextSessionOptions = {}): Promise<AcsSession> {
    const session = await this.acs.nextSession({
      timeoutMs: this.profile.pixit.timing.informSeconds * 1000,
      ...options,
    })
    this.#noteUrl(session)
    return session
  }

  /**
   * Waits for the next session that tells the event. One that the device still owed to an earlier connection request, or opened for another
   * reason, is passed over.
   * @throws DeviceSilent naming what came instead
   */
  nextSessionWith(event: string, options: Omit<NextSessionOptions, 'where'> = {}): Promise<AcsSession> {
    const where: NextSessionOptions['where'] = ({ Event }) =>
      Event.some(({ EventCode }) => EventCode === event)
    return this.nextSession({ ...options, where })
  }

  /**
   * The first session of a device that the adapter has just restarted; to be asked for as soon as that has answered. An Inform that came before the
   * answer may be of before the restart, as no connection tells that its device has lost its power: such a session does not go on, and the next
   * one is taken.
   * @throws DeviceSilent when none comes within the reboot time of the profile
   */
  async firstSessionSinceBoot(options: Omit<NextSessionOptions, 'inform'> = {}): Promise<AcsSession> {
    const answeredAtMs = this.transcript.now()
    const timeoutMs = this.profile.pixit.timing.rebootSeconds * 1000
    for (;;) {
      const session = await this.nextSession({ timeoutMs, ...options })
      if (session.informExchange.atMs >= answeredAtMs || (await isAlive(session, options.signal)))
        return session
      this.transcript.note('the Inform was one of before the restart: its session does not go on')
    }
  }

  /**
   * Has the device open a session, by a connection request where it can be called, else by a short periodic interval,
   * else by provisioning it anew, and returns that session with its Inform answered, or as `options` say.
   * @throws DeviceSilent when nothing brings it to call.
   */
  async openSession(signal?: AbortSignal, options: NextSessionOptions = {}): Promise<AcsSession> {
    const session =
      this.#trigger === 'connection request'
        ? ((await this.#sessionByConnectionRequest(signal, options)) ??
          (await this.#byPeriodFromNowOn(signal, options)))
        : this.#trigger === 'periodic inform'
          ? ((await this.#awaited(signal, options)) ?? (await this.#afterEnrolling(signal, options)))
          : undefined
    if (session) return session
    if (this.#trigger !== 'provision') {
      this.transcript.note('no periodic Inform comes: provisioning anew for each session from now on')
      this.#trigger = 'provision'
    }
    await this.acs.drain()
    return this.provision({ signal }, options)
  }

  /** Whether the device opens its sessions by a short period, because connection requests bring none. */
  get isCalledByPeriod(): boolean {
    return this.#trigger === 'periodic inform'
  }

  /** Whether neither connection requests nor periodic Informs bring the device to call, as `openSession` has found. */
  get isCalledByProvisioning(): boolean {
    return this.#trigger === 'provision'
  }

  /** Points the device once more at the ACS that it has, which is how such a one is called, and leaves what then comes to the case. */
  async callByProvisioning(signal?: AbortSignal): Promise<void> {
    await this.pointAt(this.#acsUrl, signal)
  }

  /** Has the device end a session of its own, and another one that it may still owe, so that what it opens afterwards is due to something else. */
  async idle(signal?: AbortSignal): Promise<void> {
    const session = await this.openSession(signal)
    await session.end()
    await this.settleDebt(session, signal)
  }

  /** Waits for the session that the device may still owe after this one, which `openSession` has opened and which is over, and ends it. */
  async settleDebt(session: AcsSession, signal?: AbortSignal): Promise<void> {
    if (!this.mayOweAfter(session)) return
    const another = await this.#awaited(signal, { timeoutMs: this.#successorMs })
    await another?.end()
  }

  /**
   * Whether the device may still owe a session after this one, which `openSession` has opened: one that began to connect before its connection
   * request was granted was on its way before, and the request is still to be heeded then (TR-069 3.2.2).
   */
  mayOweAfter({ informExchange }: AcsSession): boolean {
    return this.#trigger === 'connection request' && informExchange.begunAtMs < this.#grantedAtMs
  }

  /** Sends one connection request with the right credentials to the URL of the latest Inform. */
  requestConnection(signal?: AbortSignal): Promise<ConnectionRequestResult> {
    const { credentials, timing } = this.profile.pixit
    return connectionRequest(this.connectionRequestUrl, {
      username: credentials.connectionRequestUsername,
      password: credentials.connectionRequestPassword,
      timeoutMs: timing.responseSeconds * 1000,
      transcript: this.transcript,
      signal,
    })
  }

  /** Asks again, for as long as a session may take to come, while the device says 503. */
  askPatiently<Answer extends { readonly status: number | undefined }>(
    request: () => Promise<Answer>,
    signal?: AbortSignal,
  ): Promise<Answer> {
    return askPatiently(request, { withinMs: this.profile.pixit.timing.informSeconds * 1000, signal })
  }

  /**
   * Points the device at this ACS and makes it known: connection request credentials set, periodic Informs quiet or,
   * without another way in, short. What a reset device needs before it can be called again.
   * @throws DeviceSilent when it opens no session
   */
  async enrol(): Promise<void> {
    const session = await this.provision()
    try {
      await configure(
        session,
        this.profile,
        this.#trigger === 'periodic inform',
        (line) => void this.transcript.note(line),
      )
      await session.end()
    } catch (error) {
      if (!(error instanceof ConformanceFailure)) throw error
      this.transcript.note(`enrolment: ${error.message}`)
      await this.acs.drain()
    }
  }

  /** Cases about connection requests say what is wrong there; all others go on by another way. */
  #byPeriodFromNowOn(signal?: AbortSignal, options?: NextSessionOptions): Promise<AcsSession | undefined> {
    this.transcript.note('no session came of a connection request: periodic Informs from now on')
    this.#trigger = 'periodic inform'
    return this.#afterEnrolling(signal, options)
  }

  /** The next session, if one comes in time. */
  async #awaited(signal?: AbortSignal, options?: NextSessionOptions): Promise<AcsSession | undefined> {
    try {
      return await this.nextSession({ ...options, signal })
    } catch (error) {
      if (error instanceof DeviceSilent) return undefined
      throw error
    }
  }

  /** A case may have changed the interval on which the bench relies: set it again. */
  async #afterEnrolling(signal?: AbortSignal, options?: NextSessionOptions): Promise<AcsSession | undefined> {
    await this.acs.drain()
    await this.enrol()
    return this.#awaited(signal, options)
  }

  async #sessionByConnectionRequest(
    signal?: AbortSignal,
    options?: NextSessionOptions,
  ): Promise<AcsSession | undefined> {
    if (this.connectionRequestUrl === '') return undefined
    const { informSeconds, rebootSeconds } = this.profile.pixit.timing
    let askedAtMs = 0
    const ask = () => {
      askedAtMs = this.transcript.now()
      return this.#requestNoted(signal)
    }
    try {
      if (!isGranted(await this.askPatiently(ask, signal))) return undefined
    } catch (error) {
      if (!(error instanceof DeviceSilent)) throw error
      return this.#onceBack(rebootSeconds, signal, options)
    }
    // One that is to be spoiled has to be the one that was asked for: what the device does afterwards would be due to the other.
    let isOlderOver = false
    const isAskedFor: NextSessionOptions['where'] = (inform, exchange) => {
      const isYounger = exchange.begunAtMs >= askedAtMs
      isOlderOver ||= !isYounger
      return isYounger && (options?.where?.(inform, exchange) ?? true)
    }
    const where = options?.inform === undefined ? {} : { where: isAskedFor }
    try {
      const session = await this.#awaited(signal, { ...options, ...where })
      if (!session && isOlderOver) return await this.openSession(signal, options)
      if (!session) return await this.#onceBack(rebootSeconds - informSeconds, signal, options)
      if (session.informExchange.begunAtMs >= askedAtMs) return session
      return (await this.#successorOf(session, signal, options)) ?? this.openSession(signal, options)
    } catch (error) {
      if (error instanceof DeviceSilent) return undefined
      throw error
    }
  }

  /** Makes one connection request, and notes when it was granted. */
  async #requestNoted(signal?: AbortSignal): Promise<ConnectionRequestResult> {
    const result = await this.requestConnection(signal)
    if (isGranted(result)) this.#grantedAtMs = result.atMs
    return result
  }

  /**
   * A device that cannot be reached, or that does not come although it granted a request, may be booting: of its own accord even, for values that
   * are in force only then (TR-069 A.3.2.1, Status 1). It comes by itself when it is back, or can be called again.
   */
  async #onceBack(
    withinSeconds: number,
    signal?: AbortSignal,
    options?: NextSessionOptions,
  ): Promise<AcsSession | undefined> {
    if (withinSeconds <= 0) return undefined
    this.transcript.note('no session came of a connection request: perhaps the device boots')
    const session = this.#awaited(signal, { ...options, timeoutMs: withinSeconds * 1000 })
    await untilEither(session, async () => isGranted(await this.#requestNoted(signal)))
    return session
  }

  /**
   * A session that was there before the request was made is due to something else. The device may owe one of its own to the
   * request (TR-069 3.2.2), which would get in the way of whatever comes next.
   */
  async #successorOf(
    older: AcsSession,
    signal?: AbortSignal,
    options?: NextSessionOptions,
  ): Promise<AcsSession | undefined> {
    await older.end()
    return this.#awaited(signal, { ...options, timeoutMs: this.#successorMs })
  }

  /** How long a session is waited for that may come or not, in milliseconds. */
  get #successorMs(): number {
    return this.profile.pixit.timing.informSeconds * 100
  }

  #noteUrl(session: AcsSession): void {
    const name = `${this.profile.cwmp.root}ManagementServer.ConnectionRequestURL`
    const stated = session.parameters.get(name)?.Value
    if (stated !== undefined) this.connectionRequestUrl = stated
  }
}

function isGranted({ status }: ConnectionRequestResult): boolean {
  return status === 200 || status === 204
}

async function isAlive(session: AcsSession, signal: AbortSignal | undefined): Promise<boolean> {
  try {
    await session.goesOn({ ...(signal && { signal }) })
    return true
  } catch (error) {
    if (error instanceof ConformanceFailure) return false
    throw error
  }
}

function pathOf(url: string): string | undefined {
  if (!URL.canParse(url)) return undefined
  const { pathname, search } = new URL(url)
  return pathname + search
}

function originOf(url: string): string | undefined {
  return URL.canParse(url) ? new URL(url).origin : undefined
}
