/**
 * Calls on the ACS that an event announces, such as DUStateChangeComplete after 11 DU STATE CHANGE COMPLETE: the event goes into an Inform, the call belongs to the
 * session of that Inform, and both are repeated until the call is answered (TR-069 3.7.1.5).
 */
import type { Timer } from '../platform/platform.ts'
import type { CpeRequest, EventStruct } from '../session/session.ts'
import type { Envelope, ReceivedFault } from '../soap/soap.ts'
import type { Device } from './service.ts'

export interface EventCall {
  /** Tells it from the others. */
  readonly id: number
  /** The event that stands for this one call when it begins with `M `, and for all calls that name it otherwise. */
  readonly event: EventStruct
  /** A code that goes with the event in each Inform. */
  readonly companion?: string
  readonly method: string
  /** The element for the Body. */
  readonly body: string
}

export interface EventCallOptions {
  device: Device
  /** The calls that are to be made, durable where their owner makes them so. */
  waiting(): readonly EventCall[]
  /** The ACS has answered: the call is not to be made again. */
  answered(id: number, response: Envelope): void
  /** The ACS has answered with a fault, and the owner sees to what follows. Without it the call is made again after a while. */
  faulted?(id: number, fault: ReceivedFault): void
}

/** Takes note of an event. */
type Notify = (code: string, commandKey: string) => void

/** Device milliseconds before a call that the ACS refused is made again; each refusal doubles them. */
const FIRST_PAUSE = 10_000
const LONGEST_PAUSE = 3_600_000

export class EventCalls {
  protected readonly options: EventCallOptions
  readonly #requests = new Map<number, CpeRequest>()
  /** Calls that belong to the running session. */
  readonly #announced = new Set<number>()
  /** Calls that were refused not long ago. */
  readonly #paused = new Map<number, Timer>()
  readonly #pauses = new Map<number, number>()

  constructor(options: EventCallOptions) {
    this.options = options
  }

  /** After a boot: what is still to be told is told in the first session. */
  start(): void {
    this.note(this.#remember)
  }

  stop(): void {
    for (const timer of this.#paused.values()) timer.cancel()
  }

  /** Something new is to be told: opens a session for it. */
  announce(): void {
    this.note((code, commandKey) => this.options.device.occurred(code, commandKey))
  }

  /** A session begins with these events in its Inform: the calls that belong to them are to be made in it. */
  informing(events: readonly EventStruct[]): void {
    const names = events.map(nameOf)
    this.#announced.clear()
    for (const call of this.#due()) {
      const index = names.indexOf(nameOf(call.event))
      if (index < 0) continue
      if (isMultiple(call.event)) names.splice(index, 1)
      this.#announced.add(call.id)
      this.#request(call)
    }
  }

  /** What was not acknowledged is to be told again. */
  sessionEnded(): void {
    this.#announced.clear()
    this.note(this.#remember)
  }

  /** Has events noted for calls, as far as they are not in the queue or under way already. */
  protected note(notify: Notify): void {
    const { device } = this.options
    const wanted = new Map<string, { event: EventStruct; count: number }>()
    for (const { id, event, companion } of this.#due()) {
      if (this.#announced.has(id)) continue
      if (companion !== undefined && device.undelivered(companion) === 0) notify(companion, '')
      const known = wanted.get(nameOf(event))
      const count = isMultiple(event) && known ? known.count + 1 : 1
      wanted.set(nameOf(event), { event, count })
    }
    for (const { event, count } of wanted.values()) {
      const { EventCode, CommandKey } = event
      for (let noted = device.undelivered(EventCode, CommandKey); noted < count; noted++)
        notify(EventCode, CommandKey)
    }
  }

  /** The ACS has answered with a fault: it is asked again after a while, so that one that always refuses is not pestered. */
  protected refused(id: number): void {
    const pause = this.#pauses.get(id) ?? FIRST_PAUSE
    this.#pauses.set(id, Math.min(pause * 2, LONGEST_PAUSE))
    const again = () => {
      this.#paused.delete(id)
      this.announce()
    }
    this.#paused.set(id, this.options.device.clock.after(pause, again))
  }

  readonly #remember: Notify = (code, commandKey) => this.options.device.remember(code, commandKey)

  #due(): EventCall[] {
    return this.options.waiting().filter(({ id }) => !this.#paused.has(id))
  }

  #request({ id, method, body }: EventCall): void {
    if (this.#requests.has(id)) return
    const request: CpeRequest = {
      method,
      body,
      isDue: () => this.#announced.has(id) && this.#due().some((call) => call.id === id),
      answered: (response) => {
        this.#forget(id)
        this.options.answered(id, response)
      },
      faulted: (fault) => {
        this.#forget(id)
        if (this.options.faulted) this.options.faulted(id, fault)
        else this.refused(id)
      },
    }
    this.#requests.set(id, request)
    this.options.device.request(request)
  }

  #forget(id: number): void {
    this.#requests.delete(id)
    this.#announced.delete(id)
  }
}

function nameOf({ EventCode, CommandKey }: EventStruct): string {
  return JSON.stringify([EventCode, CommandKey])
}

function isMultiple({ EventCode }: EventStruct): boolean {
  return EventCode.startsWith('M ')
}
