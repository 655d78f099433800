/** 14 HEARTBEAT (ManagementServer.HeartbeatPolicy, TR-069 Annex O). */
import type { ParameterChange } from '../datamodel/datamodel.ts'
import type { CpeService, Device } from '../services/services.ts'
import { PeriodicInform, type PeriodicInformSettings, timeOf } from '../session/session.ts'

const POLICY = 'Device.ManagementServer.HeartbeatPolicy.'

/** Calls for a session of its own at InitiationTime plus or minus whole ReportingIntervals, unless the ACS has not even got an earlier Inform of another kind. */
export class Heartbeat implements CpeService {
  protected readonly device: Device
  readonly #beats: PeriodicInform
  /** Where in an interval the device beats when the ACS leaves that to it: from 0 up to 1. */
  readonly #phase: number

  constructor(device: Device) {
    this.device = device
    this.#phase = device.parts.random.fraction()
    this.#beats = new PeriodicInform(
      device.clock,
      () => this.policy,
      () => this.beat(),
    )
  }

  start(): void {
    this.#beats.start()
  }

  stop(): void {
    this.#beats.stop()
  }

  changed({ path }: ParameterChange): void {
    if (path.startsWith(POLICY)) this.#beats.start()
  }

  get nextSession(): number | undefined {
    return this.#beats.next
  }

  clockSet(): void {
    this.#beats.start()
  }

  protected get policy(): PeriodicInformSettings {
    const { tree, clock } = this.device
    const read = (name: string) => tree.get(POLICY + name)?.value ?? ''
    const interval = Number(read('ReportingInterval'))
    return {
      enable: read('Enable') === 'true',
      interval,
      time: (clock.isSet ? timeOf(read('InitiationTime')) : undefined) ?? this.#phase * interval * 1000,
    }
  }

  protected beat(): void {
    if (!this.device.isRetrying) this.device.occurred('14 HEARTBEAT')
  }
}
