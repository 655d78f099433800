/** File transfers: those that the ACS orders, and those that the device begins by itself. */
import { join } from 'node:path'
import type { CommandMembers } from '../control/control.ts'
import type { CpeService, Device } from '../services/service.ts'
import type { EventStruct } from '../session/session.ts'
import { CwmpFault } from '../soap/soap.ts'
import { isReported } from './autonomous-policy.ts'
import { Completions, type Notify } from './completions.ts'
import { DeviceContents } from './contents.ts'
import { DownloadRequests } from './download-requests.ts'
import { contentOf, isUploadable, reportedFileType, uploadFileType } from './file-types.ts'
import { Firmware } from './firmware.ts'
import { parseLocation } from './location.ts'
import { type TransferOrder, type TransferRecord, TransferRecords } from './record.ts'
import { type Contents, Runner, type RunnerOptions } from './runner.ts'
import { afterDelay } from './schedule.ts'

/** Transfers that wait or run at most, and all that may be remembered: a list of queued transfers has room for 16. */
const MOST_UNFINISHED = 10
const MOST_RECORDS = 16

const DEFAULT_MAXIMUM_FILE_SIZE = 64 * 1024 * 1024

/** As GetAllQueuedTransfers shows a transfer. */
export interface QueuedTransfer {
  commandKey: string
  /** 1: not yet started, 2: in progress, 3: completed. */
  state: 1 | 2 | 3
  isDownload: boolean
  fileType: string
  fileSize: number
  targetFileName: string
  /** Ordered by the ACS. */
  isOrdered: boolean
}

/** A transfer that the device begins by itself; the file type is one of AutonomousTransferComplete. */
type OwnTransfer = Omit<TransferOrder, 'method' | 'commandKey' | 'fileSize' | 'windows'>

export class Transfers implements CpeService {
  protected readonly requests: DownloadRequests
  protected readonly device: Device
  protected readonly records: TransferRecords
  protected readonly completions: Completions
  protected readonly firmware: Firmware
  protected readonly runner: Runner
  readonly commands = {
    'autonomous-transfer': (members: CommandMembers) => {
      this.begin(ownTransferOf(members))
      return {}
    },
    'confirm-transfer': (members: CommandMembers) => ({
      confirmed: this.confirm(members.optional('commandKey')),
    }),
    'request-download': (members: CommandMembers) => {
      this.requests.ask(members.text('fileType'), members.texts('arguments'))
      return {}
    },
  }
  readonly #remember: Notify
  /** Device time less the time since the start, by which a clock that is set is noticed to jump. */
  #epoch = 0
  #hasStarted = false

  constructor(device: Device) {
    this.device = device
    this.#remember = (code, commandKey) => device.remember(code, commandKey)
    this.requests = new DownloadRequests(device)
    this.records = new TransferRecords(device.store)
    this.completions = this.createCompletions()
    this.firmware = this.createFirmware(this.#directory('firmware'))
    this.runner = this.createRunner({
      device,
      records: this.records,
      contents: this.createContents(this.#directory('files')),
      directory: this.#directory('transfers'),
      maximumFileSize: this.maximumFileSize,
      ended: (record) => this.ended(record),
    })
  }

  /** Octets of the largest file that is taken. */
  get maximumFileSize(): number {
    return this.device.options.maximumFileSize ?? DEFAULT_MAXIMUM_FILE_SIZE
  }

  start(): void {
    const { clock } = this.device
    this.#epoch = clock.now() - clock.monotonic()
    // Time that ran backwards over the restart would make waiting take for ever.
    for (const { id, orderedAt } of this.records.all) {
      if (orderedAt > clock.now()) this.records.update(id, { orderedAt: clock.now(), notBefore: undefined })
    }
    const failure = this.firmware.boot()
    for (const { id, phase } of this.records.all)
      if (phase === 'installing') this.runner.rebooted(id, failure)
    this.completions.announce(this.#remember)
    this.#hasStarted = true
    this.runner.start()
  }

  async stop(): Promise<void> {
    this.completions.stop()
    await this.runner.stop()
  }

  /** Waiting is counted in time that passes: a clock that is set takes the times of the records along. */
  clockSet(): void {
    const { clock } = this.device
    const epoch = clock.now() - clock.monotonic()
    const shift = epoch - this.#epoch
    this.#epoch = epoch
    const moved = (time: number | undefined) => (time === undefined ? undefined : time + shift)
    for (const { id, orderedAt, notBefore, startTime, completeTime } of this.records.all) {
      this.records.update(id, {
        orderedAt: orderedAt + shift,
        notBefore: moved(notBefore),
        startTime: moved(startTime),
        completeTime: moved(completeTime),
      })
    }
    this.runner.proceed()
  }

  /** The old ACS hears no more of what has ended or was to be asked; what it has ordered goes on, and its end is told to the new one. */
  bootstrapped(): void {
    this.requests.bootstrapped()
    this.records.remove(this.records.all.filter(({ phase }) => phase === 'completed').map(({ id }) => id))
  }

  informing(events: readonly EventStruct[]): void {
    this.completions.informing(events)
    this.requests.informing(events)
  }

  sessionEnded(): void {
    this.completions.sessionEnded(this.#remember)
    this.requests.sessionEnded()
    this.runner.sessionEnded()
  }

  /** Takes an order of the ACS, durably; it is carried out after the session. Throws CwmpFault 9003, 9004, 9010 or 9013. */
  order(order: TransferOrder): void {
    this.checkFileType(order)
    parseLocation(order.url)
    if (order.fileSize > this.maximumFileSize)
      throw new CwmpFault(9010, 'the file is too large for this device')
    this.checkRoom()
    this.device.log.mask(order.password)
    this.records.add(order, this.device.clock.now())
  }

  /** Forgets every unfinished transfer with that key; none is no error. Throws CwmpFault 9021 when one of them can no longer be cancelled. */
  cancel(commandKey: string): void {
    const meant = this.records.all.filter(
      (each) => each.method !== 'autonomous' && each.commandKey === commandKey,
    )
    if (meant.some((each) => !this.isCancellable(each))) throw new CwmpFault(9021)
    this.records.remove(meant.map(({ id }) => id))
    for (const { id } of meant) this.runner.cancel(id)
  }

  /** Everything that is not done with, at most 16. */
  queued(): QueuedTransfer[] {
    return this.records.all.map((record) => ({
      commandKey: record.commandKey,
      state: stateOf(record),
      isDownload: record.isDownload,
      fileType: reportedFileType(record),
      fileSize: record.size ?? record.fileSize,
      targetFileName: record.targetFileName,
      isOrdered: record.method !== 'autonomous',
    }))
  }

  /** Begins a transfer of the device's own. Throws CwmpFault 9003, 9004 or 9013. */
  begin(own: OwnTransfer): void {
    this.order({ ...own, method: 'autonomous', commandKey: '', fileSize: 0, windows: afterDelay(0) })
    this.runner.proceed()
  }

  /** Somebody agrees to the transfers that ask for it: those with that key, or all. Gives their number. */
  confirm(commandKey?: string): number {
    const meant = this.records.all.filter(
      (each) =>
        each.phase === 'waiting' &&
        each.method !== 'autonomous' &&
        (commandKey === undefined || each.commandKey === commandKey),
    )
    for (const { id } of meant) this.records.update(id, { confirmed: true })
    this.runner.proceed()
    return meant.length
  }

  protected isCancellable({ phase }: TransferRecord): boolean {
    return phase === 'waiting' || phase === 'running'
  }

  protected checkFileType({ method, isDownload, fileType }: TransferOrder): void {
    const type = method === 'autonomous' && !isDownload ? (uploadFileType(fileType) ?? '') : fileType
    const isKnown = isDownload
      ? contentOf(type) !== undefined
      : isUploadable(type, (path) => this.device.tree.get(path) !== undefined)
    if (!isKnown) throw new CwmpFault(9003, 'FileType is none of this device')
  }

  protected checkRoom(): void {
    const unfinished = this.records.all.filter(({ phase }) => phase !== 'completed')
    if (unfinished.length >= MOST_UNFINISHED || this.records.all.length >= MOST_RECORDS)
      throw new CwmpFault(9004, 'too many transfers wait')
  }

  /** A transfer has ended, well or not: the ACS is to know, as far as it wants to. */
  protected ended(record: TransferRecord): void {
    if (record.method === 'autonomous' && !isReported(record, this.device.tree)) {
      this.records.remove([record.id])
    } else if (this.#hasStarted) {
      this.completions.announce((code, commandKey) => this.device.occurred(code, commandKey))
    }
  }

  protected createCompletions(): Completions {
    return new Completions(this.device, this.records)
  }

  protected createFirmware(directory: string): Firmware {
    return new Firmware(this.device, directory)
  }

  protected createContents(directory: string): Contents {
    return new DeviceContents(this.device, this.firmware, directory)
  }

  protected createRunner(options: RunnerOptions): Runner {
    return new Runner(options)
  }

  #directory(name: string): string {
    return join(this.device.options.stateDirectory, name)
  }
}

function ownTransferOf(members: CommandMembers): OwnTransfer {
  return {
    isDownload: members.text('isDownload') === 'true',
    fileType: members.text('fileType'),
    url: members.text('url'),
    username: members.optional('username') ?? '',
    password: members.optional('password') ?? '',
    targetFileName: members.optional('targetFileName') ?? '',
    announceUrl: members.optional('announceUrl') ?? '',
  }
}

function stateOf({ phase }: TransferRecord): QueuedTransfer['state'] {
  if (phase === 'waiting') return 1
  return phase === 'completed' ? 3 : 2
}
