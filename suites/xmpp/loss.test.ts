import { ConformanceFailure, expect, test } from '../../harness/conformance.ts'
import {
  type Bench,
  deadline,
  domain,
  managementServer,
  read,
  takeNews,
} from '../../harness/testbed/xmpp-connection.ts'
import { disconnect, type Stage, streamErrorText } from '../../harness/xmpp/xmpp.ts'
import { cameInTime, expectEntry } from './asking.ts'
import { goOnline, noSession, type Online, setUp, startServer } from './bench.ts'

test('XMPP-LOSS-001 comes back after being cut off as soon as it was connected', {
  meta: { id: 'XMPP-LOSS-001' },
}, async ({ cpe, restore, signal }) => {
  await expectReturnFrom({ cpe, restore, signal }, 'connected')
})

test('XMPP-LOSS-002 comes back after being cut off at its greeting', {
  meta: { id: 'XMPP-LOSS-002' },
}, async ({ cpe, restore, signal }) => {
  await expectReturnFrom({ cpe, restore, signal }, 'greeted')
})

test('XMPP-LOSS-003 comes back after being cut off when it asks for TLS', {
  meta: { id: 'XMPP-LOSS-003' },
}, async ({ cpe, restore, signal }) => {
  await expectReturnFrom({ cpe, restore, signal }, 'starttls')
})

test('XMPP-LOSS-004 comes back after being cut off after the handshake', {
  meta: { id: 'XMPP-LOSS-004' },
}, async ({ cpe, restore, signal }) => {
  await expectReturnFrom({ cpe, restore, signal }, 'secured')
})

test('XMPP-LOSS-005 comes back after being cut off during the login', {
  meta: { id: 'XMPP-LOSS-005' },
}, async ({ cpe, restore, signal }) => {
  await expectReturnFrom({ cpe, restore, signal }, 'response')
})

test('XMPP-LOSS-006 comes back after being cut off before it has its resource', {
  meta: { id: 'XMPP-LOSS-006' },
}, async ({ cpe, restore, signal }) => {
  await expectReturnFrom({ cpe, restore, signal }, 'bind')
})

test('XMPP-LOSS-007 comes back after the connection was cut, and takes requests again', {
  meta: { id: 'XMPP-LOSS-007' },
}, async ({ cpe, restore, signal }) => {
  await expectReturn({ cpe, restore, signal }, ({ line }) => line.destroy())
})

test('XMPP-LOSS-008 comes back after the server has ended the stream', {
  meta: { id: 'XMPP-LOSS-008' },
}, async ({ cpe, restore, signal }) => {
  await expectReturn({ cpe, restore, signal }, ({ line }) => {
    line.send('</stream:stream>')
    line.end()
  })
})

test('XMPP-LOSS-009 comes back after half a stanza', {
  meta: { id: 'XMPP-LOSS-009' },
}, async ({ cpe, restore, signal }) => {
  await expectReturn({ cpe, restore, signal }, ({ line }) => {
    line.send('<iq type="get" id="half" from="acs@')
    line.end()
  })
})

test('XMPP-LOSS-010 comes back after system-shutdown', {
  meta: { id: 'XMPP-LOSS-010' },
}, async ({ cpe, restore, signal }) => {
  await expectReturn({ cpe, restore, signal }, streamError('system-shutdown'))
})

test('XMPP-LOSS-011 comes back after policy-violation', {
  meta: { id: 'XMPP-LOSS-011' },
}, async ({ cpe, restore, signal }) => {
  await expectReturn({ cpe, restore, signal }, streamError('policy-violation'))
})

test('XMPP-LOSS-012 comes back after conflict, and not with two connections', {
  meta: { id: 'XMPP-LOSS-012' },
}, async ({ cpe, restore, signal }) => {
  const { server } = await expectReturn({ cpe, restore, signal }, streamError('conflict'))

  expect(server.open.length, 'connections that are open').toBe(1)
})

test('XMPP-LOSS-013 comes back after host-unknown', {
  meta: { id: 'XMPP-LOSS-013' },
}, async ({ cpe, restore, signal }) => {
  await expectReturn({ cpe, restore, signal }, streamError('host-unknown'))
})

test('XMPP-LOSS-014 comes back after a stream error that it does not know', {
  meta: { id: 'XMPP-LOSS-014' },
}, async ({ cpe, restore, signal }) => {
  await expectReturn({ cpe, restore, signal }, streamError('unheard-of'))
})

test('XMPP-LOSS-015 ends a stream in which the server sends what is not well-formed, and comes back', {
  meta: { id: 'XMPP-LOSS-015' },
}, async ({ cpe, restore, signal }) => {
  await expectReturn({ cpe, restore, signal }, ({ line }) => line.send('<iq type="get"><a></b></iq>'))
})

test('XMPP-LOSS-016 does not expand entities that the server declares, and comes back', {
  meta: { id: 'XMPP-LOSS-016' },
}, async ({ cpe, restore, signal }) => {
  await expectReturn({ cpe, restore, signal }, ({ line }) =>
    line.send('<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><message>&b;</message>'),
  )
})

test('XMPP-LOSS-017 keeps its JID while the connection is lost', {
  meta: { id: 'XMPP-LOSS-017' },
}, async ({ cpe, restore, signal }) => {
  const bench = { cpe, restore, signal }
  const { server, line } = await goOnline(bench)
  await server.refuse()
  await line.closed(deadline(bench))

  const jid = await read(bench, managementServer(cpe, 'ConnReqJabberID'))

  expect(jid).toBe(line.jid)
})

test('XMPP-LOSS-018 tells nothing when it comes back under the JID that it had', {
  meta: { id: 'XMPP-LOSS-018' },
}, async ({ cpe, restore, signal }) => {
  const bench = { cpe, restore, signal }
  const { server, line } = await goOnline(bench)
  line.destroy()
  await server.nextLogin(deadline(bench))

  await noSession(bench)
})

test('XMPP-LOSS-019 tells the new JID when it comes back under another', {
  meta: { id: 'XMPP-LOSS-019' },
}, async ({ cpe, restore, signal }) => {
  const bench = { cpe, restore, signal }
  const { server, line } = await goOnline(bench)
  server.script = { ...server.script, jidFor: (name) => `${name}@${domain}/another-resource` }
  line.destroy()
  const again = await server.nextLogin(deadline(bench))

  const session = await cpe.nextSessionWith('4 VALUE CHANGE', { signal })
  await session.end()

  expect(session.parameters.get(managementServer(cpe, 'ConnReqJabberID'))?.Value).toBe(again.jid)
})

test('XMPP-LOSS-020 does not state Enabled while the server is gone', {
  meta: { id: 'XMPP-LOSS-020' },
}, async ({ cpe, restore, signal }) => {
  const bench = { cpe, restore, signal }
  const { server, line, row } = await goOnline(bench)
  await server.refuse()
  await line.closed(deadline(bench))

  const status = await read(bench, `${row}Status`)

  expect(['Connecting', 'ServerNotPresent', 'Error', 'Dormant', 'Unknown']).toContain(status)
})

test('XMPP-LOSS-021 goes to the host that see-other-host names, or back to the one that it knows', {
  meta: { id: 'XMPP-LOSS-021' },
}, async ({ cpe, restore, signal }) => {
  const bench = { cpe, restore, signal }
  const other = await startServer(bench)
  const { server, line } = await goOnline(bench)
  const { acs } = cpe.profile.pixit
  line.send(streamErrorText('see-other-host', `${acs.publicHost ?? acs.host}:${other.port}`))
  line.end()

  // RFC 6120 4.9.3.19: SHOULD go there; a device that trusts only its table is no broken one here.
  const [there, here] = await Promise.all([
    cameInTime(other.nextLogin({ timeoutMs: 3000 })),
    cameInTime(server.nextLogin({ timeoutMs: 3000 })),
  ])

  if (!there && !here) throw new ConformanceFailure(['a login there', 'a login here'], 'neither')
})

test('XMPP-LOSS-022 comes back after being cut off when it says who it is', {
  meta: { id: 'XMPP-LOSS-022' },
}, async ({ cpe, restore, signal }) => {
  await expectReturnFrom({ cpe, restore, signal }, 'auth')
})

test('XMPP-LOSS-023 comes back after being cut off when its login has come to a good end', {
  meta: { id: 'XMPP-LOSS-023' },
}, async ({ cpe, restore, signal }) => {
  await expectReturnFrom({ cpe, restore, signal }, 'authenticated')
})

/** Holds the device to log in after its first connection was cut at this stage. */
async function expectReturnFrom(bench: Bench, stage: Stage): Promise<void> {
  const { server } = await setUp(bench, { script: { instead: { [stage]: disconnect } } })
  const first = await server.nextConnection(deadline(bench))
  await first.closed(deadline(bench))
  server.script = { ...server.script, instead: {} }

  const line = await server.nextLogin(deadline(bench))

  await takeNews(bench)
  await expectEntry(bench, line)
}

/** Holds the device that is online to come back after what the server does, and to take requests again. */
async function expectReturn(bench: Bench, deed: (online: Online) => void): Promise<Online> {
  const online = await goOnline(bench)
  deed(online)
  await online.line.closed(deadline(bench))

  const line = await online.server.nextLogin(deadline(bench))

  await expectEntry(bench, line)
  return { ...online, line }
}

function streamError(condition: string) {
  return ({ line }: Online): void => {
    line.send(streamErrorText(condition))
    line.end()
  }
}
