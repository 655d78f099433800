import { expect, test } from 'vitest'
import { digestResponse, parseAuthentication } from '../../acs/acs.ts'
import { type Addressee, octetsOf, plainRequest } from './message.ts'
import { readAnswers } from './raw-call.ts'

const [challenge] = parseAuthentication('Digest realm="cpe", nonce="n1", qop="auth", algorithm=MD5')
const to: Addressee = {
  url: new URL('http://127.0.0.1:7547/path?a=b'),
  username: 'acs',
  password: 'secret',
  challenge,
}

test('writes a request with credentials that answer the challenge', () => {
  const text = octetsOf({ ...plainRequest, credentials: 'right' }, to).toString()

  expect(text).toMatch(
    /^GET \/path\?a=b HTTP\/1\.1\r\nHost: 127\.0\.0\.1:7547\r\nAuthorization: Digest .*"\r\n\r\n$/,
  )
  const [given] = parseAuthentication(/Authorization: (.*)/.exec(text)?.[1] ?? '')
  const field = (name: string) => given?.parameters.get(name) ?? ''
  const right = digestResponse({
    algorithm: 'MD5',
    username: 'acs',
    realm: 'cpe',
    password: 'secret',
    method: 'GET',
    uri: '/path?a=b',
    nonce: 'n1',
    qop: 'auth',
    nc: field('nc'),
    cnonce: field('cnonce'),
  })
  expect(field('response')).toBe(right)
})

test('writes none without credentials, and wrong ones with another password', () => {
  expect(octetsOf(plainRequest, to).toString()).not.toContain('Authorization')
  const digest = { cnonce: '1' }
  const right = octetsOf({ ...plainRequest, credentials: 'right', digest }, to)
  expect(octetsOf({ ...plainRequest, credentials: 'wrong', digest }, to).equals(right)).toBe(false)
})

test('reads complete answers and passes over content and interim ones', () => {
  const head = 'HTTP/1.1 401 Unauthorized\r\nContent-Length: 2\r\n\r\n'
  const wire = `HTTP/1.1 100 Continue\r\n\r\n${head}abHTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nab`

  expect(readAnswers(wire, 'GET').map(({ status }) => status)).toEqual([401])
  expect(readAnswers(`${wire}c`, 'GET').map(({ status }) => status)).toEqual([401, 200])
  expect(readAnswers(head + head, 'HEAD').map(({ status }) => status)).toEqual([401, 401])
  expect(readAnswers('garbage', 'GET')).toEqual([])
})
