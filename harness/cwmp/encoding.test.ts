import { expect, test } from 'vitest'
import { decodeXml } from './encoding.ts'
import { XmlError } from './xml.ts'

test.each([
  ['UTF-8 without a word about it', Buffer.from('<a>ü€</a>'), 'utf-8'],
  ['UTF-8 with a byte order mark', Buffer.from('\ufeff<a>ü€</a>'), 'utf-8'],
  ['UTF-16 with a byte order mark', Buffer.from('\ufeff<a>ü€</a>', 'utf16le'), 'utf-16le'],
  ['UTF-16 without one', Buffer.from('<a>ü€</a>', 'utf16le'), 'utf-16le'],
  ['big-endian UTF-16', Buffer.from('\ufeff<a>ü€</a>', 'utf16le').swap16(), 'utf-16be'],
])('%s is read', (_name, octets, encoding) => {
  expect(decodeXml(octets)).toEqual({ text: '<a>ü€</a>', encoding })
})

test('a declared encoding is believed', () => {
  const octets = Buffer.from('<?xml version="1.0" encoding="ISO-8859-1"?><a>ü</a>', 'latin1')

  expect(decodeXml(octets)).toMatchObject({
    text: expect.stringContaining('<a>ü</a>'),
    encoding: 'windows-1252',
  })
})

test.each([
  ['a lone continuation', [0x3c, 0x61, 0x3e, 0x0a, 0x80], 2, 1, 'octet 0x80 at offset 4'],
  ['Latin-1 that claims to be UTF-8', [0x61, 0xfc, 0x62], 1, 2, 'octet 0xfc at offset 1'],
  ['an overlong form', [0xc0, 0xaf], 1, 1, 'octet 0xc0 at offset 0'],
])('%s is refused with its place', (_name, octets, line, column, message) => {
  const decode = () => decodeXml(Uint8Array.from(octets))

  expect(decode).toThrow(XmlError)
  expect(decode).toThrow(expect.objectContaining({ line, column, message: expect.stringContaining(message) }))
})
