import { setTimeout } from 'node:timers/promises'
import { expect, test } from '../../harness/conformance.ts'
import { NatNetwork, StunServer } from '../../harness/net/net.ts'
import type { TestBed } from '../../harness/testbed/testbed.ts'
import { binding, callerAt, reads, set } from './stun.ts'

/**
 * A device in a private network, whose NAT is a real one (TR-069 Annex G). What each of these shows has a requirement of its own
 * where the STUN server plays the NAT; so a bench that cannot lay networks has lost nothing but the cross-check.
 */

/** Such a device, which was told of a STUN server on the other side. */
async function behind(
  behindNat: () => Promise<TestBed>,
  { signal, undo }: { signal: AbortSignal; undo: (step: () => Promise<void>) => void },
): Promise<{ cpe: TestBed; server: StunServer }> {
  const cpe = await behindNat()
  const { host } = cpe.profile.pixit.acs
  const server = await StunServer.listen({ host, transcript: cpe.transcript })
  undo(() => server.close())
  const session = await cpe.provision({ signal })
  await set({ cpe }, session, {
    STUNServerAddress: host,
    STUNServerPort: String(server.port),
    STUNUsername: '',
    STUNMinimumKeepAlivePeriod: '1',
    STUNMaximumKeepAlivePeriod: '2',
    STUNEnable: '1',
    PeriodicInformInterval: '1',
  })
  await session.end()
  return { cpe, server }
}

/** The session that a connection request brings. */
async function requested(cpe: TestBed, signal: AbortSignal): Promise<void> {
  const session = await cpe.nextSession({
    signal,
    where: ({ Event }) => Event.some(({ EventCode }) => EventCode === '6 CONNECTION REQUEST'),
  })

  await session.end()
  expect(session.inform).toCarryEvents('6 CONNECTION REQUEST')
}

test('STUN-REAL-001 states the address that a real NAT has given it', {
  meta: { id: 'STUN-REAL-001' },
}, async ({ behindNat, signal, onTestFinished }) => {
  const { cpe, server } = await behind(behindNat, { signal, undo: onTestFinished })

  const { from } = await binding({ cpe, signal }, server)

  await reads({ cpe, signal }, 'UDPConnectionRequestAddress', [`${from.address}:${from.port}`])
})

test('STUN-REAL-002 notices a real NAT', {
  meta: { id: 'STUN-REAL-002' },
}, async ({ behindNat, signal, onTestFinished }) => {
  const { cpe, server } = await behind(behindNat, { signal, undo: onTestFinished })

  await binding({ cpe, signal }, server)

  await reads({ cpe, signal }, 'NATDetected', ['1', 'true'])
})

test('STUN-REAL-003 takes a connection request through the NAT', {
  meta: { id: 'STUN-REAL-003' },
}, async ({ behindNat, signal, onTestFinished }) => {
  const { cpe, server } = await behind(behindNat, { signal, undo: onTestFinished })
  const { from } = await binding({ cpe, signal }, server)
  const caller = callerAt({ cpe }, server, from)

  await caller.send(caller.message())

  await requested(cpe, signal)
})

test('STUN-REAL-004 keeps the binding alive that the NAT would have forgotten', {
  meta: { id: 'STUN-REAL-004' },
}, async ({ behindNat, signal, onTestFinished }) => {
  const { cpe, server } = await behind(behindNat, { signal, undo: onTestFinished })
  const first = await binding({ cpe, signal }, server)

  // The wait itself is what is examined: a second longer than the NAT remembers what is silent.
  await setTimeout((NatNetwork.bindingSeconds + 1) * 1000, undefined, { signal })
  const { from } = server.requests.findLast(({ isOfConnectionRequests }) => isOfConnectionRequests) ?? first
  const caller = callerAt({ cpe }, server, from)
  await caller.send(caller.message())

  await requested(cpe, signal)
})
