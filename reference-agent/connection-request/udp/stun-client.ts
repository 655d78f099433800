/** Asks a STUN server under which address the outside sees a socket. */
import type { Socket } from 'node:dgram'
import type { Clock, Random, Timer } from '../../platform/platform.ts'
import type { Credentials } from '../../transport/transport.ts'
import {
  attributeOf,
  BINDING_ERROR,
  BINDING_REQUEST,
  BINDING_RESPONSE,
  decodeEndpoint,
  type Endpoint,
  encodeStun,
  errorCodeOf,
  MAPPED_ADDRESS,
  type StunAttribute,
  type StunMessage,
  USERNAME,
} from './stun-message.ts'

/** Device milliseconds between the repeats of a request without an answer (RFC 3489 9.3), and the wait after the last one. */
const WAITS = [100, 200, 400, 800, 1600, 1600, 1600, 1600, 1600]

const UNAUTHORIZED = 401

/** What became of a request. */
export type BindingAnswer =
  | { readonly kind: 'mapped'; readonly endpoint: Endpoint }
  | { readonly kind: 'refused'; readonly code: number | undefined }
  | { readonly kind: 'silence' }

interface Pending {
  readonly attributes: readonly StunAttribute[]
  readonly isSigned: boolean
  readonly settle: (answer: BindingAnswer) => void
  timer: Timer | undefined
}

export class StunClient {
  readonly #clock: Clock
  readonly #credentials: () => Credentials
  readonly #random: Random
  readonly #pending = new Map<string, Pending>()

  constructor(clock: Clock, random: Random, credentials: () => Credentials) {
    this.#clock = clock
    this.#random = random
    this.#credentials = credentials
  }

  /**
   * Sends a Binding Request from a socket and waits for what answers it, on whatever socket that comes in. A server that wants to know who asks is told,
   * when there is a user name.
   */
  request(
    socket: Socket,
    server: Endpoint,
    attributes: readonly StunAttribute[],
    isSigned = false,
  ): Promise<BindingAnswer> {
    const transaction = Buffer.from(this.#random.token(16), 'hex')
    const { username, password } = this.#credentials()
    const named = isSigned ? [{ type: USERNAME, value: Buffer.from(username) }] : []
    const message = { type: BINDING_REQUEST, transaction, attributes: [...attributes, ...named] }
    const octets = encodeStun(message, isSigned ? password : undefined)
    return new Promise<BindingAnswer>((resolve) => {
      const key = transaction.toString('hex')
      const settle = (answer: BindingAnswer) => {
        this.#pending.get(key)?.timer?.cancel()
        this.#pending.delete(key)
        resolve(answer)
      }
      const pending: Pending = { attributes, isSigned, settle, timer: undefined }
      this.#pending.set(key, pending)
      const send = (attempt: number) => {
        const wait = WAITS[attempt]
        if (wait === undefined) return settle({ kind: 'silence' })
        // A datagram that cannot be sent is as good as lost.
        socket.send(octets, server.port, server.address, () => {})
        pending.timer = this.#clock.after(wait, () => send(attempt + 1))
      }
      send(0)
    }).then((answer) => {
      const isAsked = answer.kind === 'refused' && answer.code === UNAUTHORIZED
      if (!isAsked || isSigned || username === '') return answer
      return this.request(socket, server, attributes, true)
    })
  }

  /** Takes in a message that may answer a request; nothing else is heeded. */
  received(message: StunMessage): void {
    const pending = this.#pending.get(message.transaction.toString('hex'))
    if (!pending) return
    if (message.type === BINDING_ERROR) pending.settle({ kind: 'refused', code: errorCodeOf(message) })
    if (message.type !== BINDING_RESPONSE) return
    const endpoint = decodeEndpoint(attributeOf(message, MAPPED_ADDRESS))
    if (endpoint) pending.settle({ kind: 'mapped', endpoint })
  }

  /** Lets nobody wait any more. */
  stop(): void {
    for (const { settle } of [...this.#pending.values()]) settle({ kind: 'silence' })
  }
}
