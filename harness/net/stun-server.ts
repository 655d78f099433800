import { createSocket, type RemoteInfo, type Socket } from 'node:dgram'
import { once } from 'node:events'
import type { WaitOptions } from '../acs/acs.ts'
import type { Transcript } from '../cwmp/transcript.ts'
import { HarnessError } from '../failure.ts'
import {
  attribute,
  attributeOf,
  BINDING_REQUEST,
  bindingError,
  bindingResponse,
  type Endpoint,
  endpointOf,
  isIntact,
  readStun,
  type StunMessage,
} from './stun-message.ts'
import { TransferLog } from './transfer-log.ts'

/** A Binding Request as it came. */
export interface BindingRequest extends StunMessage {
  readonly from: Endpoint
  /** Monotonic milliseconds. */
  readonly atMs: number
  /** It says that connection requests are taken where it comes from. */
  readonly isOfConnectionRequests: boolean
  /** The same transaction came before. */
  readonly isRepeated: boolean
}

/** How a server answers: with an address, an error, any octets, or not at all. */
export type StunAnswer =
  | { readonly mapped: Endpoint }
  | { readonly error: number }
  | { readonly octets: Uint8Array }
  | 'silence'

export type StunBehaviour = (request: BindingRequest) => StunAnswer

/** States the address that the request really came from. */
export const honest: StunBehaviour = ({ from }) => ({ mapped: from })

/** Plays a NAT that shows this address to the outside. */
export function translatedTo(mapped: Endpoint): StunBehaviour {
  return () => ({ mapped })
}

/** Demands that requests are signed (RFC 3489 with shared secrets), then goes on as `otherwise` says. */
export function demanding(
  username: string,
  password: string,
  otherwise: StunBehaviour = honest,
): StunBehaviour {
  return (request) => {
    const shown = attributeOf(request, attribute.username)
    if (!shown) return { error: 401 }
    return shown.equals(Buffer.from(username)) && isIntact(request, password)
      ? otherwise(request)
      : { error: 431 }
  }
}

/** A STUN server whose behaviour the case decides, and from whose port it sends connection requests as an ACS has to. */
export class StunServer {
  /** May be replaced at any time. */
  behaviour: StunBehaviour = honest
  /** Whether RESPONSE-ADDRESS is heeded; an address that `behaviour` made up stands for the one it was made up for. */
  heedsResponseAddress = true
  /** Datagrams that are no Binding Requests. */
  readonly strays: Buffer[] = []
  readonly #socket: Socket
  /** Answers that come from elsewhere leave here. */
  readonly #other: Socket
  readonly #transcript: Transcript
  readonly #seen = new Set<string>()
  /** Real endpoints by what they were told to be. */
  readonly #bindings = new Map<string, Endpoint>()
  readonly #log = new TransferLog<BindingRequest>(
    ({ from, attributes }) =>
      `a Binding Request from ${from.address}:${from.port} with ${attributes.length} attributes`,
  )

  private constructor(socket: Socket, other: Socket, transcript: Transcript) {
    this.#socket = socket
    this.#other = other
    this.#transcript = transcript
    socket.on('message', (octets, from) => this.#received(octets, from))
    other.on('message', (octets, { address, port }) => {
      transcript.note(`UDP datagram of ${octets.length} octets from ${address}:${port} to the second port`)
      this.strays.push(octets)
    })
  }

  /**
   * Listens on two free ports, the first of which may be given.
   * @throws HarnessError when the address is not ours or the port is taken
   */
  static async listen({
    host,
    port = 0,
    transcript,
  }: {
    host: string
    port?: number
    transcript: Transcript
  }): Promise<StunServer> {
    const sockets = [createSocket('udp4'), createSocket('udp4')] as const
    try {
      sockets[0].bind(port, host)
      await once(sockets[0], 'listening')
      sockets[1].bind(0, host)
      await once(sockets[1], 'listening')
    } catch (error) {
      for (const socket of sockets) socket.close()
      throw new HarnessError(`cannot listen on UDP port ${port} of ${host}: ${(error as Error).message}`)
    }
    return new StunServer(...sockets, transcript)
  }

  get port(): number {
    return this.#socket.address().port
  }

  /** All requests so far, repeated ones included. */
  get requests(): readonly BindingRequest[] {
    return this.#log.all
  }

  /**
   * The first Binding Request that fits and was not given out yet, come already or not; repeated ones do not count unless `where` is told to look at them.
   * @throws DeviceSilent when none comes in time
   */
  next(
    options: WaitOptions & { timeoutMs: number; where?: (request: BindingRequest) => boolean },
  ): Promise<BindingRequest> {
    const { where = ({ isRepeated }: BindingRequest) => !isRepeated, ...rest } = options
    return this.#log.next('a STUN Binding Request', { ...rest, where })
  }

  /** Sends a datagram from the server's port, or from its second one, and resolves when it has left. */
  send(octets: Uint8Array, to: Endpoint, from: 'first' | 'second' = 'first'): Promise<void> {
    this.#transcript.note(
      `UDP datagram of ${octets.length} octets to ${to.address}:${to.port}\n${printable(octets)}`,
    )
    const socket = from === 'first' ? this.#socket : this.#other
    return new Promise((resolve, reject) => {
      socket.send(octets, to.port, to.address, (error) => (error ? reject(error) : resolve()))
    })
  }

  async close(): Promise<void> {
    const closed = [once(this.#socket, 'close'), once(this.#other, 'close')]
    this.#socket.close()
    this.#other.close()
    await Promise.all(closed)
  }

  #received(octets: Buffer, { address, port }: RemoteInfo): void {
    const message = readStun(octets)
    const from = { address, port }
    if (message?.type !== BINDING_REQUEST) {
      this.#transcript.note(
        `UDP datagram of ${octets.length} octets from ${address}:${port}\n${printable(octets)}`,
      )
      this.strays.push(octets)
      return
    }
    const key = message.transaction.toString('hex')
    const request: BindingRequest = {
      ...message,
      from,
      atMs: performance.now(),
      isOfConnectionRequests: attributeOf(message, attribute.connectionRequestBinding) !== undefined,
      isRepeated: this.#seen.has(key),
    }
    this.#seen.add(key)
    const names = message.attributes.map(({ type }) => `0x${type.toString(16).padStart(4, '0')}`)
    this.#transcript.note(
      `STUN Binding Request from ${address}:${port}${request.isRepeated ? ', repeated' : ''}: ${names.join(' ') || 'no attributes'}`,
    )
    this.#answer(request)
    this.#log.add(request)
  }

  #answer(request: BindingRequest): void {
    const answer = this.behaviour(request)
    if (answer === 'silence') return
    if ('mapped' in answer && request.isOfConnectionRequests)
      this.#bindings.set(nameOf(answer.mapped), request.from)
    const wanted = this.heedsResponseAddress
      ? endpointOf(attributeOf(request, attribute.responseAddress))
      : undefined
    const to = wanted ? (this.#bindings.get(nameOf(wanted)) ?? wanted) : request.from
    const octets =
      'octets' in answer
        ? answer.octets
        : 'error' in answer
          ? bindingError(request.transaction, answer.error)
          : bindingResponse(request.transaction, answer.mapped)
    // A datagram that cannot be sent is as good as lost.
    this.#socket.send(octets, to.port, to.address, () => {})
  }
}

function nameOf({ address, port }: Endpoint): string {
  return `${address}:${port}`
}

function printable(octets: Uint8Array): string {
  return Buffer.from(octets)
    .toString('latin1')
    .replace(/[^\x20-\x7e\r\n]/g, '.')
}
