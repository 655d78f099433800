import type { RequestOf } from '../../cwmp/cwmp.ts'
import type { Wrong } from '../campaign/field.ts'
import { Changes } from './changes.ts'
import type { Spoiling } from './commands.ts'
import { Events, inWords, type Owed } from './events.ts'
import { Factory } from './factory.ts'
import type { Grounds } from './grounds.ts'
import { Possible } from './possible.ts'
import { Places } from './requests.ts'
import { Transfers } from './transfers.ts'
import { Values } from './values.ts'
import { wrong } from './verdict.ts'

/** What the ACS has asked for in the session that runs, to be done when it has ended. */
interface Asked {
  readonly reboots: string[]
  reset: boolean
  url: string | undefined
}

/**
 * An abstract CPE: what a device must know, must tell and must answer after all that has happened to it. Where the standard leaves a device
 * free, the model permits each of its states until the device shows in which one it is.
 */
export class Model {
  readonly grounds: Grounds
  readonly values: Values
  readonly events = new Events()
  readonly changes: Changes
  readonly transfers: Transfers
  readonly places: Places
  readonly factory: Factory
  /** Where the next Inform comes. */
  readonly url = new Possible<string>()
  readonly #retryCount = new Possible<number>()
  #stated = 0
  /** The latest session failed: the device comes back by itself. */
  #retries = false
  #asked: Asked = { reboots: [], reset: false, url: undefined }
  /** The device restarts and has not told so yet. */
  #isBooting = false
  /** Whether it restarts is up to it: for something that it has granted with Status 1 (A.3.2.1). */
  #mayBoot = false
  /** The device was reset: nothing is known of it but what the standard says of a reset one. */
  isReset = false

  constructor(grounds: Grounds) {
    this.grounds = grounds
    this.values = new Values(grounds)
    this.changes = new Changes(this.values)
    this.transfers = new Transfers(this.events)
    this.factory = new Factory(this.values)
    this.places = new Places(grounds, () => this.values.rows)
  }

  /** Whether the device has to open a session by itself. */
  get mustCall(): boolean {
    return this.#retries || this.events.due.length > 0 || this.changes.isDue
  }

  /** Whether an Inform may be on its way. */
  get mayCall(): boolean {
    return this.mustCall || !this.events.isEmpty || !this.changes.isEmpty
  }

  /** Number of the retry that the device waits for; 0 when it waits for none. */
  get retry(): number {
    return this.#retries ? Math.max(1, ...(this.#retryCount.all ?? [])) : 0
  }

  get isBooting(): boolean {
    return this.#isBooting
  }

  /** Whether the session that runs has to end before the device does what it was asked for. */
  get hasPlans(): boolean {
    return this.#asked.reboots.length > 0 || this.#asked.reset || this.#asked.url !== undefined
  }

  /** What the device owes, in words. */
  get expectation(): string {
    const owed = this.events.due.length > 0 ? this.events.due : this.events.timed
    const list = owed.map(({ code, key }) => ({ EventCode: code, CommandKey: key }))
    const events = this.changes.isDue
      ? ' with 4 VALUE CHANGE'
      : list.length > 0
        ? ` with ${inWords(list)}`
        : ''
    return `an Inform${events}${this.url.all ? ` at ${this.url.all.join(' or ')}` : ''}`
  }

  /** Before that moment nothing of it may happen that the ACS wants in so many seconds; device clocks may count whole seconds. */
  dueMs(askedMs: number, delay: number): number {
    return askedMs + (Math.max(0, delay - 1) * 1000) / this.grounds.clockRate
  }

  /** Events that come about by themselves before long. */
  soon(nowMs: number): readonly Owed[] {
    const until = nowMs + this.grounds.patience.transfer
    return this.events.timed.filter(({ duty, notBeforeMs }) => duty === 'must' && notBeforeMs < until)
  }

  asksReboot(key: string): void {
    this.#asked.reboots.push(key)
  }

  asksReset(): void {
    this.#asked.reset = true
  }

  asksUrl(url: string): void {
    this.#asked.url = url
  }

  /** Judges an Inform, and what it says of what went before. */
  judgeInform(inform: RequestOf<'Inform'>, url: string, atMs: number): Wrong | undefined {
    this.#isBooting = false
    this.values.sessionBegins()
    if (!this.url.allows(url))
      return wrong(
        'answer',
        `an Inform at ${this.url}`,
        `one at ${url}`,
        'TR-069 3.2.1, ManagementServer.URL',
      )
    this.url.become(url)
    return (
      this.#judgeRetryCount(inform) ??
      this.events.judge(inform.Event, atMs) ??
      this.changes.judge(inform, this.#retries) ??
      this.#judgeParameterKey(inform)
    )
  }

  informAcknowledged(): void {
    this.#retries = false
    // What it restarts for is in force when the next session begins.
    if (this.#mayBoot) this.events.drop(({ code, duty }) => code === '1 BOOT' && duty === 'may')
    this.#mayBoot = false
    this.events.acknowledged()
    this.changes.acknowledged()
  }

  informSpoiled(how: Spoiling): void {
    this.#retries = true
    if (how === '8005') {
      this.events.askedAgain()
      this.changes.askedAgain()
      this.#retryCount.become(this.#stated)
      return
    }
    this.#retryCount.become(this.#stated + 1)
    this.events.refused()
    this.changes.refused()
  }

  /** The session has ended as it should: the device now does what it was asked for. */
  sessionEnded(atMs: number): Wrong | undefined {
    const found = this.transfers.judgeUnreported()
    if (found) return found
    this.#retryCount.become(0)
    this.transfers.sessionEnded()
    this.events.sessionEnded()
    this.values.sessionEnded()
    const { reboots, reset, url } = this.#asked
    this.#asked = { reboots: [], reset: false, url: undefined }
    if (reset) this.#reset(reboots)
    else {
      if (url !== undefined) this.#moved(url)
      if (this.values.isUnsettled) this.#mayRestart(atMs)
      if (reboots.length > 0) this.#restarts(reboots, atMs, url === undefined ? 'must' : 'may')
    }
    return undefined
  }

  /** The ACS broke off a session whose Inform it had acknowledged; the device has no plans. */
  sessionFailed(atMs: number): void {
    this.#retries = true
    this.#retryCount.become(this.#stated + 1)
    if (this.values.isUnsettled) {
      // RetryCount after a restart is open (3.2.1.1).
      this.#retryCount.orBecome(0)
      this.#mayRestart(atMs)
    }
    this.transfers.sessionFailed()
    this.events.sessionFailed()
    this.values.sessionEnded()
  }

  /** The power was cut and came back, with a session open or not. */
  powerCut(atMs: number, isInSession: boolean): void {
    if (isInSession) {
      this.events.powerCut()
      this.transfers.powerCut()
      this.transfers.sessionFailed()
      this.events.sessionFailed()
    }
    // The device may not have noticed how its latest session ended.
    const counts = [...(this.#retryCount.all ?? []), this.#stated]
    this.#retryCount.become(...new Set([0, ...counts, ...counts.map((count) => count + 1)]))
    if (this.#isBooting) this.events.doubt(({ code }) => code === 'M Reboot')
    this.values.powerCut()
    this.#boots(atMs, 'must')
  }

  /** A user at the device has reset it. */
  resetLocally(): void {
    this.#reset([])
  }

  /** The device has let somebody in who asks for a session. */
  isCalled(isCertain: boolean): void {
    if (this.events.owes('6 CONNECTION REQUEST')) {
      // Whether this is the same session or one more, nobody can tell from outside.
      this.events.add({ code: '6 CONNECTION REQUEST', duty: 'may' })
      return
    }
    this.events.add({
      code: '6 CONNECTION REQUEST',
      duty: isCertain ? 'must' : 'may',
      isRacing: this.mayCall,
    })
  }

  #judgeRetryCount({ RetryCount }: RequestOf<'Inform'>): Wrong | undefined {
    if (!this.#retryCount.allows(RetryCount))
      return wrong('answer', `RetryCount ${this.#retryCount}`, String(RetryCount), 'TR-069 3.2.1.1')
    this.#retryCount.become(RetryCount)
    this.#stated = RetryCount
    return undefined
  }

  /** ParameterKey stands in every Inform (A.3.3.1), and is judged with the others; here is said that it must. */
  #judgeParameterKey({ ParameterList }: RequestOf<'Inform'>): Wrong | undefined {
    const name = this.values.parameterKeyName
    if (ParameterList.some(({ Name }) => Name === name)) return undefined
    return wrong('answer', `${name} in the Inform`, 'an Inform without it', 'TR-069 A.3.3.1')
  }

  #restarts(keys: readonly string[], atMs: number, duty: 'must' | 'may'): void {
    this.#boots(atMs, duty)
    for (const key of keys) this.events.add({ code: 'M Reboot', key, duty })
  }

  #mayRestart(atMs: number): void {
    this.#isBooting = true
    this.#mayBoot = true
    this.events.doubt(({ code }) => code === '6 CONNECTION REQUEST')
    this.events.add({ code: '1 BOOT', duty: 'may' })
    this.changes.doubt()
    this.transfers.restarted(atMs + this.grounds.patience.reboot)
  }

  #boots(atMs: number, duty: 'must' | 'may'): void {
    this.#mayBoot = false
    this.#isBooting = true
    this.events.boot(duty)
    this.changes.doubt()
    // It may be so long until the power is off.
    this.transfers.restarted(atMs + this.grounds.patience.reboot)
  }

  #moved(url: string): void {
    this.url.become(url)
    this.events.bootstrap()
    this.changes.doubt()
    this.transfers.doubt()
    const known = this.#retryCount.all ?? []
    this.#retryCount.become(...new Set([0, ...known]))
  }

  #reset(reboots: readonly string[]): void {
    this.values.forget()
    this.values.parameterKey.become('')
    this.changes.forget()
    this.transfers.doubt()
    this.events.bootstrap()
    this.events.add({ code: '1 BOOT', duty: 'may' })
    for (const key of reboots) this.events.add({ code: 'M Reboot', key, duty: 'may' })
    this.#retryCount.forget()
    this.url.forget()
    this.#mayBoot = false
    this.#isBooting = true
    this.isReset = true
  }
}
