import { createSocket, type Socket } from 'node:dgram'
import type { ParameterChange } from '../datamodel/datamodel.ts'
import type { CpeService, Device } from '../services/services.ts'
import { preciseTime } from './diagnostic.ts'

const PATH = 'Device.IP.Diagnostics.UDPEchoConfig.'
/** What UDP puts before its data. */
const UDP_HEADER = 8
/** UDP Echo Plus (TR-143 A.1): five numbers of four octets at the head of the data; the first one is the sender's. */
const ECHO_PLUS_HEADER = 20
const UNKNOWN_TIME = '0001-01-01T00:00:00Z'

interface Statistics {
  packetsReceived: number
  packetsResponded: number
  bytesReceived: number
  bytesResponded: number
  failures: number
  first: string
  last: string
}

const NOTHING: Readonly<Statistics> = {
  packetsReceived: 0,
  packetsResponded: 0,
  bytesReceived: 0,
  bytesResponded: 0,
  failures: 0,
  first: UNKNOWN_TIME,
  last: UNKNOWN_TIME,
}

/**
 * The UDP echo server of TR-143, RFC 862 with an optional plus. It listens on all interfaces of the machine, because those of the data model are a
 * simulation. Without SourceIPAddress it answers everybody.
 */
export class UdpEcho implements CpeService {
  protected readonly device: Device
  #statistics: Statistics = { ...NOTHING }
  #socket: Socket | undefined
  /** Servers follow one another: a port is free again before the next one takes it. */
  #turn: Promise<void> = Promise.resolve()

  constructor(device: Device) {
    this.device = device
  }

  async start(): Promise<void> {
    const { tree } = this.device
    if (!tree.get(`${PATH}Enable`)) return
    const live: Record<string, () => string> = {
      PacketsReceived: () => String(this.#statistics.packetsReceived),
      PacketsResponded: () => String(this.#statistics.packetsResponded),
      BytesReceived: () => String(this.#statistics.bytesReceived),
      BytesResponded: () => String(this.#statistics.bytesResponded),
      TimeFirstPacketReceived: () => this.#statistics.first,
      TimeLastPacketReceived: () => this.#statistics.last,
    }
    for (const [name, value] of Object.entries(live)) tree.provide(PATH + name, value)
    await this.restart()
  }

  stop(): Promise<void> {
    return this.#then(() => this.close())
  }

  changed({ path }: ParameterChange): void {
    if (!path.startsWith(PATH)) return
    const name = path.slice(PATH.length)
    if (name === 'Enable' && this.value('Enable') === 'true') this.#statistics = { ...NOTHING }
    if (name === 'Enable' || name === 'UDPPort') void this.restart()
  }

  /** Resolves once the server listens, or does not because it must or can not. */
  restart(): Promise<void> {
    return this.#then(async () => {
      await this.close()
      if (this.value('Enable') !== 'true') return
      const port = Number(this.value('UDPPort'))
      try {
        this.#socket = await this.listen(port)
      } catch (error) {
        this.log.error(`no server on port ${port}: ${(error as Error).message}`)
      }
    })
  }

  /** Takes a port for both versions of IP, or for the only one that the machine has. */
  protected async listen(port: number): Promise<Socket> {
    if (port < 1 || port > 65_535) throw new Error('no port number')
    try {
      return await this.bind('udp6', port)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') throw error
      return await this.bind('udp4', port)
    }
  }

  protected bind(type: 'udp4' | 'udp6', port: number): Promise<Socket> {
    return new Promise((resolve, reject) => {
      const socket = createSocket(type)
      socket.once('error', (error) => {
        socket.close()
        reject(error)
      })
      socket.bind(port, () => {
        socket.removeAllListeners('error')
        socket.on('error', (error) => this.log.warning(error.message))
        socket.on('message', (data, { address, port: from }) => this.received(data, address, from))
        resolve(socket)
      })
    })
  }

  protected received(data: Buffer, address: string, port: number): void {
    if (!this.isAnswered(address)) return
    const { clock } = this.device
    const arrived = clock.monotonic()
    const time = preciseTime(clock.now())
    const statistics = this.#statistics
    statistics.packetsReceived++
    statistics.bytesReceived += data.length + UDP_HEADER
    if (statistics.first === UNKNOWN_TIME) statistics.first = time
    statistics.last = time
    const answer = this.answer(data, arrived)
    this.#socket?.send(answer, port, address, (error) => {
      if (error) statistics.failures++
      else {
        statistics.packetsResponded++
        statistics.bytesResponded += answer.length + UDP_HEADER
      }
    })
  }

  /** Whether a packet from that address is one for this server. */
  protected isAnswered(address: string): boolean {
    const source = this.value('SourceIPAddress')
    return source === '' || plainAddress(source) === plainAddress(address)
  }

  /** The data that goes back. Too short a packet is no Echo Plus one. */
  protected answer(data: Buffer, arrived: number): Buffer {
    if (this.value('EchoPlusEnabled') !== 'true' || data.length < ECHO_PLUS_HEADER) return data
    const answer = Buffer.from(data)
    answer.writeUInt32BE(wrapped(this.#statistics.packetsReceived), 4)
    answer.writeUInt32BE(wrapped(arrived * 1000), 8)
    answer.writeUInt32BE(wrapped(this.device.clock.monotonic() * 1000), 12)
    answer.writeUInt32BE(wrapped(this.#statistics.failures), 16)
    return answer
  }

  protected close(): Promise<void> {
    const socket = this.#socket
    this.#socket = undefined
    return new Promise((resolve) => (socket ? socket.close(() => resolve()) : resolve()))
  }

  protected value(name: string): string {
    return this.device.tree.get(PATH + name)?.value ?? ''
  }

  private get log() {
    return this.device.log.about('UDP echo')
  }

  #then(action: () => Promise<void>): Promise<void> {
    this.#turn = this.#turn.then(action)
    return this.#turn
  }
}

/** An address in one spelling; an IPv4 address as that, also when it comes through an IPv6 socket. */
function plainAddress(address: string): string {
  const mapped = /^::ffff:([\d.]+)$/i.exec(address)?.[1]
  if (mapped !== undefined || !address.includes(':')) return mapped ?? address
  return new URL(`http://[${address.replace(/%.*$/, '')}]`).hostname
}

/** A counter of 32 bits begins anew at zero. */
function wrapped(value: number): number {
  return Math.floor(value) % 2 ** 32
}
