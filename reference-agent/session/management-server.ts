/** Device.ManagementServer as the device's own software reads it. */
import type { ParameterTree } from '../datamodel/datamodel.ts'
import type { Credentials } from '../transport/transport.ts'
import type { DeviceIdStruct } from './inform.ts'
import type { PeriodicInformSettings } from './periodic-inform.ts'
import type { RetryParameters } from './retry-policy.ts'

export const MANAGEMENT_SERVER = 'Device.ManagementServer.'
const DEVICE_INFO = 'Device.DeviceInfo.'

/** The moment a dateTime names, in milliseconds; undefined for times in the year 1, which are unknown or relative to the boot (TR-106 3.2). */
export function timeOf(dateTime: string): number | undefined {
  const time = Date.parse(dateTime)
  return dateTime.startsWith('0001-') || Number.isNaN(time) ? undefined : time
}

/** What counts where ManagementServer says nothing of retries (TR-069 3.2.1.1). */
export const STANDARD_RETRY: RetryParameters = { minimumWaitInterval: 5, intervalMultiplier: 2000 }

export class ManagementServer {
  readonly #tree: ParameterTree

  constructor(tree: ParameterTree) {
    this.#tree = tree
  }

  get url(): string {
    return this.#text('URL')
  }

  /** Older data models do not have it: then CWMP is on. */
  get enableCwmp(): boolean {
    return this.#text('EnableCWMP') !== 'false'
  }

  get credentials(): Credentials {
    return { username: this.#text('Username'), password: this.#text('Password') }
  }

  get connectionRequestCredentials(): Credentials {
    return {
      username: this.#text('ConnectionRequestUsername'),
      password: this.#text('ConnectionRequestPassword'),
    }
  }

  /** On in a data model that does not have it. */
  get httpConnectionRequestEnable(): boolean {
    return this.#text('HTTPConnectionRequestEnable') !== 'false'
  }

  get retry(): RetryParameters {
    return {
      minimumWaitInterval: this.#number('CWMPRetryMinimumWaitInterval', STANDARD_RETRY.minimumWaitInterval),
      intervalMultiplier: this.#number('CWMPRetryIntervalMultiplier', STANDARD_RETRY.intervalMultiplier),
    }
  }

  get periodicInform(): PeriodicInformSettings {
    return {
      enable: this.#text('PeriodicInformEnable') === 'true',
      interval: this.#number('PeriodicInformInterval', 86_400),
      time: timeOf(this.#text('PeriodicInformTime')),
    }
  }

  /** GZIP, Deflate or Disabled. */
  get httpCompression(): string {
    return this.#text('HTTPCompression')
  }

  get deviceId(): DeviceIdStruct {
    const info = (name: string) => this.#tree.get(DEVICE_INFO + name)?.value ?? ''
    return {
      Manufacturer: info('Manufacturer'),
      OUI: info('ManufacturerOUI'),
      ProductClass: info('ProductClass'),
      SerialNumber: info('SerialNumber'),
    }
  }

  #text(name: string): string {
    return this.#tree.get(MANAGEMENT_SERVER + name)?.value ?? ''
  }

  #number(name: string, fallback: number): number {
    const value = Number(this.#text(name))
    return value > 0 ? value : fallback
  }
}
