import type { ConnectionRequestResult } from '../../harness/acs/acs.ts'
import { ConformanceFailure, expect, test } from '../../harness/conformance.ts'
import type { TestBed } from '../../harness/testbed/testbed.ts'
import {
  ask,
  atMostOneMore,
  grantedSession,
  idle,
  noSession,
  requestedSession,
  stillCallable,
} from './asking.ts'
import { RawCaller } from './raw-caller.ts'

/** What an open port meets on the Internet: none of it may keep the ACS from its device (TR-069 3.2.2). */

test('CRQ-HOSTILE-001 stays callable after octets that are no HTTP', {
  meta: { id: 'CRQ-HOSTILE-001' },
}, async ({ cpe, restore, signal }) => {
  await idle(cpe, signal)
  const tlsHello = Buffer.from('16030100320100002e0303', 'hex')

  for (const octets of [
    tlsHello,
    Buffer.alloc(512, 0xff),
    'GET\r\n\r\n',
    '\r\n\r\n\r\n\r\n',
    'GET / HTTP/9\r\n\r\n',
  ]) {
    const caller = await RawCaller.connect(cpe, signal)
    restore(async () => caller.close())
    await caller.send(octets)
  }

  // The device may read the octets only after the first of these: they came on another connection.
  await stillCallable(cpe, signal)
  await stillCallable(cpe, signal)
  await noSession(cpe, signal)
})

test('CRQ-HOSTILE-002 stays callable while requests lie half sent', {
  meta: { id: 'CRQ-HOSTILE-002' },
}, async ({ cpe, restore, signal }) => {
  await idle(cpe, signal)
  const { host, pathname } = new URL(cpe.connectionRequestUrl)

  for (let one = 0; one < 5; one++) {
    const caller = await RawCaller.connect(cpe, signal)
    restore(async () => caller.close())
    await caller.send(`GET ${pathname} HTTP/1.1\r\nHost: ${host}\r\nAuthoriz`)
  }

  await stillCallable(cpe, signal)
})

test('CRQ-HOSTILE-003 reads a request that comes octet by octet', {
  meta: { id: 'CRQ-HOSTILE-003' },
}, async ({ cpe, signal }) => {
  await idle(cpe, signal)
  const { host, pathname, search } = new URL(cpe.connectionRequestUrl)

  const octets = `GET ${pathname}${search} HTTP/1.1\r\nHost: ${host}\r\n\r\n`
  const status = await RawCaller.answerTo(octets, cpe, signal)

  expect(status, 'HTTP status').toBe(401)
})

test('CRQ-HOSTILE-004 stays callable while ten connections stand idle', {
  meta: { id: 'CRQ-HOSTILE-004' },
}, async ({ cpe, restore, signal }) => {
  await idle(cpe, signal)

  for (let one = 0; one < 10; one++) {
    const caller = await RawCaller.connect(cpe, signal)
    restore(async () => caller.close())
  }

  await stillCallable(cpe, signal)
})

test('CRQ-HOSTILE-005 stays callable after a request with a flood of headers', {
  meta: { id: 'CRQ-HOSTILE-005' },
}, async ({ cpe, restore, signal }) => {
  await idle(cpe, signal)
  const { pathname } = new URL(cpe.connectionRequestUrl)
  const caller = await RawCaller.connect(cpe, signal)
  restore(async () => caller.close())

  const flood = Array.from({ length: 3000 }, (_, n) => `X-Flood-${n}: ${'x'.repeat(80)}\r\n`).join('')
  await caller.send(`GET ${pathname} HTTP/1.1\r\n${flood}\r\n`)

  await caller.status(signal)
  await stillCallable(cpe, signal)
})

test('CRQ-HOSTILE-006 stays callable after a request line without end', {
  meta: { id: 'CRQ-HOSTILE-006' },
}, async ({ cpe, restore, signal }) => {
  await idle(cpe, signal)
  const caller = await RawCaller.connect(cpe, signal)
  restore(async () => caller.close())

  await caller.send(`GET /${'a'.repeat(200_000)}`)

  // The device may read the octets only after the first of these: they came on another connection.
  await stillCallable(cpe, signal)
  await stillCallable(cpe, signal)
})

test('CRQ-LIMIT-001 answers a flood of connection requests with success or 503, and opens no session for each', {
  meta: { id: 'CRQ-LIMIT-001' },
}, async ({ cpe, signal }) => {
  await idle(cpe, signal)

  const answers = await flood(cpe, signal, () => false)

  for (const { status } of answers) expect([200, 204, 503], 'HTTP status').toContain(status)
  await (await requestedSession(cpe, signal)).end()
  await atMostOneMore(cpe, signal)
  await (await grantedSession(cpe, await ask(cpe, signal), signal)).end()
})

test('CRQ-LIMIT-002 answers with 503 when connection requests are too many', {
  meta: { id: 'CRQ-LIMIT-002' },
}, async ({ cpe, signal }) => {
  await idle(cpe, signal)

  const answers = await flood(cpe, signal, ({ status }) => status === 503)

  if (!answers.some(({ status }) => status === 503))
    throw new ConformanceFailure('503 in the end', `${answers.length} requests in a row that were granted`)
})

test('CRQ-LIMIT-003 sends no Retry-After with its 503', {
  meta: { id: 'CRQ-LIMIT-003' },
}, async ({ cpe, signal, skip, task }) => {
  await idle(cpe, signal)

  const refused = (await flood(cpe, signal, ({ status }) => status === 503)).find(
    ({ status }) => status === 503,
  )

  if (!refused) {
    task.meta.notApplicable = 'the device never answered with 503'
    skip()
  }
  expect(refused?.header('Retry-After'), 'Retry-After').toBeUndefined()
})

/**
 * Proper connection requests, four at a time, as many as a patient device might take; the first Inform waits meanwhile. The very first is
 * asked again while the device is still ending its last session: at least one is granted.
 */
async function flood(
  cpe: TestBed,
  signal: AbortSignal,
  enough: (answer: ConnectionRequestResult) => boolean,
): Promise<ConnectionRequestResult[]> {
  const answers = [await ask(cpe, signal)]
  for (let round = 0; round < 20; round++) {
    const four = await Promise.all(Array.from({ length: 4 }, () => cpe.requestConnection(signal)))
    // A device may keep one nonce, so that each challenge outdates those before: who asks alone has the latest.
    for (const [at, { status }] of four.entries())
      if (status === 401) four[at] = await cpe.requestConnection(signal)
    answers.push(...four)
    if (four.some(enough)) break
  }
  return answers
}
