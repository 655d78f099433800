import {
  type CwmpFault,
  isFault,
  type ParameterAttributeStruct,
  type ParameterValueStruct,
  type RequestOf,
  type ResponseOf,
} from '../../cwmp/cwmp.ts'
import { describeFault } from '../../matchers.ts'
import type { Wrong } from '../campaign/field.ts'
import type { Grounds } from './grounds.ts'
import { Possible } from './possible.ts'
import type { Entry, Place } from './requests.ts'
import { mustRefuse, wrong } from './verdict.ts'

/** What the device keeps of one parameter. */
export interface Kept {
  readonly type: string
  isForced: boolean
  readonly value: Possible<string>
  readonly notification: Possible<number>
  readonly access: Possible<string>
}

const VALUES = 'TR-069 A.3.2.1'
const READING = 'TR-069 A.3.2.2'
const ATTRIBUTES = 'TR-069 A.3.2.4'
const ADDING = 'TR-069 A.3.2.6'
const DELETING = 'TR-069 A.3.2.7'

/** Parameters, their attributes, the rows of the writable table and the ParameterKey: what the device must keep, and what it must answer. */
export class Values {
  readonly parameters = new Map<string, Kept>()
  readonly parameterKey = new Possible<string>()
  readonly parameterKeyName: string
  /** The numbers of all rows that there were since the last factory reset. */
  readonly #numbers = new Set<number>()
  readonly #rows = new Map<number, 'there' | 'maybe'>()
  /** Parameters that a user has changed since the beginning. */
  readonly #byUser = new Set<string>()
  readonly #grounds: Grounds
  /** What a granted request left for later (Status 1), to be done when the next session begins. */
  readonly #unsettled = new Map<unknown, () => void>()
  /** What has to be permitted again if the power is cut before the device can have kept it. */
  #unkept: (() => void)[] = []

  constructor(grounds: Grounds) {
    this.#grounds = grounds
    this.parameterKeyName = `${grounds.root}ManagementServer.ParameterKey`
    for (const { name, type, isForced } of grounds.parameters)
      this.parameters.set(name, newlyKept(type, isForced))
  }

  /** Rows that are certainly there, in rising order. */
  get rows(): readonly number[] {
    return [...this.#rows]
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
    for (const number of [...this.#rows.keys()]) this.#dropRow(number)
    this.#numbers.clear()
    this.#byUser.clear()
    this.parameterKey.forget()
    this.#unsettled.clear()
    this.#unkept = []
  }

  /** Takes the rows of the table as they are; for the first look at a device. */
  findRows(numbers: readonly number[]): void {
    for (const number of numbers) this.#addRow(number, 'there')
  }

  /** Parameters whose notification stayed active although the ACS has switched it off: no ACS can. */
  learnForced(): void {
    for (const kept of this.parameters.values()) kept.isForced ||= kept.notification.isOneOf(2)
  }

  /** A session begins: what was granted with Status 1 is in force. */
  sessionBegins(): void {
    for (const settle of this.#unsettled.values()) settle()
    this.#unsettled.clear()
  }

  /** A session has ended well: what was granted in it is kept. */
  sessionEnded(): void {
    this.#unkept = []
  }

  /** The power is cut: what was granted a moment ago may be lost. */
  powerCut(): void {
    for (const permit of this.#unkept.splice(0)) permit()
  }

  /** A user at the device has changed it. */
  changedLocally(name: string, value: string): void {
    const kept = this.parameters.get(name)
    if (!kept) return
    this.#byUser.add(name)
    // What the ACS has asked for and is not in force yet may come after it.
    const isUnsettled = this.#unsettled.has(kept.value)
    this.#change(kept.value, canonical(value, kept.type), 0)
    if (!isUnsettled) return
    kept.value.forget()
    this.#unsettled.set(kept.value, () => {})
  }

  /** Whether a user at the device has changed it since it was reset. */
  isByUser(name: string): boolean {
    return this.#byUser.has(name)
  }

  judgeGet(
    places: readonly Place[],
    answer: ResponseOf<'GetParameterValues'> | CwmpFault,
  ): Wrong | undefined {
    if (places.some(({ code }) => code === 9005)) return mustRefuse(answer, [9005], READING)
    if (isFault(answer)) return notGranted('GetParameterValuesResponse', answer, READING)
    const names = new Set(places.map(({ name }) => name))
    const told = answer.ParameterList.map(({ Name }) => Name)
    if (told.length < names.size || told.some((name) => !names.has(name)))
      return wrong('answer', [...names].join(', '), told.join(', ') || 'no parameters', READING)
    for (const struct of answer.ParameterList) {
      const found = this.see(struct, READING)
      if (found) return found
    }
    return undefined
  }

  /** What a GetParameterValues of the whole table has to show. */
  judgeTable(answer: ResponseOf<'GetParameterValues'> | CwmpFault): Wrong | undefined {
    const { table } = this.#grounds
    if (!table) return undefined
    if (isFault(answer)) return notGranted('GetParameterValuesResponse', answer, READING)
    const told = new Map(answer.ParameterList.map((struct) => [struct.Name, struct]))
    const present = rowsIn(told.keys(), table.path)
    const found = this.judgeRows(present)
    if (found) return found
    for (const number of present) {
      const struct = told.get(this.#rowParameter(number))
      const odd = struct && this.see(struct, READING)
      if (odd) return odd
    }
    return undefined
  }

  /** Holds the rows that there are against those that must be. */
  judgeRows(present: ReadonlySet<number>): Wrong | undefined {
    const missing = this.rows.filter((number) => !present.has(number))
    const surplus = [...present].filter((number) => !this.#rows.has(number))
    if (missing.length > 0 || surplus.length > 0)
      return wrong(
        'state',
        `rows ${this.rows.join(', ') || 'none'} of ${this.#grounds.table?.path}`,
        `rows ${[...present].join(', ') || 'none'}`,
        `${ADDING}, ${DELETING}`,
      )
    for (const [number, is] of [...this.#rows]) {
      if (is === 'there') continue
      if (present.has(number)) this.#rows.set(number, 'there')
      else this.#dropRow(number)
    }
    return undefined
  }

  /** Whether the parameter may have that value now. */
  mayRead(name: string, value: string): boolean {
    const kept = this.parameters.get(name)
    return kept?.value.allows(canonical(value, kept.type)) ?? true
  }

  /** A parameter with its value, from a response or an Inform; older values may be told besides where a session was under way. */
  see(
    { Name, Value }: ParameterValueStruct,
    clause: string,
    older: readonly string[] = [],
  ): Wrong | undefined {
    if (Name === this.parameterKeyName) {
      if (!this.parameterKey.allows(Value))
        return wrong(
          'state',
          `ParameterKey ${this.parameterKey}`,
          JSON.stringify(Value),
          `${VALUES}, A.3.2.6`,
        )
      this.parameterKey.become(Value)
      return undefined
    }
    const kept = this.parameters.get(Name)
    if (!kept) return undefined
    const value = canonical(Value, kept.type)
    if (kept.value.allows(value)) {
      if (older.length === 0 && !this.#unsettled.has(kept.value)) kept.value.become(value)
      return undefined
    }
    if (older.includes(value)) return undefined
    return wrong('state', `${Name} = ${kept.value}`, JSON.stringify(Value), clause)
  }

  judgeSet(
    entries: readonly Entry[],
    key: string,
    answer: ResponseOf<'SetParameterValues'> | CwmpFault,
  ): Wrong | undefined {
    const names = entries.map(({ struct }) => struct.Name)
    const isTwice = new Set(names).size < names.length
    const bad = entries.filter(({ codes }) => codes.length > 0)
    if (isTwice) return mustRefuse(answer, [9003], VALUES)
    if (bad.length > 0) return judgeRefusedSet(bad, answer)
    if (isFault(answer)) return notGranted('SetParameterValuesResponse', answer, VALUES)
    for (const { struct } of entries) {
      const kept = this.parameters.get(struct.Name)
      if (kept) this.#change(kept.value, canonical(struct.Value, kept.type), answer.Status)
    }
    this.#change(this.parameterKey, key, answer.Status)
    return judgeStatus(answer.Status, VALUES)
  }

  judgeGetAttributes(
    places: readonly Place[],
    answer: ResponseOf<'GetParameterAttributes'> | CwmpFault,
  ): Wrong | undefined {
    if (places.some(({ code }) => code === 9005)) return mustRefuse(answer, [9005], 'TR-069 A.3.2.5')
    if (isFault(answer)) return notGranted('GetParameterAttributesResponse', answer, 'TR-069 A.3.2.5')
    const told = new Map(answer.ParameterList.map((struct) => [struct.Name, struct]))
    for (const { name } of places) {
      const struct = told.get(name)
      if (!struct) return wrong('answer', `the attributes of ${name}`, 'none', 'TR-069 A.3.2.5')
      const found = this.#seeAttributes(struct)
      if (found) return found
    }
    return undefined
  }

  judgeSetAttributes(
    places: readonly Place[],
    { ParameterList }: RequestOf<'SetParameterAttributes'>,
    answer: ResponseOf<'SetParameterAttributes'> | CwmpFault,
  ): Wrong | undefined {
    const codes = new Set<number>()
    if (places.some(({ code }) => code === 9005)) codes.add(9005)
    if (ParameterList.some(({ Notification }) => Notification > 6)) codes.add(9003)
    // Active notification may be denied, and a change of forced notification may be refused or ignored (A.3.2.4).
    const mayDeny = ParameterList.some(
      ({ Name, NotificationChange, Notification }) =>
        NotificationChange && (Notification === 2 || (this.parameters.get(Name)?.isForced ?? true)),
    )
    const denied = mayDeny ? [9009] : []
    if (codes.size > 0) return mustRefuse(answer, [...codes, ...denied], ATTRIBUTES)
    if (isFault(answer)) {
      return mayDeny
        ? mustRefuse(answer, denied, ATTRIBUTES)
        : notGranted('SetParameterAttributesResponse', answer, ATTRIBUTES)
    }
    for (const struct of ParameterList) {
      const kept = this.parameters.get(struct.Name)
      if (!kept) continue
      if (struct.NotificationChange && !kept.isForced) this.#change(kept.notification, struct.Notification, 0)
      if (struct.AccessListChange) this.#change(kept.access, accessOf(struct.AccessList), 0)
    }
    return undefined
  }

  judgeAdd(isTable: boolean, key: string, answer: ResponseOf<'AddObject'> | CwmpFault): Wrong | undefined {
    if (!isTable) return mustRefuse(answer, [9005], ADDING)
    if (isFault(answer)) {
      // Nobody knows how many rows a table holds; a few must go (A.3.2.6).
      return this.#rows.size >= 4
        ? mustRefuse(answer, [9004], ADDING)
        : notGranted('AddObjectResponse', answer, ADDING)
    }
    const { InstanceNumber: number, Status } = answer
    if (number < 1 || this.#rows.has(number))
      return wrong('answer', 'an InstanceNumber that no row has', String(number), ADDING)
    const isUsed = this.#numbers.has(number)
    this.#addRow(number, Status === 0 ? 'there' : 'maybe')
    if (Status !== 0) this.#unsettled.set(number, () => this.#addRow(number, 'there'))
    this.#unkept.push(() => this.#doubt(number))
    this.#change(this.parameterKey, key, Status)
    if (isUsed)
      return wrong('state', 'an InstanceNumber that no row has had', String(number), ADDING, 'SHOULD')
    return judgeStatus(Status, ADDING)
  }

  judgeDelete(
    number: number,
    key: string,
    answer: ResponseOf<'DeleteObject'> | CwmpFault,
  ): Wrong | undefined {
    const is = this.#rows.get(number)
    if (is === undefined) return mustRefuse(answer, [9005, 9003], DELETING)
    if (isFault(answer)) {
      if (is === 'maybe') return mustRefuse(answer, [9005, 9003], DELETING)
      return notGranted('DeleteObjectResponse', answer, DELETING)
    }
    this.#unsettled.delete(number)
    if (answer.Status === 0) this.#dropRow(number)
    else {
      this.#doubt(number)
      this.#unsettled.set(number, () => this.#dropRow(number))
    }
    this.#unkept.push(() => this.#addRow(number, 'maybe'))
    this.#change(this.parameterKey, key, answer.Status)
    return judgeStatus(answer.Status, DELETING)
  }

  #change<T>(what: Possible<T>, value: T, status: number): void {
    const before = what.all
    if (before) this.#unkept.push(() => what.orBecome(...before))
    else this.#unkept.push(() => what.forget())
    this.#unsettled.delete(what)
    if (status === 0) what.become(value)
    else {
      what.orBecome(value)
      this.#unsettled.set(what, () => what.become(value))
    }
  }

  #seeAttributes({ Name, Notification, AccessList }: ParameterAttributeStruct): Wrong | undefined {
    const kept = this.parameters.get(Name)
    if (!kept) return undefined
    if (!kept.notification.allows(Notification))
      return wrong('state', `notification ${kept.notification} of ${Name}`, String(Notification), ATTRIBUTES)
    kept.notification.become(Notification)
    if (!this.#grounds.hasAccessList) return undefined
    const access = accessOf(AccessList)
    if (!kept.access.allows(access))
      return wrong('state', `AccessList ${kept.access} of ${Name}`, JSON.stringify(access), ATTRIBUTES)
    kept.access.become(access)
    return undefined
  }

  #addRow(number: number, is: 'there' | 'maybe'): void {
    this.#rows.set(number, is)
    this.#numbers.add(number)
    const name = this.#rowParameter(number)
    if (!this.parameters.has(name)) this.parameters.set(name, newlyKept('xsd:string', false))
  }

  #dropRow(number: number): void {
    this.#rows.delete(number)
    this.parameters.delete(this.#rowParameter(number))
  }

  #doubt(number: number): void {
    if (this.#rows.has(number)) this.#rows.set(number, 'maybe')
  }

  #rowParameter(number: number): string {
    const { table } = this.#grounds
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

/** Every entry that is wrong has to be named with its own code, and no other (A.3.2.1). */
function judgeRefusedSet(bad: readonly Entry[], answer: object | CwmpFault): Wrong | undefined {
  const expected = bad
    .map(({ struct, codes }) => `${struct.Name}: ${codes.join(' or ')}`)
    .sort()
    .join(', ')
  if (!isFault(answer)) return wrong('answer', `fault 9003 (${expected})`, 'a response', VALUES)
  const named = answer.setParameterValuesFaults
  const isRight =
    answer.cwmpDetail &&
    answer.faultCode === 9003 &&
    named.length === bad.length &&
    bad.every(({ struct, codes }) =>
      named.some((one) => one.ParameterName === struct.Name && codes.includes(one.FaultCode)),
    )
  return isRight ? undefined : wrong('answer', `fault 9003 (${expected})`, describeFault(answer), VALUES)
}

function judgeStatus(status: number, clause: string): Wrong | undefined {
  return status === 0 || status === 1 ? undefined : wrong('answer', 'Status 0 or 1', String(status), clause)
}

function notGranted(expected: string, fault: CwmpFault, clause: string): Wrong {
  return wrong('answer', expected, describeFault(fault), clause)
}

function accessOf(list: readonly string[]): string {
  return [...list].sort().join(',')
}

/** One spelling for each value of such a type. */
export function canonical(value: string, type: string): string {
  if (type === 'xsd:string') return value
  const text = value.trim()
  if (type === 'xsd:boolean') return text === 'true' ? '1' : text === 'false' ? '0' : text
  return /^[+-]?\d+$/.test(text) ? String(BigInt(text.replace(/^\+/, ''))) : text
}
