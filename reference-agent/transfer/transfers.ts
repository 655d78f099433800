/** File transfers: those that the ACS orders, and those that the device begins by itself. */
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import type { CpeService, Device } from '../services/service.ts'
import type { EventStruct } from '../session/session.ts'
import { CwmpFault } from '../soap/soap.ts'
import { Completions } from './completions.ts'
import { DeviceContents } from './contents.ts'
import { parseLocation } from './location.ts'
import { type TransferOrder, type TransferRecord, TransferRecords } from './record.ts'
import { type Contents, Runner, type RunnerOptions } from './runner.ts'

/** Transfers that wait or run at most, and all that may be remembered: a list of queued transfers has room for 16. */
const MOST_UNFINISHED = 10
const MOST_RECORDS = 16

const DEFAULT_MAXIMUM_FILE_SIZE = 64 * 1024 * 1024

export class Transfers implements CpeService {
  protected readonly device: Device
  protected readonly records: TransferRecords
  protected readonly completions: Completions
  protected readonly runner: Runner
  readonly #directory: string

  constructor(device: Device) {
    this.device = device
    this.#directory = join(device.options.stateDirectory, 'transfers')
    this.records = new TransferRecords(device.store)
    this.completions = this.createCompletions()
    this.runner = this.createRunner({
      device,
      records: this.records,
      contents: this.createContents(),
      directory: this.#directory,
      maximumFileSize: this.maximumFileSize,
      ended: (record) => this.ended(record),
    })
  }

  /** Octets of the largest file that is taken. */
  get maximumFileSize(): number {
    return this.device.options.maximumFileSize ?? DEFAULT_MAXIMUM_FILE_SIZE
  }

  start(): void {
    rmSync(this.#directory, { recursive: true, force: true })
    const now = this.device.clock.now()
    for (const { id, orderedAt } of this.records.all) {
      // The clock has been set back: the waiting begins anew rather than taking for ever.
      if (orderedAt > now) this.records.update(id, { orderedAt: now, notBefore: undefined })
    }
    this.completions.announce((code, commandKey) => this.device.remember(code, commandKey))
    this.runner.proceed()
  }

  async stop(): Promise<void> {
    this.completions.stop()
    await this.runner.stop()
  }

  /** The old ACS hears no more of what has ended; what it has ordered goes on, and its end is told to the new one. */
  bootstrapped(): void {
    this.records.remove(this.records.all.filter(({ phase }) => phase === 'completed').map(({ id }) => id))
  }

  informing(events: readonly EventStruct[]): void {
    this.completions.informing(events)
  }

  sessionEnded(): void {
    this.completions.sessionEnded((code, commandKey) => this.device.remember(code, commandKey))
    this.runner.sessionEnded()
  }

  /** Takes an order of the ACS, durably; it is carried out after the session. Throws CwmpFault 9003, 9004, 9010 or 9013. */
  order(order: TransferOrder): void {
    parseLocation(order.url)
    if (order.fileSize > this.maximumFileSize)
      throw new CwmpFault(9010, 'the file is too large for this device')
    this.checkRoom()
    this.device.log.mask(order.password)
    this.records.add(order, this.device.clock.now())
  }

  protected checkRoom(): void {
    const unfinished = this.records.all.filter(({ phase }) => phase !== 'completed')
    if (unfinished.length >= MOST_UNFINISHED || this.records.all.length >= MOST_RECORDS)
      throw new CwmpFault(9004, 'too many transfers wait')
  }

  /** A transfer has ended, well or not: the ACS is to know. */
  protected ended(_record: TransferRecord): void {
    this.completions.announce((code, commandKey) => this.device.occurred(code, commandKey))
  }

  protected createCompletions(): Completions {
    return new Completions(this.device, this.records)
  }

  protected createContents(): Contents {
    return new DeviceContents(this.device, join(this.device.options.stateDirectory, 'files'))
  }

  protected createRunner(options: RunnerOptions): Runner {
    return new Runner(options)
  }
}
