/** Informs that the ACS has asked for by ScheduleInform (TR-069 A.4.1.2). */
import type { Timer } from '../platform/platform.ts'
import type { CpeService, Device } from '../services/services.ts'
import { CwmpFault } from '../soap/soap.ts'

/** Requests that wait at most; what an ACS asks beyond them is 9004. */
export const MOST_SCHEDULED_INFORMS = 64

interface ScheduledInform {
  commandKey: string
  /** Device time in milliseconds. */
  due: number
  /** Milliseconds from the request to `due`. */
  delay: number
}

/** Device milliseconds until those that the disk would not take are tried again. */
const PAUSE = 30_000

const SECTION = 'scheduledInforms'

/** Keeps them over reboots; each becomes 3 SCHEDULED and M ScheduleInform at its time, or as soon as the device runs again. */
export class ScheduledInforms implements CpeService {
  protected readonly device: Device
  #timer: Timer | undefined
  /** Device time less the time since the start, by which a clock that is set is noticed to jump. */
  #epoch = 0

  constructor(device: Device) {
    this.device = device
  }

  start(): void {
    this.#epoch = this.epoch
    // A clock that runs behind since the reboot must not make anybody wait longer than was asked for.
    const now = this.device.clock.now()
    this.remember(this.waiting.map((each) => ({ ...each, due: Math.min(each.due, now + each.delay) })))
    this.#arm()
  }

  stop(): void {
    this.#timer?.cancel()
  }

  /** DelaySeconds count time that passes: a clock that is set takes the moments along, durably, so that a reboot does not bring the jump back. */
  clockSet(): void {
    const shift = this.epoch - this.#epoch
    this.#epoch = this.epoch
    this.remember(this.waiting.map((each) => ({ ...each, due: each.due + shift })))
    this.#arm()
  }

  /** Durably notes a request for an Inform in so many seconds, more than 0. Throws CwmpFault 9004 when too many wait. */
  schedule(seconds: number, commandKey: string): void {
    if (this.waiting.length >= MOST_SCHEDULED_INFORMS) throw new CwmpFault(9004, 'too many scheduled Informs')
    const delay = seconds * 1000
    this.remember([...this.waiting, { commandKey, due: this.device.clock.now() + delay, delay }])
    this.#arm()
  }

  get nextSession(): number | undefined {
    const next = Math.min(...this.waiting.map(({ due }) => due))
    return Number.isFinite(next) ? next : undefined
  }

  /** What another ACS has asked for is void. */
  bootstrapped(): void {
    this.remember([])
    this.#timer?.cancel()
  }

  protected get epoch(): number {
    const { clock } = this.device
    return clock.now() - clock.monotonic()
  }

  /** Requests whose time has not come. */
  protected get waiting(): readonly ScheduledInform[] {
    return this.device.store.get<ScheduledInform[]>(SECTION) ?? []
  }

  protected remember(waiting: readonly ScheduledInform[]): void {
    this.device.store.commit({ [SECTION]: waiting.length > 0 ? waiting : undefined })
  }

  /** One Inform for the request: events and request change places in one durable step. */
  protected fire(due: readonly ScheduledInform[]): void {
    this.device.store.together(() => {
      this.remember(this.waiting.filter((each) => !due.some((fired) => isSame(fired, each))))
      this.device.occurred('3 SCHEDULED')
      for (const { commandKey } of due) this.device.occurred('M ScheduleInform', commandKey)
    })
  }

  #arm(): void {
    this.#timer?.cancel()
    const { clock } = this.device
    const next = this.nextSession
    if (next === undefined) return
    this.#timer = clock.after(next - clock.now(), () => {
      // `next` counts as reached even when the timer came a moment early.
      const now = Math.max(next, clock.now())
      try {
        this.fire(this.waiting.filter(({ due }) => due <= now))
        this.#arm()
      } catch (error) {
        this.device.log.error(`a scheduled Inform has to wait: ${(error as Error).message}`)
        this.#timer = clock.after(PAUSE, () => this.#arm())
      }
    })
  }
}

function isSame(one: ScheduledInform, other: ScheduledInform): boolean {
  return one.due === other.due && one.commandKey === other.commandKey
}
