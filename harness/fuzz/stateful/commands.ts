/**
 * What a script can have the ACS, the bench and the network do. Plain data: a script is kept as JSON. Every command makes sense in every state
 * of the device, so that any part of a script is a script; what needs a session gets one.
 */

/** A parameter by its place: `p0` … of the profile, the `row0` … of the writable table, and some that cannot be set or are not there. */
export type Target = `p${number}` | `row${number}` | 'readOnly' | 'noSuch'

/** Which value: one of the two good ones, one out of bounds, one under a wrong xsi:type. */
export type Value = 'a' | 'b' | 'bad' | 'wrongType'

export interface Setting {
  readonly at: Target
  readonly to: Value
}

export interface AttributeSetting {
  readonly at: Target
  /** null leaves the notification as it is; 7 is none that exists. */
  readonly notification: number | null
  /** null leaves the AccessList as it is. */
  readonly access: readonly string[] | null
}

export const waysToCall = ['http', 'udp', 'xmpp'] as const
export type WayToCall = (typeof waysToCall)[number]

/** How an ACS spoils a session at its Inform; `8005` asks for the Inform again. */
export const spoilings = ['500', 'cut', '8002', '8005'] as const
export type Spoiling = (typeof spoilings)[number]

export type Command =
  | { readonly do: 'get'; readonly at: readonly Target[] }
  | { readonly do: 'getTable' }
  | { readonly do: 'set'; readonly to: readonly Setting[]; readonly key: string }
  | { readonly do: 'getAttributes'; readonly at: readonly Target[] }
  | { readonly do: 'setAttributes'; readonly to: readonly AttributeSetting[] }
  | { readonly do: 'add'; readonly table: 'writable' | 'noSuch'; readonly key: string }
  | { readonly do: 'delete'; readonly row: number | 'noSuch'; readonly key: string }
  | { readonly do: 'reboot'; readonly key: string }
  | { readonly do: 'factoryReset' }
  | { readonly do: 'scheduleInform'; readonly delay: number; readonly key: string }
  | {
      readonly do: 'download'
      readonly delay: number
      readonly key: string
      readonly file: 'good' | 'missing'
    }
  | { readonly do: 'upload'; readonly delay: number; readonly key: string }
  | { readonly do: 'cancel'; readonly key: string }
  | { readonly do: 'queued' }
  | { readonly do: 'move'; readonly place: number }
  | { readonly do: 'end'; readonly how: 'properly' | '500' | 'cut' }
  | { readonly do: 'spoil'; readonly how: Spoiling }
  | { readonly do: 'repeatRequest' }
  | { readonly do: 'setLocally'; readonly at: Target }
  | { readonly do: 'powerCycle' }
  | { readonly do: 'resetLocally' }
  | { readonly do: 'call'; readonly way: WayToCall }
  | { readonly do: 'wait' }

export type CommandKind = Command['do']
export type CommandOf<K extends CommandKind> = Extract<Command, { readonly do: K }>

/** A script: what happens, in this order. */
export type Script = readonly Command[]

/** One command in a few words. */
export function describeCommand(command: Command): string {
  const { do: kind, ...rest } = command
  const words = Object.values(rest).map((value) =>
    typeof value === 'string' || typeof value === 'number' ? String(value) : JSON.stringify(value),
  )
  return [kind, ...words].join(' ')
}
