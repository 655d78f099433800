import { createHmac, randomBytes } from 'node:crypto'
import type { Endpoint } from './stun-message.ts'

/** A connection request in a datagram (TR-069 Annex G), and everything that may be wrong with it. */
export interface UdpConnectionRequestOptions {
  /** Where it goes: the authority of its URI. */
  to: Endpoint
  username: string
  /** The key of the signature. */
  password: string
  /** Seconds since the Unix epoch; has to grow from request to request. */
  ts: number | string
  /** Has to differ from that of the request before. */
  id: number | string
  cn?: string
  /** Instead of the right signature. */
  sig?: string
  /** `GET` unless given. */
  method?: string
  /** `HTTP/1.1` unless given. */
  version?: string
  /** Between the authority and the query; empty unless given. */
  path?: string
  /** Whether the signature has capitals, as the example of the standard. */
  capitals?: boolean
  /** Parameters that are left out. */
  without?: readonly ('ts' | 'id' | 'un' | 'cn' | 'sig')[]
  body?: string
}

/** The octets of a connection request; the signature is over the values as they are sent. */
export function udpConnectionRequest(options: UdpConnectionRequestOptions): Buffer {
  const { to, password, method = 'GET', version = 'HTTP/1.1', path = '', without = [], body = '' } = options
  const un = encodeURIComponent(options.username)
  const { ts, id, cn = randomBytes(8).toString('hex').toUpperCase() } = options
  const right = createHmac('sha1', password).update(`${ts}${id}${un}${cn}`).digest('hex')
  const sig = options.sig ?? (options.capitals ? right.toUpperCase() : right)
  const query = Object.entries({ ts, id, un, cn, sig })
    .filter(([name]) => !without.some((each) => each === name))
    .map(([name, value]) => `${name}=${value}`)
    .join('&')
  const authority = to.port === 80 ? to.address : `${to.address}:${to.port}`
  const length = body === '' ? '' : `Content-Length: ${body.length}\r\n`
  return Buffer.from(`${method} http://${authority}${path}?${query} ${version}\r\n${length}\r\n${body}`)
}
