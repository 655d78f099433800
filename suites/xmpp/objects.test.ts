import type { AcsSession } from '../../harness/acs/acs.ts'
import { ConformanceFailure, expect, granted, refused, test } from '../../harness/conformance.ts'
import {
  addConnection,
  addServer,
  deadline,
  domain,
  listOf,
  managementServer,
  number,
  read,
  set,
  settlesAt,
  takeNews,
  text,
  under,
  usualConnection,
  valueIn,
} from '../../harness/testbed/xmpp-connection.ts'
import { goOnlineAnywhere } from './any-server.ts'
import { cameInTime } from './asking.ts'
import { change, goOnline, setUp } from './bench.ts'

test('XMPP-OBJ-001 makes a connection and its server entry by AddObject and SetParameterValues', {
  meta: { id: 'XMPP-OBJ-001' },
}, async ({ cpe, restore, session }) => {
  const row = await addConnection({ cpe, restore }, session)
  const entry = await addServer(session, row)

  await set(session, {
    ...under(row, { Username: text('cpe'), Domain: text(domain), Resource: text('here') }),
    ...under(entry, { ServerAddress: text('xmpp.elsewhere.example'), Port: number(5223) }),
  })

  expect(await valueIn(session, `${row}Username`)).toBe('cpe')
  expect(await valueIn(session, `${row}Domain`)).toBe(domain)
  expect(await valueIn(session, `${row}Resource`)).toBe('here')
  expect(await valueIn(session, `${entry}ServerAddress`)).toBe('xmpp.elsewhere.example')
  expect(await valueIn(session, `${entry}Port`)).toBe('5223')
})

test('XMPP-OBJ-002 reads the password of a connection as the empty string', {
  meta: { id: 'XMPP-OBJ-002' },
}, async ({ cpe, restore, session }) => {
  const row = await addConnection({ cpe, restore }, session)

  await set(session, { [`${row}Password`]: text('not for the eyes of readers') })

  expect((await valueIn(session, `${row}Password`)) === '', 'whether Password reads as empty').toBe(true)
})

test('XMPP-OBJ-003 gives a new connection the defaults of the data model', {
  meta: { id: 'XMPP-OBJ-003' },
}, async ({ cpe, restore, session }) => {
  const row = await addConnection({ cpe, restore }, session)

  expect(['0', 'false']).toContain(await valueIn(session, `${row}Enable`))
  expect(['0', 'false']).toContain(await valueIn(session, `${row}UseTLS`))
  expect(await valueIn(session, `${row}ServerConnectAlgorithm`)).toBe('DNS-SRV')
  expect(await valueIn(session, `${row}KeepAliveInterval`)).toBe('-1')
  expect(await valueIn(session, `${row}ServerConnectAttempts`)).toBe('16')
  expect(await valueIn(session, `${row}ServerRetryInitialInterval`)).toBe('60')
  expect(await valueIn(session, `${row}ServerRetryIntervalMultiplier`)).toBe('2000')
  expect(await valueIn(session, `${row}ServerRetryMaxInterval`)).toBe('30720')
})

test('XMPP-OBJ-004 gives a new server entry the defaults of the data model', {
  meta: { id: 'XMPP-OBJ-004' },
}, async ({ cpe, restore, session }) => {
  const entry = await addServer(session, await addConnection({ cpe, restore }, session))

  expect(['0', 'false']).toContain(await valueIn(session, `${entry}Enable`))
  expect(await valueIn(session, `${entry}Port`)).toBe('5222')
})

test('XMPP-OBJ-005 lists XMPP among the methods of connection requests', {
  meta: { id: 'XMPP-OBJ-005' },
}, async ({ cpe, session }) => {
  const methods = await valueIn(session, managementServer(cpe, 'SupportedConnReqMethods'))

  expect(methods.split(',').map((one) => one.trim())).toContain('XMPP')
})

test('XMPP-OBJ-006 keeps the reference to the connection for connection requests', {
  meta: { id: 'XMPP-OBJ-006' },
}, async ({ cpe, restore, session }) => {
  const row = await addConnection({ cpe, restore }, session)
  const reference = managementServer(cpe, 'ConnReqXMPPConnection')

  await set(session, { [reference]: text(row.slice(0, -1)) })

  expect((await valueIn(session, reference)).replace(/\.$/, '')).toBe(row.slice(0, -1))
})

test('XMPP-OBJ-007 keeps the list of the JIDs that are allowed to ask', {
  meta: { id: 'XMPP-OBJ-007' },
}, async ({ cpe, restore, session }) => {
  await addConnection({ cpe, restore }, session)
  const allowed = managementServer(cpe, 'ConnReqAllowedJabberIDs')

  await set(session, { [allowed]: text('acs1@tests.example,acs2@tests.example/one') })

  const entries = (await valueIn(session, allowed)).split(',').map((one) => one.trim())
  expect(entries).toEqual(['acs1@tests.example', 'acs2@tests.example/one'])
})

test('XMPP-OBJ-008 takes thirty-two allowed JIDs and refuses thirty-three with 9007', {
  meta: { id: 'XMPP-OBJ-008' },
}, async ({ cpe, restore, session }) => {
  await addConnection({ cpe, restore }, session)
  const allowed = managementServer(cpe, 'ConnReqAllowedJabberIDs')
  const list = (size: number) => Array.from({ length: size }, (_, at) => `acs${at}@tests.example`).join(',')

  await set(session, { [allowed]: text(list(32)) })

  await expectBadValue(session, allowed, list(33), 'xsd:string')
})

test('XMPP-OBJ-009 refuses retry parameters and a keepalive interval outside their ranges', {
  meta: { id: 'XMPP-OBJ-009' },
}, async ({ cpe, restore, session }) => {
  const row = await addConnection({ cpe, restore }, session)

  await expectBadValue(session, `${row}ServerRetryInitialInterval`, '0', 'xsd:unsignedInt')
  await expectBadValue(session, `${row}ServerRetryIntervalMultiplier`, '999', 'xsd:unsignedInt')
  await expectBadValue(session, `${row}ServerRetryMaxInterval`, '0', 'xsd:unsignedInt')
  await expectBadValue(session, `${row}KeepAliveInterval`, '-2', 'xsd:long')
})

test('XMPP-OBJ-010 refuses to have its JID and its status set, with 9008', {
  meta: { id: 'XMPP-OBJ-010' },
}, async ({ cpe, restore, session }) => {
  const row = await addConnection({ cpe, restore }, session)

  for (const Name of [`${row}JabberID`, `${row}Status`, managementServer(cpe, 'ConnReqJabberID')]) {
    const ParameterList = [{ Name, Value: 'Enabled', type: 'xsd:string' }]
    const fault = refused(await session.call('SetParameterValues', { ParameterList, ParameterKey: '' }), 9003)
    expect(fault.setParameterValuesFaults.map(({ FaultCode }) => FaultCode)).toEqual([9008])
  }
})

test('XMPP-OBJ-011 connects nowhere while the connection is disabled, and says Disabled', {
  meta: { id: 'XMPP-OBJ-011' },
}, async ({ cpe, restore, signal }) => {
  const bench = { cpe, restore, signal }
  const { server, row } = await setUp(bench, { connection: { Enable: ['0', 'xsd:boolean'] } })

  const status = await read(bench, `${row}Status`)

  expect(status).toBe('Disabled')
  expect(await cameInTime(server.nextConnection({ timeoutMs: 1500 })), 'a connection').toBe(false)
})

test('XMPP-OBJ-012 tells its JID in an Inform with 4 VALUE CHANGE without being asked for it', {
  meta: { id: 'XMPP-OBJ-012' },
}, async ({ cpe, restore, signal }) => {
  const bench = { cpe, restore, signal }
  const { server } = await setUp(bench)
  const line = await server.nextLogin(deadline(bench))

  const session = await cpe.nextSessionWith('4 VALUE CHANGE', { signal })
  await session.end()

  expect(session.parameters.get(managementServer(cpe, 'ConnReqJabberID'))?.Value).toBe(line.jid)
})

test('XMPP-OBJ-013 states the JID that the server has bound in the connection and in ManagementServer alike', {
  meta: { id: 'XMPP-OBJ-013', peers: 'any' },
}, async ({ cpe, restore, signal }) => {
  const bench = { cpe, restore, signal }
  const { row, line } = await goOnlineAnywhere(bench)

  expect(await read(bench, `${row}JabberID`)).toBe(line.jid)
  expect(await read(bench, managementServer(cpe, 'ConnReqJabberID'))).toBe(line.jid)
})

test('XMPP-OBJ-014 states the JID that the server has chosen where that is another than the one it proposed', {
  meta: { id: 'XMPP-OBJ-014' },
}, async ({ cpe, restore, signal }) => {
  const bench = { cpe, restore, signal }
  const chosen = `another-name@${domain}/chosen by the server`
  const { row } = await goOnline(bench, { script: { jidFor: () => chosen } })

  expect(await read(bench, `${row}JabberID`)).toBe(chosen)
  expect(await read(bench, managementServer(cpe, 'ConnReqJabberID'))).toBe(chosen)
})

test('XMPP-OBJ-015 has notification of its JID active by default', {
  meta: { id: 'XMPP-OBJ-015' },
}, async ({ cpe, session }) => {
  const ParameterNames = [managementServer(cpe, 'ConnReqJabberID')]

  const answer = granted(await session.call('GetParameterAttributes', { ParameterNames }))

  expect(answer.ParameterList.map(({ Notification }) => Notification)).toEqual([2])
})

test('XMPP-OBJ-016 has no JID for connection requests while no connection is named for them', {
  meta: { id: 'XMPP-OBJ-016', peers: 'any' },
}, async ({ cpe, restore, signal }) => {
  const bench = { cpe, restore, signal }
  await goOnlineAnywhere(bench)

  await change(bench, { [managementServer(cpe, 'ConnReqXMPPConnection')]: text('') })

  await settlesAt(bench, managementServer(cpe, 'ConnReqJabberID'), [''])
})

test('XMPP-OBJ-017 has no JID for connection requests while the connection is disabled, and ends that', {
  meta: { id: 'XMPP-OBJ-017' },
}, async ({ cpe, restore, signal }) => {
  const bench = { cpe, restore, signal }
  const { row, line } = await goOnline(bench)

  await change(bench, { [`${row}Enable`]: ['0', 'xsd:boolean'] })

  await line.closed(deadline(bench))
  await settlesAt(bench, managementServer(cpe, 'ConnReqJabberID'), [''])
  await settlesAt(bench, `${row}Status`, ['Disabled'])
})

test('XMPP-OBJ-018 ends a connection whose object is deleted', {
  meta: { id: 'XMPP-OBJ-018' },
}, async ({ cpe, restore, signal }) => {
  const bench = { cpe, restore, signal }
  const { row, line, server } = await goOnline(bench)
  const session = await cpe.openSession(signal)

  granted(await session.call('DeleteObject', { ObjectName: row, ParameterKey: '' }))
  await session.end()

  await line.closed(deadline(bench))
  expect(await cameInTime(server.nextLogin({ timeoutMs: 1500 })), 'another login').toBe(false)
})

test('XMPP-OBJ-019 states Enabled when it is logged in, and the time when that came about', {
  meta: { id: 'XMPP-OBJ-019', peers: 'any' },
}, async ({ cpe, restore, signal }) => {
  const bench = { cpe, restore, signal }
  const session = await cpe.openSession(signal)
  const before = Date.parse(session.inform.CurrentTime)
  await session.end()
  const { row } = await goOnlineAnywhere(bench)

  expect(await read(bench, `${row}Status`)).toBe('Enabled')
  const changed = Date.parse(await read(bench, `${row}LastChangeDate`))

  // Both are the device's own clock, which may state whole seconds.
  if (!(changed >= before - 1000))
    throw new ConformanceFailure('a LastChangeDate of now', new Date(changed).toString())
})

test('XMPP-OBJ-020 uses the new name and domain of a connection that is changed', {
  meta: { id: 'XMPP-OBJ-020' },
}, async ({ cpe, restore, signal }) => {
  const bench = { cpe, restore, signal }
  const { row, server } = await goOnline(bench)
  server.setPassword('renamed', 'another password of the bench')

  await change(
    bench,
    under(row, { Username: text('renamed'), Password: text('another password of the bench') }),
  )

  const line = await server.nextLogin(deadline(bench))
  expect(line.username).toBe('renamed')
  await takeNews(bench)
  expect(await read(bench, managementServer(cpe, 'ConnReqJabberID'))).toBe(line.jid)
})

test('XMPP-OBJ-021 has one connection at a time', {
  meta: { id: 'XMPP-OBJ-021' },
}, async ({ cpe, restore, signal }) => {
  const bench = { cpe, restore, signal }
  const { row, server } = await goOnline(bench)

  // Neither is a reason for a second connection.
  await change(bench, { [`${row}Resource`]: usualConnection.Resource ?? text('') })
  await change(bench, { [managementServer(cpe, 'ConnReqAllowedJabberIDs')]: text('') })
  await cameInTime(server.nextLogin({ timeoutMs: 700 }))

  expect(server.open.length, 'connections that are open').toBe(1)
})

async function expectBadValue(session: AcsSession, name: string, value: string, type: string): Promise<void> {
  const ParameterList = listOf({ [name]: [value, type] })
  const fault = refused(await session.call('SetParameterValues', { ParameterList, ParameterKey: '' }), 9003)
  expect(
    fault.setParameterValuesFaults.map(({ FaultCode }) => FaultCode),
    `faults for ${name} = ${value.slice(0, 30)}`,
  ).toEqual([9007])
}
