import { ConformanceFailure, expect, granted, test } from '../../harness/conformance.ts'
import { child } from '../../harness/cwmp/cwmp.ts'
import {
  addConnection,
  addServer,
  type Bench,
  deadline,
  domain,
  read,
  serverSettings,
  set,
  takeNews,
  text,
  under,
  usualConnection,
} from '../../harness/testbed/xmpp-connection.ts'
import {
  attr,
  type Deed,
  drip,
  namespaces,
  type Stage,
  streamError,
  type XmppServer,
} from '../../harness/xmpp/xmpp.ts'
import { ask, built, cameInTime, expectAccepted, expectEntry } from './asking.ts'
import { goOnline, quieten, setUp, startServer } from './bench.ts'

test('XMPP-ODD-001 comes back to a server that has offered nothing at all', {
  meta: { id: 'XMPP-ODD-001' },
}, async ({ cpe, restore, signal }) => {
  await expectRecovery({ cpe, restore, signal }, 'greeted', (connection) => {
    connection.openStream()
    connection.send('<stream:features/>')
  })
})

test('XMPP-ODD-002 passes over features that it does not know', {
  meta: { id: 'XMPP-ODD-002' },
}, async ({ cpe, restore, signal }) => {
  const bench = { cpe, restore, signal }
  const unknown = '<x xmlns="urn:conformance:nobody-knows"><required/></x>'
  const { server } = await setUp(bench, {
    script: {
      instead: {
        authenticated: (connection) => {
          connection.openStream()
          connection.send(
            `<stream:features>${unknown}<bind xmlns="${namespaces.BIND}"/>${unknown}</stream:features>`,
          )
        },
      },
    },
  })

  const line = await server.nextLogin(deadline(bench))

  await takeNews(bench)
  await expectEntry(bench, line)
})

test('XMPP-ODD-003 reads the greeting of a server that sends it letter by letter', {
  meta: { id: 'XMPP-ODD-003' },
}, async ({ cpe, restore, signal }) => {
  const bench = { cpe, restore, signal }
  const features = `<stream:features> <bind xmlns="${namespaces.BIND}"/>\n</stream:features>`
  const { server } = await setUp(bench, {
    script: {
      instead: {
        authenticated: (connection, element, usual) => {
          connection.openStream()
          drip(features)(connection, element, usual)
        },
      },
    },
  })

  const line = await server.nextLogin(deadline(bench))

  await takeNews(bench)
  await expectEntry(bench, line)
})

test('XMPP-ODD-004 takes no JID from an answer to another request than its own', {
  meta: { id: 'XMPP-ODD-004' },
}, async ({ cpe, restore, signal }) => {
  const bench = { cpe, restore, signal }
  const foreign = `foreign@${domain}/foreign`
  const { server, row } = await setUp(bench, {
    script: {
      instead: {
        bind: (connection) =>
          connection.send(
            `<iq type="result" id="not asked for"><bind xmlns="${namespaces.BIND}"><jid>${foreign}</jid></bind></iq>`,
          ),
      },
    },
  })
  const first = await server.nextConnection(deadline(bench))
  await first.nextElement('a bind', {
    ...deadline(bench),
    where: (one) => child(one, 'bind') !== undefined,
  })

  expect(await read(bench, `${row}JabberID`)).not.toBe(foreign)

  server.script = { ...server.script, instead: {} }
  await first.dispose()
  const line = await server.nextLogin(deadline(bench))
  await takeNews(bench)
  await expectEntry(bench, line)
})

test('XMPP-ODD-005 comes back after its resource was refused', {
  meta: { id: 'XMPP-ODD-005' },
}, async ({ cpe, restore, signal }) => {
  await expectRecovery({ cpe, restore, signal }, 'bind', (connection, element) =>
    connection.send(
      `<iq type="error" id="${element && attr(element, 'id')}"><error type="wait"><resource-constraint xmlns="${namespaces.STANZAS}"/></error></iq>`,
    ),
  )
})

test('XMPP-ODD-006 comes back after an answer that was no XMPP', {
  meta: { id: 'XMPP-ODD-006' },
}, async ({ cpe, restore, signal }) => {
  await expectRecovery({ cpe, restore, signal }, 'connected', (connection) => {
    connection.send('HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n')
    connection.end()
  })
})

test('XMPP-ODD-007 comes back after a stream in another namespace', {
  meta: { id: 'XMPP-ODD-007' },
}, async ({ cpe, restore, signal }) => {
  await expectRecovery({ cpe, restore, signal }, 'greeted', (connection) => {
    connection.send(
      '<stream:stream xmlns="jabber:client" xmlns:stream="urn:another" version="1.0"><stream:features/>',
    )
  })
})

test('XMPP-ODD-008 comes back after host-unknown in place of a greeting', {
  meta: { id: 'XMPP-ODD-008' },
}, async ({ cpe, restore, signal }) => {
  await expectRecovery({ cpe, restore, signal }, 'greeted', streamError('host-unknown'))
})

test('XMPP-ODD-009 comes back after half a greeting', {
  meta: { id: 'XMPP-ODD-009' },
}, async ({ cpe, restore, signal }) => {
  await expectRecovery({ cpe, restore, signal }, 'greeted', (connection) => {
    connection.openStream()
    connection.send('<stream:features><starttls xml')
    connection.end()
  })
})

test('XMPP-ODD-010 takes a request that comes right behind its resource', {
  meta: { id: 'XMPP-ODD-010' },
}, async ({ cpe, restore, signal }) => {
  const bench = { cpe, restore, signal }
  const { server } = await setUp(bench)
  const line = await server.nextLogin(deadline(bench))

  const answer = await ask(bench, line)

  expectAccepted(answer)
  const session = await cpe.nextSession({
    signal,
    where: ({ Event }) => Event.some(({ EventCode }) => EventCode === '6 CONNECTION REQUEST'),
  })
  await session.end()
})

test('XMPP-ODD-011 logs in although somebody writes to it before it has its resource', {
  meta: { id: 'XMPP-ODD-011' },
}, async ({ cpe, restore, signal }) => {
  const bench = { cpe, restore, signal }
  const { server } = await setUp(bench, {
    script: {
      instead: {
        authenticated: (connection) => {
          connection.openStream()
          connection.send(`<stream:features><bind xmlns="${namespaces.BIND}"/></stream:features>`)
          connection.send(`<message from="${domain}"><body>early</body></message>`)
        },
      },
    },
  })

  const line = await server.nextLogin(deadline(bench))

  await takeNews(bench)
  await expectEntry(bench, line)
})

test('XMPP-ODD-012 comes back after being cut off right behind a request', {
  meta: { id: 'XMPP-ODD-012' },
}, async ({ cpe, restore, signal }) => {
  const bench = { cpe, restore, signal }
  const { server, line } = await goOnline(bench)
  line.request(built(cpe, {}))
  line.end()
  await line.closed(deadline(bench))

  const again = await server.nextLogin(deadline(bench))

  // Whether the request was heeded, who knows.
  const sessions = await quieten(bench)
  if (sessions > 1) throw new ConformanceFailure('one session at most', `${sessions} of them`)
  await expectEntry(bench, again)
})

test('XMPP-ODD-013 goes on with its session when the XMPP server is gone', {
  meta: { id: 'XMPP-ODD-013' },
}, async ({ cpe, restore, pixit, signal }) => {
  const bench = { cpe, restore, signal }
  const { server, line } = await goOnline(bench)
  expectAccepted(await ask(bench, line))
  const session = await cpe.nextSession({ signal })

  line.destroy()

  await line.closed(deadline(bench))
  granted(await session.call('GetParameterValues', { ParameterNames: [pixit.parameters.readOnly.path] }))
  await session.end()
  await expectEntry(bench, await server.nextLogin(deadline(bench)))
})

test('XMPP-ODD-014 comes back when nobody took its connections for a while', {
  meta: { id: 'XMPP-ODD-014' },
}, async ({ cpe, restore, signal }) => {
  const bench = { cpe, restore, signal }
  const { server, line } = await goOnline(bench)
  const port = await server.refuse()
  await line.closed(deadline(bench))
  // Its attempts fail meanwhile.
  await quieten(bench)
  await server.listenAgain(port, cpe.profile.pixit.acs.host)

  const again = await server.nextLogin(deadline(bench))

  await expectEntry(bench, again)
})

test('XMPP-ODD-015 gives a server up that falls silent, and comes back', {
  meta: { id: 'XMPP-ODD-015' },
}, async ({ cpe, restore, signal }) => {
  const bench = { cpe, restore, signal }
  const timeoutMs = cpe.profile.pixit.timing.responseSeconds * 4000
  const stages: Stage[] = ['greeted', 'auth', 'bind']
  const servers: XmppServer[] = []
  const session = await cpe.openSession(signal)
  for (const stage of stages) {
    const server = await startServer(bench)
    server.script = { ...server.script, instead: { [stage]: () => {} } }
    const row = await addConnection(bench, session)
    await set(session, {
      ...serverSettings(cpe, await addServer(session, row), server.port),
      ...under(row, { ...usualConnection, Resource: text(`silent-${stage}`) }),
    })
    servers.push(server)
  }
  await session.end()

  // They wait side by side, each at another point.
  await Promise.all(
    servers.map(async (server) => {
      const silent = await server.nextConnection(deadline(bench))
      await silent.closed({ timeoutMs, signal })
      server.script = { ...server.script, instead: {} }
      await server.nextLogin({ timeoutMs, signal })
    }),
  )
})

/** Holds the device to log in once the server is a good one again, after this came in place of its step. */
async function expectRecovery(bench: Bench, stage: Stage, deed: Deed): Promise<void> {
  const { server } = await setUp(bench, { script: { instead: { [stage]: deed } } })
  const first = await server.nextConnection(deadline(bench))
  await cameInTime(first.closed({ timeoutMs: 1500 }))
  server.script = { ...server.script, instead: {} }
  await first.dispose()

  const line = await server.nextLogin(deadline(bench))

  await takeNews(bench)
  await expectEntry(bench, line)
}
