import type { DhcpOptions } from './acs-discovery/acs-discovery.ts'
import type { Configuration } from './config/config.ts'

/** What a device of this make is born with and where it lives. Everything about the ACS here is a factory default: the ACS may change it. */
export interface AgentOptions {
  /** Directory for state and control socket. */
  stateDirectory: string
  /** Empty when only the configuration or the network says it. */
  acsUrl: string
  /** The UCI file that says what the options leave open, and into which changes are written. */
  configuration?: Configuration | undefined
  acsUsername?: string | undefined
  acsPassword?: string | undefined
  connectionRequestUsername?: string | undefined
  connectionRequestPassword?: string | undefined
  /** Address to take connection requests on. */
  connectionRequestHost: string
  /** Path of the ConnectionRequestURL; a random one without it. */
  connectionRequestPath?: string | undefined
  /** 0: any free port. */
  connectionRequestPort: number
  /** Seconds. */
  periodicInformInterval?: number | undefined
  /** CWMPRetryMinimumWaitInterval in seconds. */
  retryMinimumWaitInterval?: number | undefined
  /** CWMPRetryIntervalMultiplier in thousandths. */
  retryIntervalMultiplier?: number | undefined
  serialNumber?: string | undefined
  /** Six upper-case hexadecimal digits. */
  oui?: string | undefined
  productClass?: string | undefined
  /** Device seconds that pass in one second. */
  clockRate: number
  /** What the device's clock shows at its start, in milliseconds since the Unix epoch, or that it does not know the time; else as before, at first the machine's time. */
  initialTime?: number | 'unknown' | undefined
  /** When the ACS is asked for its methods; on first contact unless said otherwise, and in the first session of this program for `boot`. */
  getRpcMethods?: 'never' | 'boot' | undefined
  /** Device seconds to wait for an HTTP response. */
  responseTimeout: number
  /** Octets of the largest file that a transfer may bring; 64 MiB when absent. */
  maximumFileSize?: number | undefined
  /** Public key in PEM that firmware has to be signed with; unsigned images do without it. */
  firmwareKey?: string | undefined
  /** Roots in PEM under which vouchers hold; those of `trustedCa` when absent. */
  voucherCa?: string | undefined
  /** Trusted roots in PEM, instead of the usual ones. */
  trustedCa?: string | undefined
  /** In PEM: what the device shows to servers that ask who it is. */
  clientCertificate?: { cert: string; key: string } | undefined
  /** Certificates of servers are not checked: for benches alone. */
  insecureTls?: boolean | undefined
  /** Names have no IPv6 addresses. */
  ipv4Only?: boolean | undefined
  /** SetParameterValues does not look at xsi:type. */
  anyXsiType?: boolean | undefined
  /** The edition of TR-069 to be like, from 1 for Amendment 1; the newest when absent. */
  amendment?: number | undefined
  /** The DNS server for all names, as address and port; else the machine looks them up. */
  dnsServer?: string | undefined
  /** What the network's DHCP server says at each boot. */
  dhcpOptions?: DhcpOptions | undefined
}
