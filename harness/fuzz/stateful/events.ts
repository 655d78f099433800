import type { EventStruct } from '../../cwmp/cwmp.ts'
import type { Wrong } from '../campaign/field.ts'
import { wrong } from './verdict.ts'

/** An event that the device owes the ACS (TR-069 3.7.1.5). */
export interface Owed {
  readonly code: string
  readonly key: string
  /** Whether an Inform must have it, or only may. */
  duty: 'must' | 'may'
  /** Not before this moment; milliseconds of the bench. */
  readonly notBeforeMs: number
  /** It comes about by itself, some time after `notBeforeMs`: as long as it was in no Inform, an Inform need not have it. */
  isTimed: boolean
  /** It came about while an Inform may have been on its way: one Inform may lack it. */
  isRacing: boolean
  /** It was asked for in the session that runs. */
  isOfThisSession: boolean
}

const CLAUSE = 'TR-069 3.7.1.5'

/** Which code stands beside which M event; none of these comes without the other. */
const companions: Readonly<Record<string, string>> = {
  'M ScheduleInform': '3 SCHEDULED',
  'M Download': '7 TRANSFER COMPLETE',
  'M Upload': '7 TRANSFER COMPLETE',
  'M ScheduleDownload': '7 TRANSFER COMPLETE',
}

/** What a device may have to tell of itself without being made to by a script. */
const OWN_EVENT =
  /^(2 PERIODIC|5 KICKED|9 REQUEST DOWNLOAD|10 AUTONOMOUS|12 AUTONOMOUS|13 WAKEUP|14 HEARTBEAT|X )/

/** Which events the device owes, and which it has told. */
export class Events {
  #owed: Owed[] = []
  /** Those of the latest Inform. */
  #told: Owed[] = []
  /** Those that the ACS has acknowledged in the session that runs. */
  #acknowledged: Owed[] = []

  /** Events that an Inform has to bring, whenever it comes. */
  get due(): readonly Owed[] {
    return this.#owed.filter(({ duty, isTimed }) => duty === 'must' && !isTimed)
  }

  /** Events that come about by themselves. */
  get timed(): readonly Owed[] {
    return this.#owed.filter(({ isTimed }) => isTimed)
  }

  get isEmpty(): boolean {
    return this.#owed.length === 0
  }

  owes(code: string): boolean {
    return this.#owed.some((each) => each.code === code)
  }

  /** How often the Inform of the session that runs told it. */
  timesTold(code: string, key: string): number {
    return [...this.#told, ...this.#acknowledged].filter((each) => each.code === code && each.key === key)
      .length
  }

  add(event: Pick<Owed, 'code'> & Partial<Owed>): void {
    this.#owed.push({
      key: '',
      duty: 'must',
      notBeforeMs: Number.NEGATIVE_INFINITY,
      isTimed: false,
      isRacing: false,
      isOfThisSession: false,
      ...event,
    })
  }

  /** It is no longer owed. */
  drop(which: (event: Owed) => boolean): void {
    this.#owed = this.#owed.filter((each) => !which(each))
  }

  /** Those need no longer be told. */
  doubt(which: (event: Owed) => boolean = () => true): void {
    for (const each of this.#owed) if (which(each)) each.duty = 'may'
  }

  /** Holds the EventList of an Inform against what is owed, but for 4 VALUE CHANGE. */
  judge(list: readonly EventStruct[], atMs: number): Wrong | undefined {
    const codes = new Set(list.map(({ EventCode }) => EventCode))
    this.#told = []
    for (const { EventCode: code, CommandKey: key } of list) {
      if (code === '4 VALUE CHANGE' || OWN_EVENT.test(code)) continue
      const found = this.#judgeOne(code, key, codes, atMs)
      if (found) return found
    }
    for (const [method, companion] of Object.entries(companions))
      if (codes.has(method) && !codes.has(companion))
        return wrong('answer', `${companion} beside ${method}`, inWords(list), CLAUSE)
    const singles = list.map(({ EventCode }) => EventCode).filter((code) => !code.startsWith('M '))
    const twice = singles.find((code, at) => singles.indexOf(code) < at)
    if (twice !== undefined) return wrong('answer', `${twice} once`, inWords(list), CLAUSE)
    const missing = this.due.filter((each) => !each.isRacing && !this.#told.includes(each))
    if (missing.length > 0)
      return wrong('answer', `an Inform with ${missing.map(nameOf).join(', ')}`, inWords(list), CLAUSE)
    for (const each of this.#owed) each.isRacing = false
    return undefined
  }

  /** The Inform was acknowledged: what it told is delivered. */
  acknowledged(): void {
    this.drop((each) => this.#told.includes(each))
    this.#acknowledged = this.#told
    this.#told = []
  }

  /** The Inform was not acknowledged: what it told has to be told again, but for a connection request. */
  refused(): void {
    for (const each of this.#told) {
      each.duty = 'must'
      each.isTimed = false
    }
    this.drop((each) => each.code === '6 CONNECTION REQUEST' && this.#told.includes(each))
    this.#told = []
    this.#doubtCalls()
  }

  /** The ACS asked for the same Inform again: it has to tell the same, and need not tell more. */
  askedAgain(): void {
    for (const each of this.#owed) {
      if (!this.#told.includes(each)) each.isRacing = true
      else {
        each.duty = 'must'
        each.isTimed = false
      }
    }
    this.#told = []
  }

  sessionEnded(): void {
    this.#acknowledged = []
    for (const each of this.#owed) each.isOfThisSession = false
  }

  /** The session failed after its Inform was acknowledged: a device may tell again what it told there, but need not. */
  sessionFailed(): void {
    const again = this.#acknowledged.filter(({ code }) => code !== '6 CONNECTION REQUEST')
    this.sessionEnded()
    this.#doubtCalls()
    for (const each of again) this.#owed.push({ ...each, duty: 'may', isTimed: false })
  }

  /** The power was cut: what was asked for in the session that ran then may not have been kept. */
  powerCut(): void {
    this.doubt(({ isOfThisSession }) => isOfThisSession)
  }

  /** An event that the ACS has acknowledged is owed again, because the RPC that goes with it did not come to its end. */
  owesAgain(code: string, key: string, duty: Owed['duty']): void {
    const at = this.#acknowledged.findIndex((each) => each.code === code && each.key === key)
    if (at >= 0) this.#acknowledged.splice(at, 1)
    this.add({ code, key, duty })
  }

  /** The device boots. */
  boot(duty: Owed['duty'] = 'must'): void {
    this.drop(({ code }) => code === '6 CONNECTION REQUEST' || code === '1 BOOT')
    this.add({ code: '1 BOOT', duty })
  }

  /** 0 BOOTSTRAP occurs, and all that was not delivered is discarded; what is yet to come may come. */
  bootstrap(): void {
    // Somebody who asks for a session has one with 0 BOOTSTRAP, too, and may be told so.
    this.drop(({ code, isTimed }) => !isTimed && code !== '6 CONNECTION REQUEST')
    this.doubt()
    this.add({ code: '0 BOOTSTRAP' })
  }

  /** Whether a request that was heard before a session failed brings one more than its retry is open. */
  #doubtCalls(): void {
    this.doubt(({ code }) => code === '6 CONNECTION REQUEST')
  }

  #judgeOne(code: string, key: string, codes: ReadonlySet<string>, atMs: number): Wrong | undefined {
    const methods = Object.keys(companions).filter((method) => companions[method] === code)
    if (methods.length > 0) {
      if (methods.some((method) => codes.has(method))) return undefined
      return wrong('answer', `${methods.join(' or ')} beside ${code}`, `${code} alone`, CLAUSE)
    }
    const fitting = this.#owed.filter(
      (each) => each.code === code && each.key === key && !this.#told.includes(each),
    )
    // Which of several it is, nobody can tell: one that must be told is taken before one that may.
    const ready = fitting.filter(({ notBeforeMs }) => notBeforeMs <= atMs)
    const event =
      ready.find(({ duty, isTimed }) => duty === 'must' && !isTimed) ??
      ready.find(({ duty }) => duty === 'must') ??
      ready[0] ??
      fitting[0]
    if (!event) {
      const expected = [...new Set(this.#owed.map(nameOf))].join(', ') || 'nothing'
      return wrong(
        'answer',
        `no ${named(code, key)}, because all that may be told is ${expected}`,
        named(code, key),
        CLAUSE,
      )
    }
    if (event.notBeforeMs > atMs) {
      const early = Math.round(event.notBeforeMs - atMs)
      return wrong('answer', `${nameOf(event)} not yet`, `${nameOf(event)} ${early} ms early`, 'TR-069 A.3.2')
    }
    this.#told.push(event)
    return undefined
  }
}

function nameOf({ code, key, duty }: Owed): string {
  return duty === 'may' ? `perhaps ${named(code, key)}` : named(code, key)
}

function named(code: string, key: string): string {
  return code.startsWith('M ') ? `${code} ${JSON.stringify(key)}` : code
}

/** The events of an Inform in one line. */
export function inWords(list: readonly EventStruct[]): string {
  return list.map(({ EventCode, CommandKey }) => named(EventCode, CommandKey)).join(', ') || 'no event'
}
