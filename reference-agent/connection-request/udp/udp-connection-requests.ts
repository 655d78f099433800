/** Connection requests in datagrams, also through a NAT whose binding is kept alive by STUN (TR-069 Annex G). */
import { createHash } from 'node:crypto'
import { createSocket, type RemoteInfo, type Socket } from 'node:dgram'
import { isIPv6 } from 'node:net'
import type { ParameterChange } from '../../datamodel/datamodel.ts'
import type { Log, Timer } from '../../platform/platform.ts'
import type { CpeService, Device } from '../../services/service.ts'
import { MANAGEMENT_SERVER, ManagementServer } from '../../session/session.ts'
import type { Names } from '../../transport/transport.ts'
import { isOwnAddress, isWildcard, reachableAddress } from '../own-address.ts'
import { RateLimit } from '../rate-limit.ts'
import { BindingLifetime } from './binding-lifetime.ts'
import { type BindingAnswer, StunClient } from './stun-client.ts'
import {
  BINDING_CHANGE,
  CONNECTION_REQUEST_BINDING,
  CONNECTION_REQUEST_BINDING_VALUE,
  decodeStun,
  type Endpoint,
  encodeEndpoint,
  RESPONSE_ADDRESS,
  type StunAttribute,
} from './stun-message.ts'
import { readUdpRequest, type UdpRequest } from './udp-request.ts'

const ADDRESS = `${MANAGEMENT_SERVER}UDPConnectionRequestAddress`
const NAT_DETECTED = `${MANAGEMENT_SERVER}NATDetected`
const SECTION = 'udpConnectionRequest'
const DEFAULT_PORT = 3478
/** The port that an address may leave out (G.2.1.1). */
const HTTP_PORT = 80
/** Requests that say that the binding has changed: a datagram may get lost. */
const CHANGE_REPEATS = 3
const NAME_PATIENCE = 10_000

interface Remembered {
  port?: number
  /** The last request that was heeded, and with which account: another is that of an ACS with its own idea of time. */
  last?: UdpRequest
  account?: string
}

export class UdpConnectionRequests implements CpeService {
  protected readonly device: Device
  readonly #log: Log
  readonly #managementServer: ManagementServer
  readonly #names: Names
  readonly #stun: StunClient
  readonly #rate: RateLimit
  #socket: Socket | undefined
  /** Where the outside sees the socket, as far as STUN has told. */
  #mapped: Endpoint | undefined
  #lifetime = new BindingLifetime({ minimum: 1, maximum: -1 })
  #timer: Timer | undefined
  /** Counts what was begun anew: what belongs to an older number is void. */
  #turn = 0

  constructor(device: Device) {
    this.device = device
    const { parts, clock, tree } = device
    this.#log = device.log.about('connection request')
    this.#managementServer = new ManagementServer(tree)
    this.#names = device.createNames(NAME_PATIENCE)
    this.#stun = new StunClient(clock, parts.random, () => ({
      username: this.#text('STUNUsername'),
      password: this.#text('STUNPassword'),
    }))
    this.#rate = new RateLimit(clock)
  }

  async start(): Promise<void> {
    const { tree } = this.device
    // A data model need not know datagrams.
    if (!tree.get(ADDRESS) || !tree.get(NAT_DETECTED)) return
    tree.provide(ADDRESS, () => this.address)
    tree.provide(NAT_DETECTED, () => String(this.isBehindNat))
    this.#socket = await this.#listen()
    this.#begin()
  }

  async stop(): Promise<void> {
    this.#turn++
    this.#timer?.cancel()
    this.#stun.stop()
    await closed(this.#socket)
    this.#socket = undefined
  }

  changed({ path }: ParameterChange): void {
    if (path.startsWith(`${MANAGEMENT_SERVER}STUN`) || path === `${MANAGEMENT_SERVER}URL`) this.#begin()
  }

  /** UDPConnectionRequestAddress. */
  get address(): string {
    const endpoint = this.#mapped ?? this.local
    if (!endpoint) return ''
    const host = isIPv6(endpoint.address) ? `[${endpoint.address}]` : endpoint.address
    return endpoint.port === HTTP_PORT ? host : `${host}:${endpoint.port}`
  }

  get isBehindNat(): boolean {
    const mapped = this.#mapped
    const bound = this.#socket?.address()
    if (!mapped || !bound) return false
    // Which of its addresses the machine asks from is its own choice when the socket has them all.
    const isOwn = isWildcard(bound.address) ? isOwnAddress(mapped.address) : mapped.address === bound.address
    return !isOwn || mapped.port !== bound.port
  }

  protected get local(): Endpoint | undefined {
    const bound = this.#socket?.address()
    return bound && { address: reachableAddress(bound.address), port: bound.port }
  }

  /** Heeds a genuine request that is newer than every one before; everything else is ignored, and nothing is ever answered (G.2.2.3). */
  protected connectionRequested(octets: Buffer): void {
    const isTaken = this.#managementServer.enableCwmp && this.device.hearsConnectionRequests
    if (!isTaken) return
    const request = readUdpRequest(octets, this.#managementServer.connectionRequestCredentials)
    if (!request || !this.isNew(request) || !this.#rate.allows()) return
    this.device.store.together(() => {
      this.#remember({ last: request, account: this.#account })
      this.device.occurred('6 CONNECTION REQUEST')
    })
    this.#log.info('accepted over UDP')
  }

  /** Copies of a request that was heeded, and older ones of the same account, are not. */
  protected isNew({ time, id }: UdpRequest): boolean {
    const { last, account = this.#account } = this.#remembered
    return last === undefined || account !== this.#account || (time > last.time && id !== last.id)
  }

  /** What every Binding Request from here tells the server. */
  protected attributes(isChanged: boolean): StunAttribute[] {
    const binding = { type: CONNECTION_REQUEST_BINDING, value: CONNECTION_REQUEST_BINDING_VALUE }
    return isChanged ? [binding, { type: BINDING_CHANGE, value: Buffer.alloc(0) }] : [binding]
  }

  /** Tells one account for connection requests from another. */
  get #account(): string {
    const { username, password } = this.#managementServer.connectionRequestCredentials
    return createHash('sha256').update(`${username}\0${password}`).digest('base64url')
  }

  get #remembered(): Remembered {
    return this.device.store.get<Remembered>(SECTION) ?? {}
  }

  #remember(news: Remembered): void {
    this.device.store.commit({ [SECTION]: { ...this.#remembered, ...news } })
  }

  /** The socket, on the port of last time if that is free: the ACS knows it. */
  async #listen(): Promise<Socket> {
    const { port = 0 } = this.#remembered
    const socket = (await this.#open(port)) ?? (await this.#open(0))
    if (!socket) throw new Error('no port for connection requests over UDP')
    socket.on('message', (octets, from) => this.#received(octets, from))
    this.#remember({ port: socket.address().port })
    return socket
  }

  #open(port: number): Promise<Socket | undefined> {
    const host = hostOfDatagrams(this.device.options.connectionRequestHost)
    const socket = createSocket(isIPv6(host) ? 'udp6' : 'udp4')
    return new Promise((resolve, reject) => {
      socket.once('error', (error: NodeJS.ErrnoException) => {
        if (error.code === 'EADDRINUSE') resolve(undefined)
        else reject(error)
      })
      socket.bind(port, host, () => {
        socket.removeAllListeners('error')
        socket.on('error', (error) => this.#log.warning(`UDP: ${error.message}`))
        resolve(socket)
      })
    })
  }

  #received(octets: Buffer, _from: RemoteInfo): void {
    const message = decodeStun(octets)
    if (message) this.#stun.received(message)
    else this.connectionRequested(octets)
  }

  /** Begins anew with the STUN parameters as they are now. */
  #begin(): void {
    this.#turn++
    this.#timer?.cancel()
    this.#stun.stop()
    if (!this.#socket) return
    if (this.#text('STUNEnable') !== 'true') {
      this.#seen(undefined)
      return
    }
    this.#lifetime = new BindingLifetime({
      minimum: Number(this.#text('STUNMinimumKeepAlivePeriod')),
      maximum: Number(this.#text('STUNMaximumKeepAlivePeriod')),
    })
    void this.#refresh(this.#turn, 0)
  }

  /** Asks the server for the binding, and again after the lifetime. `changes`: how often to say yet that the binding has changed. */
  async #refresh(turn: number, changes: number): Promise<void> {
    const server = await this.#server()
    const socket = this.#socket
    if (turn !== this.#turn || !socket) return
    const answer: BindingAnswer = server
      ? await this.#stun.request(socket, server, this.attributes(changes > 0))
      : { kind: 'silence' }
    if (turn !== this.#turn) return
    const before = this.#mapped
    this.#seen(answer.kind === 'mapped' ? answer.endpoint : undefined)
    if (answer.kind !== 'mapped') {
      const reason = answer.kind === 'refused' ? `refuses with ${answer.code}` : 'is silent'
      this.#log.notice(`the STUN server ${reason}`)
    }
    const isChanged = answer.kind === 'mapped' && before !== undefined && !isSame(before, answer.endpoint)
    const left = isChanged ? CHANGE_REPEATS : Math.max(0, changes - 1)
    if (left > 0) await this.#refresh(turn, left)
    else this.#rest(turn)
  }

  /** Waits until the binding has to be refreshed, or long enough to see whether it still lives. */
  #rest(turn: number): void {
    if (this.#mapped && !this.isBehindNat) this.#lifetime.needless()
    const { trial } = this.#lifetime
    const isTrial = trial !== undefined && this.isBehindNat
    const seconds = isTrial ? trial : this.#lifetime.period
    this.#timer = this.device.clock.after(seconds * 1000, () => {
      if (isTrial) void this.#try(turn, seconds)
      else void this.#refresh(turn, 0)
    })
  }

  /** Has the server answer a request from another port to the one that has been silent (G.2.1.2). */
  async #try(turn: number, seconds: number): Promise<void> {
    const mapped = this.#mapped
    const server = await this.#server()
    if (turn !== this.#turn) return
    if (!mapped || !server) return this.#rest(turn)
    const second = await this.#open(0)
    let isHelpless = false
    second?.on('message', (octets) => {
      const message = decodeStun(octets)
      if (!message) return
      // An answer here says that the server does not know RESPONSE-ADDRESS.
      isHelpless = true
      this.#stun.received(message)
    })
    const target = { type: RESPONSE_ADDRESS, value: encodeEndpoint(mapped) }
    const answer = second && (await this.#stun.request(second, server, [target]))
    await closed(second)
    if (turn !== this.#turn) return
    if (isHelpless || answer?.kind === 'refused') this.#lifetime.giveUp()
    else if (answer?.kind === 'mapped') this.#lifetime.lived(seconds)
    else this.#lifetime.died(seconds)
    await this.#refresh(turn, 0)
  }

  /** The STUN server, which is the ACS unless another is named; undefined when it has no address that can be asked from here. STUN as Annex G has it knows IPv4 only. */
  async #server(): Promise<Endpoint | undefined> {
    if (this.#socket?.address().family === 'IPv6') return undefined
    const named = this.#text('STUNServerAddress')
    const { url } = this.#managementServer
    const host = named === '' && URL.canParse(url) ? new URL(url).hostname : named
    try {
      const addresses = await this.#names.addressesOf(host)
      const address = addresses.find((each) => !each.includes(':'))
      return address === undefined
        ? undefined
        : { address, port: Number(this.#text('STUNServerPort')) || DEFAULT_PORT }
    } catch (error) {
      this.#log.notice(`STUN: ${(error as Error).message}`)
      return undefined
    }
  }

  /** Takes note of the address that the outside sees; who wants to know of changes is told. */
  #seen(mapped: Endpoint | undefined): void {
    const before = [this.address, this.isBehindNat] as const
    this.#mapped = mapped
    if (before[0] !== this.address) this.device.tree.touch(ADDRESS)
    if (before[1] !== this.isBehindNat) this.device.tree.touch(NAT_DETECTED)
  }

  #text(name: string): string {
    return this.device.tree.get(MANAGEMENT_SERVER + name)?.value ?? ''
  }
}

/** Where datagrams are taken: a host that stands for all addresses of both families means those of IPv4 here, for it is they that a NAT is in front of. */
function hostOfDatagrams(host: string): string {
  return host === '::' ? '0.0.0.0' : host
}

function isSame(one: Endpoint, other: Endpoint): boolean {
  return one.address === other.address && one.port === other.port
}

function closed(socket: Socket | undefined): Promise<void> {
  return new Promise((resolve) => {
    if (socket) socket.close(() => resolve())
    else resolve()
  })
}
