import type {
  ParameterValueStruct,
  RequestOf,
  RpcName,
  SetParameterAttributesStruct,
} from '../../cwmp/cwmp.ts'
import type { CommandOf, Target, Value } from './commands.ts'
import type { Grounds, Parameter } from './grounds.ts'

/** A target as it stands in a request. */
export interface Place {
  readonly name: string
  /** Absent where there is no such parameter, or none that can be set. */
  readonly parameter?: Parameter
  /** Why it cannot be set, as a fault code; a parameter that can be read has 9008. */
  readonly code?: 9005 | 9008
}

/** One entry of a SetParameterValues, and the codes with which it has to be refused, if any. */
export interface Entry {
  readonly struct: ParameterValueStruct
  readonly codes: readonly number[]
}

/** One RPC with its arguments. */
export type Request = { [N in RpcName]: { readonly name: N; readonly args: RequestOf<N> } }[RpcName]

/** Turns targets into names, given the rows of the writable table. */
export class Places {
  readonly #grounds: Grounds
  readonly #rows: () => readonly number[]

  constructor(grounds: Grounds, rows: () => readonly number[]) {
    this.#grounds = grounds
    this.#rows = rows
  }

  at(target: Target): Place {
    const { parameters, readOnly, root } = this.#grounds
    if (target === 'readOnly') return { name: readOnly, code: 9008 }
    if (target === 'noSuch') return { name: `${root}DeviceInfo.NoSuchParameter`, code: 9005 }
    const index = Number(/\d+$/.exec(target)?.[0])
    if (target.startsWith('p')) return placeOf(parameters[index % parameters.length] as Parameter)
    return this.#inRow(index)
  }

  /** The number of a row by its place in the table; one that is not there where the table is empty. */
  row(index: number | 'noSuch'): number {
    const rows = this.#rows()
    const unused = Math.max(0, ...rows) + 1000
    return index === 'noSuch' ? unused : (rows[index % rows.length] ?? unused)
  }

  entry({ at, to }: { readonly at: Target; readonly to: Value }): Entry {
    const { name, parameter, code } = this.at(at)
    const type = parameter?.type ?? 'xsd:string'
    const of = (Value: string, ...codes: number[]): Entry => ({
      struct: { Name: name, Value, type },
      codes: code === undefined ? codes : [code],
    })
    if (!parameter) return of('x')
    const [a, b] = parameter.values
    if (to === 'bad' && parameter.bad !== undefined) return of(parameter.bad, 9007)
    if (to === 'wrongType') {
      const other = type === 'xsd:string' ? 'xsd:boolean' : 'xsd:string'
      return { struct: { Name: name, Value: type === 'xsd:string' ? '1' : a, type: other }, codes: [9006] }
    }
    return of(to === 'b' ? b : a)
  }

  attributes(command: CommandOf<'setAttributes'>): SetParameterAttributesStruct[] {
    return command.to.map(({ at, notification, access }) => ({
      Name: this.at(at).name,
      NotificationChange: notification !== null,
      Notification: notification ?? 0,
      AccessListChange: access !== null,
      AccessList: [...(access ?? [])],
    }))
  }

  #inRow(index: number): Place {
    const { table, root } = this.#grounds
    if (!table) return { name: `${root}NoSuchTable.1.Name`, code: 9005 }
    const rows = this.#rows()
    const name = `${table.path}${this.row(index)}.${table.parameter}`
    if (rows.length === 0) return { name, code: 9005 }
    const parameter = { name, type: 'xsd:string', values: table.values, isForced: false, isLocal: false }
    return placeOf(parameter)
  }
}

function placeOf(parameter: Parameter): Place {
  return { name: parameter.name, parameter }
}
