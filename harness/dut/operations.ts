/** What an adapter can do. The `command` kind carries exactly these over a pipe, the `module` kind implements them. */

/** What the device has to use from now on. */
export interface Provisioning {
  readonly acsUrl: string
  /** What the device shows to the ACS. */
  readonly username?: string
  readonly password?: string
  /** What the ACS shows to the device on a connection request. */
  readonly connectionRequestUsername?: string
  readonly connectionRequestPassword?: string
  /** Seconds between periodic Informs, for a device whose ConnectionRequestURL the bench cannot reach. */
  readonly periodicInformInterval?: number
  /** PEM of the certificate authority that the device must trust. */
  readonly trustedCa?: string
}

/** What the device shows to servers that ask who it is; PEM. */
export interface ClientCertificate {
  readonly cert: string
  readonly key: string
}

/** What the DHCP server of the device's access network offers; hexadecimal digits, as the options stand in the packet without code and length. */
export interface DhcpOffer {
  readonly option43?: string
  readonly option125?: string
  /** Of DHCPv6. */
  readonly option17?: string
  /** The device shall find its ACS by DHCP: it forgets what URL it had, by a factory reset if there is no other way. */
  readonly discover: boolean
}

/** What the device itself sent to the DHCP server, likewise; undefined where the adapter cannot see it. */
export interface DhcpRequest {
  readonly option60?: string
  /** Of DHCPv6. */
  readonly option16?: string
  readonly option125?: string
}

/** A device behind the gateway under test that tells who it is when it gets a lease (TR-069 Annex F). */
export interface LanDevice {
  /** Six hexadecimal digits in capitals. */
  readonly oui: string
  readonly serialNumber: string
  readonly productClass: string
  /** Whether it gets a lease now, or its lease ends. */
  readonly present: boolean
}

/** What a device does of its own accord and tells the ACS of. */
export interface OwnAct {
  /**
   * It downloads or uploads a file, installs a deployment unit, wants a file, has its user go on to a page that the ACS names, or agree to
   * the scheduled downloads for which it has asked.
   */
  readonly act: 'download' | 'upload' | 'install' | 'requestDownload' | 'kick' | 'agree'
  /** As in the RPCs; empty for `install`, `kick` and `agree`. */
  readonly fileType: string
  /** Of the file or deployment unit, or where the user wants to go; empty for `requestDownload` and `agree`. */
  readonly url: string
}

/** Every ability there is; the first two are required of each adapter. */
export const abilities = [
  'provision',
  'alive',
  'powerCycle',
  'factoryReset',
  'setLocally',
  'readLogs',
  'setClock',
  'clientCertificate',
  'dnsServer',
  'dhcpOptions',
  'lanDevice',
  'ownAct',
  'standby',
  'timeSource',
] as const
export type Ability = (typeof abilities)[number]

/**
 * A device as an adapter presents it. A method that is not there is an ability that the adapter lacks. Each may reject when
 * the device cannot be brought to do it; `signal` fires when the answer is no longer waited for.
 */
export interface DutOperations {
  /** Resolves when the device knows the ACS; the device then opens a session by itself, even when nothing has changed. */
  provision(provisioning: Provisioning, signal: AbortSignal): Promise<void>
  /** Whether the agent runs: it would open a session if it had a reason. */
  alive(signal: AbortSignal): Promise<boolean>
  /** Cuts the power without a warning and gives it back; resolves when the device boots. */
  powerCycle?(signal: AbortSignal): Promise<void>
  /** What the reset button does; resolves when the device boots. It still knows the ACS afterwards. */
  factoryReset?(signal: AbortSignal): Promise<void>
  /** Changes a parameter as a user at the device would, not as the ACS: a change that notifies. */
  setLocally?(path: string, value: string, signal: AbortSignal): Promise<void>
  /** The device's own log. */
  readLogs?(signal: AbortSignal): Promise<string>
  /** Sets the device's clock, ISO 8601 in UTC. */
  setClock?(iso: string, signal: AbortSignal): Promise<void>
  /** What the device shows over TLS from the next `provision` on; undefined: nothing. */
  clientCertificate?(certificate: ClientCertificate | undefined, signal: AbortSignal): Promise<void>
  /** The DNS server (address:port) that the device asks for all names from the next `provision` on; undefined: its usual one. */
  dnsServer?(server: string | undefined, signal: AbortSignal): Promise<void>
  /** Resolves when the device has been offered this, as with a new lease. */
  dhcpOptions?(offer: DhcpOffer, signal: AbortSignal): Promise<DhcpRequest>
  /** Resolves when the DHCP server of the device has served the one in the LAN, or has let its lease go. */
  lanDevice?(device: LanDevice, signal: AbortSignal): Promise<void>
  /** Resolves when the device has begun, with false when it does no such thing of its own accord. */
  ownAct?(act: OwnAct, signal: AbortSignal): Promise<boolean>
  /** Resolves when the device sleeps: it hears no connection request and keeps no timer for so many seconds of its clock, and then wakes by itself. */
  standby?(seconds: number, signal: AbortSignal): Promise<void>
  /**
   * Whether the device has anything to learn the time from, from the next `provision` on: without it starts not knowing the time and stays so, with it
   * knows the time as usual.
   */
  timeSource?(present: boolean, signal: AbortSignal): Promise<void>
  /** Leaves nothing running. Called once, at the end, also after an error. */
  stop(signal: AbortSignal): Promise<void>
}

/** What an agent reads besides its network, where an adapter can put anything there. */
export interface LocalInputs {
  /** Path of the Unix socket that takes commands, each a line of JSON. */
  readonly controlSocket: string
  /**
   * Starts the agent anew on what it knows, with these configuration files by their names; `{dir}` in them stands for their directory. Without
   * any it is started as always. Rejects when it does not start.
   */
  restartWith(files: Readonly<Record<string, string>>, signal: AbortSignal): Promise<void>
}

/** What our own adapters can do besides. */
export interface Adapter extends DutOperations {
  readonly localInputs?: LocalInputs
  /** Sends a request that is not in the list, where requests go by name. */
  sendUnknown?(request: string, signal: AbortSignal): Promise<'unsupported' | 'answered'>
  /** Ends whatever `stop` did not end; never rejects. */
  endByForce?(): Promise<void>
}
