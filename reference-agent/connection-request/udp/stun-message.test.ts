import { createHmac } from 'node:crypto'
import { expect, test } from 'vitest'
import {
  attributeOf,
  BINDING_REQUEST,
  BINDING_RESPONSE,
  decodeEndpoint,
  decodeStun,
  ERROR_CODE,
  encodeEndpoint,
  encodeStun,
  errorCodeOf,
  MAPPED_ADDRESS,
  MESSAGE_INTEGRITY,
  USERNAME,
} from './stun-message.ts'

const transaction = Buffer.alloc(16, 7)

test('writes header and attributes as RFC 3489 has them', () => {
  const attributes = [{ type: USERNAME, value: Buffer.from('abcde') }]

  const octets = encodeStun({ type: BINDING_REQUEST, transaction, attributes })

  expect(octets.toString('hex')).toBe(`0001000c${'07'.repeat(16)}000600056162636465000000`)
})

test('signs the message so far, filled up to whole blocks, with a length that counts the signature', () => {
  const octets = encodeStun({ type: BINDING_REQUEST, transaction, attributes: [] }, 'secret')

  const text = Buffer.concat([octets.subarray(0, 20), Buffer.alloc(44)])
  const message = decodeStun(octets)
  expect(octets.readUInt16BE(2)).toBe(24)
  expect(message && attributeOf(message, MESSAGE_INTEGRITY)).toEqual(
    createHmac('sha1', 'secret').update(text).digest(),
  )
})

test('reads what it writes', () => {
  const endpoint = { address: '192.0.2.7', port: 3478 }
  const attributes = [{ type: MAPPED_ADDRESS, value: encodeEndpoint(endpoint) }]

  const message = decodeStun(encodeStun({ type: BINDING_RESPONSE, transaction, attributes }))

  expect(message).toEqual({ type: BINDING_RESPONSE, transaction, attributes })
  expect(message && decodeEndpoint(attributeOf(message, MAPPED_ADDRESS))).toEqual(endpoint)
})

test('reads the number of an error', () => {
  const value = Buffer.from([0, 0, 4, 1, 0x58])

  expect(errorCodeOf({ type: 0x0111, transaction, attributes: [{ type: ERROR_CODE, value }] })).toBe(401)
  expect(errorCodeOf({ type: 0x0111, transaction, attributes: [] })).toBeUndefined()
})

test.each([
  ['an HTTP request', Buffer.from('GET http://h?x HTTP/1.1\r\n\r\n')],
  ['half a header', Buffer.alloc(19)],
  ['a length that is not that of the datagram', Buffer.concat([Buffer.from([0, 1, 0, 8]), transaction])],
  [
    'an attribute that ends beyond it',
    Buffer.concat([Buffer.from([0, 1, 0, 4]), transaction, Buffer.from([0, 6, 0, 9])]),
  ],
  [
    'half the head of an attribute',
    Buffer.concat([Buffer.from([0, 1, 0, 2]), transaction, Buffer.from([0, 6])]),
  ],
])('%s is no message', (_what, octets) => {
  expect(decodeStun(octets)).toBeUndefined()
})
