/** A connection request in a datagram (TR-069 Annex G.2.2.3). */
import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Credentials } from '../../transport/transport.ts'

/** What a genuine request carries to tell it from copies and from old ones. */
export interface UdpRequest {
  /** Seconds since the Unix epoch as its sender counts them. */
  readonly time: number
  readonly id: string
}

const REQUEST_LINE = /^GET (?<uri>\S+) HTTP\/1\.1$/
const URI = /^http:\/\/[^/?#]+\/?\?(?<query>[^#]*)$/i
const NUMBER = /^\d{1,20}$/
const SIGNATURE = /^[0-9A-Fa-f]{40}$/

/** Reads a datagram; undefined unless it is a request that somebody with these credentials has signed. Without a user name and a password nobody has. */
export function readUdpRequest(octets: Buffer, { username, password }: Credentials): UdpRequest | undefined {
  const values = queryOf(octets.toString('latin1'))
  if (!values || username === '' || password === '') return undefined
  const [ts, id, un, cn, sig] = ['ts', 'id', 'un', 'cn', 'sig'].map((name) => values.get(name))
  if (ts === undefined || id === undefined || un === undefined || cn === undefined || sig === undefined)
    return undefined
  if (!NUMBER.test(ts) || !NUMBER.test(id) || !SIGNATURE.test(sig)) return undefined
  // Some ACSs put the user name into the query just as it is, percent signs and all; of those that encode it some sign it as it was before.
  if (Buffer.from(un, 'latin1').toString() !== username && decoded(un) !== username) return undefined
  const isGenuine = [Buffer.from(un, 'latin1'), Buffer.from(username)].some((name) => {
    const expected = createHmac('sha1', password)
      .update(ts + id, 'latin1')
      .update(name)
      .update(cn, 'latin1')
      .digest()
    return timingSafeEqual(expected, Buffer.from(sig, 'hex'))
  })
  return isGenuine ? { time: Number(ts), id } : undefined
}

/** The values of the query, each once and as it was sent; undefined for anything but a GET without content. */
function queryOf(text: string): Map<string, string> | undefined {
  const end = text.indexOf('\r\n\r\n')
  if (end < 0 || end + 4 !== text.length) return undefined
  const [line = '', ...headers] = text.slice(0, end).split('\r\n')
  const length = headers.find((header) => /^content-length\s*:/i.test(header))
  if (length !== undefined && !/:\s*0+\s*$/.test(length)) return undefined
  const query = URI.exec(REQUEST_LINE.exec(line)?.groups?.uri ?? '')?.groups?.query
  if (query === undefined) return undefined
  const pairs = query.split('&').map((pair) => {
    const equals = pair.indexOf('=')
    return equals < 0 ? ([pair, ''] as const) : ([pair.slice(0, equals), pair.slice(equals + 1)] as const)
  })
  const values = new Map(pairs)
  return values.size === pairs.length ? values : undefined
}

/** A value of a query as it was meant; undefined when it is malformed. */
function decoded(value: string): string | undefined {
  try {
    return decodeURIComponent(value.replaceAll('+', ' '))
  } catch {
    return undefined
  }
}
