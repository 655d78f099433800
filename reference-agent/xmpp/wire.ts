/** The octets of a stream: a connection that may become secure under way. */
import { EventEmitter } from 'node:events'
import type { Socket } from 'node:net'
import { StreamSyntaxError } from './stream-parser.ts'

interface WireEvents {
  connect: []
  data: [string]
  error: [Error]
  close: []
}

/** What @xmpp/client takes for its socket. */
export class Wire extends EventEmitter<WireEvents> {
  /** Whether TLS protects what is sent. */
  secure = false
  #socket: Socket
  #listeners = new AbortController()
  #closed = false
  #isShakingHands = false

  /** Over a socket that is connected. */
  constructor(socket: Socket) {
    super()
    this.#socket = socket
    // Many answers in a row must not wait for the acknowledgement of the first.
    socket.setNoDelay(true)
    this.#listen()
  }

  /** It is connected already. */
  connect(): void {
    queueMicrotask(() => this.emit('connect'))
  }

  /** Goes on over what a handshake makes of the socket; closed when it fails. */
  async secureWith(handshake: (socket: Socket) => Promise<Socket>): Promise<void> {
    this.#listeners.abort()
    this.#isShakingHands = true
    try {
      this.#socket = await handshake(this.#socket)
    } catch (error) {
      this.#close()
      throw error
    } finally {
      this.#isShakingHands = false
    }
    this.secure = true
    this.#listeners = new AbortController()
    this.#listen()
  }

  write(text: string, done: (error?: Error | null) => void = () => {}): void {
    if (this.#socket.writable && !this.#isShakingHands) this.#socket.write(text, done)
    else done(new Error('the connection is closed'))
  }

  end(): void {
    if (this.#isShakingHands) this.destroy()
    else this.#socket.end()
  }

  destroy(): void {
    this.#socket.destroy()
  }

  #close(): void {
    if (this.#closed) return
    this.#closed = true
    this.emit('close')
  }

  #listen(): void {
    const socket = this.#socket
    const { signal } = this.#listeners
    const decoder = new TextDecoder('utf-8', { fatal: true })
    const heard = (octets: Buffer) => {
      const text = decodedBy(decoder, octets)
      if (text !== undefined) this.emit('data', text)
      else {
        socket.off('data', heard)
        this.emit('error', new StreamSyntaxError('unsupported-encoding', 'what comes is no UTF-8'))
      }
    }
    socket.on('data', heard)
    // What follows belongs to the handshake.
    signal.addEventListener('abort', () => socket.pause().off('data', heard))
    socket.on('error', () => {})
    socket.on('close', () => {
      if (!signal.aborted) this.#close()
    })
  }
}

/** Undefined for octets that are no UTF-8. */
function decodedBy(decoder: InstanceType<typeof TextDecoder>, octets: Buffer): string | undefined {
  try {
    return decoder.decode(octets, { stream: true })
  } catch {
    return undefined
  }
}
