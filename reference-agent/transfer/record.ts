/** What the device remembers of a file transfer, from the order to the acknowledged report. */
import type { StateStore } from '../state/state.ts'

/** Who ordered a transfer: an RPC of the ACS, or the device itself. */
export type TransferMethod = 'Download' | 'Upload' | 'ScheduleDownload' | 'autonomous'

export type WindowMode = '1 At Any Time' | '2 Immediately' | '3 When Idle' | '4 Confirmation Needed'

/** When a transfer may run; milliseconds of device time since the order. */
export interface TransferWindow {
  start: number
  /** Absent: open-ended. */
  end?: number
  mode: WindowMode
  /** What to ask whoever must confirm. */
  userMessage: string
  /** Repeats of a failed transfer within the window; -1 leaves the number to the device. */
  maxRetries: number
}

export interface TransferOrder {
  method: TransferMethod
  isDownload: boolean
  /** Empty for a transfer of the device's own. */
  commandKey: string
  fileType: string
  url: string
  username: string
  password: string
  /** Octets; 0 when unknown. */
  fileSize: number
  targetFileName: string
  /** Where the device learnt of the file; empty when nowhere. */
  announceUrl: string
  /** One or two, in their order. */
  windows: readonly TransferWindow[]
}

export interface TransferFault {
  /** One that TransferComplete may carry. */
  code: number
  text: string
}

/** installing: waits for the reboot that puts it into effect. completed: done or failed, and the ACS has not acknowledged it. */
export type TransferPhase = 'waiting' | 'running' | 'installing' | 'completed'

export interface TransferRecord extends TransferOrder {
  id: number
  phase: TransferPhase
  /** Device time of the order, milliseconds since the epoch. */
  orderedAt: number
  /** Window in use, by index. */
  window: number
  /** Failed attempts in that window. */
  failures: number
  /** Device time before which a failed transfer is not repeated. */
  notBefore?: number
  /** Whoever is asked has agreed. */
  confirmed?: true
  /** Device times; absent while unknown. */
  startTime?: number
  completeTime?: number
  /** Octets that were transferred. */
  size?: number
  fault?: TransferFault
  /** By which the server knows the file that was begun, where the rest of it may be asked for. */
  validator?: string
}

const SECTION = 'transfers'

interface Stored {
  next: number
  records: readonly TransferRecord[]
}

/** The transfers that are not done with, in the order of their orders. Every change is durable before the method returns; what the store throws is passed on. */
export class TransferRecords {
  readonly #store: StateStore

  constructor(store: StateStore) {
    this.#store = store
  }

  get all(): readonly TransferRecord[] {
    return this.#stored.records
  }

  find(id: number): TransferRecord | undefined {
    return this.all.find((each) => each.id === id)
  }

  add(order: TransferOrder, orderedAt: number): TransferRecord {
    const { next, records } = this.#stored
    const record: TransferRecord = { ...order, id: next, phase: 'waiting', orderedAt, window: 0, failures: 0 }
    this.#save({ next: next + 1, records: [...records, record] })
    return record
  }

  /** Changes one record; members that are undefined are removed. Nothing happens when it is gone. */
  update(id: number, changes: Partial<TransferRecord>): void {
    const { next, records } = this.#stored
    this.#save({ next, records: records.map((each) => (each.id === id ? { ...each, ...changes } : each)) })
  }

  remove(ids: readonly number[]): void {
    const { next, records } = this.#stored
    this.#save({ next, records: records.filter(({ id }) => !ids.includes(id)) })
  }

  get #stored(): Stored {
    return this.#store.get<Stored>(SECTION) ?? { next: 1, records: [] }
  }

  #save(stored: Stored): void {
    this.#store.commit({ [SECTION]: stored })
  }
}
