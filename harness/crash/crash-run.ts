import { setTimeout } from 'node:timers/promises'
import { type AcsSession, type Exchange, ScriptedAcs } from '../acs/acs.ts'
import {
  decodeRequest,
  type Envelope,
  isFault,
  type RequestOf,
  type ResponseOf,
  type RpcName,
} from '../cwmp/cwmp.ts'
import { Transcript } from '../cwmp/transcript.ts'
import { type Dut, loadProfile, makeStateDir, openDut, removeStateDir } from '../dut/dut.ts'
import { DeviceSilent } from '../failure.ts'
import { HttpFileServer } from '../net/net.ts'
import { Ledger } from './ledger.ts'
import type { ToldOnce } from './once.ts'
import type { SeededRandom } from './random.ts'

/** Values that one SetParameterValues sets to one number. */
const VALUES = ['Device.DeviceInfo.ProvisioningCode', 'Device.Time.NTPServer1', 'Device.Time.NTPServer2']
const PARAMETER_KEY = 'Device.ManagementServer.ParameterKey'
const TABLE = 'Device.NAT.PortMapping.'
/** Has active notification, and is in no Inform otherwise. */
const NOTIFIED = 'Device.DeviceInfo.HostName'

const FIRST_CONTACT = 'the first contact'

/** Rows at a time, so that the table is never full. */
const MOST_ROWS = 20
/** Milliseconds that a device may take from its start to its Inform. */
const BOOT_MS = 30_000
/** Milliseconds after the state was looked at within which the power is cut. */
const LONGEST_LIFE_MS = 300
/** Milliseconds that the device has at the end for each session with what it still has to tell. */
const FINISH_MS = 15_000

/** Something told, and the request that told it. */
interface Telling {
  readonly kind: ToldOnce
  readonly name: string
  readonly exchange: Exchange
}

/** The reference agent on a bench where the power fails. */
export class CrashRun {
  readonly ledger = new Ledger()
  readonly #random: SeededRandom
  readonly #acs: ScriptedAcs
  readonly #dut: Dut
  readonly #files: HttpFileServer
  readonly #stateDir: string
  readonly #log: readonly string[]
  readonly #tellings = new WeakMap<AcsSession, Telling[]>()
  #names = 0
  #boot = ''
  kills = 0

  private constructor(
    random: SeededRandom,
    acs: ScriptedAcs,
    dut: Dut,
    files: HttpFileServer,
    stateDir: string,
    log: readonly string[],
  ) {
    this.#random = random
    this.#acs = acs
    this.#dut = dut
    this.#files = files
    this.#stateDir = stateDir
    this.#log = log
  }

  /**
   * Starts the peers and the agent, or a mutant of it, and lets it boot once.
   * @throws HarnessError when it does not start, ConformanceFailure when it opens no session
   */
  static async start(random: SeededRandom, mutant?: string): Promise<CrashRun> {
    const log: string[] = []
    const acs = await ScriptedAcs.listen({ transcript: new Transcript(), reconnectMs: 20, silenceMs: 20_000 })
    const files = await HttpFileServer.listen()
    const stateDir = await makeStateDir()
    const dut = await openDut(await loadProfile(), {
      stateDir,
      log: (line) => void log.push(line),
      ...(mutant !== undefined && { mutant }),
    })
    const run = new CrashRun(random, acs, dut, files, stateDir, log)
    files.serve('/file', { body: 'x'.repeat(20_000) })
    run.#starts()
    run.ledger.bootstraps.asked(FIRST_CONTACT)
    run.ledger.bootstraps.confirmed(FIRST_CONTACT)
    await dut.provision({ acsUrl: acs.url })
    const session = await run.#session()
    const attributes = { Name: NOTIFIED, NotificationChange: true, Notification: 2 }
    await session.call('SetParameterAttributes', {
      ParameterList: [{ ...attributes, AccessListChange: false, AccessList: [] }],
    })
    await run.#setValues(session)
    await session.end()
    run.#settle(session)
    await run.#cutAfter(0, new AbortController())
    return run
  }

  /** One life of the device: what it has kept is looked at, it is asked for things, and its power fails. */
  async live(): Promise<void> {
    const life = this.#random.between(0, LONGEST_LIFE_MS)
    // Mostly the state is looked at in peace; sometimes the power fails even then.
    const isEarly = this.#random.next() < 0.2
    const cut = new AbortController()
    let darkness = isEarly ? this.#cutAfter(life, cut) : undefined
    let session: AcsSession | undefined
    try {
      session = await this.#session(cut.signal)
      await this.#verify(session)
      darkness ??= this.#cutAfter(life, cut)
      while (!cut.signal.aborted) session = await this.#step(session, cut.signal)
    } catch (error) {
      // Whoever waits for a device without power hears of it in many ways.
      if (!cut.signal.aborted) throw error
    } finally {
      await darkness
    }
    if (session) this.#settle(session)
  }

  /** Lets the device tell what it owes, and looks at everything once more. */
  async finish(): Promise<void> {
    const { ledger } = this
    let session: AcsSession | undefined = await this.#session()
    await this.#verify(session)
    while (session) {
      await session.end()
      this.#settle(session)
      const isDone = [ledger.transfers, ledger.schedules].every(({ open }) => open.length === 0)
      session = isDone ? undefined : await this.#lateSession()
    }
    for (const kind of [ledger.transfers, ledger.schedules, ledger.reboots, ledger.changes])
      for (const name of kind.owed) ledger.violated(`${kind.what} ${name} is never told`)
    for (const line of this.#log)
      if (/\[(EMERG|ALERT|CRIT|ERROR)\]/.test(line)) ledger.violated(`log of the device: ${line}`)
  }

  /** Another session in which the device tells what it still has to tell; undefined when there comes none. */
  async #lateSession(): Promise<AcsSession | undefined> {
    const patience = AbortSignal.timeout(FINISH_MS)
    try {
      return await this.#session(patience)
    } catch (error) {
      if (patience.aborted || error instanceof DeviceSilent) return undefined
      throw error
    }
  }

  async close(): Promise<void> {
    await this.#dut.close()
    await this.#files.close()
    await this.#acs.close()
    await removeStateDir(this.#stateDir)
  }

  /** The next session, with its Inform held against the ledger. */
  async #session(signal?: AbortSignal): Promise<AcsSession> {
    const tellings: Telling[] = []
    const session = await this.#acs.nextSession({
      timeoutMs: BOOT_MS,
      ...(signal && { signal }),
      onCpeRequest: (request, exchange) => {
        if (request.name === 'TransferComplete') this.#transferred(request, exchange, tellings)
        return undefined
      },
    })
    this.#tellings.set(session, tellings)
    this.#informed(session, tellings)
    return session
  }

  #informed({ inform, informExchange: exchange, parameters }: AcsSession, tellings: Telling[]): void {
    const { ledger } = this
    const tell = (kind: ToldOnce, name: string) => {
      ledger.violated(kind.tell(name))
      tellings.push({ kind, name, exchange })
    }
    for (const { EventCode, CommandKey } of inform.Event) {
      if (EventCode === '0 BOOTSTRAP') tell(ledger.bootstraps, FIRST_CONTACT)
      if (EventCode === '1 BOOT') tell(ledger.boots, this.#boot)
      if (EventCode === 'M Reboot') tell(ledger.reboots, CommandKey)
      if (EventCode === 'M ScheduleInform') tell(ledger.schedules, CommandKey)
      if (EventCode === 'M Download' && ledger.transfers.isSettled(CommandKey))
        ledger.violated(`M Download ${CommandKey} comes after its TransferComplete was acknowledged`)
    }
    const change = parameters.get(NOTIFIED)?.Value
    if (change !== undefined) tell(ledger.changes, change)
    for (const kind of [ledger.bootstraps, ledger.boots, ledger.reboots, ledger.changes])
      for (const name of kind.owed) ledger.violated(`${kind.what} ${name} is missing in an Inform`)
  }

  #transferred(request: Envelope, exchange: Exchange, tellings: Telling[]): void {
    const { CommandKey: name, FaultStruct } = decodeRequest(request, 'TransferComplete')
    this.ledger.violated(this.ledger.transfers.tell(name))
    if (Number(FaultStruct.FaultCode) !== 0)
      this.ledger.violated(
        `the transfer ${name} failed with ${FaultStruct.FaultCode} ${FaultStruct.FaultString}`,
      )
    tellings.push({ kind: this.ledger.transfers, name, exchange })
  }

  /** What the device has told is acknowledged for certain when it went on with the session after that. */
  #settle(session: AcsSession): void {
    const exchanges = session.exchanges
    for (const { kind, name, exchange } of this.#tellings.get(session) ?? []) {
      if (exchanges.indexOf(exchange) < exchanges.length - 1) kind.acknowledged(name)
    }
  }

  /** Cuts the power in so many milliseconds and gives it back. */
  async #cutAfter(milliseconds: number, cut: AbortController): Promise<void> {
    await setTimeout(milliseconds)
    cut.abort()
    this.#starts()
    await this.#dut.powerCycle()
    this.kills++
  }

  /** The device is about to boot: 1 BOOT is due, and no longer that of earlier boots (3.7.1.5). */
  #starts(): void {
    this.ledger.boots.superseded()
    this.#boot = this.#name('start')
    this.ledger.boots.asked(this.#boot)
    this.ledger.boots.confirmed(this.#boot)
  }

  #name(prefix: string): string {
    this.#names++
    return `${prefix} ${this.#names}`
  }

  /** One thing that an ACS or somebody at the device does. Returns the session that goes on. */
  async #step(session: AcsSession, signal: AbortSignal): Promise<AcsSession> {
    const dice = this.#random.next()
    if (dice < 0.45) await this.#setValues(session)
    else if (dice < 0.6) await this.#changeRows(session)
    else if (dice < 0.75) await this.#download(session)
    else if (dice < 0.85) await this.#scheduleInform(session)
    else if (dice < 0.97) return this.#changeLocally(session, signal)
    else return this.#reboot(session, signal)
    return session
  }

  async #setValues(session: AcsSession): Promise<void> {
    const Value = this.#name('value')
    this.ledger.settingValues(Value)
    const ParameterList = VALUES.map((Name) => ({ Name, Value, type: 'xsd:string' }))
    await this.#call(session, 'SetParameterValues', { ParameterList, ParameterKey: Value })
    this.ledger.setValues(Value)
  }

  async #changeRows(session: AcsSession): Promise<void> {
    const { ledger } = this
    const row = ledger.someRow
    if (row === undefined || (ledger.rows < MOST_ROWS && this.#random.next() < 0.6)) {
      ledger.addingRow()
      const { InstanceNumber } = await this.#call(session, 'AddObject', {
        ObjectName: TABLE,
        ParameterKey: ledger.someValue,
      })
      ledger.addedRow(InstanceNumber)
      return
    }
    ledger.deletingRow(row)
    await this.#call(session, 'DeleteObject', {
      ObjectName: `${TABLE}${row}.`,
      ParameterKey: ledger.someValue,
    })
    ledger.deletedRow(row)
  }

  async #download(session: AcsSession): Promise<void> {
    const CommandKey = this.#name('download')
    this.ledger.transfers.asked(CommandKey)
    const answer = await session.call('Download', {
      CommandKey,
      FileType: '2 Web Content',
      URL: this.#files.url('/file'),
      Username: '',
      Password: '',
      FileSize: 20_000,
      TargetFileName: '',
      DelaySeconds: 0,
      SuccessURL: '',
      FailureURL: '',
    })
    // Too many may wait (9004), which is no more than a refusal.
    if (!isFault(answer)) this.ledger.transfers.confirmed(CommandKey)
  }

  async #scheduleInform(session: AcsSession): Promise<void> {
    const CommandKey = this.#name('schedule')
    this.ledger.schedules.asked(CommandKey)
    const answer = await session.call('ScheduleInform', { DelaySeconds: 1, CommandKey })
    if (!isFault(answer)) this.ledger.schedules.confirmed(CommandKey)
  }

  /** Between two sessions somebody at the device changes what the ACS wants to hear of. */
  async #changeLocally(session: AcsSession, signal: AbortSignal): Promise<AcsSession> {
    await session.end()
    this.#settle(session)
    const value = this.#name('local').replace(' ', '-')
    this.ledger.changes.superseded()
    this.ledger.changes.asked(value)
    await this.#dut.setLocally(NOTIFIED, value, signal)
    let next: AcsSession
    try {
      next = await this.#session(signal)
    } finally {
      // Owed from the session after this one on: this one may have begun before the change.
      this.ledger.changes.confirmed(value)
    }
    return next
  }

  async #reboot(session: AcsSession, signal: AbortSignal): Promise<AcsSession> {
    const CommandKey = this.#name('reboot')
    this.ledger.reboots.asked(CommandKey)
    await this.#call(session, 'Reboot', { CommandKey })
    this.ledger.reboots.confirmed(CommandKey)
    // Its answer may come when the power is cut already: the boot that follows is that of the cut.
    signal.throwIfAborted()
    // From the end of the session on it may boot, by itself or because the power is cut.
    const boot = this.#name('reboot')
    this.ledger.boots.asked(boot)
    this.#boot = boot
    await session.end()
    this.#settle(session)
    return this.#session(signal)
  }

  /** What the device has kept: values whole and as confirmed, and the rows. */
  async #verify(session: AcsSession): Promise<void> {
    const ParameterNames = [...VALUES, PARAMETER_KEY]
    const { ParameterList } = await this.#call(session, 'GetParameterValues', { ParameterNames })
    this.ledger.readValues(ParameterList.map(({ Value }) => Value))
    const names = await this.#call(session, 'GetParameterNames', { ParameterPath: TABLE, NextLevel: true })
    const numbers = names.ParameterList.map(({ Name }) => Number(Name.slice(TABLE.length, -1)))
    this.ledger.readRows(new Set(numbers))
  }

  async #call<N extends RpcName>(session: AcsSession, name: N, args: RequestOf<N>): Promise<ResponseOf<N>> {
    const answer = await session.call(name, args)
    if (!isFault(answer)) return answer
    this.ledger.violated(`${name} is refused with ${answer.faultCode} ${answer.faultString}`)
    throw new Error(`${name} is refused with ${answer.faultCode}`)
  }
}
