import { decodeRequest, type Envelope, type RequestOf } from '../cwmp/cwmp.ts'
import { ConformanceFailure, DeviceSilent } from '../failure.ts'
import type { AcsConnection } from './connection.ts'
import type { Exchange } from './exchange.ts'
import type { NextSessionOptions } from './options.ts'
import type { AcsSession } from './session.ts'
import type { CpeRequestHandler } from './session-options.ts'
import { Waiting } from './waiting.ts'

/** An Inform whose session is not open yet. */
export interface Arrival {
  exchange: Exchange
  connection: AcsConnection
  inform: RequestOf<'Inform'>
}

interface Held extends Arrival {
  timer: NodeJS.Timeout
}

interface Claim {
  options: NextSessionOptions
  waiting: Waiting<AcsSession>
  /** What came instead so far, and where the transcript has it. */
  strays: { what: string; seq: number }[]
}

/** What a lobby needs of its ACS; times in milliseconds. */
export interface LobbyOwner {
  /** How long a session that no case wants may take to end. */
  readonly silenceMs: number
  open(arrival: Arrival, onCpeRequest?: CpeRequestHandler): AcsSession
  /** Numbers of the open connections on which no request ever came. */
  unusedConnections(): number[]
  note(text: string, connection: number): void
}

const STRAYS_NAMED = 10

/** Where Informs wait for a case and cases for an Inform, whichever comes first. */
export class Lobby {
  readonly #owner: LobbyOwner
  /** How long an Inform waits for a case. */
  private holdMs: number
  #held: Held[] = []
  #claims: Claim[] = []

  constructor(owner: LobbyOwner, holdMs: number) {
    this.#owner = owner
    this.holdMs = holdMs
  }

  /** The session of the first Inform that fits, come already or not. */
  claim(options: NextSessionOptions, timeoutMs: number): Promise<AcsSession> {
    const claim: Claim = {
      options,
      strays: [],
      waiting: new Waiting<AcsSession>(
        { ...options, timeoutMs },
        () => this.#noInform(timeoutMs, claim),
        () => {
          this.#claims = this.#claims.filter((other) => other !== claim)
        },
      ),
    }
    if (claim.waiting.settled) return claim.waiting.promise
    this.#claims.push(claim)
    for (const held of this.#held) {
      if (claim.waiting.settled) break
      this.#forget(held)
      this.#offer(held)
    }
    return claim.waiting.promise
  }

  /** Takes in an Inform: for the case that waits for such a one, else for one that will. */
  enter(arrival: Arrival): void {
    // A device that comes again has given up the Inform that still waits here.
    for (const held of this.#held.filter((one) => isSameDevice(one.inform, arrival.inform))) {
      this.#forget(held)
      held.connection.destroy()
    }
    if (this.#claims.length > 0) {
      this.#offer(arrival)
      return
    }
    const held: Held = { ...arrival, timer: setTimeout(() => this.#letGo(held), this.holdMs) }
    this.#held.push(held)
  }

  /** Lets no Inform wait longer than that for a case, those that wait already included. */
  hold(milliseconds: number): void {
    this.holdMs = milliseconds
    for (const held of this.#held) {
      clearTimeout(held.timer)
      held.timer = setTimeout(() => this.#letGo(held), milliseconds)
    }
  }

  #letGo(held: Held): void {
    this.#forget(held)
    this.#owner.note('no case wanted this session: it ends politely', held.connection.number)
    void this.#owner.open(held).release(this.#owner.silenceMs)
  }

  /** Gives out the first Inform that waits and fits. */
  take(fits: (exchange: Exchange) => boolean): Arrival | undefined {
    const held = this.#held.find(({ exchange }) => fits(exchange))
    if (held) this.#forget(held)
    return held
  }

  /** Lets nobody wait any more, and gives out the Informs that do. */
  dismiss(reason: Error): Arrival[] {
    for (const { waiting } of [...this.#claims]) waiting.reject(reason)
    const held = this.#held
    for (const one of held) this.#forget(one)
    return held
  }

  /** A device that only closed its side would be odd; mostly it is gone, and its Inform with it. */
  connectionEnding(connection: AcsConnection): void {
    for (const held of this.#held.filter((one) => one.connection === connection)) {
      this.#forget(held)
      connection.destroy()
    }
  }

  /** Something came that is no Inform: named by cases that wait in vain. */
  noteStray(what: string, seq: number): void {
    for (const { strays } of this.#claims) if (strays.length < STRAYS_NAMED) strays.push({ what, seq })
  }

  /** What should have been an Inform is none: who waits for just any need wait no longer. */
  disappoint(actual: string, transcriptSeq: number): void {
    const error = new ConformanceFailure('an Inform', actual)
    error.transcriptSeq = transcriptSeq
    this.#claims.find(({ options }) => !options.where)?.waiting.reject(error)
  }

  /** Gives an Inform to the case that waits for such a one; if only others wait, its session ends politely. */
  #offer(arrival: Arrival): void {
    for (const { options, waiting } of this.#claims) {
      try {
        if (options.where && !options.where(arrival.inform, arrival.exchange)) continue
        const session = this.#owner.open(arrival, options.onCpeRequest)
        if (options.inform !== 'later') session.answerInform(options.inform)
        waiting.resolve(session)
        return
      } catch (error) {
        waiting.reject(error)
      }
    }
    const { exchange, inform } = arrival
    const events = inform.Event.map(({ EventCode }) => EventCode).join(' + ') || 'no event'
    this.noteStray(`an Inform with ${events} to ${exchange.path}`, exchange.transcriptSeq)
    void this.#owner.open(arrival).release(this.#owner.silenceMs)
  }

  #noInform(timeoutMs: number, { strays }: Claim): DeviceSilent {
    const unused = this.#owner.unusedConnections().slice(0, STRAYS_NAMED)
    const others = [
      ...strays.map(({ what }) => what),
      ...unused.map((number) => `connection ${number} without a request`),
    ]
    const came = others.length > 0 ? `, but ${others.join(', ')}` : ''
    const error = new DeviceSilent('an Inform', `none within ${timeoutMs} ms${came}`)
    error.transcriptSeq = strays[0]?.seq
    return error
  }

  #forget(held: Held): void {
    clearTimeout(held.timer)
    this.#held = this.#held.filter((other) => other !== held)
  }
}

/** Whether the same device speaks in both. */
export function isSameDevice(
  { DeviceId: a }: RequestOf<'Inform'>,
  { DeviceId: b }: RequestOf<'Inform'>,
): boolean {
  return a.OUI === b.OUI && a.ProductClass === b.ProductClass && a.SerialNumber === b.SerialNumber
}

/** The Inform's arguments, or what is wrong with them. */
export function informOf(exchange: Exchange): RequestOf<'Inform'> | string {
  try {
    return decodeRequest(exchange.envelope as Envelope, 'Inform')
  } catch (error) {
    const { message, line, column } = error as { message: string; line: number; column: number }
    return `${message} (line ${line}, column ${column})`
  }
}
