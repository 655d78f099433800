/** Finding the ACS by DHCP (TR-069 3.1). Public face of acs-discovery/. */
import type { CommandMembers } from '../control/control.ts'
import type { ParameterChange } from '../datamodel/datamodel.ts'
import type { CpeService, Device } from '../services/services.ts'
import { CwmpFault } from '../soap/soap.ts'
import { type DhcpOptions, type Discovered, dhcpRequestOptions, readDhcpOptions } from './dhcp-options.ts'

export type { DhcpOptions } from './dhcp-options.ts'

/** Where the device keeps what it is told. The URL stands last: it may open a session. */
const PARAMETERS: readonly [keyof Discovered, path: string][] = [
  ['provisioningCode', 'Device.DeviceInfo.ProvisioningCode'],
  ['retryMinimumWaitInterval', 'Device.ManagementServer.CWMPRetryMinimumWaitInterval'],
  ['retryIntervalMultiplier', 'Device.ManagementServer.CWMPRetryIntervalMultiplier'],
  ['gatewayOui', 'Device.GatewayInfo.ManufacturerOUI'],
  ['gatewaySerialNumber', 'Device.GatewayInfo.SerialNumber'],
  ['gatewayProductClass', 'Device.GatewayInfo.ProductClass'],
  ['url', 'Device.ManagementServer.URL'],
]

const PATHS: readonly string[] = PARAMETERS.map(([, path]) => path)

const SECTION = 'acsDiscovery'

/** DHCP beats what the device was born with; what an ACS has set beats DHCP, until a factory reset or until somebody at the device sets it. */
export class AcsDiscovery implements CpeService {
  protected readonly device: Device

  constructor(device: Device) {
    this.device = device
  }

  readonly commands = {
    dhcp: (members: CommandMembers) => {
      this.take(members.texts('options'))
      return {}
    },
    'dhcp-request': () => ({ options: this.request }),
  }

  configure(): void {
    const { dhcpOptions, configuration } = this.device.options
    if (dhcpOptions) this.take(dhcpOptions)
    if (configuration?.get('acs.dhcp_discovery') !== 'enable') return
    const configured = {
      url: configuration.get('acs.dhcp_url'),
      retryMinimumWaitInterval: configuration.get('acs.dhcp_retry_min_wait_interval'),
      retryIntervalMultiplier: configuration.get('acs.dhcp_retry_interval_multiplier'),
    }
    this.apply(Object.fromEntries(Object.entries(configured).filter(([, value]) => value !== undefined)))
  }

  changed({ path, cause }: ParameterChange): void {
    if (!PATHS.includes(path)) return
    const others = this.setByAcs.filter((each) => each !== path)
    this.device.store.commit({ [SECTION]: cause === 'acs' ? [...others, path] : others })
  }

  /** What the device's DHCP client has to send. */
  protected get request(): DhcpOptions {
    const info = (name: string) => this.device.tree.get(`Device.DeviceInfo.${name}`)?.value ?? ''
    return dhcpRequestOptions({
      oui: info('ManufacturerOUI'),
      serialNumber: info('SerialNumber'),
      productClass: info('ProductClass'),
    })
  }

  /** Takes over what a DHCP server has said. */
  protected take(options: DhcpOptions): void {
    const log = this.device.log.about('DHCP')
    this.apply(readDhcpOptions(options, (reason) => log.warning(`${reason}; ignored`)))
  }

  /** Parameters that an ACS has set since the last factory reset. */
  protected get setByAcs(): readonly string[] {
    return this.device.store.get<string[]>(SECTION) ?? []
  }

  protected apply(discovered: Discovered): void {
    const { tree } = this.device
    const log = this.device.log.about('DHCP')
    for (const [name, path] of PARAMETERS) {
      const value = discovered[name]
      if (value === undefined || tree.get(path) === undefined) continue
      if (this.setByAcs.includes(path)) {
        log.info(`${path} stays as the ACS has set it`)
        continue
      }
      try {
        if (tree.get(path)?.value !== value) log.notice(`${path} is ${value}`)
        tree.setLocally(path, value)
      } catch (error) {
        if (!(error instanceof CwmpFault)) throw error
        log.warning(`${path} cannot be ${value}: ${error.faultString}; ignored`)
      }
    }
  }
}

/** Options as a JSON file gives them: an object of texts. Throws an Error that says what is wrong. */
export function checkedOptions(value: unknown): DhcpOptions {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
  if (!isObject || !Object.values(value).every((each) => typeof each === 'string')) {
    throw new Error('options are missing or no object of hexadecimal texts')
  }
  return value as DhcpOptions
}
