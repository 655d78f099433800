import { once } from 'node:events'
import { type AddressInfo, createServer, type Server } from 'node:net'
import type { XmlElement } from '../cwmp/cwmp.ts'
import type { Transcript } from '../cwmp/transcript.ts'
import { HarnessError } from '../failure.ts'
import { type Credentials, TransferLog } from '../net/net.ts'
import { type Deadline, XmppConnection } from './connection.ts'
import { STANZAS } from './namespaces.ts'
import { Negotiation } from './negotiation.ts'
import { goodScript, type XmppScript } from './script.ts'
import { attr, renderElement } from './stanza.ts'

export interface XmppServerOptions {
  /** The address to listen on. */
  readonly host: string
  /** A free port unless given. */
  readonly port?: number
  readonly transcript: Transcript
  /** The domain that the server is for. */
  readonly domain: string
  /** What it shows in TLS. */
  readonly certificate: Credentials
  /** Passwords by user name. */
  readonly accounts: Readonly<Record<string, string>>
}

/** A scripted XMPP server (see the README of this folder). */
export class XmppServer {
  readonly domain: string
  /** May be replaced at any time; new handshakes show the new one. */
  certificate: Credentials
  /** Logins that came to their resource so far. */
  loginCount = 0
  /** May be changed at any time; a connection asks at each step. */
  script: XmppScript = goodScript()
  readonly #server: Server
  readonly #transcript: Transcript
  readonly #accounts: Map<string, string>
  #connections: XmppConnection[] = []
  readonly #arrivals = new TransferLog<XmppConnection>(({ number }) => `connection ${number}`)
  readonly #logins = new TransferLog<XmppConnection>(({ jid }) => `the login of ${jid}`)
  readonly #negotiations = new Map<XmppConnection, Negotiation>()

  private constructor(server: Server, options: XmppServerOptions) {
    this.#server = server
    this.#transcript = options.transcript
    this.domain = options.domain
    this.certificate = options.certificate
    this.#accounts = new Map(Object.entries(options.accounts))
    for (const password of this.#accounts.values()) this.mask(password)
  }

  /** Starts to listen. @throws HarnessError when the address is not ours or the port is taken */
  static async listen(options: XmppServerOptions): Promise<XmppServer> {
    const server = createServer({ noDelay: true })
    try {
      server.listen(options.port ?? 0, options.host)
      await once(server, 'listening')
    } catch (error) {
      throw new HarnessError(
        `cannot listen on TCP port ${options.port} of ${options.host}: ${(error as Error).message}`,
      )
    }
    const xmpp = new XmppServer(server, options)
    server.on('connection', (socket) => {
      const connection = new XmppConnection(socket, {
        owner: {
          opened: (_one, header) => negotiation.opened(header),
          element: (_one, element) => negotiation.element(element),
          malformed: () => negotiation.malformed(),
          closed: (one) => xmpp.#negotiations.delete(one),
        },
        transcript: options.transcript,
        domain: options.domain,
      })
      const negotiation = new Negotiation(connection, xmpp)
      xmpp.#negotiations.set(connection, negotiation)
      xmpp.#connections.push(connection)
      xmpp.#arrivals.add(connection)
      negotiation.at('connected', undefined, () => {})
    })
    return xmpp
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  /** Every connection that came and was not forgotten, in order, open or not. */
  get connections(): readonly XmppConnection[] {
    return this.#connections
  }

  /** Those that are open. */
  get open(): readonly XmppConnection[] {
    return this.#connections.filter(({ isClosed }) => !isClosed)
  }

  /** The first TCP connection that was not given out yet, come already or not. @throws DeviceSilent */
  nextConnection(options: Deadline): Promise<XmppConnection> {
    return this.#arrivals.next('a connection to the XMPP server', options)
  }

  /** The first login that came to its resource and was not given out yet, come already or not. @throws DeviceSilent */
  nextLogin(options: Deadline): Promise<XmppConnection> {
    return this.#logins.next('a login at the XMPP server', options)
  }

  /** Changes or adds an account; `undefined` removes it. */
  setPassword(username: string, password: string | undefined): void {
    if (password === undefined) this.#accounts.delete(username)
    else {
      this.#accounts.set(username, password)
      this.mask(password)
    }
  }

  /** See Host. */
  passwordOf(username: string): string | undefined {
    return this.#accounts.get(username)
  }

  /** Keeps a secret out of the transcript. */
  mask(secret: string): void {
    this.#transcript.mask(secret)
  }

  /** See Host. */
  online(connection: XmppConnection): void {
    this.loginCount += 1
    this.#logins.add(connection)
  }

  /** See Host: passes a stanza on, stamped with its sender; a request to nobody is answered as RFC 6121 8.5 says. */
  route(connection: XmppConnection, stanza: XmlElement): void {
    const to = attr(stanza, 'to')
    const from = connection.jid ?? ''
    const target = this.#connections.find(({ jid, isClosed }) => jid === to && !isClosed)
    const type = attr(stanza, 'type')
    if (target) target.send(renderElement(stanza, { from }))
    else if (stanza.name === 'iq' && (type === 'get' || type === 'set'))
      connection.send(
        renderElement(
          { ...stanza, children: [], text: '' },
          { type: 'error', from: to ?? '', to: from },
        ).replace(/\/>$/, `><error type="cancel"><service-unavailable xmlns="${STANZAS}"/></error></iq>`),
      )
  }

  /** Forgets the connections that are closed, and which came and logged in so far: for runs that see thousands of them. */
  forgetClosed(): void {
    this.#connections = this.#connections.filter(({ isClosed }) => !isClosed)
    this.#arrivals.forget()
    this.#logins.forget()
  }

  async close(): Promise<void> {
    const closed = once(this.#server, 'close')
    this.#server.close()
    await Promise.all(this.#connections.map((connection) => connection.dispose()))
    await closed
  }

  /** Stops listening, so that nobody can connect, until `listenAgain`. */
  async refuse(): Promise<number> {
    const { port } = this
    const closed = once(this.#server, 'close')
    this.#server.close()
    for (const connection of this.open) connection.destroy()
    await closed
    return port
  }

  /** Listens again on the port that `refuse` returned. */
  async listenAgain(port: number, host: string): Promise<void> {
    this.#server.listen(port, host)
    await once(this.#server, 'listening')
  }
}
