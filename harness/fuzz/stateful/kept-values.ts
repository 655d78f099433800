import type { Grounds } from './grounds.ts'
import { Possible } from './possible.ts'

/** What the device keeps of one parameter. */
export interface Kept {
  readonly type: string
  isForced: boolean
  readonly value: Possible<string>
  readonly notification: Possible<number>
  readonly access: Possible<string>
}

/** What a device keeps of its parameters, their attributes, the rows of the writable table and the ParameterKey, as far as that can be known. */
export class KeptValues {
  readonly parameters = new Map<string, Kept>()
  readonly parameterKey = new Possible<string>()
  readonly parameterKeyName: string
  /** The numbers of all rows that there were since the last factory reset. */
  protected readonly numbers = new Set<number>()
  protected readonly rowStates = new Map<number, 'there' | 'maybe'>()
  /** Parameters that a user has changed since the beginning. */
  readonly #byUser = new Set<string>()
  protected readonly grounds: Grounds
  /** What a granted request left for later (Status 1), to be done when the next session begins. */
  protected readonly unsettled = new Map<unknown, () => void>()
  /** What has to be permitted again if the power is cut before the device can have kept it. */
  protected unkept: (() => void)[] = []

  constructor(grounds: Grounds) {
    this.grounds = grounds
    this.parameterKeyName = `${grounds.root}ManagementServer.ParameterKey`
    for (const { name, type, isForced } of grounds.parameters)
      this.parameters.set(name, newlyKept(type, isForced))
  }

  /** Rows that are certainly there, in rising order. */
  get rows(): readonly number[] {
    return [...this.rowStates]
      .filter(([, is]) => is === 'there')
      .map(([number]) => number)
      .sort((a, b) => a - b)
  }

  /** As at the beginning: nothing is known. */
  forget(): void {
    for (const kept of this.parameters.values()) {
      kept.value.forget()
      kept.notification.forget()
      kept.access.forget()
    }
    for (const number of [...this.rowStates.keys()]) this.dropRow(number)
    this.numbers.clear()
    this.#byUser.clear()
    this.parameterKey.forget()
    this.unsettled.clear()
    this.unkept = []
  }

  /** Takes the rows of the table as they are; for the first look at a device. */
  findRows(numbers: readonly number[]): void {
    for (const number of numbers) this.addRow(number, 'there')
  }

  /** Parameters whose notification stayed active although the ACS has switched it off: no ACS can. */
  learnForced(): void {
    for (const kept of this.parameters.values()) kept.isForced ||= kept.notification.isOneOf(2)
  }

  /** Whether something was granted that need not be in force yet. */
  get isUnsettled(): boolean {
    return this.unsettled.size > 0
  }

  /** A session begins: what was granted with Status 1 is in force. */
  sessionBegins(): void {
    for (const settle of this.unsettled.values()) settle()
    this.unsettled.clear()
  }

  /** A session has ended well: what was granted in it is kept. */
  sessionEnded(): void {
    this.unkept = []
  }

  /** The power is cut: what was granted a moment ago may be lost. */
  powerCut(): void {
    for (const permit of this.unkept.splice(0)) permit()
  }

  /** A user at the device has changed it. */
  changedLocally(name: string, value: string): void {
    const kept = this.parameters.get(name)
    if (!kept) return
    this.#byUser.add(name)
    // What the ACS has asked for and is not in force yet may come after it.
    const isUnsettled = this.unsettled.has(kept.value)
    this.change(kept.value, canonical(value, kept.type), 0)
    if (!isUnsettled) return
    kept.value.forget()
    this.unsettled.set(kept.value, () => {})
  }

  /** Whether a user at the device has changed it since it was reset. */
  isByUser(name: string): boolean {
    return this.#byUser.has(name)
  }

  /** Whether the parameter may have that value now. */
  mayRead(name: string, value: string): boolean {
    const kept = this.parameters.get(name)
    return kept?.value.allows(canonical(value, kept.type)) ?? true
  }

  protected change<T>(what: Possible<T>, value: T, status: number): void {
    const before = what.all
    if (before) this.unkept.push(() => what.orBecome(...before))
    else this.unkept.push(() => what.forget())
    this.unsettled.delete(what)
    if (status === 0) what.become(value)
    else {
      what.orBecome(value)
      this.unsettled.set(what, () => what.become(value))
    }
  }

  protected addRow(number: number, is: 'there' | 'maybe'): void {
    this.rowStates.set(number, is)
    this.numbers.add(number)
    const name = this.rowParameter(number)
    if (!this.parameters.has(name)) this.parameters.set(name, newlyKept('xsd:string', false))
  }

  protected dropRow(number: number): void {
    this.rowStates.delete(number)
    this.parameters.delete(this.rowParameter(number))
  }

  protected doubt(number: number): void {
    if (this.rowStates.has(number)) this.rowStates.set(number, 'maybe')
  }

  protected rowParameter(number: number): string {
    const { table } = this.grounds
    return `${table?.path}${number}.${table?.parameter}`
  }
}

/** The instance numbers that stand in names below a table. */
export function rowsIn(names: Iterable<string>, table: string): ReadonlySet<number> {
  const numbers = [...names]
    .filter((name) => name.startsWith(table))
    .map((name) => /^(\d+)\./.exec(name.slice(table.length))?.[1])
  return new Set(numbers.filter((number) => number !== undefined).map(Number))
}

function newlyKept(type: string, isForced: boolean): Kept {
  return { type, isForced, value: new Possible(), notification: new Possible(), access: new Possible() }
}

/** One spelling for each value of such a type. */
export function canonical(value: string, type: string): string {
  if (type === 'xsd:string') return value
  const text = value.trim()
  if (type === 'xsd:boolean') return text === 'true' ? '1' : text === 'false' ? '0' : text
  return /^[+-]?\d+$/.test(text) ? String(BigInt(text.replace(/^\+/, ''))) : text
}
