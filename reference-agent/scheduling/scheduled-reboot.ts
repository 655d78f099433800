/** Reboots that the ACS has asked for by parameters (ManagementServer.ScheduleReboot and DelayReboot). */
import type { ParameterChange } from '../datamodel/datamodel.ts'
import type { Timer } from '../platform/platform.ts'
import type { CpeService, Device } from '../services/services.ts'
import { timeOf } from '../session/session.ts'

const SCHEDULE = 'Device.ManagementServer.ScheduleReboot'
const DELAY = 'Device.ManagementServer.DelayReboot'
const NO_DELAY = '-1'

/** A session under way is never cut. */
export class ScheduledReboot implements CpeService {
  protected readonly device: Device
  #scheduled: Timer | undefined
  #delayed: Timer | undefined
  /** DelayReboot was set in a session, with whose end the delay begins. */
  #delayBegins = false

  constructor(device: Device) {
    this.device = device
  }

  /** After any reboot there is no DelayReboot any more. */
  start(): void {
    if (this.delay !== NO_DELAY) this.device.tree.setLocally(DELAY, NO_DELAY, { report: false })
    this.#armSchedule()
  }

  stop(): void {
    this.#scheduled?.cancel()
    this.#delayed?.cancel()
  }

  changed({ path }: ParameterChange): void {
    if (path === SCHEDULE) this.#armSchedule()
    if (path !== DELAY) return
    this.#delayed?.cancel()
    this.#delayBegins = this.device.inSession
    if (!this.#delayBegins) this.#armDelay()
  }

  clockSet(): void {
    this.#armSchedule()
  }

  sessionEnded(): void {
    if (this.#delayBegins) this.#armDelay()
    this.#delayBegins = false
  }

  protected get delay(): string {
    return this.device.tree.get(DELAY)?.value ?? NO_DELAY
  }

  #armDelay(): void {
    if (this.delay === NO_DELAY) return
    const { clock } = this.device
    this.#delayed = clock.after(Number(this.delay) * 1000, () => this.device.rebootAfterSession())
  }

  /** A moment that has passed, or that cannot be told without the time, reboots nothing. */
  #armSchedule(): void {
    this.#scheduled?.cancel()
    const { clock, tree } = this.device
    const moment = timeOf(tree.get(SCHEDULE)?.value ?? '')
    if (moment === undefined || !clock.isSet || moment <= clock.now()) return
    this.#scheduled = clock.after(moment - clock.now(), () => this.device.rebootAfterSession())
  }
}
