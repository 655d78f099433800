/** Commands of the control socket: one JSON object each. */
import type { AcsAccount } from '../provisioning.ts'

export type Command =
  | ObjectCall
  | { command: 'status' | 'factory-reset' | 'reboot' }
  | { command: 'set'; path: string; value: string }
  | { command: 'set-clock'; time: number }
  | { command: 'provision'; account: AcsAccount }
  /** One that only a feature of the device may know. */
  | { command: 'feature'; name: string; members: CommandMembers }

export class CommandError extends Error {
  override readonly name = 'CommandError'
  /** There is no such command. */
  readonly unsupported: true | undefined

  constructor(message: string, unsupported?: true) {
    super(message)
    this.unsupported = unsupported
  }
}

/** What stands in a command. */
export interface CommandMembers {
  /** A text, number or boolean, as text. Throws CommandError when it is missing or anything else. */
  text(key: string): string
  /** The same for a member that may be absent. */
  optional(key: string): string | undefined
  /** Texts by name; none when the member is absent. Throws CommandError when it is anything else. */
  texts(key: string): Record<string, string>
}

/** An object of the device that is called as over ubus: its answer stands alone, as its callers know it. */
export interface ObjectCall {
  command: 'object'
  name: string
  members: CommandMembers
}

/** Reads a line. Throws CommandError. */
export function parseCommand(line: string): Command {
  const message = parseObject(line)
  const { text, optional } = membersOf(message)
  const { object, params = {} } = message
  if (object !== undefined) {
    if (!isObject(params)) throw new CommandError('params is no JSON object')
    return { command: 'object', name: `${text('object')} ${text('method')}`, members: membersOf(params) }
  }
  const command = text('command')
  switch (command) {
    case 'status':
    case 'factory-reset':
    case 'reboot':
      return { command }
    case 'set':
      return { command, path: text('path'), value: text('value') }
    case 'set-clock': {
      const time = Date.parse(text('time'))
      if (Number.isNaN(time)) throw new CommandError('time is no dateTime')
      return { command, time }
    }
    case 'provision':
      return {
        command,
        account: {
          acsUrl: text('acsUrl'),
          acsUsername: optional('username'),
          acsPassword: optional('password'),
          connectionRequestUsername: optional('connectionRequestUsername'),
          connectionRequestPassword: optional('connectionRequestPassword'),
          periodicInformInterval: numberOf(optional('periodicInformInterval')),
        },
      }
    default:
      return { command: 'feature', name: command, members: membersOf(message) }
  }
}

function membersOf(message: Record<string, unknown>): CommandMembers {
  const text = (key: string): string => {
    const value = message[key]
    if (typeof value === 'string') return value
    if (Number.isFinite(value) || typeof value === 'boolean') return String(value)
    throw new CommandError(`${key} is missing or no text`)
  }
  const texts = (key: string): Record<string, string> => {
    const value = message[key] ?? {}
    const entries = isObject(value) ? Object.entries(value) : undefined
    if (!entries?.every((entry): entry is [string, string] => typeof entry[1] === 'string'))
      throw new CommandError(`${key} is no object of texts`)
    return Object.fromEntries(entries)
  }
  return { text, texts, optional: (key) => (message[key] === undefined ? undefined : text(key)) }
}

function numberOf(text: string | undefined): number | undefined {
  return text === undefined ? undefined : Number(text)
}

function parseObject(line: string): Record<string, unknown> {
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch {
    throw new CommandError('the line is no JSON')
  }
  if (!isObject(value)) throw new CommandError('the line is no JSON object')
  return value
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
