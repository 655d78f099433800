/** STUN as RFC 3489 has it, as far as Annex G of TR-069 uses it. */
import { createHmac } from 'node:crypto'

export const BINDING_REQUEST = 0x0001
export const BINDING_RESPONSE = 0x0101
export const BINDING_ERROR = 0x0111

export const MAPPED_ADDRESS = 0x0001
export const RESPONSE_ADDRESS = 0x0002
export const USERNAME = 0x0006
export const MESSAGE_INTEGRITY = 0x0008
export const ERROR_CODE = 0x0009
/** Of TR-111: the request comes from where connection requests are taken. */
export const CONNECTION_REQUEST_BINDING = 0xc001
/** Of TR-111: the binding is another than before. */
export const BINDING_CHANGE = 0xc002

/** What CONNECTION-REQUEST-BINDING says. */
export const CONNECTION_REQUEST_BINDING_VALUE = Buffer.from('dslforum.org/TR-111 ')

const HEADER = 20
const TRANSACTION = 16
const HMAC_LENGTH = 20
/** RFC 3489 fills the text of an HMAC up to whole blocks. */
const BLOCK = 64

export interface StunAttribute {
  readonly type: number
  readonly value: Buffer
}

export interface StunMessage {
  readonly type: number
  /** 16 octets. */
  readonly transaction: Buffer
  readonly attributes: readonly StunAttribute[]
}

export interface Endpoint {
  /** IPv4. */
  readonly address: string
  readonly port: number
}

/** A message in octets, its MESSAGE-INTEGRITY made with `key` at its end if there is one. */
export function encodeStun({ type, transaction, attributes }: StunMessage, key?: string): Buffer {
  const body = Buffer.concat(attributes.map(encodeAttribute))
  const integrity = key === undefined ? 0 : 4 + HMAC_LENGTH
  const header = Buffer.alloc(4)
  header.writeUInt16BE(type, 0)
  header.writeUInt16BE(body.length + integrity, 2)
  const message = Buffer.concat([header, transaction, body])
  if (key === undefined) return message
  const value = createHmac('sha1', key).update(padded(message, BLOCK)).digest()
  return Buffer.concat([message, encodeAttribute({ type: MESSAGE_INTEGRITY, value })])
}

function encodeAttribute({ type, value }: StunAttribute): Buffer {
  const head = Buffer.alloc(4)
  head.writeUInt16BE(type, 0)
  head.writeUInt16BE(value.length, 2)
  return Buffer.concat([head, padded(value, 4)])
}

function padded(octets: Buffer, unit: number): Buffer {
  return Buffer.concat([octets, Buffer.alloc((unit - (octets.length % unit)) % unit)])
}

/** Reads a datagram; undefined when it is no whole STUN message. */
export function decodeStun(octets: Buffer): StunMessage | undefined {
  // The first two bits of a STUN message are 0, which no HTTP request begins with.
  if (octets.length < HEADER || (octets[0] ?? 0) > 0x3f) return undefined
  if (octets.readUInt16BE(2) !== octets.length - HEADER) return undefined
  const attributes: StunAttribute[] = []
  for (let position = HEADER; position < octets.length; ) {
    if (position + 4 > octets.length) return undefined
    const length = octets.readUInt16BE(position + 2)
    const end = position + 4 + length
    if (end > octets.length) return undefined
    attributes.push({ type: octets.readUInt16BE(position), value: octets.subarray(position + 4, end) })
    position = end + ((4 - (length % 4)) % 4)
  }
  return { type: octets.readUInt16BE(0), transaction: octets.subarray(4, 4 + TRANSACTION), attributes }
}

/** The value of an attribute; undefined when the message has none. */
export function attributeOf({ attributes }: StunMessage, type: number): Buffer | undefined {
  return attributes.find((attribute) => attribute.type === type)?.value
}

const IPV4 = 1

/** An address attribute as an endpoint; undefined when it is none of IPv4. */
export function decodeEndpoint(value: Buffer | undefined): Endpoint | undefined {
  if (value?.length !== 8 || value[1] !== IPV4) return undefined
  return { address: [...value.subarray(4)].join('.'), port: value.readUInt16BE(2) }
}

/** An endpoint as the value of an address attribute. */
export function encodeEndpoint({ address, port }: Endpoint): Buffer {
  const value = Buffer.alloc(8)
  value[1] = IPV4
  value.writeUInt16BE(port, 2)
  Buffer.from(address.split('.').map(Number)).copy(value, 4)
  return value
}

/** The number of an ERROR-CODE, such as 401; undefined when the message has none. */
export function errorCodeOf(message: StunMessage): number | undefined {
  const value = attributeOf(message, ERROR_CODE)
  return value && value.length >= 4 ? ((value[2] ?? 0) & 7) * 100 + (value[3] ?? 0) : undefined
}
