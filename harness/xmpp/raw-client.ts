import { createHash, createHmac, pbkdf2Sync } from 'node:crypto'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'

/** A client for the tests of this folder that shows what comes as text and knows nothing of XML. */
export class RawClient {
  received = ''
  closed = false
  readonly #domain: string
  #socket: Socket
  #wake = () => {}

  private constructor(socket: Socket, domain: string) {
    this.#socket = socket
    this.#domain = domain
    this.#listen()
  }

  static async connect(port: number, domain: string): Promise<RawClient> {
    const socket = connect(port, '127.0.0.1')
    const client = new RawClient(socket, domain)
    await once(socket, 'connect')
    return client
  }

  send(text: string): void {
    this.#socket.write(text)
  }

  /** Sends, and returns what has come when it contains this; what came before is forgotten. */
  async expect(pattern: RegExp, text?: string): Promise<RegExpExecArray> {
    if (text !== undefined) {
      this.received = ''
      this.send(text)
    }
    for (;;) {
      const found = pattern.exec(this.received)
      if (found) return found
      if (this.closed) throw new Error(`closed before ${pattern}; came ${this.received}`)
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
  }

  openStream(features = /<\/stream:features>/): Promise<RegExpExecArray> {
    return this.expect(
      features,
      `<?xml version='1.0'?><stream:stream to='${this.#domain}' version='1.0' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>`,
    )
  }

  /** Rejects with the error of TLS when the server's certificate is not trusted. */
  async startTls(ca: string): Promise<void> {
    await this.expect(/<proceed/, '<starttls xmlns="urn:ietf:params:xml:ns:xmpp-tls"/>')
    this.#socket.removeAllListeners()
    const secure = connectTls({ socket: this.#socket, ca, servername: this.#domain })
    this.#socket = secure
    this.#listen()
    await once(secure, 'secureConnect')
  }

  async plain(username: string, password: string): Promise<RegExpExecArray> {
    const message = Buffer.from(`\0${username}\0${password}`).toString('base64')
    return this.expect(
      /<success|<failure.*<\/failure>/,
      `<auth xmlns="urn:ietf:params:xml:ns:xmpp-sasl" mechanism="PLAIN">${message}</auth>`,
    )
  }

  /** Logs in and checks the server's signature. */
  async scram(
    mechanism: 'SCRAM-SHA-1' | 'SCRAM-SHA-256',
    username: string,
    password: string,
  ): Promise<string> {
    const hash = mechanism === 'SCRAM-SHA-1' ? 'sha1' : 'sha256'
    const bare = `n=${username},r=clientnonce`
    const auth = `<auth xmlns="urn:ietf:params:xml:ns:xmpp-sasl" mechanism="${mechanism}">${base64(`n,,${bare}`)}</auth>`
    const [, challenge = ''] = await this.expect(/<challenge[^>]*>([^<]*)</, auth)
    const first = Buffer.from(challenge, 'base64').toString()
    const {
      r = '',
      s = '',
      i = '',
    } = Object.fromEntries(first.split(',').map((part) => [part[0], part.slice(2)])) as Record<string, string>
    const hmac = (key: Buffer, text: string) => createHmac(hash, key).update(text).digest()
    const salted = pbkdf2Sync(password, Buffer.from(s, 'base64'), Number(i), hash === 'sha1' ? 20 : 32, hash)
    const clientKey = hmac(salted, 'Client Key')
    const without = `c=biws,r=${r}`
    const signed = `${bare},${first},${without}`
    const signature = hmac(createHash(hash).update(clientKey).digest(), signed)
    const proof = Buffer.from(clientKey.map((octet, at) => octet ^ (signature[at] as number)))
    const response = `<response xmlns="urn:ietf:params:xml:ns:xmpp-sasl">${base64(`${without},p=${proof.toString('base64')}`)}</response>`
    const [all, success] = await this.expect(/<success[^>]*>([^<]*)<|<failure.*<\/failure>/, response)
    if (success === undefined) return all
    const verifier = Buffer.from(success, 'base64').toString()
    return verifier === `v=${hmac(hmac(salted, 'Server Key'), signed).toString('base64')}`
      ? 'good'
      : 'impostor'
  }

  async bind(resource: string): Promise<string | undefined> {
    const [, jid] = await this.expect(
      /<jid>([^<]*)<\/jid>/,
      `<iq type="set" id="b1"><bind xmlns="urn:ietf:params:xml:ns:xmpp-bind"><resource>${resource}</resource></bind></iq>`,
    )
    return jid
  }

  destroy(): void {
    this.#socket.destroy()
  }

  #listen(): void {
    this.#socket.on('data', (octets) => {
      this.received += octets
      this.#wake()
    })
    this.#socket.on('close', () => {
      this.closed = true
      this.#wake()
    })
    this.#socket.on('error', () => {})
  }
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64')
}
