import { setTimeout } from 'node:timers/promises'
import { defaultAnswer, type Exchange } from '../../acs/acs.ts'
import { buildRequest, buildResponse, decodeRequest, EnvelopeError, type RequestOf } from '../../cwmp/cwmp.ts'
import { DeviceSilent } from '../../failure.ts'
import type { TestBed } from '../../testbed/testbed.ts'
import { Visits } from './visits.ts'

const FORGETTING = 0.95

/** What is said to the device where nothing is broken. */
export class Dialogue {
  /** How long the device may well take for its next request: the longest of late, in milliseconds. */
  slowestMs = 0
  readonly #cpe: TestBed
  #visits: Visits
  #namespace = ''
  #ids = 0

  constructor(cpe: TestBed) {
    this.#cpe = cpe
    this.#visits = new Visits(cpe.acs)
  }

  /** Lets the test bed have the device, and takes it back afterwards. */
  async aside(deed: () => Promise<void>): Promise<void> {
    await this.close()
    await deed()
    this.#visits = new Visits(this.#cpe.acs)
  }

  async close(): Promise<void> {
    await this.#visits.close()
  }

  /** The next request of the device. */
  async next(timeoutMs: number, signal: AbortSignal): Promise<Exchange | undefined> {
    const began = performance.now()
    const exchange = await this.#visits.next({ timeoutMs, signal })
    // What was slow once, on a busy machine, is forgotten in the course of some dozens of them.
    if (exchange && timeoutMs === this.#responseMs)
      this.slowestMs = Math.max(this.slowestMs * FORGETTING, performance.now() - began)
    return exchange
  }

  /** Says something proper, and waits for what comes next. @throws DeviceSilent */
  async say(turn: Exchange, body: string, signal: AbortSignal): Promise<Exchange> {
    turn.respondQuietly({ body, status: body === '' ? 204 : 200 })
    const next = await this.next(this.#responseMs, signal)
    if (!next) throw new DeviceSilent('the session to go on', `nothing within ${this.#responseMs} ms`)
    return next
  }

  /**
   * The Inform of the next session. What is left of the last one is answered politely.
   * @param patienceMs how long the device is waited for before it is called
   * @throws DeviceSilent when none comes
   */
  async inform(patienceMs: number, signal: AbortSignal): Promise<Exchange> {
    const first = await this.next(patienceMs, signal)
    if (first?.isInform) return first
    first?.respondQuietly({ status: 204 })
    await this.rouse(signal)
    const { informSeconds } = this.#cpe.profile.pixit.timing
    for (;;) {
      const next = await this.next(informSeconds * 1000, signal)
      if (!next)
        throw new DeviceSilent('an Inform after a connection request', `none within ${informSeconds} s`)
      if (next.isInform) return next
      next.respondQuietly({ status: 204 })
    }
  }

  /** The first POST of a session after its Inform, and after what the device wanted to say itself. @throws DeviceSilent */
  async enter(inform: Exchange, signal: AbortSignal): Promise<Exchange> {
    return this.yielded(await this.say(inform, this.informResponse(inform), signal), signal)
  }

  /** Answers requests of the device until it has none. @throws DeviceSilent */
  async yielded(first: Exchange, signal: AbortSignal): Promise<Exchange> {
    let turn = first
    while (turn.isCpeRequest && turn.envelope && !turn.isInform)
      turn = await this.say(turn, defaultAnswer(turn.envelope, this.#options), signal)
    return turn
  }

  /** Calls the device, if it can be called; one that is busy is asked again for a while. */
  async rouse(signal: AbortSignal): Promise<void> {
    const { profile, connectionRequestUrl } = this.#cpe
    if (!profile.ics.HttpConnectionRequest || connectionRequestUrl === '') return
    try {
      await this.#cpe.askPatiently(() => this.#cpe.requestConnection(signal), signal)
    } catch (error) {
      if (!(error instanceof DeviceSilent)) throw error
      // Whether it comes all the same is seen by who waits for it.
      await setTimeout(0)
    }
  }

  informResponse(inform: Exchange): string {
    this.#namespace = inform.envelope?.cwmpNamespace ?? this.#namespace
    return buildResponse('Inform', { MaxEnvelopes: 1 }, { ...this.#options, id: inform.envelope?.id ?? null })
  }

  /** A request for the value of a parameter that every device of this kind has, under an id of its own. */
  probe(): { readonly id: string; readonly body: string } {
    this.#ids += 1
    const id = `fuzz-${this.#ids}`
    const ParameterNames = [this.#cpe.profile.pixit.parameters.readOnly.path]
    return { id, body: buildRequest('GetParameterValues', { ParameterNames }, { ...this.#options, id }) }
  }

  /** A request that has the device call again after a second with this CommandKey. */
  schedule(CommandKey: string): string {
    return buildRequest(
      'ScheduleInform',
      { DelaySeconds: 1, CommandKey },
      { ...this.#options, id: CommandKey },
    )
  }

  get #options() {
    return { namespace: this.#namespace, xmlDeclaration: this.#cpe.profile.pixit.acs.xmlDeclaration }
  }

  get #responseMs(): number {
    return this.#cpe.profile.pixit.timing.responseSeconds * 1000
  }
}

/** The arguments of an Inform; undefined for everything else. */
export function informOf({ isInform, envelope }: Exchange): RequestOf<'Inform'> | undefined {
  if (!isInform || !envelope) return undefined
  try {
    return decodeRequest(envelope, 'Inform')
  } catch (error) {
    if (!(error instanceof EnvelopeError)) throw error
    return undefined
  }
}
