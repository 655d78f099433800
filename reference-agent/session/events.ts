/** Events waiting for an Inform (TR-069 3.7.1.5). */
import type { StateStore } from '../state/state.ts'

export interface EventStruct {
  EventCode: string
  CommandKey: string
}

/** How an event of one code is kept. */
interface EventRule {
  /** single: one entry in an Inform, repeats merge. multiple: one entry for each occurrence. */
  cumulative: 'single' | 'multiple'
  /** Sent again when the session that carried it did not get its InformResponse. */
  survivesFailure: boolean
  survivesReboot: boolean
}

const ALWAYS: EventRule = {
  cumulative: 'single',
  survivesFailure: true,
  survivesReboot: true,
}

const HEARTBEAT = '14 HEARTBEAT'

const UNTIL_REBOOT: EventRule = { ...ALWAYS, survivesReboot: false }
const ONCE: EventRule = { ...UNTIL_REBOOT, survivesFailure: false }

/** Where the standard leaves it to the CPE (4, 5, 8, 9), an event is retried until the next reboot. */
const RULES: Readonly<Record<string, EventRule>> = {
  '0 BOOTSTRAP': ALWAYS,
  '1 BOOT': UNTIL_REBOOT,
  '2 PERIODIC': ALWAYS,
  '3 SCHEDULED': ALWAYS,
  '4 VALUE CHANGE': UNTIL_REBOOT,
  '5 KICKED': UNTIL_REBOOT,
  '6 CONNECTION REQUEST': ONCE,
  '7 TRANSFER COMPLETE': ALWAYS,
  '8 DIAGNOSTICS COMPLETE': UNTIL_REBOOT,
  '9 REQUEST DOWNLOAD': UNTIL_REBOOT,
  '10 AUTONOMOUS TRANSFER COMPLETE': ALWAYS,
  '11 DU STATE CHANGE COMPLETE': ALWAYS,
  '12 AUTONOMOUS DU STATE CHANGE COMPLETE': ALWAYS,
  '13 WAKEUP': UNTIL_REBOOT,
  [HEARTBEAT]: ONCE,
}

/** Events of methods never come alone: the code that goes with each (3.7.1.5). */
const COMPANIONS: Readonly<Record<string, string>> = {
  'M Reboot': '1 BOOT',
  'M ScheduleInform': '3 SCHEDULED',
  'M Download': '7 TRANSFER COMPLETE',
  'M ScheduleDownload': '7 TRANSFER COMPLETE',
  'M Upload': '7 TRANSFER COMPLETE',
  'M ChangeDUState': '11 DU STATE CHANGE COMPLETE',
}

/** The rule of an event code; methods that report their end with `M …` are multiple. */
function eventRule(code: string): EventRule {
  return RULES[code] ?? { ...ALWAYS, cumulative: code.startsWith('M ') ? 'multiple' : 'single' }
}

/** Most events in one Inform (cwmp schema, EventList). */
export const MOST_EVENTS = 64

interface Entry extends EventStruct {
  inFlight: boolean
}

const SECTION = 'events'

/**
 * The undelivered events, but for 4 VALUE CHANGE: that one follows from the changes that the data model has not yet reported. What must survive a power cut is durable
 * before `add` returns.
 */
export class EventQueue {
  readonly #store: StateStore
  #entries: Entry[]

  /** Begins as after a reboot: with the events that survive one. */
  constructor(store: StateStore) {
    this.#store = store
    const kept = store.get<EventStruct[]>(SECTION) ?? []
    // One that was under way at the power cut may have occurred again meanwhile.
    this.#entries = this.merged(kept.map((event) => ({ ...event, inFlight: false })))
  }

  /** The rule that applies to a code. */
  rule(code: string): EventRule {
    return eventRule(code)
  }

  /** Notes an occurrence. 0 BOOTSTRAP discards every other undelivered event. Throws what the store throws, and then nothing has occurred. */
  add(code: string, commandKey = ''): void {
    const before = this.#entries
    const waiting = before.filter(({ inFlight }) => !inFlight)
    const isBootstrap = code === '0 BOOTSTRAP'
    const isKnown =
      this.rule(code).cumulative === 'single' && waiting.some(({ EventCode }) => EventCode === code)
    if (isKnown && !isBootstrap) return
    const kept = isBootstrap ? this.discardedByBootstrap(before) : before
    this.#replace([...kept, { EventCode: code, CommandKey: commandKey, inFlight: false }])
  }

  /** As `add` for an event that nothing durable goes with: where the store refuses it, it waits until the next reboot at least. */
  addAnyhow(code: string): void {
    try {
      this.add(code)
    } catch {
      this.#entries = [...this.#entries, { EventCode: code, CommandKey: '', inFlight: false }]
    }
  }

  /** What is left of the queue when 0 BOOTSTRAP occurs. */
  discardedByBootstrap(_entries: Entry[]): Entry[] {
    return []
  }

  /** Whether an event waits that no Inform under way carries. */
  get isWaiting(): boolean {
    return this.#entries.some(({ inFlight }) => !inFlight)
  }

  /** Codes that wait or are under way. */
  get codes(): string[] {
    return this.#entries.map(({ EventCode }) => EventCode)
  }

  /** Whether nothing waits but 14 HEARTBEAT, which goes alone (Annex O). */
  get isHeartbeatDue(): boolean {
    const waiting = this.#entries.filter(({ inFlight }) => !inFlight)
    return waiting.length > 0 && waiting.every(({ EventCode }) => EventCode === HEARTBEAT)
  }

  /** Whether an event waits or is under way, with that command key if one is given. */
  holds(code: string, commandKey?: string): boolean {
    return this.count(code, commandKey) > 0
  }

  /** How many of an event wait or are under way, with that command key if one is given. */
  count(code: string, commandKey?: string): number {
    return this.#entries.filter(
      ({ EventCode, CommandKey }) => EventCode === code && (commandKey ?? CommandKey) === CommandKey,
    ).length
  }

  /** The events for an Inform, at most `room`; they are under way until `delivered` or `failed`. 14 HEARTBEAT is one of them only when it was asked for, and then the only one. */
  begin(room = MOST_EVENTS, heartbeat = false): EventStruct[] {
    const taken = this.#entries
      .filter(({ EventCode }) => (EventCode === HEARTBEAT) === heartbeat)
      .slice(0, room)
    for (const entry of taken) entry.inFlight = true
    return taken.map(({ EventCode, CommandKey }) => ({ EventCode, CommandKey }))
  }

  /** The InformResponse has come: what was under way is delivered. What found no room in that Inform goes into the next, with the code that belongs to it. */
  delivered(): void {
    const left = this.#entries.filter(({ inFlight }) => !inFlight)
    const companions = new Set(left.flatMap(({ EventCode }) => COMPANIONS[EventCode] ?? []))
    const missing = [...companions].filter((code) => !left.some(({ EventCode }) => EventCode === code))
    this.#replace([...missing.map((EventCode) => ({ EventCode, CommandKey: '', inFlight: false })), ...left])
  }

  /**
   * The session failed before the InformResponse: what was under way waits again, merged with what has happened since, or is discarded. A store that refuses that keeps
   * what it had, which at worst tells something twice after a reboot.
   */
  failed(): void {
    const left = this.#entries.filter(
      ({ EventCode, inFlight }) => !inFlight || this.rule(EventCode).survivesFailure,
    )
    this.#entries = this.merged(left).map((entry) => ({ ...entry, inFlight: false }))
    try {
      this.#save(this.#entries)
    } catch {
      // The store has told the log.
    }
  }

  /** Leaves the first of each single event. */
  protected merged(entries: readonly Entry[]): Entry[] {
    const codes = new Set<string>()
    return entries.filter(({ EventCode }) => {
      const isRepeated = this.rule(EventCode).cumulative === 'single' && codes.has(EventCode)
      codes.add(EventCode)
      return !isRepeated
    })
  }

  /** Throws what the store throws, and then nothing has changed. */
  #replace(entries: Entry[]): void {
    const before = this.#entries
    this.#save(entries)
    this.#entries = entries
    this.#store.onRollback(() => {
      this.#entries = before
    })
  }

  #save(entries: readonly Entry[]): void {
    const durable = entries
      .filter(({ EventCode }) => this.rule(EventCode).survivesReboot)
      .map(({ EventCode, CommandKey }) => ({ EventCode, CommandKey }))
    this.#store.commit({ [SECTION]: durable.length > 0 ? durable : undefined })
  }
}
