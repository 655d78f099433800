import { expect, test } from '../../harness/conformance.ts'
import { deadline, domain, number, takeNews } from '../../harness/testbed/xmpp-connection.ts'
import { disconnect } from '../../harness/xmpp/xmpp.ts'
import { cameInTime, expectEntry } from './asking.ts'
import { startServer } from './bench.ts'
import { announce, nameServer, serviceName, setUpByName } from './names.ts'

test('XMPP-SRV-001 finds its server, and the port, by the service records of the domain', {
  meta: { id: 'XMPP-SRV-001' },
}, async ({ cpe, restore, signal }) => {
  const bench = { cpe, restore, signal }
  const names = await nameServer(bench)
  const server = await startServer(bench)
  announce(bench, names, [{ name: 'xmpp-host.cwmp.test', server }])
  await setUpByName(bench)

  const line = await server.nextLogin(deadline(bench))

  await takeNews(bench)
  await expectEntry(bench, line)
})

test('XMPP-SRV-002 goes to the record with the lowest priority first', {
  meta: { id: 'XMPP-SRV-002' },
}, async ({ cpe, restore, signal }) => {
  const bench = { cpe, restore, signal }
  const names = await nameServer(bench)
  const [other, preferred] = [await startServer(bench), await startServer(bench)]
  announce(bench, names, [
    { name: 'other.cwmp.test', server: other, priority: 20, weight: 100 },
    { name: 'preferred.cwmp.test', server: preferred, priority: 10 },
  ])
  await setUpByName(bench)

  await preferred.nextLogin(deadline(bench))

  expect(other.connections.length, 'connections to the other server').toBe(0)
  await takeNews(bench)
})

test('XMPP-SRV-003 goes to the next record when nobody is at home at the first', {
  meta: { id: 'XMPP-SRV-003' },
}, async ({ cpe, restore, signal }) => {
  const bench = { cpe, restore, signal }
  const names = await nameServer(bench)
  const [absent, other] = [await startServer(bench), await startServer(bench)]
  absent.script = { ...absent.script, instead: { connected: disconnect } }
  announce(bench, names, [
    { name: 'absent.cwmp.test', server: absent, priority: 10 },
    { name: 'other.cwmp.test', server: other, priority: 20 },
  ])
  await setUpByName(bench, { ServerConnectAttempts: number(2) })

  await other.nextLogin(deadline(bench))

  expect(absent.connections.length, 'attempts at the first server').toBeGreaterThan(0)
  await takeNews(bench)
})

test('XMPP-SRV-004 takes almost always the record with all the weight', {
  meta: { id: 'XMPP-SRV-004' },
}, async ({ cpe, restore, signal }) => {
  const bench = { cpe, restore, signal }
  const names = await nameServer(bench)
  const [light, heavy] = [await startServer(bench), await startServer(bench)]
  announce(bench, names, [
    { name: 'light.cwmp.test', server: light, weight: 0 },
    { name: 'heavy.cwmp.test', server: heavy, weight: 65_535 },
  ])
  await setUpByName(bench)

  for (let login = 0; login < 3; login++) {
    const line = await heavy.nextLogin(deadline(bench))
    if (login === 0) await takeNews(bench)
    line.destroy()
  }

  // Once in twenty thousand runs the other one gets its turn.
  expect(light.connections.length, 'connections to the server without weight').toBe(0)
})

test('XMPP-SRV-005 asks for the address of the domain itself where it has no service records', {
  meta: { id: 'XMPP-SRV-005' },
}, async ({ cpe, restore, signal }) => {
  const bench = { cpe, restore, signal }
  const names = await nameServer(bench)
  await setUpByName(bench)
  await names.nextQuery(serviceName, deadline(bench))

  const asked = await cameInTime(names.nextQuery(domain, deadline(bench)))

  expect(asked, `a question for ${domain}`).toBe(true)
})

test('XMPP-SRV-006 tells nothing to a server whose certificate names the host of the record only', {
  meta: { id: 'XMPP-SRV-006' },
}, async ({ cpe, restore, signal }) => {
  const bench = { cpe, restore, signal }
  const names = await nameServer(bench)
  const server = await startServer(bench)
  const name = 'xmpp-host.cwmp.test'
  server.certificate = await cpe.authority.issue({ names: [name] })
  announce(bench, names, [{ name, server }])
  await setUpByName(bench)
  const line = await server.nextConnection(deadline(bench))

  await cameInTime(line.closed({ timeoutMs: 3000 }))

  // Whoever forges the answers of the DNS could show one of these.
  const said = server.connections.some(({ headers }) => headers.length > 1)
  expect(said, 'a stream over a connection that is not to be trusted').toBe(false)
})

test('XMPP-SRV-007 comes to its server after the DNS has failed for a while', {
  meta: { id: 'XMPP-SRV-007' },
}, async ({ cpe, restore, signal }) => {
  const bench = { cpe, restore, signal }
  const names = await nameServer(bench)
  const server = await startServer(bench)
  names.answer(serviceName, 'SERVFAIL')
  names.answer(domain, 'SERVFAIL')
  await setUpByName(bench)
  await names.nextQuery(serviceName, deadline(bench))
  announce(bench, names, [{ name: 'xmpp-host.cwmp.test', server }])

  await server.nextLogin(deadline(bench))

  await takeNews(bench)
})

test('XMPP-SRV-008 goes where the records lead now when it comes back', {
  meta: { id: 'XMPP-SRV-008' },
}, async ({ cpe, restore, signal }) => {
  const bench = { cpe, restore, signal }
  const names = await nameServer(bench)
  const [old, moved] = [await startServer(bench), await startServer(bench)]
  announce(bench, names, [{ name: 'old.cwmp.test', server: old }])
  await setUpByName(bench)
  await old.nextLogin(deadline(bench))
  await takeNews(bench)
  announce(bench, names, [{ name: 'moved.cwmp.test', server: moved }])
  await old.refuse()

  const line = await moved.nextLogin({ timeoutMs: 30_000, signal })

  await expectEntry(bench, line)
})
