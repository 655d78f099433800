/** Standby, and what a device tells when it wakes from it (ManagementServer.StandbyPolicy, TR-069 Annex L). Public face of standby/. */
import type { CommandMembers } from '../control/control.ts'
import type { Timer } from '../platform/platform.ts'
import type { CpeService, Device } from '../services/services.ts'

const POLICY = 'Device.ManagementServer.StandbyPolicy.'
/** What does not happen to a device that sleeps. */
const MISSED = new Set(['2 PERIODIC', '6 CONNECTION REQUEST', '14 HEARTBEAT'])

/** What one standby has cost. */
interface Sleep {
  /** Device milliseconds. */
  since: number
  missedPeriodic: number
  missedScheduled: boolean
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

  stop(): void {
    this.#timer?.cancel()
  }

  /** Whether an event goes by a device that sleeps. A scheduled Inform is late, but not lost. */
  isMissed(code: string): boolean {
    if (!this.#sleep) return false
    if (code === '2 PERIODIC') this.#sleep.missedPeriodic++
    if (code === '3 SCHEDULED') this.#sleep.missedScheduled = true
    return MISSED.has(code)
  }

  /** Throws when the device sleeps already. */
  protected fallAsleep(seconds: number): void {
    if (this.#sleep) throw new Error('the device sleeps')
    const { clock } = this.device
    this.#sleep = { since: clock.monotonic(), missedPeriodic: 0, missedScheduled: false }
    this.#timer = clock.after(seconds * 1000, () => this.wake())
  }

  protected wake(): void {
    const sleep = this.#sleep
    this.#sleep = undefined
    if (sleep && this.isToBeTold(sleep)) this.device.occurred('13 WAKEUP')
    else this.device.resume()
  }

  /** Whether the policy wants the ACS to know. */
  isToBeTold({ since, missedPeriodic, missedScheduled }: Sleep): boolean {
    const { tree, clock } = this.device
    const read = (name: string) => tree.get(POLICY + name)?.value ?? ''
    const isBeyond = (name: string, value: number) => {
      const limit = Number(read(name) || '-1')
      return limit >= 0 && value > limit
    }
    return (
      isBeyond('CRUnawarenessMaxDuration', (clock.monotonic() - since) / 1000) ||
      isBeyond('MaxMissedPeriodic', missedPeriodic) ||
      (missedScheduled && read('NotifyMissedScheduled') === 'true')
    )
  }
}
