import { HarnessError, Untestable } from '../failure.ts'
import type {
  Ability,
  Adapter,
  ClientCertificate,
  DhcpOffer,
  DhcpRequest,
  LanDevice,
  LocalInputs,
  OwnAct,
  Provisioning,
} from './operations.ts'
import type { Profile } from './profile.ts'
import type { Secrets } from './secrets.ts'

/** The device under test. An absent ability throws Untestable; an adapter that breaks its contract HarnessError. */
export interface Dut {
  /** Of the adapter, e.g. `command`. */
  readonly kind: string
  /** Undefined where the adapter offers none. */
  readonly localInputs: LocalInputs | undefined
  supports(ability: Ability): boolean
  provision(provisioning: Provisioning, signal?: AbortSignal): Promise<void>
  alive(signal?: AbortSignal): Promise<boolean>
  powerCycle(signal?: AbortSignal): Promise<void>
  factoryReset(signal?: AbortSignal): Promise<void>
  setLocally(path: string, value: string, signal?: AbortSignal): Promise<void>
  readLogs(signal?: AbortSignal): Promise<string>
  setClock(iso: string, signal?: AbortSignal): Promise<void>
  clientCertificate(certificate: ClientCertificate | undefined, signal?: AbortSignal): Promise<void>
  dnsServer(server: string | undefined, signal?: AbortSignal): Promise<void>
  dhcpOptions(offer: DhcpOffer, signal?: AbortSignal): Promise<DhcpRequest>
  lanDevice(device: LanDevice, signal?: AbortSignal): Promise<void>
  standby(seconds: number, signal?: AbortSignal): Promise<void>
  timeSource(present: boolean, signal?: AbortSignal): Promise<void>
  /** Throws Untestable for what the device does not do. */
  ownAct(act: OwnAct, signal?: AbortSignal): Promise<void>
  /** Sends a request that no adapter knows, and says what it made of it. */
  sendUnknown(request: string, signal?: AbortSignal): Promise<'unsupported' | 'answered'>
  /** Ends the device and the adapter; nothing is left running afterwards, even when it rejects. */
  close(): Promise<void>
}

type Timing = Profile['pixit']['timing']

/** Which of the profile's times an adapter's answer to each request may take. */
const timeLimits: Readonly<Record<Ability | 'stop' | 'unknown', keyof Timing>> = {
  provision: 'bootSeconds',
  alive: 'adapterSeconds',
  powerCycle: 'rebootSeconds',
  factoryReset: 'rebootSeconds',
  setLocally: 'adapterSeconds',
  readLogs: 'adapterSeconds',
  setClock: 'adapterSeconds',
  clientCertificate: 'adapterSeconds',
  dnsServer: 'adapterSeconds',
  dhcpOptions: 'bootSeconds',
  lanDevice: 'adapterSeconds',
  ownAct: 'adapterSeconds',
  standby: 'adapterSeconds',
  timeSource: 'adapterSeconds',
  unknown: 'adapterSeconds',
  stop: 'adapterSeconds',
}

/** Holds an adapter's operations to their contract: time limits, the types of their answers, one class for its errors. */
export class GuardedDut implements Dut {
  readonly kind: string
  readonly #operations: Adapter
  readonly #timing: Timing
  readonly #secrets: Secrets
  #closed: Promise<void> | undefined

  constructor(kind: string, operations: Adapter, timing: Timing, secrets: Secrets) {
    this.kind = kind
    this.#operations = operations
    this.#timing = timing
    this.#secrets = secrets
  }

  get localInputs(): LocalInputs | undefined {
    return this.#operations.localInputs
  }

  supports(ability: Ability): boolean {
    return this.#operations[ability] !== undefined
  }

  async provision(provisioning: Provisioning, signal?: AbortSignal): Promise<void> {
    this.#secrets.add(provisioning.password, provisioning.connectionRequestPassword)
    await this.#within('provision', signal, (given) => this.#operations.provision(provisioning, given))
  }

  async alive(signal?: AbortSignal): Promise<boolean> {
    const answer: unknown = await this.#within('alive', signal, (given) => this.#operations.alive(given))
    if (typeof answer !== 'boolean')
      throw new HarnessError('the adapter answered alive with neither true nor false')
    return answer
  }

  async powerCycle(signal?: AbortSignal): Promise<void> {
    this.#need('powerCycle')
    await this.#within('powerCycle', signal, (given) => this.#operations.powerCycle?.(given))
  }

  async factoryReset(signal?: AbortSignal): Promise<void> {
    this.#need('factoryReset')
    await this.#within('factoryReset', signal, (given) => this.#operations.factoryReset?.(given))
  }

  async setLocally(path: string, value: string, signal?: AbortSignal): Promise<void> {
    this.#need('setLocally')
    await this.#within('setLocally', signal, (given) => this.#operations.setLocally?.(path, value, given))
  }

  async readLogs(signal?: AbortSignal): Promise<string> {
    this.#need('readLogs')
    const text: unknown = await this.#within('readLogs', signal, (given) =>
      this.#operations.readLogs?.(given),
    )
    if (typeof text !== 'string') throw new HarnessError('the adapter answered readLogs without a text')
    return this.#secrets.mask(text)
  }

  async setClock(iso: string, signal?: AbortSignal): Promise<void> {
    this.#need('setClock')
    await this.#within('setClock', signal, (given) => this.#operations.setClock?.(iso, given))
  }

  async clientCertificate(certificate: ClientCertificate | undefined, signal?: AbortSignal): Promise<void> {
    this.#need('clientCertificate')
    this.#secrets.add(certificate?.key)
    await this.#within('clientCertificate', signal, (given) =>
      this.#operations.clientCertificate?.(certificate, given),
    )
  }

  async dnsServer(server: string | undefined, signal?: AbortSignal): Promise<void> {
    this.#need('dnsServer')
    await this.#within('dnsServer', signal, (given) => this.#operations.dnsServer?.(server, given))
  }

  async dhcpOptions(offer: DhcpOffer, signal?: AbortSignal): Promise<DhcpRequest> {
    this.#need('dhcpOptions')
    const sent: DhcpRequest | undefined = await this.#within('dhcpOptions', signal, (given) =>
      this.#operations.dhcpOptions?.(offer, given),
    )
    for (const octets of [sent?.option60, sent?.option125, sent?.option16])
      if (octets !== undefined && !/^([0-9A-Fa-f]{2})*$/.test(octets))
        throw new HarnessError('the adapter answered dhcpOptions with something else than hexadecimal octets')
    return { ...sent }
  }

  async lanDevice(device: LanDevice, signal?: AbortSignal): Promise<void> {
    this.#need('lanDevice')
    await this.#within('lanDevice', signal, (given) => this.#operations.lanDevice?.(device, given))
  }

  async ownAct(act: OwnAct, signal?: AbortSignal): Promise<void> {
    this.#need('ownAct')
    const isDone = await this.#within('ownAct', signal, (given) => this.#operations.ownAct?.(act, given))
    if (isDone !== true) throw new Untestable(`the device does no ${act.act} of its own accord`)
  }

  async standby(seconds: number, signal?: AbortSignal): Promise<void> {
    this.#need('standby')
    await this.#within('standby', signal, (given) => this.#operations.standby?.(seconds, given))
  }

  async timeSource(present: boolean, signal?: AbortSignal): Promise<void> {
    this.#need('timeSource')
    await this.#within('timeSource', signal, (given) => this.#operations.timeSource?.(present, given))
  }

  async sendUnknown(request: string, signal?: AbortSignal): Promise<'unsupported' | 'answered'> {
    const { sendUnknown } = this.#operations
    if (!sendUnknown) return request in this.#operations ? 'answered' : 'unsupported'
    return await this.#within('unknown', signal, (given) =>
      sendUnknown.call(this.#operations, request, given),
    )
  }

  close(): Promise<void> {
    this.#closed ??= this.#within('stop', undefined, (given) => this.#operations.stop(given)).finally(() =>
      this.#operations.endByForce?.(),
    )
    return this.#closed
  }

  #need(ability: Ability): void {
    if (!this.supports(ability)) throw new Untestable(`the adapter of this device has no ${ability}`)
  }

  async #within<T>(
    request: keyof typeof timeLimits,
    signal: AbortSignal | undefined,
    operation: (signal: AbortSignal) => Promise<T> | T,
  ): Promise<T> {
    signal?.throwIfAborted()
    const limit = timeLimits[request]
    const seconds = this.#timing[limit]
    const given = new AbortController()
    const { promise: broken, reject } = Promise.withResolvers<never>()
    const giveUp = (reason: unknown) => {
      given.abort(reason)
      reject(reason)
    }
    const timer = setTimeout(
      () =>
        giveUp(
          new HarnessError(
            `the adapter did not answer ${request} within ${seconds} s (pixit.timing.${limit})`,
          ),
        ),
      seconds * 1000,
    )
    const interrupted = () => giveUp(signal?.reason)
    signal?.addEventListener('abort', interrupted, { once: true })
    try {
      return await Promise.race([operation(given.signal), broken])
    } catch (error) {
      if (signal?.aborted && error === signal.reason) throw error
      const message = error instanceof Error ? error.message : String(error)
      const told = error instanceof HarnessError ? message : `the adapter failed to ${request}: ${message}`
      const masked = this.#secrets.mask(told)
      // A report prints causes too: one that names a secret is left behind.
      throw new HarnessError(masked, masked === told ? { cause: error } : undefined)
    } finally {
      clearTimeout(timer)
      signal?.removeEventListener('abort', interrupted)
    }
  }
}
