/** Standby, and what a device tells when it wakes from it (ManagementServer.StandbyPolicy, TR-069 Annex L). Public face of standby/. */
import type { CommandMembers } from '../control/control.ts'
import type { Timer } from '../platform/platform.ts'
import type { CpeService, Device } from '../services/services.ts'

const POLICY = 'Device.ManagementServer.StandbyPolicy.'
/** What does not happen to a device that sleeps. */
const MISSED = new Set(['2 PERIODIC', '14 HEARTBEAT'])
const CONNECTION_REQUEST = '6 CONNECTION REQUEST'

/** Events for which the policy may have the device woken, each with the parameters that must all be true for that. */
const WAKERS = {
  [CONNECTION_REQUEST]: ['NetworkAwarenessCapable', 'CRAwarenessRequested'],
  '2 PERIODIC': ['SelfTimerCapable', 'PeriodicAwarenessRequested'],
  '3 SCHEDULED': ['SelfTimerCapable', 'ScheduledAwarenessRequested'],
} as const

/** What one standby is, and what it has cost. */
interface Sleep {
  /** Device milliseconds. */
  since: number
  missedPeriodic: number
  missedScheduled: boolean
  /** Codes of events that end it. */
  wakers: ReadonlySet<string>
}

export class Standby implements CpeService {
  protected readonly device: Device
  #sleep: Sleep | undefined
  #timer: Timer | undefined

  constructor(device: Device) {
    this.device = device
  }

  readonly commands = {
    standby: (members: CommandMembers) => {
      const seconds = Number(members.text('seconds'))
      if (!(seconds > 0)) throw new Error('seconds is no number above 0')
      this.fallAsleep(seconds)
      return {}
    },
  }

  /** Whether no session may begin. */
  get isAsleep(): boolean {
    return this.#sleep !== undefined
  }

  /** Whether somebody may ask for a session: nobody may of a device whose sleep a connection request does not end. */
  get hearsConnectionRequests(): boolean {
    return this.#sleep?.wakers.has(CONNECTION_REQUEST) ?? true
  }

  stop(): void {
    this.#timer?.cancel()
  }

  /**
   * Whether an event goes by a device that sleeps. One that the policy wants heeded wakes the device instead. A scheduled Inform is late, but not lost, and a connection
   * request that comes here was granted before the device fell asleep.
   */
  isMissed(code: string): boolean {
    if (this.#sleep?.wakers.has(code)) this.wake()
    if (!this.#sleep) return false
    if (code === '2 PERIODIC') this.#sleep.missedPeriodic++
    if (code === '3 SCHEDULED') this.#sleep.missedScheduled = true
    return MISSED.has(code)
  }

  /** As lightly as the policy asks for. Throws when the device sleeps already. */
  protected fallAsleep(seconds: number): void {
    if (this.#sleep) throw new Error('the device sleeps')
    const { clock } = this.device
    this.#sleep = {
      since: clock.monotonic(),
      missedPeriodic: 0,
      missedScheduled: false,
      wakers: this.wakers,
    }
    this.#timer = clock.after(seconds * 1000, () => this.wake())
  }

  protected wake(): void {
    const sleep = this.#sleep
    this.#sleep = undefined
    this.#timer?.cancel()
    if (sleep && this.isToBeTold(sleep)) this.device.occurred('13 WAKEUP')
    else this.device.resume()
  }

  /** Whether the policy wants the ACS to know. */
  isToBeTold({ since, missedPeriodic, missedScheduled, wakers }: Sleep): boolean {
    const isBeyond = (name: string, value: number) => {
      const limit = Number(this.#read(name) || '-1')
      return limit >= 0 && value > limit
    }
    const unaware = wakers.has(CONNECTION_REQUEST) ? 0 : (this.device.clock.monotonic() - since) / 1000
    return (
      isBeyond('CRUnawarenessMaxDuration', unaware) ||
      isBeyond('MaxMissedPeriodic', missedPeriodic) ||
      (missedScheduled && this.#read('NotifyMissedScheduled') === 'true')
    )
  }

  /** What a device that falls asleep now is to wake for. */
  protected get wakers(): ReadonlySet<string> {
    const codes = Object.entries(WAKERS).flatMap(([code, conditions]) =>
      conditions.every((name) => this.#read(name) === 'true') ? [code] : [],
    )
    return new Set(codes)
  }

  #read(name: string): string {
    return this.device.tree.get(POLICY + name)?.value ?? ''
  }
}
