import { ConformanceFailure, expect, test } from '../../harness/conformance.ts'
import { attribute, child } from '../../harness/cwmp/cwmp.ts'
import {
  deadline,
  domain,
  password,
  read,
  resource,
  settlesAt,
  takeNews,
  text,
} from '../../harness/testbed/xmpp-connection.ts'
import { attr, disconnect, impostor, namespaces, saslFailure } from '../../harness/xmpp/xmpp.ts'
import { cameInTime, expectEntry } from './asking.ts'
import { change, goOnline, setUp } from './bench.ts'

const useTls = { UseTLS: ['1', 'xsd:boolean'] } as const

test('XMPP-LOGIN-001 opens its stream to the domain of the connection, as XMPP 1.0 has it', {
  meta: { id: 'XMPP-LOGIN-001' },
}, async ({ cpe, restore, signal }) => {
  const { line } = await goOnline({ cpe, restore, signal })

  const [header] = line.headers

  if (!header) throw new ConformanceFailure('a stream header', 'none')
  expect([header.uri, header.name]).toEqual([namespaces.STREAM, 'stream'])
  expect(header.namespaces[''], 'default namespace').toBe(namespaces.CLIENT)
  expect(attr(header, 'to')).toBe(domain)
  expect(attr(header, 'version')).toBe('1.0')
  expect(attribute(header, '', 'id'), 'id, which only the server gives').toBeUndefined()
})

test('XMPP-LOGIN-002 makes the stream secure where the server demands it', {
  meta: { id: 'XMPP-LOGIN-002' },
}, async ({ cpe, restore, signal }) => {
  const bench = { cpe, restore, signal }
  const { line, row } = await goOnline(bench)

  expect(line.secured, 'whether the login came through TLS').toBe(true)
  expect(['1', 'true']).toContain(await read(bench, `${row}TLSEstablished`))
})

test('XMPP-LOGIN-003 makes the stream secure with UseTLS where the server merely offers it', {
  meta: { id: 'XMPP-LOGIN-003' },
}, async ({ cpe, restore, signal }) => {
  const { line } = await goOnline(
    { cpe, restore, signal },
    { connection: useTls, script: { starttls: 'offered' } },
  )

  expect(line.secured, 'whether the login came through TLS').toBe(true)
})

test('XMPP-LOGIN-004 tells nothing about itself with UseTLS where the server has no TLS', {
  meta: { id: 'XMPP-LOGIN-004' },
}, async ({ cpe, restore, signal }) => {
  const bench = { cpe, restore, signal }
  const { server } = await setUp(bench, { connection: useTls, script: { starttls: 'missing' } })
  const line = await server.nextConnection(deadline(bench))

  const auth = line.nextElement('auth', { timeoutMs: 1000, where: ({ name }) => name === 'auth' })

  expect(await cameInTime(auth), 'an attempt to log in').toBe(false)
})

test('XMPP-LOGIN-005 begins a new stream after TLS and after the login', {
  meta: { id: 'XMPP-LOGIN-005' },
}, async ({ cpe, ics, restore, signal }) => {
  const { line } = await goOnline({ cpe, restore, signal })

  const streams = ics.SecureCwmp ? [domain, domain, domain] : [domain, domain]
  expect(line.headers.map((header) => attr(header, 'to'))).toEqual(streams)
})

test('XMPP-LOGIN-006 logs in with SCRAM-SHA-1 where the server has nothing stronger', {
  meta: { id: 'XMPP-LOGIN-006' },
}, async ({ cpe, restore, signal }) => {
  const { line } = await goOnline({ cpe, restore, signal }, { script: { mechanisms: ['SCRAM-SHA-1'] } })

  expect(line.mechanism).toBe('SCRAM-SHA-1')
})

test('XMPP-LOGIN-007 does not send its password as it is without TLS', {
  meta: { id: 'XMPP-LOGIN-007' },
}, async ({ cpe, restore, signal }) => {
  const bench = { cpe, restore, signal }
  const { server } = await setUp(bench, { script: { starttls: 'missing', mechanisms: ['PLAIN'] } })
  const line = await server.nextConnection(deadline(bench))

  await cameInTime(line.nextElement('auth', { timeoutMs: 1000, where: ({ name }) => name === 'auth' }))

  const told = line.elements.some(({ text }) => Buffer.from(text, 'base64').includes(password))
  if (told) throw new ConformanceFailure('no password', 'the password in the clear')
})

test('XMPP-LOGIN-008 leaves a server that does not prove to know the password', {
  meta: { id: 'XMPP-LOGIN-008' },
}, async ({ cpe, restore, signal }) => {
  const bench = { cpe, restore, signal }
  const { server } = await setUp(bench, {
    script: { mechanisms: ['SCRAM-SHA-1'], instead: { response: impostor } },
  })
  const line = await server.nextConnection(deadline(bench))
  await line.nextElement('the response of SCRAM', {
    ...deadline(bench),
    where: ({ name }) => name === 'response',
  })

  await cameInTime(line.closed({ timeoutMs: 1500 }))

  const bound = line.elements.some((element) => child(element, 'bind') !== undefined)
  if (bound) throw new ConformanceFailure('a login that is broken off', 'a resource that is bound')
})

test('XMPP-LOGIN-009 proposes the resource of the connection', {
  meta: { id: 'XMPP-LOGIN-009' },
}, async ({ cpe, restore, signal }) => {
  const { line } = await goOnline({ cpe, restore, signal })

  const bind = line.elements.map((element) => child(element, 'bind')).find((one) => one !== undefined)

  expect(bind?.uri).toBe(namespaces.BIND)
  expect(bind?.children.find(({ name }) => name === 'resource')?.text).toBe(resource)
})

test('XMPP-LOGIN-010 leaves the resource to the server where the connection has none', {
  meta: { id: 'XMPP-LOGIN-010' },
}, async ({ cpe, restore, signal }) => {
  const bench = { cpe, restore, signal }
  const { line, row } = await goOnline(bench, { connection: { Resource: text('') } })

  // A resource that the device has made up itself is its own affair: what counts is what is bound.
  expect(await read(bench, `${row}JabberID`)).toBe(line.jid)
})

test('XMPP-LOGIN-011 states Error_AuthenticationFailure for a password that the server refuses', {
  meta: { id: 'XMPP-LOGIN-011' },
}, async ({ cpe, restore, signal }) => {
  const bench = { cpe, restore, signal }
  const { row, server } = await setUp(bench, { connection: { Password: text('not the password') } })
  const line = await server.nextConnection(deadline(bench))
  await line.nextElement('an attempt to log in', { ...deadline(bench), where: ({ name }) => name === 'auth' })

  await settlesAt(bench, `${row}Status`, ['Error_AuthenticationFailure', 'Error'])
})

test('XMPP-LOGIN-012 logs in once the ACS has given it the right password', {
  meta: { id: 'XMPP-LOGIN-012' },
}, async ({ cpe, restore, signal }) => {
  const bench = { cpe, restore, signal }
  const { row, server } = await setUp(bench, { connection: { Password: text('not the password') } })
  const first = await server.nextConnection(deadline(bench))
  await first.nextElement('an attempt to log in', {
    ...deadline(bench),
    where: ({ name }) => name === 'auth',
  })

  await change(bench, { [`${row}Password`]: text(password) })

  const line = await server.nextLogin(deadline(bench))
  await takeNews(bench)
  await expectEntry(bench, line)
})

test('XMPP-LOGIN-013 comes back after a failure of the server that is said to be temporary', {
  meta: { id: 'XMPP-LOGIN-013' },
}, async ({ cpe, restore, signal }) => {
  const bench = { cpe, restore, signal }
  const { server } = await setUp(bench, {
    script: { instead: { auth: saslFailure('temporary-auth-failure') } },
  })
  const refused = await server.nextConnection(deadline(bench))
  await refused.nextElement('an attempt to log in', {
    ...deadline(bench),
    where: ({ name }) => name === 'auth',
  })
  server.script = { ...server.script, instead: {} }

  const line = await server.nextLogin(deadline(bench))

  await takeNews(bench)
  await expectEntry(bench, line)
})

test('XMPP-LOGIN-014 binds no resource after account-disabled', {
  meta: { id: 'XMPP-LOGIN-014' },
}, async ({ cpe, restore, signal }) => {
  const bench = { cpe, restore, signal }
  const { server, row } = await setUp(bench, {
    script: { instead: { response: saslFailure('account-disabled') } },
  })
  const line = await server.nextConnection(deadline(bench))
  await line.nextElement('the response of SCRAM', {
    ...deadline(bench),
    where: ({ name }) => name === 'response',
  })

  await cameInTime(line.closed({ timeoutMs: 1500 }))

  expect(
    line.elements.some((element) => child(element, 'bind') !== undefined),
    'a bind',
  ).toBe(false)
  expect(await read(bench, `${row}Status`)).not.toBe('Enabled')
})

test('XMPP-LOGIN-015 does not log in where the server has no mechanism that it knows, and comes back', {
  meta: { id: 'XMPP-LOGIN-015' },
}, async ({ cpe, restore, signal }) => {
  const bench = { cpe, restore, signal }
  const { server } = await setUp(bench, { script: { mechanisms: ['X-UNHEARD-OF'] } })
  const first = await server.nextConnection(deadline(bench))
  await cameInTime(first.closed({ timeoutMs: 1500 }))
  expect(first.mechanism, 'mechanism that the device chose').not.toBe('X-UNHEARD-OF')
  server.script = { ...server.script, mechanisms: ['SCRAM-SHA-1'] }
  await first.dispose()

  const line = await server.nextLogin(deadline(bench))

  await takeNews(bench)
  await expectEntry(bench, line)
})

test('XMPP-LOGIN-016 comes back when the server offers no resource binding', {
  meta: { id: 'XMPP-LOGIN-016' },
}, async ({ cpe, restore, signal }) => {
  const bench = { cpe, restore, signal }
  const { server } = await setUp(bench, { script: { bind: false, instead: { bind: disconnect } } })
  const first = await server.nextConnection(deadline(bench))
  await cameInTime(first.closed({ timeoutMs: 1500 }))
  server.script = { ...server.script, bind: true, instead: {} }
  await first.dispose()

  const line = await server.nextLogin(deadline(bench))

  await takeNews(bench)
  await expectEntry(bench, line)
})

test('XMPP-LOGIN-017 prefers SCRAM to sending its password, in whatever order the server names them', {
  meta: { id: 'XMPP-LOGIN-017' },
}, async ({ cpe, restore, signal }) => {
  const { line } = await goOnline(
    { cpe, restore, signal },
    { script: { mechanisms: ['PLAIN', 'SCRAM-SHA-1'] } },
  )

  expect(line.mechanism).toBe('SCRAM-SHA-1')
})
