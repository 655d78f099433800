import { expect } from '../../harness/conformance.ts'
import { DnsServer } from '../../harness/net/net.ts'
import type { TestBed } from '../../harness/testbed/testbed.ts'
import { type Restore, test } from './bench.ts'
import { assertComplete, assertError, numberAt, results, run } from './diagnostics.ts'

/** TraceRoute and NSLookupDiagnostics (TR-181; TP-181 5.2.6). */

function hostOf({ profile }: TestBed): string {
  const { host, publicHost } = profile.pixit.fileServer
  return publicHost ?? host
}

test('TRF-ROUTE-001 tells 8 DIAGNOSTICS COMPLETE when a route test has ended', {
  meta: { id: 'TRF-ROUTE-001' },
}, async ({ cpe, session, signal }) => {
  const settings = { Host: hostOf(cpe), NumberOfTries: 1, Timeout: 1000, MaxHopCount: 5 }

  const told = await run({ cpe, session, signal }, 'TraceRoute', settings)

  assertComplete(await results({ cpe, session: told }, 'TraceRoute'))
})

test('TRF-ROUTE-002 lists the hops of the route, the host itself last', {
  meta: { id: 'TRF-ROUTE-002' },
}, async ({ cpe, session, signal }) => {
  const settings = { Host: hostOf(cpe), NumberOfTries: 1, Timeout: 1000, MaxHopCount: 5 }

  const told = await run({ cpe, session, signal }, 'TraceRoute', settings)

  const found = await results({ cpe, session: told }, 'TraceRoute')
  const count = numberAt(found, 'RouteHopsNumberOfEntries')
  const hosts = [...found].filter(([name]) => /^RouteHops\.\d+\.(Hop)?Host(Address)?$/.test(name))
  expect(count, 'RouteHopsNumberOfEntries').toBeGreaterThan(0)
  expect(
    hosts.map(([, value]) => value),
    'hosts and addresses of the hops',
  ).toContain(hostOf(cpe))
})

test('TRF-ROUTE-003 ends a route test to an unknown name with Error_CannotResolveHostName', {
  meta: { id: 'TRF-ROUTE-003' },
}, async ({ cpe, session, signal }) => {
  const settings = { Host: 'nobody.invalid', NumberOfTries: 1, Timeout: 1000, MaxHopCount: 5 }

  const told = await run({ cpe, session, signal }, 'TraceRoute', settings)

  assertError(await results({ cpe, session: told }, 'TraceRoute'), 'Error_CannotResolveHostName')
})

test('TRF-ROUTE-004 ends a route test with Error_MaxHopCountExceeded when its host lies beyond the last hop', {
  meta: { id: 'TRF-ROUTE-004' },
}, async ({ behindNat, signal }) => {
  const cpe = await behindNat()
  const session = await cpe.provision({ signal })
  // The NAT is the first hop, and the bench the second.
  const settings = { Host: cpe.profile.pixit.acs.host, NumberOfTries: 1, Timeout: 1000, MaxHopCount: 1 }

  const told = await run({ cpe, session, signal }, 'TraceRoute', settings)

  assertError(await results({ cpe, session: told }, 'TraceRoute'), 'Error_MaxHopCountExceeded')
})

test('TRF-ROUTE-005 lists each hop on a way with a router, the host itself last', {
  meta: { id: 'TRF-ROUTE-005' },
}, async ({ behindNat, signal }) => {
  const cpe = await behindNat()
  const session = await cpe.provision({ signal })
  const settings = { Host: cpe.profile.pixit.acs.host, NumberOfTries: 1, Timeout: 1000, MaxHopCount: 5 }

  const told = await run({ cpe, session, signal }, 'TraceRoute', settings)

  const found = await results({ cpe, session: told }, 'TraceRoute')
  assertComplete(found)
  const hops = hopsOf(found).map((texts) => (texts.includes(settings.Host) ? 'the host' : 'a router'))
  expect(hops, 'rows of RouteHops').toEqual(['a router', 'the host'])
})

/** What each row of RouteHops says of who answered, in the order of their numbers: names and addresses. */
function hopsOf(found: ReadonlyMap<string, string>): string[][] {
  const rows = new Map<number, string[]>()
  for (const [name, value] of found) {
    const [, row, field = ''] = /^RouteHops\.(\d+)\.(.+)/.exec(name) ?? []
    if (row === undefined) continue
    const texts = rows.get(Number(row)) ?? []
    if (/^(Hop)?Host(Address)?$/.test(field)) texts.push(value)
    rows.set(Number(row), texts)
  }
  return [...rows].sort(([one], [other]) => one - other).map(([, texts]) => texts)
}

/** A name server that knows `known.example`, and how the device is told of it. */
async function nameServer(
  cpe: TestBed,
  restore: Restore,
): Promise<{ readonly dns: DnsServer; readonly DNSServer: string }> {
  const note = (line: string) => void cpe.transcript.note(line)
  const { host, port } = cpe.profile.pixit.dnsServer
  const dns = await DnsServer.listen({ host, port, note })
  restore(() => dns.close())
  dns.answer('known.example', { addresses: ['192.0.2.1', '192.0.2.2'] })
  // Most devices take an address alone, and ask at port 53.
  return { dns, DNSServer: port === 53 ? host : dns.address }
}

test('TRF-NAME-001 tells 8 DIAGNOSTICS COMPLETE when a name test has ended', {
  meta: { id: 'TRF-NAME-001' },
}, async ({ cpe, session, signal, restore }) => {
  const { DNSServer, dns } = await nameServer(cpe, restore)
  const settings = { HostName: 'known.example', DNSServer, Timeout: 1000, NumberOfRepetitions: 1 }

  const told = await run({ cpe, session, signal }, 'NSLookup', settings)

  assertComplete(await results({ cpe, session: told }, 'NSLookup'))
  expect(dns.queries.map(({ name }) => name)).toContain('known.example')
})

test('TRF-NAME-002 lists the addresses of a name', {
  meta: { id: 'TRF-NAME-002' },
}, async ({ cpe, session, signal, restore }) => {
  const { DNSServer } = await nameServer(cpe, restore)
  const settings = { HostName: 'known.example', DNSServer, Timeout: 1000, NumberOfRepetitions: 1 }

  const told = await run({ cpe, session, signal }, 'NSLookup', settings)

  const found = await results({ cpe, session: told }, 'NSLookup')
  const addresses = [...found].filter(([name]) => /^Result\.\d+\.IPAddresses$/.test(name))
  const listed = addresses.flatMap(([, value]) => value.split(',').map((each) => each.trim())).sort()
  expect(listed, 'IPAddresses').toEqual(['192.0.2.1', '192.0.2.2'])
  expect(numberAt(found, 'SuccessCount'), 'SuccessCount').toBe(1)
})

test('TRF-NAME-003 looks a name up as often as NumberOfRepetitions says', {
  meta: { id: 'TRF-NAME-003' },
}, async ({ cpe, session, signal, restore }) => {
  const { DNSServer } = await nameServer(cpe, restore)
  const settings = { HostName: 'known.example', DNSServer, Timeout: 1000, NumberOfRepetitions: 3 }

  const told = await run({ cpe, session, signal }, 'NSLookup', settings)

  const found = await results({ cpe, session: told }, 'NSLookup')
  expect([numberAt(found, 'ResultNumberOfEntries'), numberAt(found, 'SuccessCount')]).toEqual([3, 3])
})

test('TRF-NAME-004 counts no success for a name that does not exist', {
  meta: { id: 'TRF-NAME-004' },
}, async ({ cpe, session, signal, restore }) => {
  const { DNSServer } = await nameServer(cpe, restore)
  const settings = { HostName: 'unknown.example', DNSServer, Timeout: 1000, NumberOfRepetitions: 1 }

  const told = await run({ cpe, session, signal }, 'NSLookup', settings)

  const found = await results({ cpe, session: told }, 'NSLookup')
  expect(numberAt(found, 'SuccessCount'), 'SuccessCount').toBe(0)
})
