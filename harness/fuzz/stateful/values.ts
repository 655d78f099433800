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
import { canonical, KeptValues, rowsIn } from './kept-values.ts'
import type { Entry, Place } from './requests.ts'
import { mustRefuse, wrong } from './verdict.ts'

const VALUES = 'TR-069 A.3.2.1'
const READING = 'TR-069 A.3.2.2'
const ATTRIBUTES = 'TR-069 A.3.2.4'
const ADDING = 'TR-069 A.3.2.6'
const DELETING = 'TR-069 A.3.2.7'

/** What the device must answer to requests for its parameters, attributes and rows, and what it then keeps of them. */
export class Values extends KeptValues {
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
    const { table } = this.grounds
    if (!table) return undefined
    if (isFault(answer)) return notGranted('GetParameterValuesResponse', answer, READING)
    const told = new Map(answer.ParameterList.map((struct) => [struct.Name, struct]))
    const present = rowsIn(told.keys(), table.path)
    const found = this.judgeRows(present)
    if (found) return found
    for (const number of present) {
      const struct = told.get(this.rowParameter(number))
      const odd = struct && this.see(struct, READING)
      if (odd) return odd
    }
    return undefined
  }

  /** Holds the rows that there are against those that must be. */
  judgeRows(present: ReadonlySet<number>): Wrong | undefined {
    const missing = this.rows.filter((number) => !present.has(number))
    const surplus = [...present].filter((number) => !this.rowStates.has(number))
    if (missing.length > 0 || surplus.length > 0)
      return wrong(
        'state',
        `rows ${this.rows.join(', ') || 'none'} of ${this.grounds.table?.path}`,
        `rows ${[...present].join(', ') || 'none'}`,
        `${ADDING}, ${DELETING}`,
      )
    for (const [number, is] of [...this.rowStates]) {
      if (is === 'there') continue
      if (present.has(number)) this.rowStates.set(number, 'there')
      else this.dropRow(number)
    }
    return undefined
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
      if (older.length === 0 && !this.unsettled.has(kept.value)) kept.value.become(value)
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
      if (kept) this.change(kept.value, canonical(struct.Value, kept.type), answer.Status)
    }
    this.change(this.parameterKey, key, answer.Status)
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
      if (struct.NotificationChange && !kept.isForced) this.change(kept.notification, struct.Notification, 0)
      if (struct.AccessListChange) this.change(kept.access, accessOf(struct.AccessList), 0)
    }
    return undefined
  }

  judgeAdd(isTable: boolean, key: string, answer: ResponseOf<'AddObject'> | CwmpFault): Wrong | undefined {
    if (!isTable) return mustRefuse(answer, [9005], ADDING)
    if (isFault(answer)) {
      // Nobody knows how many rows a table holds; into an empty one a row must go (A.3.2.6).
      return this.rowStates.size >= 1
        ? mustRefuse(answer, [9004], ADDING)
        : notGranted('AddObjectResponse', answer, ADDING)
    }
    const { InstanceNumber: number, Status } = answer
    if (number < 1 || this.rowStates.has(number))
      return wrong('answer', 'an InstanceNumber that no row has', String(number), ADDING)
    const isUsed = this.numbers.has(number)
    this.addRow(number, Status === 0 ? 'there' : 'maybe')
    if (Status !== 0) this.unsettled.set(number, () => this.addRow(number, 'there'))
    this.unkept.push(() => this.doubt(number))
    this.change(this.parameterKey, key, Status)
    if (isUsed)
      return wrong('state', 'an InstanceNumber that no row has had', String(number), ADDING, 'SHOULD')
    return judgeStatus(Status, ADDING)
  }

  judgeDelete(
    number: number,
    key: string,
    answer: ResponseOf<'DeleteObject'> | CwmpFault,
  ): Wrong | undefined {
    const is = this.rowStates.get(number)
    if (is === undefined) return mustRefuse(answer, [9005, 9003], DELETING)
    if (isFault(answer)) {
      if (is === 'maybe') return mustRefuse(answer, [9005, 9003], DELETING)
      return notGranted('DeleteObjectResponse', answer, DELETING)
    }
    this.unsettled.delete(number)
    if (answer.Status === 0) this.dropRow(number)
    else {
      this.doubt(number)
      this.unsettled.set(number, () => this.dropRow(number))
    }
    this.unkept.push(() => this.addRow(number, 'maybe'))
    this.change(this.parameterKey, key, answer.Status)
    return judgeStatus(answer.Status, DELETING)
  }

  #seeAttributes({ Name, Notification, AccessList }: ParameterAttributeStruct): Wrong | undefined {
    const kept = this.parameters.get(Name)
    if (!kept) return undefined
    if (!kept.notification.allows(Notification))
      return wrong('state', `notification ${kept.notification} of ${Name}`, String(Notification), ATTRIBUTES)
    kept.notification.become(Notification)
    if (!this.grounds.hasAccessList) return undefined
    const access = accessOf(AccessList)
    if (!kept.access.allows(access))
      return wrong('state', `AccessList ${kept.access} of ${Name}`, JSON.stringify(access), ATTRIBUTES)
    kept.access.become(access)
    return undefined
  }
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
