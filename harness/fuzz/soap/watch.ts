import type { AcsSession } from '../../acs/acs.ts'
import { isFault, type ParameterValueStruct } from '../../cwmp/cwmp.ts'
import { ConformanceFailure } from '../../failure.ts'
import type { SoapTarget } from './target.ts'

/** What requests can change, as it is now: values, or attributes. */
export type Snapshot = ReadonlyMap<string, string>

/** Everything that the cases of a campaign can change on the device, and how to put it back. */
export class Watch {
  readonly keyName: string
  /** Parameters whose values are watched. */
  readonly names: readonly string[]
  readonly #target: SoapTarget
  readonly #types = new Map<string, string>()

  constructor(target: SoapTarget) {
    this.#target = target
    this.keyName = `${target.root}ManagementServer.ParameterKey`
    const { writable, readOnly } = target
    const entries = target.table?.entries
    this.names = [
      ...writable.map(({ path }) => path),
      this.keyName,
      readOnly.path,
      ...(entries === undefined ? [] : [entries]),
    ]
  }

  /** Values, and how many rows the table has. @throws ConformanceFailure when the device does not say what it said before */
  async values(session: AcsSession): Promise<Snapshot> {
    const answer = await session.call('GetParameterValues', { ParameterNames: [...this.names] })
    if (isFault(answer)) throw unreadable('GetParameterValues', answer.faultCode)
    const snapshot = new Map<string, string>()
    for (const { Name, Value, type } of answer.ParameterList) {
      snapshot.set(Name, canonical(Value, type))
      this.#types.set(Name, type)
    }
    return snapshot
  }

  /** Instance numbers in the table; none where the device does not say. */
  async rows(session: AcsSession): Promise<string[]> {
    const path = this.#target.table?.path
    if (path === undefined) return []
    const answer = await session.call('GetParameterNames', { ParameterPath: path, NextLevel: true })
    if (isFault(answer)) return []
    return answer.ParameterList.map(({ Name }) => Name.slice(path.length, -1))
  }

  /** None of a device that has no such method: it cannot change any. @throws ConformanceFailure when it does not say what it said before */
  async attributes(session: AcsSession): Promise<Snapshot> {
    if (!this.#target.methods.includes('GetParameterAttributes')) return new Map()
    const ParameterNames = this.#target.writable.map(({ path }) => path)
    const answer = await session.call('GetParameterAttributes', { ParameterNames })
    if (isFault(answer)) throw unreadable('GetParameterAttributes', answer.faultCode)
    return new Map(
      answer.ParameterList.map(({ Name, Notification, AccessList }) => [
        Name,
        `${Notification} ${JSON.stringify([...AccessList].sort())}`,
      ]),
    )
  }

  /** Sets values and attributes back to those of two snapshots; what the device refuses stays as it is. */
  async putBack(session: AcsSession, values: Snapshot, attributes: Snapshot): Promise<void> {
    const wanted = this.#target.writable.flatMap(({ path, type }): ParameterValueStruct[] => {
      const Value = values.get(path)
      return Value === undefined ? [] : [{ Name: path, Value, type: this.#types.get(path) || `xsd:${type}` }]
    })
    if (wanted.length > 0)
      await session.call('SetParameterValues', {
        ParameterList: wanted,
        ParameterKey: values.get(this.keyName) ?? '',
      })
    for (const [Name, text] of attributes) {
      const [, notification = '0', list = '[]'] = /^(-?\d+) (.*)$/.exec(text) ?? []
      await session.call('SetParameterAttributes', {
        ParameterList: [
          {
            Name,
            NotificationChange: true,
            Notification: Number(notification),
            AccessListChange: true,
            AccessList: JSON.parse(list) as string[],
          },
        ],
      })
    }
  }

  async deleteRows(session: AcsSession, rows: readonly string[], key: string): Promise<void> {
    for (const row of rows)
      await session.call('DeleteObject', {
        ObjectName: `${this.#target.table?.path ?? ''}${row}.`,
        ParameterKey: key,
      })
  }
}

/** What two snapshots differ in, in a few words; undefined when they are the same. */
export function difference(before: Snapshot, after: Snapshot): string | undefined {
  const names = new Set([...before.keys(), ...after.keys()])
  const changed = [...names].filter((name) => before.get(name) !== after.get(name))
  if (changed.length === 0) return undefined
  return changed
    .slice(0, 5)
    .map((name) => `${name} was ${shown(before.get(name))} and is ${shown(after.get(name))}`)
    .join(', ')
}

function shown(value: string | undefined): string {
  if (value === undefined) return 'not there'
  const text = JSON.stringify(value)
  return text.length > 80 ? `${text.slice(0, 80)}…` : text
}

function canonical(value: string, type: string): string {
  if (!type.endsWith('boolean')) return value
  return value === '1' || value === 'true' ? '1' : '0'
}

function unreadable(method: string, code: number): ConformanceFailure {
  return new ConformanceFailure(`${method}Response for parameters that were there before`, `fault ${code}`)
}
