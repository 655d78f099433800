import { HarnessError } from '../failure.ts'
import type { Adapter, Provisioning } from './operations.ts'
import { fillCommand, scriptOf } from './shell-template.ts'

const told = [
  'acsUrl',
  'username',
  'password',
  'connectionRequestUsername',
  'connectionRequestPassword',
  'periodicInformInterval',
  'trustedCa',
] as const

/** Abilities that commands on the device itself can have, each with the places that its command may hold. */
export const commandPlaces = {
  provision: told,
  alive: [],
  powerCycle: [],
  factoryReset: told,
  setLocally: ['path', 'value'],
  readLogs: [],
  setClock: ['time', 'unixTime'],
  clientCertificate: ['certificate', 'key'],
  dnsServer: ['server', 'address', 'port'],
  lanDevice: ['oui', 'serialNumber', 'productClass', 'present'],
  standby: ['seconds'],
  timeSource: ['present'],
  stop: [],
} as const satisfies Readonly<Record<string, readonly string[]>>

export type CommandName = keyof typeof commandPlaces
export type DeviceCommands = { readonly [name in CommandName]?: string | undefined }

/** How a script ended; without a code the connection to its device broke. */
export interface ScriptEnding {
  readonly code: number | undefined
  readonly stdout: string
  readonly stderr: string
}

/** Has a shell of the device read a script. */
export type RunScript = (script: string, signal: AbortSignal) => Promise<ScriptEnding>

/** Commands of a profile, carried out on a device. */
export class CommandTable {
  readonly #commands: DeviceCommands
  readonly #run: RunScript
  readonly #log: (line: string) => void

  constructor(commands: DeviceCommands, run: RunScript, log: (line: string) => void) {
    this.#commands = commands
    this.#run = run
    this.#log = log
  }

  has(name: CommandName): boolean {
    return this.#commands[name] !== undefined
  }

  /** Runs a command and says how it ended; what it writes to stderr is logged. */
  async try(
    name: CommandName,
    values: Readonly<Record<string, string | undefined>>,
    signal: AbortSignal,
  ): Promise<ScriptEnding> {
    const ending = await this.#run(scriptOf(fillCommand(this.#commands[name] ?? ':', values)), signal)
    for (const line of ending.stderr.split('\n')) if (line.trim() !== '') this.#log(`${name}: ${line}`)
    return ending
  }

  /**
   * Runs a command that has to succeed and returns what it wrote to stdout.
   * @param mayBreak whether the connection may break on the way, as that to a device that restarts does
   * @throws {HarnessError} with its exit code and its last words
   */
  async do(
    name: CommandName,
    values: Readonly<Record<string, string | undefined>>,
    signal: AbortSignal,
    { mayBreak = false }: { readonly mayBreak?: boolean } = {},
  ): Promise<string> {
    const { code, stdout, stderr } = await this.try(name, values, signal)
    if (code === 0 || (code === undefined && mayBreak)) return stdout
    const how = code === undefined ? 'the connection broke' : `exit code ${code}`
    const last = (stderr.trim() || stdout.trim()).split('\n').at(-1) ?? ''
    throw new HarnessError(`adapter.commands.${name}: ${how}${last === '' ? '' : `; ${last.slice(0, 200)}`}`)
  }

  /** Whether the reset tells the device its ACS again by itself; if not, `provision` has to follow. */
  get resetProvisions(): boolean {
    return this.#commands.factoryReset?.includes('{acsUrl}') === true
  }

  /** The abilities that need no more than a command. */
  plainOperations(): Partial<Adapter> {
    const operations: Partial<Adapter> = {}
    if (this.has('setLocally'))
      operations.setLocally = async (path, value, signal) =>
        void (await this.do('setLocally', { path, value }, signal))
    if (this.has('setClock'))
      operations.setClock = async (time, signal) =>
        void (await this.do('setClock', { time, unixTime: String(Date.parse(time) / 1000) }, signal))
    if (this.has('clientCertificate'))
      operations.clientCertificate = async (shown, signal) =>
        void (await this.do('clientCertificate', { certificate: shown?.cert, key: shown?.key }, signal))
    if (this.has('dnsServer'))
      operations.dnsServer = async (server, signal) =>
        void (await this.do('dnsServer', { server, ...partsOf(server) }, signal))
    if (this.has('lanDevice'))
      operations.lanDevice = async ({ present, ...who }, signal) =>
        void (await this.do('lanDevice', { ...who, present: present ? 'yes' : 'no' }, signal))
    if (this.has('standby'))
      operations.standby = async (seconds, signal) =>
        void (await this.do('standby', { seconds: String(seconds) }, signal))
    if (this.has('timeSource'))
      operations.timeSource = async (present, signal) =>
        void (await this.do('timeSource', { present: present ? 'yes' : 'no' }, signal))
    return operations
  }
}

/** What stands in the places of `provision`; what is not asked for is the empty text. */
export function provisioningValues(wanted: Provisioning): Record<string, string | undefined> {
  return {
    acsUrl: wanted.acsUrl,
    username: wanted.username,
    password: wanted.password,
    connectionRequestUsername: wanted.connectionRequestUsername,
    connectionRequestPassword: wanted.connectionRequestPassword,
    periodicInformInterval: wanted.periodicInformInterval?.toString(),
    trustedCa: wanted.trustedCa,
  }
}

/** `address:port`, an IPv6 address in brackets. */
function partsOf(server: string | undefined): { address?: string; port?: string } {
  const [, address, port] = /^\[?(.*?)\]?:(\d+)$/.exec(server ?? '') ?? []
  return { ...(address !== undefined && { address }), ...(port !== undefined && { port }) }
}
