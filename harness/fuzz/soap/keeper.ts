import type { AcsSession, Exchange } from '../../acs/acs.ts'
import { isFault } from '../../cwmp/cwmp.ts'
import { DeviceSilent } from '../../failure.ts'
import type { TestBed } from '../../testbed/testbed.ts'
import type { Wrong } from '../campaign/field.ts'
import type { SoapCase } from './case.ts'
import type { SoapLine } from './line.ts'
import { changesNothing } from './structure.ts'
import { ROW, type SoapTarget } from './target.ts'
import { difference, type Snapshot, Watch } from './watch.ts'
import { confirmed, statusOf, unchanged } from './wrongs.ts'

/** Methods that change what `Watch` watches: values and rows, or attributes. */
const CHANGES: Readonly<Record<string, 'values' | 'attributes'>> = {
  SetParameterValues: 'values',
  AddObject: 'values',
  DeleteObject: 'values',
  SetParameterAttributes: 'attributes',
}
const TRANSFERS: ReadonlySet<string> = new Set(['Download', 'Upload', 'ScheduleDownload'])
const RESETS: ReadonlySet<string> = new Set(['Reboot', 'FactoryReset'])

/** Granted transfers after which the queue is emptied; a shorter one is emptied when it is full. */
const QUEUE = 8

/** Rows of a campaign in the table: what requests add others delete, and what is too many is deleted besides. */
const ROWS = 4

/** Granted orders for deployment units after which the session ends, so that they are worked off. */
const ORDERS = 8

/** The device as the campaign found it. */
interface Initial {
  readonly values: Snapshot
  readonly attributes: Snapshot
  readonly rows: readonly string[]
}

/** Knows what the device has, what a request may have changed of it, and how to keep a campaign from filling it up. */
export class Keeper {
  readonly #bed: TestBed
  readonly #line: SoapLine
  readonly #target: SoapTarget
  readonly #watch: Watch
  readonly #initial: Initial
  /** What the device has, as it said last; undefined after something that may have changed it. */
  #values: Snapshot | undefined
  #attributes: Snapshot | undefined
  /** Instance numbers of rows that requests have made; requests name the first of them. */
  #rows: string[] = []
  /** Granted since the queue was emptied last. */
  #transfers = 0
  /** Granted since the session began. */
  #orders = 0
  /** Parameters and rows that something granted with Status 1 in this session concerns: it comes into force before the next one, with a restart if need be (A.3.2.1). */
  #pending = new Set<string>()

  private constructor(bed: TestBed, line: SoapLine, target: SoapTarget, watch: Watch, initial: Initial) {
    this.#bed = bed
    this.#line = line
    this.#target = target
    this.#watch = watch
    this.#initial = initial
  }

  /** Takes stock of the device. @throws ConformanceFailure when it does not say what it has */
  static async open(bed: TestBed, line: SoapLine, target: SoapTarget, session: AcsSession): Promise<Keeper> {
    const watch = new Watch(target)
    const values = await watch.values(session)
    const attributes = await watch.attributes(session)
    const rows = await watch.rows(session)
    return new Keeper(bed, line, target, watch, { values, attributes, rows })
  }

  /** Instance number of the row that requests may name. */
  get row(): string | undefined {
    return this.#rows[0]
  }

  /** Whether the device may restart when the session is over, for something that it has granted. */
  get mayRestart(): boolean {
    return this.#pending.size > 0
  }

  /** Whether there is what the case speaks of; not every device makes a row, or makes it at once. */
  has(one: SoapCase): boolean {
    return (this.row !== undefined && !this.#pending.has(this.row)) || !mentionsRow(one)
  }

  /** Values as the device said them last, another object each time; undefined after something that may have changed them. */
  get values(): Snapshot | undefined {
    return this.#values
  }

  /** Those with which the campaign began. */
  get initial(): Snapshot {
    return this.#initial.values
  }

  /** Makes sure that the device has what the case speaks of, and notes what it must not change. */
  async prepare(one: SoapCase, session: AcsSession): Promise<void> {
    const { table } = this.#target
    if (this.row === undefined && table && mentionsRow(one)) {
      const added = await session.call('AddObject', { ObjectName: table.path, ParameterKey: 'fuzz' })
      if (!isFault(added)) {
        const row = String(added.InstanceNumber)
        this.#rows.push(row)
        if (added.Status !== 0) this.#note({ rpc: 'AddObject', arguments: [], breakages: [] }, row)
      }
      this.#values = undefined
    }
    if (CHANGES[one.rpc] === 'values') this.#values ??= await this.#watch.values(session)
    if (CHANGES[one.rpc] === 'attributes') this.#attributes ??= await this.#watch.attributes(session)
  }

  /** Who restarts may have lost anything. */
  forget(): void {
    this.#values = undefined
    this.#attributes = undefined
    this.#orders = 0
    this.#pending.clear()
  }

  /** Notes what a change granted with Status 1 concerns. */
  #note({ rpc, arguments: nodes, edits }: SoapCase, row?: string): void {
    const { keyName, names } = this.#watch
    const { table } = this.#target
    const own = nodes.flatMap(({ children = [] }) => children.map(({ children: [name] = [] }) => name?.text))
    // Nobody knows what a request says whose octets were changed.
    const all = edits?.length
      ? names
      : [keyName, rpc === 'SetParameterValues' ? undefined : table?.entries, ...own]
    for (const name of [...all, row]) if (name !== undefined) this.#pending.add(name)
  }

  /**
   * What is still to be asked after an answer: whether a refused change was none, and a granted one is.
   * @throws ConformanceFailure when the device does not answer as it did before
   */
  async follow(one: SoapCase, exchange: Exchange, signal: AbortSignal): Promise<Wrong | undefined> {
    const isRefused = exchange.envelope?.kind === 'fault'
    const granted = exchange.envelope?.kind === 'response' ? exchange.envelope.name : ''
    if (RESETS.has(granted)) {
      await this.#restarted(granted, signal)
      return undefined
    }
    const session = await this.#line.session(signal)
    if (TRANSFERS.has(granted)) this.#transfers += 1
    const isFull = TRANSFERS.has(one.rpc) && exchange.envelope?.fault?.faultCode === 9004
    if (isFull || this.#transfers >= QUEUE) await this.#cancel(session)
    if (granted === 'ChangeDUState' && ++this.#orders >= ORDERS) {
      await this.#line.end()
      this.forget()
      return undefined
    }
    switch (CHANGES[one.rpc]) {
      case 'attributes': {
        const before = this.#attributes
        this.#attributes = await this.#watch.attributes(session)
        return isRefused && before ? unchanged(before, this.#attributes) : undefined
      }
      case 'values': {
        const before = this.#values
        this.#values = await this.#watch.values(session)
        if (isRefused) return before && unchanged(before, this.#values, this.#pending)
        if (statusOf(exchange) === '1') this.#note(one)
        return await this.#confirm(one, exchange, this.#values, session)
      }
      default:
        return undefined
    }
  }

  async #confirm(
    one: SoapCase,
    exchange: Exchange,
    after: Snapshot,
    session: AcsSession,
  ): Promise<Wrong | undefined> {
    if (one.rpc !== 'SetParameterValues') await this.#countRows(after, session)
    const isSure = !one.edits?.length && one.breakages.every(({ kind }) => changesNothing.has(kind))
    return isSure ? confirmed(one, exchange, after, this.#watch.keyName) : undefined
  }

  /** Some row was added or deleted, not always the one that was meant. */
  async #countRows(after: Snapshot, session: AcsSession): Promise<void> {
    const rows = await this.#watch.rows(session)
    this.#rows = rows.filter((row) => !this.#initial.rows.includes(row))
    const tooMany = this.#rows.splice(ROWS)
    if (tooMany.length === 0) return
    this.#values = undefined
    await this.#watch.deleteRows(session, tooMany, after.get(this.#watch.keyName) ?? '')
  }

  /** A transfer of a campaign never begins; where it cannot be cancelled, the queue fills up and 9004 is right. */
  async #cancel(session: AcsSession): Promise<void> {
    const { methods } = this.#target
    this.#transfers = 0
    if (!methods.includes('CancelTransfer')) return
    const queue = methods.includes('GetAllQueuedTransfers')
      ? await session.call('GetAllQueuedTransfers', {})
      : undefined
    const listed =
      queue && !isFault(queue) ? queue.TransferList.map(({ CommandKey }) => CommandKey) : ['fuzz']
    for (const CommandKey of new Set(listed)) await session.call('CancelTransfer', { CommandKey })
  }

  /** The device was told to restart, and does so when the session is over. */
  async #restarted(method: string, signal: AbortSignal): Promise<void> {
    const { rebootSeconds } = this.#bed.profile.pixit.timing
    const isReset = method === 'FactoryReset'
    await this.#line.end()
    this.forget()
    if (isReset) this.#rows = []
    try {
      this.#line.take(await this.#bed.nextSession({ timeoutMs: rebootSeconds * 1000, signal }))
    } catch (error) {
      // A device may forget the URL of the ACS along with everything else.
      if (!(error instanceof DeviceSilent) || !isReset) throw error
    }
    if (!isReset) return
    await this.#line.end()
    await this.#bed.enrol()
  }

  /** Puts back what cases have changed. @throws ConformanceFailure when the device does not answer as it did before */
  async restore(session: AcsSession): Promise<void> {
    const { values, attributes, rows } = this.#initial
    const added = (await this.#watch.rows(session)).filter((row) => !rows.includes(row))
    await this.#watch.deleteRows(session, added, '')
    this.#rows = []
    this.forget()
    await this.#cancel(session)
    const isOther = difference(attributes, await this.#watch.attributes(session)) !== undefined
    await this.#watch.putBack(session, values, isOther ? attributes : new Map())
  }
}

function mentionsRow({ breakages, arguments: nodes }: SoapCase): boolean {
  return breakages.some(({ text }) => text?.includes(ROW)) || nodes.some(({ text }) => text?.includes(ROW))
}
