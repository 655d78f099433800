import { setTimeout } from 'node:timers/promises'
import type { AcsRelay, Exchange, HeldExchange } from '../acs/acs.ts'
import { decodeRequest, parseEnvelope, type RequestOf } from '../cwmp/cwmp.ts'
import type { Transcript } from '../cwmp/transcript.ts'
import type { Profile } from '../dut/dut.ts'
import { ConformanceFailure, DeviceSilent, HarnessError } from '../failure.ts'
import type { MessageLog } from './message-log.ts'

/** Milliseconds between two looks at what is awaited. */
const LOOK_MS = 50

/** How long something may take. */
export interface Patience {
  readonly signal?: AbortSignal
  /** The time for a session and an answer of the profile unless given. */
  readonly timeoutMs?: number
  /** How often it is looked for; twenty times a second unless given. */
  readonly everyMs?: number
}

/** What is overheard. */
export interface ConversationParts {
  readonly profile: Profile
  readonly transcript: Transcript
  readonly messages: MessageLog
  readonly relay: AcsRelay
}

/** What the device and a real ACS say to each other, as the relay between them hears it. */
export class AcsConversation {
  readonly profile: Profile
  readonly transcript: Transcript
  readonly messages: MessageLog
  readonly relay: AcsRelay

  constructor({ profile, transcript, messages, relay }: ConversationParts) {
    this.profile = profile
    this.transcript = transcript
    this.messages = messages
    this.relay = relay
  }

  /**
   * Looks again and again until there is something.
   * @param what is due, for the failure
   * @throws DeviceSilent when it takes too long
   */
  async until<T>(
    what: string,
    look: () => Promise<T | undefined> | T | undefined,
    { signal, timeoutMs = this.#usualMs, everyMs = LOOK_MS }: Patience = {},
  ): Promise<T> {
    const end = performance.now() + timeoutMs
    for (;;) {
      const found = await look()
      if (found !== undefined) return found
      if (performance.now() > end)
        throw new DeviceSilent(what, `nothing like it within ${timeoutMs / 1000} s`)
      await setTimeout(everyMs, undefined, { signal })
    }
  }

  /** The first Inform after a mark of `messages` that is like this. */
  nextInform(
    mark: number,
    where: (events: readonly string[]) => boolean,
    patience?: Patience,
  ): Promise<Exchange> {
    return this.until(
      'an Inform',
      () => this.messages.since(mark).find((one) => one.isInform && where(eventsOf(one))),
      patience,
    )
  }

  /** The first Inform after a mark that carries the event. @throws ConformanceFailure telling what came instead */
  async informWith(event: string, mark: number, patience?: Patience): Promise<Exchange> {
    try {
      return await this.nextInform(mark, (events) => events.includes(event), patience)
    } catch (error) {
      if (!(error instanceof DeviceSilent)) throw error
      const others = this.messages.since(mark).filter(({ isInform }) => isInform)
      throw new ConformanceFailure(
        `an Inform with ${event}`,
        others.length === 0 ? 'none' : others.map((one) => eventsOf(one).join(' + ')).join(', then '),
      )
    }
  }

  /** Waits until the session that the latest message belongs to has been ended by the ACS. */
  async quiet(patience?: Patience): Promise<void> {
    await this.until('the end of the session', () => (this.#sessionIsOver() ? true : undefined), patience)
  }

  /** RPCs of the ACS since a mark, by name, in order. */
  requestsSince(mark: number): string[] {
    return this.messages.since(mark).flatMap(({ answer }) => {
      const body = bodyOf(answer?.body)
      const envelope = body === '' ? undefined : parseEnvelope(Buffer.from(body))
      return envelope?.kind === 'request' ? [envelope.name] : []
    })
  }

  /** Holds the next request that is like this before the ACS gets it. */
  hold(where: (exchange: Exchange) => boolean, patience: Patience = {}): Promise<HeldExchange> {
    const { signal, timeoutMs = this.#usualMs } = patience
    return this.relay.hold(where, { timeoutMs, ...(signal && { signal }) })
  }

  get #usualMs(): number {
    const { informSeconds, responseSeconds } = this.profile.pixit.timing
    return (informSeconds + responseSeconds) * 1000
  }

  #sessionIsOver(): boolean {
    const last = this.messages.since(0).at(-1)
    return last === undefined || (last.answered && bodyOf(last.answer?.body) === '')
  }
}

/** The events of an Inform, e.g. `0 BOOTSTRAP`. */
export function eventsOf(exchange: Exchange): string[] {
  return informOf(exchange).Event.map(({ EventCode }) => EventCode)
}

/** An Inform, decoded. */
export function informOf(exchange: Exchange): RequestOf<'Inform'> {
  const { envelope } = exchange
  if (!envelope) throw new HarnessError('an Inform without an envelope')
  return decodeRequest(envelope, 'Inform')
}

function bodyOf(body: string | Uint8Array | undefined): string {
  return typeof body === 'string' ? body : Buffer.from(body ?? []).toString()
}
