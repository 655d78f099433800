import { createHash, sign } from 'node:crypto'
import { beforeEach, describe, expect, test } from 'vitest'
import { Cpe } from '../rpc/test-cpe.ts'
import { TestDevice } from '../services/test-device.ts'
import { childNamed } from '../soap/soap.ts'
import { EXPIRED_SERVER, RIGHT_SERVER, TRUSTED_ROOT, UNKNOWN_SERVER } from '../transport/test-certificates.ts'
import { canonical, EXCLUSIVE, INCLUSIVE } from './canonical.ts'
import { childrenOf, parseOrdered } from './ordered-xml.ts'
import { Vouchers } from './vouchers.ts'

let device: TestDevice
let cpe: Cpe

beforeEach(() => boot())

function boot(from?: TestDevice): void {
  device = new TestDevice(from?.store, from?.clock)
  device.options.trustedCa = TRUSTED_ROOT
  const service = new Vouchers(device)
  service.start()
  cpe = new Cpe()
  cpe.services = [service]
}

const DSIG = 'http://www.w3.org/2000/09/xmldsig#'
const SHA256 = 'http://www.w3.org/2001/04/xmlenc#sha256'
const ECDSA = 'http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256'

interface Wish {
  option?: Record<string, string>
  deviceId?: Record<string, string>
  signer?: { cert: string; key: string }
  /** Changes the document after it was signed. */
  alter?: (document: string) => string
}

/** A voucher, written so that every part that is signed is in canonical form but for what the parts inherit. */
function voucher({
  option = {},
  deviceId = {},
  signer = RIGHT_SERVER,
  alter = (same) => same,
}: Wish = {}): Buffer {
  const id = {
    Manufacturer: 'x',
    OUI: '00D09E',
    ProductClass: 'ReferenceCPE',
    SerialNumber: '000000000001',
    ...deviceId,
  }
  const members = {
    VSerialNum: '7',
    DeviceId: elements(id),
    OptionIdent: 'Firewall',
    OptionDesc: 'keeps out &amp; in',
    StartDate: '20260301T11:00:00',
    Duration: '2',
    DurationUnits: 'Hours',
    Mode: 'EnableWithExpiration',
    Transferable: 'Yes',
    ...option,
  }
  const inside = `${elements(members)}</Option>`
  const digest = createHash('sha256').update(`<Option xmlns:d="${DSIG}" ID="o">${inside}`).digest('base64')
  const infoInside = [
    `<d:CanonicalizationMethod Algorithm="${INCLUSIVE}"></d:CanonicalizationMethod>`,
    `<d:SignatureMethod Algorithm="${ECDSA}"></d:SignatureMethod>`,
    `<d:Reference URI="#o"><d:DigestMethod Algorithm="${SHA256}"></d:DigestMethod>`,
    `<d:DigestValue>${digest}</d:DigestValue></d:Reference></d:SignedInfo>`,
  ].join('')
  const value = sign('sha256', Buffer.from(`<d:SignedInfo xmlns:d="${DSIG}">${infoInside}`), {
    key: signer.key,
    dsaEncoding: 'ieee-p1363',
  }).toString('base64')
  const certificate = signer.cert.replace(/-----[^-]+-----|\s/g, '')
  const document = [
    `<?xml version="1.0"?><d:Signature xmlns:d="${DSIG}">\n<d:SignedInfo>${infoInside}`,
    `<d:SignatureValue>${value}</d:SignatureValue>`,
    `<d:KeyInfo><d:X509Data><d:X509Certificate>${certificate}</d:X509Certificate></d:X509Data></d:KeyInfo>`,
    `<d:Object><Option ID="o">${inside}</d:Object></d:Signature>`,
  ].join('')
  return Buffer.from(alter(document))
}

function elements(members: Record<string, string>): string {
  return Object.entries(members)
    .map(([name, value]) => `<${name}>${value}</${name}>`)
    .join('')
}

const list = (...vouchers: string[]) =>
  `<VoucherList>${vouchers.map((each) => `<base64>${each}</base64>`).join('')}</VoucherList>`
const set = (...vouchers: Buffer[]) =>
  cpe.faultCode('SetVouchers', list(...vouchers.map((each) => each.toString('base64'))))

/** What GetOptions tells. */
function options(name = ''): Record<string, string>[] {
  const response = cpe.call('GetOptions', `<OptionName>${name}</OptionName>`)
  const structs = childNamed(response, 'OptionList')?.children ?? []
  return structs.map((each) => Object.fromEntries(each.children.map((member) => [member.name, member.text])))
}

describe('a voucher', () => {
  test('enables an option from its start to its end', () => {
    expect(options()).toEqual([])
    expect(set(voucher())).toBe(0)

    const granted = {
      OptionName: 'Firewall',
      VoucherSN: '7',
      State: '3',
      Mode: '1',
      StartDate: '2026-03-01T11:00:00Z',
      ExpirationDate: '2026-03-01T13:00:00Z',
      IsTransferable: '1',
    }
    expect(options()).toEqual([granted])
    expect(options('Firewall')).toEqual([granted])
    expect(options('Other')).toEqual([])
    device.clock.advance(3600_000)
    expect(options()).toEqual([{ ...granted, State: '2' }])
  })

  test('may enable it for good, later, or disable it', () => {
    set(
      voucher({
        option: { Mode: 'EnableWithoutExpiration', StartDate: '2026-03-01T12:30:00Z', Transferable: 'No' },
      }),
    )
    expect(options()[0]).toMatchObject({ State: '2', Mode: '2', IsTransferable: '0' })
    expect(options()[0]).not.toHaveProperty('ExpirationDate')
    device.clock.advance(3600_000)
    expect(options()[0]).toMatchObject({ State: '3' })

    set(voucher({ option: { VSerialNum: '8', Mode: 'Disable' } }))

    expect(options()).toMatchObject([{ VoucherSN: '8', State: '2', Mode: '0' }])
  })

  test('survives a reboot', () => {
    set(voucher())
    boot(device)

    expect(options()).toMatchObject([{ OptionName: 'Firewall', State: '3' }])
  })

  test('of an older number changes nothing (9001), of the same number may come again', () => {
    expect(set(voucher(), voucher())).toBe(0)

    expect(set(voucher({ option: { VSerialNum: '6', Mode: 'EnableWithoutExpiration' } }))).toBe(9001)
    expect(options()).toMatchObject([{ VoucherSN: '7', Mode: '1' }])
  })

  test('is applied with all others of its call or not at all', () => {
    const other = voucher({ option: { OptionIdent: 'Telephony' } })

    expect(set(other, voucher({ deviceId: { SerialNumber: 'another' } }))).toBe(9001)
    expect(options()).toEqual([])
    expect(set(other, voucher())).toBe(0)
    expect(options().map(({ OptionName }) => OptionName)).toEqual(['Telephony', 'Firewall'])
  })
})

describe('is not to be trusted (9001):', () => {
  test.each<[string, Wish]>([
    ['a voucher for another device', { deviceId: { SerialNumber: '2' } }],
    ['a voucher for another make', { deviceId: { OUI: 'FFFFFF' } }],
    ['a voucher of somebody unknown', { signer: UNKNOWN_SERVER }],
    ['a voucher with an expired certificate', { signer: EXPIRED_SERVER }],
    ['a changed option', { alter: (document) => document.replace('Firewall', 'Everything') }],
    ['a changed digest', { alter: (document) => document.replace('<d:DigestValue>', '<d:DigestValue>AAAA') }],
    [
      'a changed signature',
      { alter: (document) => document.replace('<d:SignatureValue>', '<d:SignatureValue>AAAA') },
    ],
    ['no certificate', { alter: (document) => document.replace(/<d:KeyInfo>.*<\/d:KeyInfo>/, '') }],
    [
      'an option that is not signed',
      {
        alter: (document) => {
          const option = /<Option ID="o">.*<\/Option>/.exec(document)?.[0] ?? ''
          return document.replace('<d:Object>', `<d:Object>${option.replace(' ID="o"', '')}`)
        },
      },
    ],
  ])('%s', (_, wish) => {
    expect(set(voucher(wish))).toBe(9001)
    expect(options()).toEqual([])
  })

  test('a voucher under roots for servers alone, for a device that was given others for vouchers', () => {
    device.options.voucherCa = UNKNOWN_SERVER.cert
    expect(set(voucher())).toBe(9001)

    device.options.voucherCa = TRUSTED_ROOT
    device.options.trustedCa = undefined
    expect(set(voucher())).toBe(0)
  })

  test('any voucher, for a device that was given no roots', () => {
    device.options.trustedCa = undefined

    expect(set(voucher())).toBe(9001)
  })
})

describe('is malformed (9003):', () => {
  test.each<[string, Wish]>([
    ['no XML', { alter: () => 'nonsense' }],
    ['XML that does not end', { alter: (document) => document.slice(0, -5) }],
    [
      'a document type',
      { alter: (document) => document.replace('<d:Signature', '<!DOCTYPE d [<!ENTITY a "b">]><d:Signature') },
    ],
    [
      'a processing instruction',
      { alter: (document) => document.replace('<d:Object>', '<?php ?><d:Object>') },
    ],
    ['no signature', { alter: () => '<Option ID="o"/>' }],
    ['a signature without options', { alter: (document) => document.replace(/<Option.*<\/Option>/, '') }],
    ['the same ID twice', { alter: (document) => document.replace('<d:Object>', '<d:Object Id="o">') }],
    ['an unknown algorithm', { alter: (document) => document.replaceAll(SHA256, 'urn:md5') }],
    ['an unknown Mode', { option: { Mode: 'Perhaps' } }],
    ['an unknown unit', { option: { DurationUnits: 'Moons' } }],
    ['a start that is no date', { option: { StartDate: 'soon' } }],
    ['a number that is none', { option: { VSerialNum: '-1' } }],
    ['a name that is too long', { option: { OptionIdent: 'x'.repeat(65) } }],
    [
      'an unreadable certificate',
      { alter: (document) => document.replace('<d:X509Certificate>', '<d:X509Certificate>AAAA') },
    ],
    ['a depth without end', { alter: () => '<a>'.repeat(10_000) }],
  ])('%s', (_, wish) => {
    expect(set(voucher(wish))).toBe(9003)
    expect(options()).toEqual([])
  })

  test.each([
    ['no list', ''],
    ['an empty list', list()],
    ['an empty voucher', list('')],
    ['no base64', list('?')],
    ['half of a base64', list('AAA')],
  ])('%s', (_, args) => {
    expect(cpe.faultCode('SetVouchers', args)).toBe(9003)
  })

  test('a name of an option that is missing or too long', () => {
    expect(cpe.faultCode('GetOptions')).toBe(9003)
    expect(cpe.faultCode('GetOptions', `<OptionName>${'x'.repeat(65)}</OptionName>`)).toBe(9003)
  })
})

test('what is too much is 9004', () => {
  expect(set(Buffer.alloc(70_000))).toBe(9004)
  const many = Array.from({ length: 33 }, (_, index) => voucher({ option: { OptionIdent: `o${index}` } }))
  expect(set(...many)).toBe(9004)
  expect(options()).toEqual([])
})

describe('canonical form', () => {
  const inside = (source: string, method: typeof INCLUSIVE | typeof EXCLUSIVE) => {
    const [element] = childrenOf(parseOrdered(source), 'e')
    return element && canonical(element, method)
  }
  const source = `<r xmlns="urn:r" xmlns:b="urn:b" xmlns:a="urn:a"><e b:z="1" a:y="2" x='"&lt;&#9;' w="&#13;"><!-- c -->t&amp;&gt;<![CDATA[<]]>&#13;<f xmlns="" xmlns:b="urn:c"/></e></r>`

  test('has every namespace in scope, attributes in their order, and no two ways to write a character', () => {
    expect(inside(source, INCLUSIVE)).toBe(
      '<e xmlns="urn:r" xmlns:a="urn:a" xmlns:b="urn:b" w="&#xD;" x="&quot;&lt;&#x9;" a:y="2" b:z="1">t&amp;&gt;&lt;&#xD;<f xmlns="" xmlns:b="urn:c"></f></e>',
    )
  })

  test('exclusively, has those namespaces that are used', () => {
    expect(inside(source.replace(' b:z="1"', ''), EXCLUSIVE)).toBe(
      '<e xmlns="urn:r" xmlns:a="urn:a" w="&#xD;" x="&quot;&lt;&#x9;" a:y="2">t&amp;&gt;&lt;&#xD;<f xmlns=""></f></e>',
    )
  })
})
