import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import type { AcsSession } from '../../harness/acs/acs.ts'
import { expect, granted } from '../../harness/conformance.ts'
import type { TestBed } from '../../harness/testbed/testbed.ts'
import { aString } from '../rpc/values.ts'
import { type Restore, test } from './bench.ts'
import { numberAt, objectOf, results, valuesOf } from './diagnostics.ts'

/** The UDP echo server of TR-143 (UDPEchoConfig; TP-181 5.2.7). */

/** How long an echo may take, on the network of the bench. */
const echoMs = 1000

interface Echo {
  readonly cpe: TestBed
  readonly session: AcsSession
  readonly restore: Restore
}

/** A UDP port that nobody had just now. */
async function freePort(): Promise<number> {
  const socket = createSocket('udp4')
  socket.bind(0)
  await once(socket, 'listening')
  const { port } = socket.address()
  socket.close()
  return port
}

/** Switches the echo server on for the bench, or off. */
async function switchEcho(
  { cpe, session }: Omit<Echo, 'restore'>,
  Enable: boolean,
  UDPPort: number,
): Promise<void> {
  const { host } = cpe.profile.pixit.fileServer
  const ParameterList = [
    ...valuesOf(cpe, 'UDPEcho', { Enable, UDPPort }),
    aString(`${objectOf(cpe, 'UDPEcho')}SourceIPAddress`, host),
  ]
  granted(await session.call('SetParameterValues', { ParameterList, ParameterKey: 'echo' }))
}

function switchOffLater({ cpe, restore }: Omit<Echo, 'session'>, port: number): void {
  restore(async () => {
    const session = await cpe.openSession()
    await switchEcho({ cpe, session }, false, port)
    await session.end()
  })
}

/** Sends so many datagrams to the device and counts those that come back as they went. */
async function echoes({ cpe }: Pick<Echo, 'cpe'>, port: number, count: number): Promise<number> {
  const socket = createSocket('udp4')
  // A port where nobody listens may be reported as an error of the socket; that is no echo.
  socket.on('error', () => {})
  const payload = (index: number) => `conformance ${index}`
  const expected = new Set(Array.from({ length: count }, (_, index) => payload(index)))
  const { promise, resolve } = Promise.withResolvers<void>()
  socket.on('message', (octets) => {
    expected.delete(octets.toString())
    if (expected.size === 0) resolve()
  })
  const { hostname } = new URL(cpe.connectionRequestUrl)
  for (let index = 0; index < count; index++) socket.send(payload(index), port, hostname)
  const timer = setTimeout(resolve, echoMs)
  await promise
  clearTimeout(timer)
  socket.close()
  return count - expected.size
}

test('TRF-ECHO-001 echoes each datagram when its UDP echo server is enabled', {
  meta: { id: 'TRF-ECHO-001' },
}, async ({ cpe, session, restore }) => {
  const port = await freePort()
  switchOffLater({ cpe, restore }, port)
  await switchEcho({ cpe, session }, true, port)
  await session.end()

  expect(await echoes({ cpe }, port, 3), 'datagrams that came back').toBe(3)
})

test('TRF-ECHO-002 is silent when its UDP echo server is disabled', {
  meta: { id: 'TRF-ECHO-002' },
}, async ({ cpe, session, restore, signal }) => {
  const port = await freePort()
  switchOffLater({ cpe, restore }, port)
  await switchEcho({ cpe, session }, true, port)
  await session.end()
  const again = await cpe.openSession(signal)

  await switchEcho({ cpe, session: again }, false, port)
  await again.end()

  expect(await echoes({ cpe }, port, 1), 'datagrams that came back').toBe(0)
})

test('TRF-ECHO-003 counts the datagrams that it echoes', {
  meta: { id: 'TRF-ECHO-003' },
}, async ({ cpe, session, restore, signal }) => {
  const port = await freePort()
  switchOffLater({ cpe, restore }, port)
  await switchEcho({ cpe, session }, true, port)
  await session.end()
  const before = await counts(cpe, signal)

  const answered = await echoes({ cpe }, port, 3)

  const after = await counts(cpe, signal)
  expect([after.received - before.received, after.responded - before.responded]).toEqual([3, answered])
})

async function counts(cpe: TestBed, signal: AbortSignal): Promise<{ received: number; responded: number }> {
  const session = await cpe.openSession(signal)
  const found = await results({ cpe, session }, 'UDPEcho')
  await session.end()
  return { received: numberAt(found, 'PacketsReceived'), responded: numberAt(found, 'PacketsResponded') }
}
