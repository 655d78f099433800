import { createHmac } from 'node:crypto'
import { expect, test } from 'vitest'
import { readUdpRequest } from './udp-request.ts'

const credentials = { username: 'CPE 57689', password: 'pässword' }
const UN = 'CPE%2057689'

function signed(
  values: { ts?: string; id?: string; un?: string; cn?: string } = {},
  key = credentials.password,
) {
  const { ts = '1120673700', id = '1234', un = UN, cn = 'XTGRWIPC6D3IPXS3' } = values
  const sig = createHmac('sha1', key)
    .update(ts + id + un + cn)
    .digest('hex')
  return `ts=${ts}&id=${id}&un=${un}&cn=${cn}&sig=${sig}`
}

function message(
  query: string,
  rest: { method?: string; version?: string; headers?: string; path?: string } = {},
) {
  const { method = 'GET', version = 'HTTP/1.1', headers = '', path = '' } = rest
  return Buffer.from(`${method} http://10.1.1.1:8080${path}?${query} ${version}\r\n${headers}\r\n`)
}

const read = (octets: Buffer) => readUdpRequest(octets, credentials)

test.each([
  ['as the standard shows it', message(signed())],
  ['with a slash before the query', message(signed(), { path: '/' })],
  [
    'with a signature in capitals',
    message(signed().replace(/sig=(.*)$/, (_, sig) => `sig=${sig.toUpperCase()}`)),
  ],
  ['with a user name that has a plus for its blank', message(signed({ un: 'CPE+57689' }))],
  ['with a Content-Length of 0', message(signed(), { headers: 'Host: x\r\nContent-Length: 0\r\n' })],
])('takes a request %s', (_how, octets) => {
  expect(read(octets)).toEqual({ time: 1_120_673_700, id: '1234' })
})

test.each([
  ['another method', message(signed(), { method: 'POST' })],
  ['another version', message(signed(), { version: 'HTTP/1.0' })],
  ['content', message(signed(), { headers: 'Content-Length: 5\r\n' })],
  ['something behind its end', Buffer.concat([message(signed()), Buffer.from('x')])],
  ['no end', message(signed()).subarray(0, -2)],
  ['a path', message(signed(), { path: '/cr' })],
  ['another user', message(signed({ un: 'CPE' }))],
  ['another key', message(signed({}, 'password'))],
  ['a user name that is malformed', message(signed({ un: '%E0%A4' }))],
  ['no signature', message('ts=1&id=1&un=CPE&cn=x')],
  ['a short signature', message(signed().slice(0, -2))],
  ['a value twice', message(`${signed()}&ts=1120673700`)],
  ['a time that is no number', message(signed({ ts: 'now' }))],
  ['an id that is no number', message(signed({ id: '-1' }))],
  ['nothing', Buffer.alloc(0)],
])('ignores a request with %s', (_what, octets) => {
  expect(read(octets)).toBeUndefined()
})

test('without a user name nobody can ask', () => {
  const octets = message(signed({ un: '' }, ''))

  expect(readUdpRequest(octets, { username: '', password: '' })).toBeUndefined()
})

test.each([
  ['as it is', 'Home%2DBox+1', 'Home%2DBox+1'],
  ['as it is, beyond ASCII', 'Müller', 'Müller'],
  ['encoded, signed as it was before', encodeURIComponent('Home%2DBox 1'), 'Home%2DBox 1'],
])('takes a request with the user name %s', (_how, un, username) => {
  const sig = createHmac('sha1', 'key').update(`1001${username}cn`).digest('hex')
  const octets = message(`ts=100&id=1&un=${un}&cn=cn&sig=${sig}`)

  expect(readUdpRequest(octets, { username, password: 'key' })).toEqual({ time: 100, id: '1' })
})

test('takes none while the device has no password, with which anybody could sign', () => {
  expect(readUdpRequest(message(signed({}, '')), { ...credentials, password: '' })).toBeUndefined()
})
