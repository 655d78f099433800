/** Notification values 3 to 6: changes told in datagrams, without a session (TR-069 Annex M). */
import { isIPv6 } from 'node:net'
import type { ParameterChange, ParameterValue } from '../datamodel/datamodel.ts'
import { isSentAtOnce, isToldLightweight } from '../datamodel/datamodel.ts'
import type { CpeService, Device } from '../services/services.ts'
import { MANAGEMENT_SERVER, ManagementServer, PeriodicInform, timeOf } from '../session/session.ts'
import type { Names } from '../transport/transport.ts'
import {
  datagramOf,
  type LightweightNotification,
  notificationXml,
  signatureOf,
} from './lightweight-message.ts'

/** Octets of a datagram that goes through an Ethernet in one piece: 1500 without the headers of IPv6 and UDP. */
const LARGEST_DATAGRAM = 1452

/** Device milliseconds for the address of the host. */
const NAME_PATIENCE = 10_000

export class LightweightNotifier implements CpeService {
  protected readonly device: Device
  readonly #managementServer: ManagementServer
  readonly #names: Names
  readonly #trigger: PeriodicInform
  /** Changed parameters that no message has told. */
  readonly #changed = new Set<string>()
  /** Values of live parameters when they were last told or began to be watched. */
  readonly #seen = new Map<string, string>()
  /** Messages leave one after another. */
  #sending: Promise<void> = Promise.resolve()
  #isAsked = false
  #stopped = false

  constructor(device: Device) {
    this.device = device
    this.#managementServer = new ManagementServer(device.tree)
    const { clock } = device
    this.#names = device.createNames(NAME_PATIENCE)
    this.#trigger = new PeriodicInform(
      clock,
      () => this.trigger,
      () => this.send(),
    )
  }

  start(): void {
    this.#watchLiveValues()
    this.#trigger.start()
  }

  async stop(): Promise<void> {
    this.#stopped = true
    this.#trigger.stop()
    await this.#sending
  }

  clockSet(): void {
    this.#trigger.start()
  }

  /** Begins to watch live values for which the ACS has just asked. */
  attributesChanged(): void {
    this.#watchLiveValues()
  }

  changed({ path, cause, unreported }: ParameterChange): void {
    if (path.startsWith(`${MANAGEMENT_SERVER}LightweightNotification`)) this.#trigger.start()
    if (cause !== 'local' || unreported || !this.isUsed) return
    const notification = this.device.tree.notificationOf(path) ?? 0
    if (!isToldLightweight(notification)) return
    this.#changed.add(this.device.tree.wireName(path))
    if (isSentAtOnce(notification)) this.#sendSoon()
  }

  /** Sends everything that waits, active and passive, in as few datagrams as it takes. What changes while no protocol is used is told neither then nor later. */
  send(): void {
    const parameters = this.#take()
    if (parameters.length === 0 || !this.isUsed) return
    for (const message of this.messages(parameters)) {
      this.#sending = this.#sending.then(() => this.#deliver(message))
    }
  }

  /** Whether the ACS wants datagrams, and there is one. */
  protected get isUsed(): boolean {
    const { url, enableCwmp } = this.#managementServer
    return (
      url !== '' &&
      enableCwmp &&
      this.#read('LightweightNotificationProtocolsUsed').split(',').includes('UDP')
    )
  }

  protected get trigger() {
    const interval = Number(this.#read('LightweightNotificationTriggerInterval'))
    const { clock } = this.device
    return {
      enable: interval > 0,
      interval,
      time: clock.isSet ? timeOf(this.#read('LightweightNotificationTriggerTime')) : undefined,
    }
  }

  /** Host and port that messages go to: those of the ACS unless others were set. */
  protected get destination(): { host: string; port: number } {
    const configured = this.#read('UDPLightweightNotificationHost')
    const host = configured || new URL(this.#managementServer.url).hostname
    return {
      host: host.replace(/^\[|\]$/g, ''),
      port: Number(this.#read('UDPLightweightNotificationPort') || 7547),
    }
  }

  /** Messages in XML that each fit a datagram, as far as a single parameter lets them. */
  protected messages(parameters: readonly ParameterValue[]): string[] {
    const whole = notificationXml(this.notification(parameters))
    if (parameters.length === 1 || Buffer.byteLength(whole) + this.#headLength <= LARGEST_DATAGRAM)
      return [whole]
    const half = Math.ceil(parameters.length / 2)
    return [...this.messages(parameters.slice(0, half)), ...this.messages(parameters.slice(half))]
  }

  protected notification(parameters: readonly ParameterValue[]): LightweightNotification {
    const { clock, parts } = this.device
    const { OUI, ProductClass, SerialNumber } = this.#managementServer.deviceId
    return {
      timestamp: Math.floor((clock.isSet ? clock.now() : clock.monotonic()) / 1000),
      username: this.#managementServer.credentials.username,
      cnonce: parts.random.token(16),
      oui: OUI,
      productClass: ProductClass,
      serialNumber: SerialNumber,
      parameters,
    }
  }

  /** What makes the signature of a message. */
  protected sign(xml: string): string {
    return signatureOf(xml, this.#managementServer.credentials.password)
  }

  /** Once for everything that happens in the same turn of the event loop. */
  #sendSoon(): void {
    if (this.#isAsked) return
    this.#isAsked = true
    queueMicrotask(() => {
      this.#isAsked = false
      if (!this.#stopped) this.send()
    })
  }

  /** What has changed and is still to be told, which is nothing any more then. */
  #take(): ParameterValue[] {
    const { tree } = this.device
    for (const path of this.#watchLiveValues()) this.#changed.add(path)
    const paths = [...this.#changed].filter((path) => isToldLightweight(tree.notificationOf(path) ?? 0))
    this.#changed.clear()
    return tree.ownParameters(paths)
  }

  /** Notes what live values are that a lightweight notification is to tell, and returns those that were something else before. */
  #watchLiveValues(): string[] {
    const { tree } = this.device
    return tree.livePaths().filter((path) => {
      if (!isToldLightweight(tree.notificationOf(path) ?? 0)) {
        this.#seen.delete(path)
        return false
      }
      const value = tree.get(path)?.value ?? ''
      const before = this.#seen.get(path) ?? value
      this.#seen.set(path, value)
      return before !== value
    })
  }

  get #headLength(): number {
    const { host, port } = this.destination
    return datagramOf('', `${host}:${port}`, '0'.repeat(40)).length + 4
  }

  /** A message that cannot be sent is lost, as it may be on its way. */
  async #deliver(xml: string): Promise<void> {
    const log = this.device.log.about('lightweight notification')
    const { host, port } = this.destination
    try {
      const [address = host] = await this.#names.addressesOf(host)
      if (this.#stopped) return
      const authority = isIPv6(host) ? `[${host}]:${port}` : `${host}:${port}`
      await this.device.parts.sendDatagram(datagramOf(xml, authority, this.sign(xml)), address, port)
      log.info(`sent to ${authority}`)
    } catch (error) {
      log.warning(`not sent to ${host}:${port}: ${(error as Error).message}`)
    }
  }

  #read(name: string): string {
    return this.device.tree.get(MANAGEMENT_SERVER + name)?.value ?? ''
  }
}
