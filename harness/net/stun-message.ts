import { createHmac, timingSafeEqual } from 'node:crypto'

/** Messages of STUN as RFC 3489 has it, with the attributes of TR-069 Annex G. */

export const BINDING_REQUEST = 0x0001
const BINDING_RESPONSE = 0x0101
const BINDING_ERROR = 0x0111

export const attribute = {
  mappedAddress: 0x0001,
  responseAddress: 0x0002,
  username: 0x0006,
  messageIntegrity: 0x0008,
  errorCode: 0x0009,
  connectionRequestBinding: 0xc001,
  bindingChange: 0xc002,
} as const

/** An IPv4 address and a UDP port. */
export interface Endpoint {
  readonly address: string
  readonly port: number
}

export interface StunMessage {
  readonly type: number
  /** 16 octets. */
  readonly transaction: Buffer
  readonly attributes: readonly { readonly type: number; readonly value: Buffer }[]
  readonly octets: Buffer
}

/** Reads a datagram; undefined when it is no STUN message from its first octet to its last. */
export function readStun(octets: Buffer): StunMessage | undefined {
  if (octets.length < 20 || octets.readUInt16BE(0) > 0x3fff || octets.readUInt16BE(2) !== octets.length - 20)
    return undefined
  const attributes: { type: number; value: Buffer }[] = []
  let at = 20
  while (at + 4 <= octets.length) {
    const length = octets.readUInt16BE(at + 2)
    if (at + 4 + length > octets.length) return undefined
    attributes.push({ type: octets.readUInt16BE(at), value: octets.subarray(at + 4, at + 4 + length) })
    at += 4 + Math.ceil(length / 4) * 4
  }
  return {
    type: octets.readUInt16BE(0),
    transaction: octets.subarray(4, 20),
    attributes,
    octets,
  }
}

export function attributeOf(message: Pick<StunMessage, 'attributes'>, type: number): Buffer | undefined {
  return message.attributes.find((one) => one.type === type)?.value
}

/**
 * Whether MESSAGE-INTEGRITY is the HMAC-SHA1 of what stands before it. Both readings of RFC 3489 are right: the text filled up
 * with zeros to whole blocks of 64 octets, and the text as it stands.
 */
export function isIntact({ octets, attributes }: StunMessage, key: string): boolean {
  const last = attributes.at(-1)
  if (last?.type !== attribute.messageIntegrity || last.value.length !== 20) return false
  const text = octets.subarray(0, -24)
  const filled = Buffer.concat([text, Buffer.alloc((64 - (text.length % 64)) % 64)])
  return [text, filled].some((each) =>
    timingSafeEqual(createHmac('sha1', key).update(each).digest(), last.value),
  )
}

export function endpointOf(value: Buffer | undefined): Endpoint | undefined {
  if (value?.length !== 8 || value[1] !== 1) return undefined
  return { address: [...value.subarray(4)].join('.'), port: value.readUInt16BE(2) }
}

/** A Binding Response that states where the request came from. */
export function bindingResponse(transaction: Uint8Array, mapped: Endpoint): Buffer {
  const value = Buffer.from([
    0,
    1,
    mapped.port >> 8,
    mapped.port & 0xff,
    ...mapped.address.split('.').map(Number),
  ])
  return message(BINDING_RESPONSE, transaction, attribute.mappedAddress, value)
}

/** A Binding Error Response such as 401. */
export function bindingError(transaction: Uint8Array, code: number): Buffer {
  const reason = Buffer.from('as asked')
  const value = Buffer.concat([Buffer.from([0, 0, Math.floor(code / 100), code % 100]), reason])
  return message(BINDING_ERROR, transaction, attribute.errorCode, value)
}

/** @param value a multiple of four octets */
function message(
  type: number,
  transaction: Uint8Array,
  name?: number,
  value: Uint8Array = Buffer.alloc(0),
): Buffer {
  const body = name === undefined ? Buffer.alloc(0) : Buffer.concat([Buffer.alloc(4), value])
  if (name !== undefined) {
    body.writeUInt16BE(name, 0)
    body.writeUInt16BE(value.length, 2)
  }
  const head = Buffer.alloc(4)
  head.writeUInt16BE(type, 0)
  head.writeUInt16BE(body.length, 2)
  return Buffer.concat([head, transaction, body])
}
