import { describe, expect, it } from 'vitest'
import {
  type DigestInput,
  digestAlgorithm,
  digestResponse,
  formatAuthentication,
  parseAuthentication,
} from './digest.ts'

describe('digestResponse', () => {
  const rfc2617: DigestInput = {
    algorithm: 'MD5',
    username: 'Mufasa',
    realm: 'testrealm@host.com',
    password: 'Circle Of Life',
    method: 'GET',
    uri: '/dir/index.html',
    nonce: 'dcd98b7102dd2f0e8b11d0f600bfb0c093',
    nc: '00000001',
    cnonce: '0a4f113b',
    qop: 'auth',
  }
  const rfc7616: DigestInput = {
    ...rfc2617,
    realm: 'http-auth@example.org',
    password: 'Circle of Life',
    nonce: '7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v',
    cnonce: 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ',
  }

  it.each<[string, DigestInput, string]>([
    ['RFC 2617 3.5', rfc2617, '6629fae49393a05397450978507c4ef1'],
    ['RFC 2617 3.5 without qop', { ...rfc2617, qop: undefined }, '670fd8c2df070c60b045671b8b24ff02'],
    ['RFC 7616 3.9.1, MD5', rfc7616, '8ca523f5e9506fed4657c9700eebdbec'],
    [
      'RFC 7616 3.9.1, SHA-256',
      { ...rfc7616, algorithm: 'SHA-256' },
      '753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1',
    ],
  ])('gives the response of %s', (_name, input, response) => {
    expect(digestResponse(input)).toBe(response)
  })

  it('puts nonce and cnonce into A1 of the -sess algorithms', () => {
    const session = digestResponse({ ...rfc2617, algorithm: 'MD5-sess' })
    const other = digestResponse({ ...rfc2617, algorithm: 'MD5-sess', cnonce: 'other' })
    expect(new Set([session, other, digestResponse(rfc2617)]).size).toBe(3)
  })

  it('hashes the body for auth-int only', () => {
    const body = Buffer.from('x')
    expect(digestResponse({ ...rfc2617, body })).toBe(digestResponse(rfc2617))
    expect(digestResponse({ ...rfc2617, qop: 'auth-int', body })).not.toBe(
      digestResponse({ ...rfc2617, qop: 'auth-int', body: Buffer.from('y') }),
    )
  })
})

describe('digestAlgorithm', () => {
  it('knows names in any case, takes MD5 for none and nothing for others', () => {
    expect(digestAlgorithm('sha-256')).toBe('SHA-256')
    expect(digestAlgorithm(undefined)).toBe('MD5')
    expect(digestAlgorithm('SHA-512-256')).toBeUndefined()
  })
})

describe('parseAuthentication', () => {
  it('reads several challenges of one field', () => {
    const [first, second, third] = parseAuthentication(
      'Newauth realm="apps", type=1, title="Login to \\"apps\\"", Basic realm="simple", Digest nonce=abc , qop="auth,auth-int"',
    )
    expect(first?.scheme).toBe('Newauth')
    expect(first?.parameters.get('title')).toBe('Login to "apps"')
    expect(second?.parameters.get('realm')).toBe('simple')
    expect(third?.parameters).toEqual(
      new Map([
        ['nonce', 'abc'],
        ['qop', 'auth,auth-int'],
      ]),
    )
    expect(third?.quoted).toEqual(new Set(['qop']))
  })

  it('reads a token and a scheme alone', () => {
    expect(parseAuthentication('Basic dXNlcjpwYXNz')[0]?.token).toBe('dXNlcjpwYXNz')
    expect(parseAuthentication('Negotiate')[0]).toMatchObject({ scheme: 'Negotiate' })
  })

  it('gives what it has of a broken field', () => {
    expect(parseAuthentication('Digest realm="a", nonce="never ends')[0]?.parameters.get('realm')).toBe('a')
    expect(parseAuthentication('"')).toEqual([])
  })

  it('reads what formatAuthentication writes', () => {
    const text = formatAuthentication('Digest', { realm: 'a "b" \\c', nc: '00000001', opaque: undefined })
    expect(text).toBe('Digest realm="a \\"b\\" \\\\c", nc=00000001')
    expect(parseAuthentication(text)[0]?.parameters.get('realm')).toBe('a "b" \\c')
  })
})
