/**
 * Telling the ACS of transfers that have ended. The records are what counts: an event goes into the queue for each of them, the call belongs to the session
 * whose Inform has the event, and both are repeated until the call is answered (TR-069 3.7.1.5).
 */
import type { Timer } from '../platform/platform.ts'
import type { Device } from '../services/service.ts'
import type { CpeRequest, EventStruct } from '../session/session.ts'
import { autonomousTransferComplete, transferComplete } from './calls.ts'
import type { TransferMethod, TransferRecord, TransferRecords } from './record.ts'

/** Takes note of an event. */
export type Notify = (code: string, commandKey?: string) => void

const COMPLETE = '7 TRANSFER COMPLETE'
const AUTONOMOUS = '10 AUTONOMOUS TRANSFER COMPLETE'

/** Device milliseconds before a call that the ACS refused is made again; each refusal doubles them. */
const FIRST_PAUSE = 5_000
const LONGEST_PAUSE = 3_600_000

export class Completions {
  readonly #device: Device
  readonly #records: TransferRecords
  readonly #requests = new Map<number, CpeRequest>()
  /** Records that the Inform of the running session tells of. */
  readonly #announced = new Set<number>()
  /** Records whose call was refused not long ago. */
  readonly #paused = new Map<number, Timer>()
  readonly #pauses = new Map<number, number>()

  constructor(device: Device, records: TransferRecords) {
    this.#device = device
    this.#records = records
  }

  /** Has events noted for the transfers that have ended, as far as they are not yet in the queue or under way. */
  announce(notify: Notify): void {
    const untold = this.ended().filter(({ id }) => !this.#announced.has(id))
    for (const [name, count] of countEvents(untold)) {
      const [code, commandKey] = JSON.parse(name) as [string, string]
      const first = code === AUTONOMOUS ? AUTONOMOUS : COMPLETE
      if (this.#device.undelivered(first) === 0) notify(first)
      if (code === AUTONOMOUS) continue
      for (let known = this.#device.undelivered(code, commandKey); known < count; known++)
        notify(code, commandKey)
    }
  }

  /** A session begins with these events in its Inform: the calls that belong to them are to be made in it. */
  informing(events: readonly EventStruct[]): void {
    const names = events.map(({ EventCode, CommandKey }) => nameOf(EventCode, CommandKey))
    this.#announced.clear()
    for (const record of this.ended()) {
      const index = names.indexOf(eventOf(record))
      if (index < 0) continue
      // An event of a method stands for one call, event 10 for as many as there are.
      if (record.method !== 'autonomous') names.splice(index, 1)
      this.#announced.add(record.id)
      this.#request(record)
    }
  }

  /** What was not acknowledged is to be told again. */
  sessionEnded(notify: Notify): void {
    this.#announced.clear()
    this.announce(notify)
  }

  stop(): void {
    for (const timer of this.#paused.values()) timer.cancel()
  }

  /** Transfers to be told of. */
  protected ended(): TransferRecord[] {
    return this.#records.all.filter(({ phase, id }) => phase === 'completed' && !this.#paused.has(id))
  }

  /** The ACS knows: the transfer is done with. */
  protected acknowledged(id: number): void {
    this.#requests.delete(id)
    this.#announced.delete(id)
    this.#records.remove([id])
  }

  /** A fault is no acknowledgement. It is asked again after a while, so that an ACS that always refuses is not pestered. */
  protected refused(id: number): void {
    const pause = this.#pauses.get(id) ?? FIRST_PAUSE
    this.#pauses.set(id, Math.min(pause * 2, LONGEST_PAUSE))
    this.#requests.delete(id)
    this.#announced.delete(id)
    const again = () => {
      this.#paused.delete(id)
      this.announce((code, commandKey) => this.#device.occurred(code, commandKey))
    }
    this.#paused.set(id, this.#device.clock.after(pause, again))
  }

  #request(record: TransferRecord): void {
    const { id } = record
    if (this.#requests.has(id)) return
    const isAutonomous = record.method === 'autonomous'
    const request: CpeRequest = {
      method: isAutonomous ? 'AutonomousTransferComplete' : 'TransferComplete',
      body: isAutonomous ? autonomousTransferComplete(record) : transferComplete(record),
      isDue: () => this.#announced.has(id),
      answered: () => this.acknowledged(id),
      faulted: () => this.refused(id),
    }
    this.#requests.set(id, request)
    this.#device.request(request)
  }
}

const EVENTS: Readonly<Record<TransferMethod, string>> = {
  Download: 'M Download',
  ScheduleDownload: 'M ScheduleDownload',
  Upload: 'M Upload',
  autonomous: AUTONOMOUS,
}

function nameOf(code: string, commandKey: string): string {
  return JSON.stringify([code, commandKey])
}

function eventOf({ method, commandKey }: TransferRecord): string {
  return nameOf(EVENTS[method], commandKey)
}

function countEvents(records: readonly TransferRecord[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const record of records) counts.set(eventOf(record), (counts.get(eventOf(record)) ?? 0) + 1)
  return counts
}
