import type { ParameterValueStruct, RequestOf } from '../../cwmp/cwmp.ts'
import type { Wrong } from '../campaign/field.ts'
import { inWords } from './events.ts'
import type { Values } from './values.ts'
import { wrong } from './verdict.ts'

/** A change that the ACS did not make and has not heard of. */
interface Change {
  /** What it was before, as far as known. */
  readonly before: readonly string[]
  /** What it has been since, the value of now last. */
  readonly since: string[]
  duty: 'must' | 'may'
  /** It may have been notified of actively when it happened, or have become so since. */
  mayBeActive: boolean
  /** One Inform may lack it, or tell an older value: it may have been on its way. */
  isRacing: boolean
}

const CLAUSE = 'TR-069 A.3.2.4, A.3.3.1'

/** What the device has to tell of values that changed by themselves, and what stands in the ParameterList of its Informs. */
export class Changes {
  readonly #values: Values
  #pending = new Map<string, Change>()
  #told: string[] = []
  /** Parameters that every Inform lists, whether they changed or not, with the values last told; unknown before the first Inform. */
  #usual: Map<string, string> | undefined

  constructor(values: Values) {
    this.#values = values
  }

  /** Whether a session has to come of it. */
  get isDue(): boolean {
    return [...this.#pending].some(
      ([name, { duty }]) =>
        duty === 'must' && (this.#values.parameters.get(name)?.notification.isOneOf(2) ?? false),
    )
  }

  get isEmpty(): boolean {
    return this.#pending.size === 0
  }

  forget(): void {
    this.#pending.clear()
    this.#told = []
  }

  /** Learns which parameters each Inform lists, from one that tells no change. */
  learnUsual({ ParameterList }: RequestOf<'Inform'>): void {
    this.#usual = new Map(ParameterList.map(({ Name, Value }) => [Name, Value]))
  }

  /** A user changed a value. Called before `Values.changedLocally`. */
  changedLocally(name: string, value: string, isRacing: boolean): void {
    const kept = this.#values.parameters.get(name)
    if (!kept) return
    const known = this.#pending.get(name)
    const notifications = kept.notification.all
    if (!known && kept.notification.isOneOf(0)) return
    const before = known?.before ?? kept.value.all ?? []
    // Whether a value that came back is told is open (A.3.2.4 does not say).
    const isBack = before.length !== 1 || before.includes(value)
    const isWatched = notifications !== undefined && !notifications.includes(0)
    this.#pending.set(name, {
      before,
      since: [...(known?.since ?? []), value],
      duty: isWatched && !isBack ? 'must' : 'may',
      mayBeActive: (known?.mayBeActive ?? false) || !kept.notification.isOneOf(0, 1),
      isRacing: isRacing || (known?.isRacing ?? false),
    })
  }

  /** The ACS has set it: whether the device tells an older change of it is open. */
  setByAcs(name: string, value: string): void {
    const change = this.#pending.get(name)
    if (!change) return
    change.since.push(value)
    change.duty = 'may'
  }

  /** Its attributes were changed, or the device has booted: what has not been told may be lost. */
  doubt(name?: string): void {
    for (const [each, change] of this.#pending) {
      if (name !== undefined && each !== name) continue
      change.duty = 'may'
      change.mayBeActive = true
    }
  }

  /** @param isRetry the device opens this session because the one before has failed */
  judge(inform: RequestOf<'Inform'>, isRetry: boolean): Wrong | undefined {
    const { ParameterList, Event } = inform
    let isReason = isRetry || Event.some(({ EventCode }) => EventCode !== '4 VALUE CHANGE')
    const hasEvent = Event.some(({ EventCode }) => EventCode === '4 VALUE CHANGE')
    const isReset = Event.some(({ EventCode }) => EventCode === '0 BOOTSTRAP')
    this.#told = []
    let isExplained = false
    // More parameters than have to be there are unwise, and no more.
    let surplus: ParameterValueStruct | undefined
    for (const struct of ParameterList) {
      const change = this.#pending.get(struct.Name)
      const older = change?.isRacing ? [...change.before, ...change.since] : []
      const found = this.#values.see(struct, CLAUSE, older)
      if (found) return found
      if (change && hasEvent) this.#told.push(struct.Name)
      const isOurs = this.#values.parameters.has(struct.Name)
      const isUsual = this.#usual?.has(struct.Name) ?? true
      if (isOurs && !change && !isUsual) surplus ??= struct
      // Nobody but the ACS changes the ParameterKey, but for a reset.
      const isKey = struct.Name === this.#values.parameterKeyName && !isReset
      const isForeign = !isOurs && !isKey && this.#isNews(struct.Name, struct.Value)
      isExplained ||= change !== undefined || isForeign
      isReason ||= (change?.mayBeActive ?? false) || isForeign
    }
    if (hasEvent && !isExplained)
      return wrong('answer', 'no 4 VALUE CHANGE, because nothing has changed', inWords(Event), CLAUSE)
    if (hasEvent && !isReason)
      return wrong('answer', 'no session for a passive change alone', `Inform ${inWords(Event)}`, CLAUSE)
    for (const [name, change] of this.#pending) {
      if (change.duty === 'must' && !change.isRacing && !this.#told.includes(name))
        return wrong(
          'answer',
          `4 VALUE CHANGE and ${name} in the ParameterList`,
          `${inWords(Event)}; ${ParameterList.some(({ Name }) => Name === name) ? '' : 'no '}${name}`,
          CLAUSE,
        )
    }
    this.#settle(inform)
    return (
      surplus &&
      wrong(
        'answer',
        `nothing of ${surplus.Name}, which has not changed since the ACS heard of it`,
        `${surplus.Name} = ${JSON.stringify(surplus.Value)} in the Inform`,
        CLAUSE,
        'SHOULD',
      )
    )
  }

  acknowledged(): void {
    for (const name of this.#told.splice(0)) this.#pending.delete(name)
  }

  refused(): void {
    for (const name of this.#told.splice(0)) {
      const change = this.#pending.get(name)
      if (change) change.duty = 'must'
    }
  }

  /** The ACS asked for the same Inform again: it need not tell more than before. */
  askedAgain(): void {
    for (const [name, change] of this.#pending) if (!this.#told.includes(name)) change.isRacing = true
    this.refused()
  }

  #isNews(name: string, value: string): boolean {
    return !this.#usual?.has(name) || this.#usual.get(name) !== value
  }

  /** A change that came too late for the Inform has to be in the next one. */
  #settle({ ParameterList }: RequestOf<'Inform'>): void {
    for (const { Name, Value } of ParameterList) {
      if (this.#usual?.has(Name)) this.#usual.set(Name, Value)
      const change = this.#pending.get(Name)
      if (!change?.isRacing || !this.#told.includes(Name)) continue
      if (this.#values.mayRead(Name, Value)) continue
      this.#told = this.#told.filter((name) => name !== Name)
    }
    for (const change of this.#pending.values()) change.isRacing = false
  }
}
