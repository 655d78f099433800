/** Carries transfers out: begins them when they are due and no session runs, puts what has arrived into effect between sessions. */
import type { Timer } from '../platform/platform.ts'
import type { Device } from '../services/service.ts'
import { FileTransferError, faultOf } from './failure.ts'
import type { FileClient } from './file-client.ts'
import { Incoming } from './incoming.ts'
import type { TransferRecord, TransferRecords } from './record.ts'
import { chanceOf, nextAttempt, remaining } from './schedule.ts'

/** What a file is put to, by the type of the transfer. */
export interface Contents {
  /** Whether the file can be used. Throws FileTransferError. */
  check(record: TransferRecord, path: string): void
  /** Whether `check` finds a file out that was put together of two. */
  isVerified(record: TransferRecord): boolean
  /** Puts the file into effect or in its place; true when that takes a reboot. May be done again after a power cut. Throws FileTransferError. */
  install(record: TransferRecord, path: string): boolean
  /** What an Upload sends. */
  read(record: TransferRecord): Buffer
}

export interface RunnerOptions {
  device: Device
  records: TransferRecords
  contents: Contents
  /** Directory of files on their way. */
  directory: string
  /** Octets. */
  maximumFileSize: number
  /** A transfer is over, with its record up to date. Called in the commit that makes it so. */
  ended(record: TransferRecord): void
}

/** Device milliseconds after which a disk that refused a note is tried again. */
const DISK_PAUSE = 30_000

export class Runner {
  protected readonly options: RunnerOptions
  /** Begun, and not yet noted as ended. */
  readonly #active = new Map<number, { abort: AbortController; done: Promise<void> }>()
  /** Arrived and checked: record and file. */
  readonly #ready = new Map<number, string>()
  readonly #incoming: Incoming
  readonly #timers = new Set<Timer>()
  readonly #asked = new Set<number>()
  #wake: Timer | undefined
  /** Nothing more happens in this boot. */
  #halted = false

  constructor(options: RunnerOptions) {
    const { contents } = options
    this.options = options
    this.#incoming = new Incoming({
      ...options,
      check: (record, path) => contents.check(record, path),
      isVerified: (record) => contents.isVerified(record),
    })
  }

  /** The device has booted: what an earlier boot left half done begins anew. */
  start(): void {
    this.#incoming.tidy()
    this.proceed()
  }

  /** The reboot that a transfer waited for is over. */
  rebooted(id: number, failure: string | undefined): void {
    this.#settle(id, failure === undefined ? undefined : new FileTransferError('corrupted', failure))
  }

  /** Begins what is due. Called whenever something may have become so. */
  proceed(): void {
    const { device, records } = this.options
    this.#wake?.cancel()
    if (this.#halted || device.inSession) return
    const waits: number[] = []
    for (const record of records.all) {
      if (this.#active.has(record.id) || !['waiting', 'running'].includes(record.phase)) continue
      const chance = chanceOf(record, device.clock.now(), this.#active.size === 0)
      if (chance.state === 'due') this.#begin(record, chance.window)
      else if (chance.state === 'missed') this.#settle(record.id, windowsMissed())
      else {
        if (chance.wakeIn !== undefined) waits.push(chance.wakeIn)
        if (chance.asks !== undefined) this.#ask(record.id, chance.asks)
      }
    }
    if (waits.length > 0) this.#wake = device.clock.after(Math.min(...waits), () => this.proceed())
  }

  /** Between two sessions. */
  sessionEnded(): void {
    for (const [id, path] of this.#ready) this.#install(id, path)
    this.proceed()
  }

  /** Gives up what is under way of a transfer. */
  cancel(id: number): void {
    this.#active.get(id)?.abort.abort(new FileTransferError('failed', 'cancelled'))
    this.#active.delete(id)
    this.#ready.delete(id)
    this.#incoming.discard(id)
  }

  async stop(): Promise<void> {
    this.#halted = true
    this.#wake?.cancel()
    for (const timer of this.#timers) timer.cancel()
    for (const { abort } of this.#active.values()) abort.abort(new Error('the device goes down'))
    await Promise.all([...this.#active.values()].map(({ done }) => done))
  }

  protected clientFor(url: URL): FileClient {
    const { device } = this.options
    const { parts, clock, options } = device
    return parts.createFileClient(url.protocol, {
      clock,
      random: parts.random,
      patience: options.responseTimeout * 1000,
      dialer: device.createDialer(),
    })
  }

  /** Asks once in a boot. */
  #ask(id: number, message: string): void {
    if (!this.#asked.has(id))
      this.options.device.log.about('transfer').notice(`transfer ${id} asks: ${message}`)
    this.#asked.add(id)
  }

  #begin(record: TransferRecord, window: number): void {
    const abort = new AbortController()
    const done = Promise.resolve().then(() => this.#run({ ...record, window }, abort))
    this.#active.set(record.id, { abort, done })
  }

  async #run(record: TransferRecord, abort: AbortController): Promise<void> {
    const { device, records } = this.options
    const { id, window } = record
    const left = remaining(record, device.clock.now())
    const timer =
      left === undefined ? undefined : device.clock.after(left, () => abort.abort(windowsMissed()))
    try {
      abort.signal.throwIfAborted()
      records.update(id, { phase: 'running', window, startTime: device.clock.now() })
      device.log.about('transfer').info(`${record.method} ${id} begins: ${record.fileType}`)
      await (record.isDownload ? this.#fetch(record, abort.signal) : this.#store(record, abort.signal))
    } catch (error) {
      if (!this.#halted) this.#settle(id, error)
    } finally {
      timer?.cancel()
    }
  }

  async #fetch(record: TransferRecord, signal: AbortSignal): Promise<void> {
    const path = await this.#incoming.fetch(record, this.clientFor(new URL(record.url)), signal)
    this.#ready.set(record.id, path)
    if (!this.options.device.inSession) this.#install(record.id, path)
  }

  async #store(record: TransferRecord, signal: AbortSignal): Promise<void> {
    const url = new URL(record.url)
    const content = this.options.contents.read(record)
    await this.clientFor(url).store({ url, credentials: record }, content, signal)
    signal.throwIfAborted()
    this.options.records.update(record.id, { size: content.length })
    this.#settle(record.id)
  }

  /** Puts what has arrived into effect. */
  #install(id: number, path: string): void {
    const { contents, records, device } = this.options
    const record = records.find(id)
    if (!record || this.#halted) return
    try {
      if (contents.install(record, path)) {
        records.update(id, { phase: 'installing' })
        this.#halted = true
        device.rebootAfterSession()
      } else this.#settle(id)
    } catch (error) {
      this.#settle(id, error)
    } finally {
      this.#ready.delete(id)
    }
  }

  /** A transfer has come to an end, or to the end of an attempt. */
  #settle(id: number, error?: unknown): void {
    const { device, records, ended } = this.options
    const record = records.find(id)
    if (!record) return
    const log = device.log.about('transfer')
    const name = `${record.method} ${id}`
    try {
      const again = error && nextAttempt(record, error, device.clock.now())
      if (again) {
        log.notice(`${name} is to be tried again: ${(error as Error).message}`)
        records.update(id, { phase: 'waiting', ...again })
      } else {
        const fault = error ? faultOf(error, record.isDownload) : undefined
        device.store.together(() => {
          records.update(id, { phase: 'completed', completeTime: this.completeTime(record), fault })
          const completed = records.find(id)
          if (completed) ended(completed)
        })
        this.#incoming.discard(id)
        if (fault) log.warning(`${name} failed with ${fault.code}: ${fault.text}`)
        else log.info(`${name} is complete`)
      }
    } catch (refusal) {
      log.error(`${name} cannot be noted: ${(refusal as Error).message}`)
      this.#later(DISK_PAUSE, () => this.#settle(id, error))
      return
    }
    this.#active.delete(id)
    this.proceed()
  }

  /** Unknown for a transfer that never began. */
  protected completeTime({ startTime }: TransferRecord): number | undefined {
    return startTime === undefined ? undefined : this.options.device.clock.now()
  }

  #later(milliseconds: number, work: () => void): void {
    const timer = this.options.device.clock.after(milliseconds, () => {
      this.#timers.delete(timer)
      work()
    })
    this.#timers.add(timer)
  }
}

function windowsMissed(): FileTransferError {
  return new FileTransferError('out-of-windows', 'not complete within the time windows')
}
