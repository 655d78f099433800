import { ConformanceFailure, expect, test } from '../../harness/conformance.ts'
import type { TestBed } from '../../harness/testbed/testbed.ts'
import { answeredSomehow, grantedSession, idle, knock, noSession, stillCallable } from './asking.ts'
import { RawCaller } from './raw-caller.ts'

/** What may be asked for, and how: methods, paths, content, versions of HTTP (TR-069 3.2.2). */

test('CRQ-METHOD-001 opens no session for a POST', {
  meta: { id: 'CRQ-METHOD-001' },
}, async ({ cpe, signal }) => {
  await idle(cpe, signal)

  // A session is what is forbidden: a success that brings none is for CRQ-METHOD-004 to mention.
  await answeredSomehow(() => knock(cpe, { method: 'POST', body: '' }, signal))

  await noSession(cpe, signal)
})

test('CRQ-METHOD-002 opens no session for OPTIONS, PUT and DELETE', {
  meta: { id: 'CRQ-METHOD-002' },
}, async ({ cpe, signal }) => {
  await idle(cpe, signal)

  for (const method of ['OPTIONS', 'PUT', 'DELETE'])
    await answeredSomehow(() => knock(cpe, { method }, signal))

  await noSession(cpe, signal)
})

test('CRQ-METHOD-003 opens no session for HEAD', {
  meta: { id: 'CRQ-METHOD-003' },
}, async ({ cpe, signal }) => {
  await idle(cpe, signal)

  await answeredSomehow(() => knock(cpe, { method: 'HEAD' }, signal))

  await noSession(cpe, signal)
})

test('CRQ-METHOD-004 answers a request of another method with an error', {
  meta: { id: 'CRQ-METHOD-004' },
}, async ({ cpe, signal }) => {
  const { status } = await knock(cpe, { method: 'POST', body: '' }, signal)

  if (status < 400) throw new ConformanceFailure('HTTP status 405 or another error', `HTTP status ${status}`)
})

test('CRQ-PATH-002 opens no session for the beginning of its path, nor for other letters', {
  meta: { id: 'CRQ-PATH-002' },
}, async ({ cpe, signal }) => {
  await idle(cpe, signal)
  const { pathname } = new URL(cpe.connectionRequestUrl)
  const swapped = pathname.replace(/[a-z]/gi, (one) =>
    one === one.toLowerCase() ? one.toUpperCase() : one.toLowerCase(),
  )
  const others = [pathname.slice(0, -1), '/', swapped].filter((path) => path !== pathname && path !== '')

  for (const path of others) await answeredSomehow(() => knock(cpe, { path }, signal))

  await noSession(cpe, signal)
})

test('CRQ-PATH-003 answers a request to another path with an error', {
  meta: { id: 'CRQ-PATH-003' },
}, async ({ cpe, signal }) => {
  const { status } = await knock(cpe, { path: '/not-the-path' }, signal)

  // 404, 401 and 503 have been seen.
  if (status < 400) throw new ConformanceFailure('HTTP status 404 or another error', `HTTP status ${status}`)
})

test('CRQ-PATH-004 has a path that nobody can guess', {
  meta: { id: 'CRQ-PATH-004' },
}, async ({ cpe, session }) => {
  const { pathname } = new URL(cpe.connectionRequestUrl)
  const { SerialNumber } = session.inform.DeviceId

  if (pathname.length < 8)
    throw new ConformanceFailure('a path that was drawn at random', `the short ${pathname}`)
  if (SerialNumber.length > 3 && pathname.includes(SerialNumber))
    throw new ConformanceFailure('a path that was drawn at random', `${pathname} with the serial number`)
})

test('CRQ-QUERY-001 grants a connection request whose URL carries a query', {
  meta: { id: 'CRQ-QUERY-001' },
}, async ({ cpe, signal }) => {
  await idle(cpe, signal)
  const { pathname, search } = new URL(cpe.connectionRequestUrl)

  const answer = await knock(cpe, { path: `${pathname}${search || '?'}&why=1` }, signal)

  await (await grantedSession(cpe, answer, signal)).end()
})

test('CRQ-BODY-001 grants a connection request with content, which does not matter', {
  meta: { id: 'CRQ-BODY-001' },
}, async ({ cpe, signal }) => {
  await idle(cpe, signal)

  const answer = await knock(cpe, { body: 'nobody reads this' }, signal)

  await (await grantedSession(cpe, answer, signal)).end()
})

test('CRQ-HTTP-001 answers a request of HTTP/1.0, and stays callable', {
  meta: { id: 'CRQ-HTTP-001' },
}, async ({ cpe, signal }) => {
  await idle(cpe, signal)
  const { pathname } = new URL(cpe.connectionRequestUrl)

  const status = await RawCaller.answerTo([`GET ${pathname} HTTP/1.0\r\n\r\n`], cpe, signal)

  // Only HTTP/1.1 is laid down: 505 and 400 will do as well as a challenge.
  if (status === undefined || status < 400)
    throw new ConformanceFailure('an HTTP status of an error', `${status ?? 'the end of the connection'}`)
  await stillCallable(cpe, signal)
})

test('CRQ-HTTP-002 reads names of headers in letters of any case', {
  meta: { id: 'CRQ-HTTP-002' },
}, async ({ cpe, signal }) => {
  await idle(cpe, signal)
  const { host, pathname, search } = new URL(cpe.connectionRequestUrl)

  const octets = `GET ${pathname}${search} HTTP/1.1\r\nhOST: ${host}\r\nACCEPT: */*\r\n\r\n`
  const status = await RawCaller.answerTo([octets], cpe, signal)

  expect(status, 'HTTP status').toBe(401)
})

test('CRQ-HTTP-003 does not answer with a redirect or with HTTPS', {
  meta: { id: 'CRQ-HTTP-003' },
}, async ({ cpe, signal }) => {
  const answer = await knockUnknown(cpe, signal)

  expect(new URL(cpe.connectionRequestUrl).protocol, 'scheme of ConnectionRequestURL').toBe('http:')
  if (answer.status >= 300 && answer.status < 400)
    throw new ConformanceFailure('HTTP status 401', `a redirect with ${answer.status}`)
})

function knockUnknown(cpe: TestBed, signal: AbortSignal) {
  return knock(cpe, { scheme: 'none' }, signal)
}
