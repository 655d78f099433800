import { createHash, createHmac, pbkdf2Sync } from 'node:crypto'
import { HarnessError } from '../../failure.ts'
import { attr, namespaces, StreamClient, type StreamEvent, type XmppAddress } from '../../xmpp/xmpp.ts'

const { BIND, PING, SASL, TLS } = namespaces

/** One connection to the server, at whatever step of its negotiation. */
export class XmppCaller {
  readonly #client: StreamClient
  readonly #address: XmppAddress
  #pings = 0

  private constructor(client: StreamClient, address: XmppAddress) {
    this.#client = client
    this.#address = address
  }

  static async connect(address: XmppAddress): Promise<XmppCaller> {
    return new XmppCaller(await StreamClient.connect(address), address)
  }

  send(text: string): void {
    this.#client.send(text)
  }

  /** The next so many things that the server does, fewer when it ends the connection before. */
  async take(count: number): Promise<StreamEvent[]> {
    const events: StreamEvent[] = []
    while (events.length < count && events.at(-1)?.kind !== 'end of connection')
      events.push(await this.#client.next())
    return events
  }

  /** All that the server does up to an element of that name, or to the end of the connection. */
  async takeUntil(name: string): Promise<StreamEvent[]> {
    const events: StreamEvent[] = []
    for (;;) {
      const event = await this.#client.next()
      events.push(event)
      if (event.kind === 'end of connection' || ('element' in event && event.element.name === name))
        return events
    }
  }

  /** All that the server does until it has ended the connection. */
  takeRest(): Promise<StreamEvent[]> {
    return this.take(Number.POSITIVE_INFINITY)
  }

  /**
   * All that comes of a text, and be it nothing: a ping after it has its answer when everything before has been dealt with
   * (RFC 6120 10.1). For clients that are logged in.
   */
  async hear(text: string): Promise<StreamEvent[]> {
    this.#pings += 1
    const id = `after-${this.#pings}`
    this.send(`${text}<iq type="get" id="${id}" to="${this.#address.domain}"><ping xmlns="${PING}"/></iq>`)
    const events: StreamEvent[] = []
    for (;;) {
      const event = await this.#client.next()
      if ('element' in event && attr(event.element, 'id') === id) return events
      events.push(event)
      if (event.kind === 'end of connection') return events
    }
  }

  /** Begins a stream; gives its header and its features, or what comes instead. */
  async open(other?: Readonly<Record<string, string>>): Promise<StreamEvent[]> {
    this.#client.open(other)
    const first = await this.take(2)
    const isRefused = first.some((event) => 'element' in event && event.element.name === 'error')
    return isRefused ? [...first, ...(await this.takeRest())] : first
  }

  /** Goes on to TLS; gives what the server says before the handshake, and the version of TLS. */
  async secure(): Promise<{ events: StreamEvent[]; tls: string }> {
    this.send(`<starttls xmlns="${TLS}"/>`)
    const events = await this.take(1)
    return { events, tls: await this.#client.startTls() }
  }

  auth(mechanism: string, message: string): Promise<StreamEvent[]> {
    this.send(`<auth xmlns="${SASL}" mechanism="${mechanism}">${message}</auth>`)
    return this.take(1)
  }

  plain(username: string, password: string): Promise<StreamEvent[]> {
    return this.auth('PLAIN', base64(`\0${username}\0${password}`))
  }

  /** A whole SCRAM exchange (RFC 5802); ends early where the server refuses the first message. */
  async scram(
    mechanism: 'SCRAM-SHA-1' | 'SCRAM-SHA-256',
    username: string,
    password: string,
  ): Promise<StreamEvent[]> {
    const bare = `n=${username},r=a-nonce-of-the-client`
    const first = await this.auth(mechanism, base64(`n,,${bare}`))
    const challenge = first[0] && 'element' in first[0] ? first[0].element : undefined
    if (challenge?.name !== 'challenge') return first
    const message = Buffer.from(challenge.text, 'base64').toString()
    this.send(
      `<response xmlns="${SASL}">${base64(proofOf(mechanism, { bare, message, password }))}</response>`,
    )
    return [...first, ...(await this.take(1))]
  }

  bind(resource?: string): Promise<StreamEvent[]> {
    const wish = resource === undefined ? '' : `<resource>${resource}</resource>`
    this.send(`<iq type="set" id="bind"><bind xmlns="${BIND}">${wish}</bind></iq>`)
    return this.take(1)
  }

  /** Begins streams until there is an encrypted one, of which the features have come. */
  async openSecured(): Promise<this> {
    await this.open()
    await this.secure()
    await this.open()
    return this
  }

  /** Logs in, up to the features that follow. @throws HarnessError when the server does not let it in */
  async logIn(username: string, password: string): Promise<this> {
    await this.openSecured()
    const [answer] = await this.plain(username, password)
    if (!(answer && 'element' in answer && answer.element.name === 'success'))
      throw new HarnessError(`the XMPP server does not let ${username} in`)
    await this.open()
    return this
  }

  destroy(): void {
    this.#client.destroy()
  }
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64')
}

/** The client's last message, whether the password is the right one or not. */
function proofOf(
  mechanism: 'SCRAM-SHA-1' | 'SCRAM-SHA-256',
  { bare, message, password }: { bare: string; message: string; password: string },
): string {
  const hash = mechanism === 'SCRAM-SHA-1' ? 'sha1' : 'sha256'
  const fields = new Map(message.split(',').map((part) => [part[0], part.slice(2)]))
  const salt = Buffer.from(fields.get('s') ?? '', 'base64')
  const size = createHash(hash).digest().length
  const salted = pbkdf2Sync(password, salt, Number(fields.get('i')), size, hash)
  const hmac = (key: Buffer, text: string) => createHmac(hash, key).update(text).digest()
  const clientKey = hmac(salted, 'Client Key')
  const without = `c=biws,r=${fields.get('r')}`
  const signature = hmac(createHash(hash).update(clientKey).digest(), `${bare},${message},${without}`)
  const proof = clientKey.map((octet, at) => octet ^ (signature[at] ?? 0))
  return `${without},p=${Buffer.from(proof).toString('base64')}`
}
