import { ConformanceFailure, expect, test } from '../../harness/conformance.ts'
import {
  addConnection,
  addServer,
  type Bench,
  deadline,
  loginMs,
  managementServer,
  number,
  serverSettings,
  set,
  takeNews,
  text,
  under,
  usualConnection,
} from '../../harness/testbed/xmpp-connection.ts'
import { disconnect, type XmppServer } from '../../harness/xmpp/xmpp.ts'
import { setUp, startServer } from './bench.ts'

/** What a connection takes besides its wait, and timers that are not exact. */
const slackMs = 400

/** What a connection to a machine nearby takes. */
const connectMs = 30

test('XMPP-RETRY-001 waits no longer than the initial interval before it tries again', {
  meta: { id: 'XMPP-RETRY-001' },
}, async ({ cpe, restore, signal }) => {
  const bench = { cpe, restore, signal }
  const waits = await waitsOf(bench, 3, { initial: 1, multiplier: 1000, max: 60 })

  expectWithin(bench, waits, () => 1000)
})

test('XMPP-RETRY-002 waits for random times', {
  meta: { id: 'XMPP-RETRY-002' },
}, async ({ cpe, restore, signal }) => {
  const waits = await waitsOf({ cpe, restore, signal }, 6, { initial: 1, multiplier: 1000, max: 1 })

  const spread = Math.max(...waits) - Math.min(...waits)
  if (spread < 60)
    throw new ConformanceFailure(
      'random waits',
      `waits of ${waits.map((ms) => `${ms.toFixed(0)} ms`).join(', ')}`,
    )
})

test('XMPP-RETRY-003 waits no longer than the maximum, however large the multiplier', {
  meta: { id: 'XMPP-RETRY-003' },
}, async ({ cpe, restore, signal }) => {
  const bench = { cpe, restore, signal }
  const waits = await waitsOf(bench, 4, { initial: 1, multiplier: 65535, max: 1 })

  expectWithin(bench, waits, () => 1000)
})

test('XMPP-RETRY-004 lets its waits grow by the multiplier, not faster and not slower', {
  meta: { id: 'XMPP-RETRY-004' },
}, async ({ atClockRate, signal }) => {
  const { cpe, restore } = await atClockRate(40)
  const bench = { cpe, restore, signal }
  const waits = await waitsOf(bench, 7, { initial: 2, multiplier: 2000, max: 64 })

  expectWithin(bench, waits, (retry) => 2000 * 2 ** (retry - 1))
  // All of them that short by chance: once in a hundred thousand runs.
  if (Math.max(...waits) <= 2000 / cpe.profile.pixit.clockRate + connectMs)
    throw new ConformanceFailure('waits that grow', `none over the initial interval in ${waits.length}`)
})

test('XMPP-RETRY-005 begins again with the initial interval after it was logged in', {
  meta: { id: 'XMPP-RETRY-005' },
}, async ({ atClockRate, signal }) => {
  const { cpe, restore } = await atClockRate(20)
  const bench = { cpe, restore, signal }
  const parameters = { initial: 2, multiplier: 3000, max: 3600 }
  const { server } = await refusing(bench, parameters)
  await arrivals(bench, server, 3, parameters)
  server.script = { ...server.script, instead: {} }
  const line = await server.nextLogin(patience(bench, parameters, 4))
  await takeNews(bench)

  line.destroy()
  const again = await server.nextLogin(patience(bench, parameters, 4))

  const waited = again.atMs - (line.closedAtMs ?? 0)
  expectWithin(bench, [waited], () => 2000)
})

test('XMPP-RETRY-006 goes to the server with the lowest priority first', {
  meta: { id: 'XMPP-RETRY-006' },
}, async ({ cpe, restore, signal }) => {
  const bench = { cpe, restore, signal }
  const { preferred, other } = await twoServers(bench, {})

  await preferred.nextLogin(deadline(bench))

  expect(other.connections.length, 'connections to the other server').toBe(0)
  await takeNews(bench)
})

test('XMPP-RETRY-007 goes to the next server after its attempts at the first', {
  meta: { id: 'XMPP-RETRY-007' },
}, async ({ cpe, restore, signal }) => {
  const bench = { cpe, restore, signal }
  const { preferred, other } = await twoServers(bench, { ServerConnectAttempts: number(2) }, (it) => {
    it.script = { ...it.script, instead: { connected: disconnect } }
  })

  await other.nextLogin(deadline(bench))

  expect(preferred.connections.length, 'attempts at the first server').toBe(2)
  await takeNews(bench)
})

test('XMPP-RETRY-008 leaves out a server that is not enabled', {
  meta: { id: 'XMPP-RETRY-008' },
}, async ({ cpe, restore, signal }) => {
  const bench = { cpe, restore, signal }
  const { preferred, other } = await twoServers(bench, {}, () => {}, { Enable: ['0', 'xsd:boolean'] })

  await other.nextLogin(deadline(bench))

  expect(preferred.connections.length, 'connections to the server that is not enabled').toBe(0)
  await takeNews(bench)
})

test('XMPP-RETRY-009 takes almost always the server with all the weight among those of the same priority', {
  meta: { id: 'XMPP-RETRY-009' },
}, async ({ cpe, restore, signal }) => {
  const bench = { cpe, restore, signal }
  const { preferred, other } = await twoServers(bench, {}, () => {}, {
    Priority: number(20),
    Weight: ['65535', 'xsd:long'],
  })

  for (let login = 0; login < 3; login++) {
    const line = await preferred.nextLogin(deadline(bench))
    if (login === 0) await takeNews(bench)
    line.destroy()
  }

  // Once in twenty thousand runs the other one gets its turn.
  expect(other.connections.length, 'connections to the server without weight').toBe(0)
})

interface Waits {
  /** Seconds of the device. */
  readonly initial: number
  readonly multiplier: number
  readonly max: number
}

/** A server that cuts off everybody at once. */
function refusing(bench: Bench, { initial, multiplier, max }: Waits) {
  return setUp(bench, {
    script: { instead: { connected: disconnect } },
    connection: {
      ServerRetryInitialInterval: number(initial),
      ServerRetryIntervalMultiplier: number(multiplier),
      ServerRetryMaxInterval: number(max),
    },
  })
}

/** The waits of the device before its first retries at a server that is never at home, in milliseconds of the wall clock. */
async function waitsOf(bench: Bench, count: number, waits: Waits): Promise<number[]> {
  const { server } = await refusing(bench, waits)
  return arrivals(bench, server, count, waits)
}

/** How long a connection may take that comes after the wait before that retry. */
function patience({ cpe, signal }: Bench, { initial, multiplier, max }: Waits, retry: number) {
  const longestMs = Math.min(initial * (multiplier / 1000) ** (retry - 1), max) * 1000
  return { timeoutMs: longestMs / cpe.profile.pixit.clockRate + loginMs(cpe) + 5000, signal }
}

/** The times between so many losses and the arrivals after them. */
async function arrivals(
  bench: Bench,
  server: XmppServer,
  count: number,
  parameters: Waits,
): Promise<number[]> {
  const waits: number[] = []
  let before = await server.nextConnection(deadline(bench))
  for (let retry = 1; retry <= count; retry++) {
    await before.closed(deadline(bench))
    const next = await server.nextConnection(patience(bench, parameters, retry))
    waits.push(next.atMs - (before.closedAtMs ?? before.atMs))
    before = next
  }
  return waits
}

/** @param longest wait before that retry, counted from 1, in milliseconds of the device */
function expectWithin({ cpe }: Bench, waits: readonly number[], longest: (retry: number) => number): void {
  for (const [index, waited] of waits.entries()) {
    const limit = longest(index + 1) / cpe.profile.pixit.clockRate + slackMs
    if (waited > limit)
      throw new ConformanceFailure(
        `a wait of at most ${limit.toFixed(0)} ms before retry ${index + 1}`,
        `${waited.toFixed(0)} ms`,
      )
  }
}

/** A connection with two servers: a preferred one and another. */
async function twoServers(
  bench: Bench,
  connection: Parameters<typeof under>[1],
  prepare: (preferred: XmppServer) => void = () => {},
  entry: Parameters<typeof under>[1] = {},
): Promise<{ preferred: XmppServer; other: XmppServer }> {
  const { cpe, signal } = bench
  const other = await startServer(bench)
  const preferred = await startServer(bench)
  prepare(preferred)
  const session = await cpe.openSession(signal)
  const row = await addConnection(bench, session)
  const second = await addServer(session, row)
  const first = await addServer(session, row)
  await set(session, {
    ...serverSettings(cpe, second, other.port, { Priority: number(20) }),
    ...serverSettings(cpe, first, preferred.port, { Priority: number(10), ...entry }),
    ...under(row, { ...usualConnection, ...connection }),
    [managementServer(cpe, 'ConnReqXMPPConnection')]: text(row.slice(0, -1)),
  })
  await session.end()
  return { preferred, other }
}
