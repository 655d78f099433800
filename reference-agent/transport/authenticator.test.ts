import { describe, expect, test } from 'vitest'
import { systemRandom } from '../platform/platform.ts'
import { Authenticator } from './authenticator.ts'
import { digestAlgorithm, digestResponse, parseChallenges } from './challenge.ts'

const url = new URL('http://acs.example.com/dir/index.html?x=1')
const mufasa = { username: 'Mufasa', password: 'Circle of Life' }

function authenticator(credentials = mufasa): Authenticator {
  return new Authenticator(credentials, systemRandom)
}

function fields(authorization: string | undefined): ReadonlyMap<string, string> {
  const [given] = parseChallenges([authorization ?? ''])
  return given?.parameters ?? new Map()
}

describe('digestResponse', () => {
  // The examples of RFC 7616 3.9.1, of which the MD5 one follows RFC 2617 too.
  const example = {
    username: 'Mufasa',
    realm: 'http-auth@example.org',
    password: 'Circle of Life',
    method: 'GET',
    uri: '/dir/index.html',
    nonce: '7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v',
    qop: { value: 'auth', nc: '00000001', cnonce: 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ' },
  }

  test.each([
    ['MD5', '8ca523f5e9506fed4657c9700eebdbec'],
    ['SHA-256', '753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1'],
  ])('gives the response of RFC 7616 for %s', (name, expected) => {
    const algorithm = digestAlgorithm(name)

    expect(algorithm && digestResponse(algorithm, example)).toBe(expected)
  })

  test('gives the response of RFC 2069 (as corrected) without qop', () => {
    const algorithm = digestAlgorithm()
    const response =
      algorithm &&
      digestResponse(algorithm, {
        username: 'Mufasa',
        realm: 'testrealm@host.com',
        password: 'CircleOfLife',
        method: 'GET',
        uri: '/dir/index.html',
        nonce: 'dcd98b7102dd2f0e8b11d0f600bfb0c093',
      })

    expect(response).toBe('1949323746fe6a43ef61f9606e7febea')
  })
})

describe('parseChallenges', () => {
  test('reads several challenges from several lines', () => {
    const challenges = parseChallenges([
      'Negotiate abcDEF12==, Digest realm="a, \\"b\\"", nonce=xyz,qop="auth,auth-int"',
      'basic Realm = "r"',
    ])

    expect(challenges.map(({ scheme }) => scheme)).toEqual(['negotiate', 'digest', 'basic'])
    expect(Object.fromEntries(challenges[1]?.parameters ?? [])).toEqual({
      realm: 'a, "b"',
      nonce: 'xyz',
      qop: 'auth,auth-int',
    })
    expect(challenges[2]?.parameters.get('realm')).toBe('r')
  })

  test.each([
    ['', []],
    [',,,', []],
    ['"', []],
    ['=', []],
    ['Digest realm="open', ['digest']],
    ['Digest =x', ['digest', 'x']],
  ])('survives %j', (line, schemes) => {
    expect(parseChallenges([line]).map(({ scheme }) => scheme)).toEqual(schemes)
  })
})

describe('Authenticator', () => {
  test('sends nothing before it was asked', () => {
    expect(authenticator().authorization('POST', url, 1)).toBeUndefined()
  })

  test('answers Basic', () => {
    const asked = authenticator()

    expect(asked.challenged(['Basic realm="x"'], 1)).toBe(true)

    expect(asked.authorization('POST', url, 1)).toBe(
      `Basic ${Buffer.from('Mufasa:Circle of Life').toString('base64')}`,
    )
  })

  test('prefers Digest to Basic, wherever it stands, and the first Digest it knows', () => {
    const asked = authenticator()

    asked.challenged(
      [
        'Basic realm="x"',
        'Digest realm="x", nonce="n", algorithm=SHA-512-256, qop="auth"',
        'Digest realm="x", nonce="n", algorithm=SHA-256, qop="auth", Digest realm="x", nonce="n", algorithm=MD5',
      ],
      1,
    )

    expect(fields(asked.authorization('POST', url, 1)).get('algorithm')).toBe('SHA-256')
  })

  test.each([
    ['MD5', 'MD5'],
    [undefined, 'MD5'],
    ['SHA-256', 'SHA-256'],
    ['MD5-sess', 'MD5-sess'],
    ['SHA-256-sess', 'SHA-256-sess'],
  ])('answers algorithm %s so that a server can check it', (offered, used) => {
    const asked = authenticator()
    const line = `Digest realm="r", nonce="n", qop="auth-int, auth", opaque="o"${offered ? `, algorithm=${offered}` : ''}`

    asked.challenged([line], 1)

    const given = fields(asked.authorization('POST', url, 1))
    const algorithm = digestAlgorithm(used)
    const [nc = '', cnonce = ''] = [given.get('nc'), given.get('cnonce')]
    expect(given.get('algorithm')).toBe(offered)
    expect(given.get('uri')).toBe('/dir/index.html?x=1')
    expect(given.get('opaque')).toBe('o')
    expect(cnonce.length).toBeLessThanOrEqual(32)
    expect(given.get('response')).toBe(
      algorithm &&
        digestResponse(algorithm, {
          ...mufasa,
          realm: 'r',
          method: 'POST',
          uri: '/dir/index.html?x=1',
          nonce: 'n',
          qop: { value: 'auth', nc, cnonce },
        }),
    )
  })

  test('answers a challenge without qop as RFC 2069 does', () => {
    const asked = authenticator()

    asked.challenged(['Digest realm="r", nonce="n"'], 1)

    const given = fields(asked.authorization('POST', url, 1))
    expect(given.has('qop') || given.has('nc') || given.has('cnonce')).toBe(false)
    expect(given.get('response')).toHaveLength(32)
  })

  test('counts the uses of a nonce, and begins anew with the next', () => {
    const asked = authenticator()
    const count = () => fields(asked.authorization('POST', url, 1)).get('nc')

    asked.challenged(['Digest realm="r", nonce="n", qop="auth"'], 1)
    expect([count(), count(), count()]).toEqual(['00000001', '00000002', '00000003'])
    asked.challenged(['Digest realm="r", nonce="m", qop="auth"'], 1)
    expect(count()).toBe('00000001')
  })

  test('takes a new client nonce for a new TCP connection, but not under -sess', () => {
    const plain = authenticator()
    const session = authenticator()
    const cnonce = (asked: Authenticator, connection: number) =>
      fields(asked.authorization('POST', url, connection)).get('cnonce')

    plain.challenged(['Digest realm="r", nonce="n", qop="auth"'], 1)
    session.challenged(['Digest realm="r", nonce="n", qop="auth", algorithm=MD5-sess'], 1)

    expect(cnonce(plain, 1)).toBe(cnonce(plain, 1))
    expect(cnonce(plain, 2)).not.toBe(cnonce(plain, 1))
    expect(cnonce(session, 2)).toBe(cnonce(session, 1))
  })

  test.each([
    ['no scheme it speaks', ['Bearer realm="x"']],
    ['integrity protection only', ['Digest realm="x", nonce="n", qop="auth-int"']],
    ['no challenge', []],
  ])('cannot answer %s', (_name, lines) => {
    expect(authenticator().challenged(lines, 1)).toBe(false)
  })

  test('has nothing to answer with when it has no username', () => {
    expect(authenticator({ username: '', password: '' }).challenged(['Basic realm="x"'], 1)).toBe(false)
  })
})
