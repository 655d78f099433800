import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { StringDecoder } from 'node:string_decoder'
import { connect as connectTls, type TLSSocket } from 'node:tls'
import { Waiting } from '../acs/waiting.ts'
import type { XmlElement } from '../cwmp/cwmp.ts'
import { HarnessError } from '../failure.ts'
import type { XmppAddress } from './client.ts'
import { CLIENT, STREAM } from './namespaces.ts'
import { attributesText } from './stanza.ts'
import { StreamReader } from './stream-reader.ts'

/** One thing that a server did on a connection. */
export type StreamEvent =
  | { readonly kind: 'header' | 'element'; readonly element: XmlElement }
  | { readonly kind: 'end of stream' | 'end of connection' }
  | { readonly kind: 'no XML'; readonly reason: string }

/** A server that says nothing for so long says nothing at all. */
const ANSWER_MS = 15_000

/** A client of any XMPP server that sends what it is told and takes what comes in its order: nothing is negotiated by itself. */
export class StreamClient {
  readonly #address: XmppAddress
  #socket: Socket
  #reader: StreamReader
  #decoder = new StringDecoder('utf8')
  #events: StreamEvent[] = []
  #wake = () => {}
  #hasEnded = false

  private constructor(address: XmppAddress, socket: Socket) {
    this.#address = address
    this.#socket = socket
    this.#reader = this.#newReader()
    this.#listen(socket)
  }

  static async connect(address: XmppAddress): Promise<StreamClient> {
    const socket = connect({ host: address.host, port: address.port, noDelay: true })
    await once(socket, 'connect')
    return new StreamClient(address, socket)
  }

  /** Sends any text at all. */
  send(text: string): void {
    if (this.#socket.writable) this.#socket.write(text)
  }

  /** Begins a stream, for the domain of the server unless `other` attributes say something else. */
  open(other: Readonly<Record<string, string>> = {}): void {
    this.#reader = this.#newReader()
    this.#decoder = new StringDecoder('utf8')
    const header = { to: this.#address.domain, version: '1.0', xmlns: CLIENT, 'xmlns:stream': STREAM }
    this.send(`<?xml version="1.0"?><stream:stream${attributesText({ ...header, ...other })}>`)
  }

  /** Does the handshake of TLS. @returns the version that was agreed on. @throws Error when the server is not trusted */
  async startTls(): Promise<string> {
    const plain = this.#socket
    plain.removeAllListeners()
    const { ca, domain } = this.#address
    const secure: TLSSocket = connectTls({ socket: plain, ca, servername: domain })
    this.#socket = secure
    this.#listen(secure)
    await once(secure, 'secureConnect')
    return secure.getProtocol() ?? 'none'
  }

  /**
   * The next thing that the server does; the end of the connection again and again once it has come.
   * @throws HarnessError when nothing comes
   */
  async next(): Promise<StreamEvent> {
    for (;;) {
      const event = this.#events.shift()
      if (event) return event
      if (this.#hasEnded) return { kind: 'end of connection' }
      const waiting = new Waiting<void>(
        { timeoutMs: ANSWER_MS },
        () => new HarnessError(`the XMPP server said nothing within ${ANSWER_MS / 1000} s`),
      )
      this.#wake = () => waiting.resolve()
      await waiting.promise
    }
  }

  destroy(): void {
    this.#socket.destroy()
  }

  #newReader(): StreamReader {
    return new StreamReader({
      opened: (element) => this.#add({ kind: 'header', element }),
      element: (element) => this.#add({ kind: 'element', element }),
      closed: () => this.#add({ kind: 'end of stream' }),
      failed: (reason) => this.#add({ kind: 'no XML', reason }),
    })
  }

  #add(event: StreamEvent): void {
    this.#events.push(event)
    this.#wake()
  }

  #listen(socket: Socket): void {
    socket.on('data', (octets: Buffer) => this.#reader.write(this.#decoder.write(octets)))
    const end = () => {
      this.#hasEnded = true
      this.#wake()
    }
    socket.on('end', end)
    socket.on('close', end)
    socket.on('error', end)
  }
}
