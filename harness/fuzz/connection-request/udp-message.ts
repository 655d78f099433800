import { createHmac } from 'node:crypto'
import type { Endpoint } from '../../net/net.ts'
import type { Account } from './message.ts'

/** Names of the query, in the order in which an ACS sends them. */
export const udpFields = ['ts', 'id', 'un', 'cn', 'sig'] as const
type UdpField = (typeof udpFields)[number]

/** A connection request in a datagram (TR-069 Annex G) as a template. */
export interface UdpMessage {
  readonly password: 'right' | 'wrong'
  /** Values in place of the right ones, signed as they are. */
  readonly signed: Readonly<Partial<Record<UdpField, string>>>
  /** Changes values after they were signed. */
  afterwards(
    values: Readonly<Record<UdpField, string>>,
    last: Readonly<Record<UdpField, string>>,
  ): Readonly<Record<UdpField, string>>
  /** Writes the query. */
  query(pairs: readonly (readonly [name: string, value: string])[]): string
  readonly method: string
  /** The URI without its query. */
  uri(authority: string): string
  readonly version: string
  readonly lines: readonly string[]
  readonly lineEnd: string
  readonly body: string
  /** Changes the datagram, as latin1; `last` is the one that was heeded last. */
  octets(all: string, last: string): string
  readonly copies: number
}

export const properUdp: UdpMessage = {
  password: 'right',
  signed: {},
  afterwards: (values) => values,
  query: (pairs) => pairs.map(([name, value]) => `${name}=${value}`).join('&'),
  method: 'GET',
  uri: (authority) => `http://${authority}`,
  version: 'HTTP/1.1',
  lines: [],
  lineEnd: '\r\n',
  body: '',
  octets: (all) => all,
  copies: 1,
}

/** A datagram, and the values that it was made of. */
export interface UdpDatagram {
  readonly text: string
  readonly values: Readonly<Record<UdpField, string>>
}

/** What a datagram is made of when it is sent: each has to be newer than the one before. */
export interface UdpParts extends Account {
  readonly to: Endpoint
  readonly ts: number
  readonly last: UdpDatagram
}

/** The values of a proper message. */
export function valuesOf(
  { ts, username, password }: Pick<UdpParts, 'ts' | 'username' | 'password'>,
  message = properUdp,
) {
  const plain = {
    ts: String(ts),
    id: String(ts % 1_000_000),
    un: encodeURIComponent(username),
    cn: `CN${ts.toString(36)}`.toUpperCase(),
    ...message.signed,
  }
  const key = message.password === 'right' ? password : `not ${password}`
  const text = `${plain.ts}${plain.id}${plain.un}${plain.cn}`
  const sig = createHmac('sha1', key).update(text, 'latin1').digest('hex')
  return { ...plain, sig: message.signed.sig ?? sig }
}

/** The octets of a message as latin1, and its values. */
export function datagramOf(message: UdpMessage, parts: UdpParts): UdpDatagram {
  const { to, last } = parts
  const values = message.afterwards(valuesOf(parts, message), last.values)
  const pairs = udpFields.map((name) => [name, values[name]] as const)
  const authority = to.port === 80 ? to.address : `${to.address}:${to.port}`
  const { method, version, lines, lineEnd } = message
  const head = [`${method} ${message.uri(authority)}?${message.query(pairs)} ${version}`, ...lines]
  const all = `${head.map((line) => line + lineEnd).join('')}${lineEnd}${message.body}`
  return { text: message.octets(all, last.text), values }
}
