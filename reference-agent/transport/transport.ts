/** How a session's messages reach the ACS: HTTP POST with cookies, authentication, redirects and content codings around one connection. Public face of transport/. */
import type { Log } from '../platform/platform.ts'
import type { Authenticator } from './authenticator.ts'
import type { Compression } from './compression.ts'
import type { HttpConnection } from './connection.ts'
import { ACCEPTED_CODINGS, decodeContent } from './content-coding.ts'
import type { CookieJar } from './cookies.ts'
import { type HttpRequest, type HttpResponse, headerValues, TransportError } from './http.ts'
import { MOST_REDIRECTS } from './redirect.ts'

export { Authenticator, type Credentials } from './authenticator.ts'
export { CertificateRefused } from './certificate.ts'
export { digestAlgorithm, digestResponse, parseChallenges } from './challenge.ts'
export { Compression } from './compression.ts'
export { type ConnectionOptions, exchange, HttpConnection } from './connection.ts'
export { CookieJar } from './cookies.ts'
export { Dialer, type DialerOptions } from './dialer.ts'
export {
  type HeaderLines,
  type HttpRequest,
  type HttpResponse,
  TransportError,
} from './http.ts'
export { Names, type NamesOptions, type ServiceRecord } from './names.ts'
export { redirectTarget } from './redirect.ts'

export interface TransportParts {
  url: URL
  connection: HttpConnection
  exchange: (request: HttpRequest, connection: HttpConnection) => Promise<HttpResponse>
  cookies: CookieJar
  authenticator: Authenticator
  compression: Compression
  redirectTarget: (response: HttpResponse, from: URL) => URL | undefined
  /** Octets of a decoded response body beyond which it is refused. */
  maximumBody: number
  log: Log
}

const UNSUPPORTED_MEDIA_TYPE = 415

/** A message on its way to the ACS. Without `soapAction` no such header is sent. */
export interface OutgoingMessage {
  body: string
  soapAction?: string | undefined
}

/** Credentials tried for one request: the second refusal is final, but for nonces that were too old. */
const MOST_ATTEMPTS = 3

/** The wire of one session. Redirects move it for the rest of the session only. */
export class Transport {
  protected readonly parts: TransportParts
  #url: URL

  constructor(parts: TransportParts) {
    this.parts = parts
    this.#url = parts.url
  }

  /** Where the next message goes. */
  get url(): URL {
    return this.#url
  }

  /** Posts a message and gives the response after redirects and authentication, its content decoded. What the server cannot decompress is sent again as it is. Throws TransportError. */
  async post(message: OutgoingMessage): Promise<HttpResponse> {
    const { compression, log } = this.parts
    const plain = Buffer.from(message.body)
    const { body, coding } = await compression.encode(plain)
    const headers = this.headers(message)
    if (coding === undefined) return this.#redirected(headers, plain)
    const response = await this.#redirected([...headers, ['Content-Encoding', coding]], body)
    if (response.status !== UNSUPPORTED_MEDIA_TYPE) return response
    log.warning(`the ACS does not take ${coding}: compression is off`)
    compression.refused()
    return this.#redirected(headers, plain)
  }

  async #redirected(headers: [string, string][], body: Buffer): Promise<HttpResponse> {
    for (let redirects = 0; ; redirects++) {
      const response = await this.#authenticated(headers, body)
      const target = this.parts.redirectTarget(response, this.#url)
      if (!target) return await decodeContent(response, this.parts.maximumBody)
      if (redirects >= this.mostRedirects()) throw new TransportError(`more than ${redirects} redirects`)
      this.parts.log.info(`redirected (${response.status}) to ${target.origin}${target.pathname}`)
      if (target.origin !== this.#url.origin) this.parts.authenticator.reset()
      this.#url = target
      if (this.#hasLeftTls)
        this.parts.log.warning(`the ACS has the session go on without TLS, at ${target.origin}`)
    }
  }

  /** Whoever listens now is not known to be the ACS, although it was the ACS that said to go there. */
  get #hasLeftTls(): boolean {
    return this.parts.url.protocol === 'https:' && this.#url.protocol === 'http:'
  }

  close(): void {
    this.parts.connection.close()
  }

  mostRedirects(): number {
    return MOST_REDIRECTS
  }

  /** Header lines that depend on the message alone (TR-069 3.4.1): the empty POST has neither Content-Type nor SOAPAction. */
  headers({ body, soapAction }: OutgoingMessage): [string, string][] {
    const headers: [string, string][] = [['User-Agent', 'cwmp-reference-agent']]
    if (body !== '') headers.push(['Content-Type', 'text/xml; charset=utf-8'])
    if (soapAction !== undefined) headers.push(['SOAPAction', soapAction])
    headers.push(['Accept-Encoding', ACCEPTED_CODINGS])
    return headers
  }

  /** Sends until the server no longer asks for (other) credentials. A 401 to right after fresh credentials is final and returned. */
  async #authenticated(headers: [string, string][], body: Buffer): Promise<HttpResponse> {
    const { authenticator, connection } = this.parts
    let answered = false
    for (let attempt = 1; ; attempt++) {
      const response = await this.#exchange(headers, body)
      if (response.status !== 401 || attempt === MOST_ATTEMPTS) return response
      const challenges = headerValues(response, 'www-authenticate')
      if (answered && !authenticator.isStale(challenges)) return response
      // A password that was kept for TLS is not told in the clear.
      if (!authenticator.challenged(challenges, connection.generation, !this.#hasLeftTls)) return response
      answered = true
    }
  }

  async #exchange(headers: [string, string][], body: Buffer): Promise<HttpResponse> {
    const { authenticator, connection, cookies } = this.parts
    const sent = [...headers]
    const cookie = cookies.header(this.#url)
    if (cookie !== undefined) sent.push(['Cookie', cookie])
    if (connection.isYoung || authenticator.isBoundToConnection) await connection.settled()
    const authorization = authenticator.authorization('POST', this.#url, connection.generation)
    if (authorization !== undefined) sent.push(['Authorization', authorization])
    const response = await this.parts.exchange(
      { url: this.#url, method: 'POST', headers: sent, body },
      connection,
    )
    cookies.store(headerValues(response, 'set-cookie'), this.#url)
    return response
  }
}
