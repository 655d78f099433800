import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { storedRows } from '../../harness/acs/acs.ts'
import { ConformanceFailure, expect, test } from '../../harness/conformance.ts'
import { type Endpoint, StunServer, translatedTo } from '../../harness/net/net.ts'
import { xmppDomain } from '../../harness/peers/peers.ts'
import { call, keep, type Managed, otherThan, readBack, set } from './managed.ts'

/** Connection requests of the ACS, by every way that it knows (TR-069 3.2.2, Annexes G and K). */

/** How long the ACS may take to notice that its settings have changed. */
const SETTINGS_MS = 15_000

test('INT-CR-001 opens a session when the ACS asks for one over HTTP with digest credentials', {
  meta: { id: 'INT-CR-001' },
}, async ({ managed: { device }, signal }) => {
  await call(device, signal)
})

test('INT-CR-002 refuses an ACS that has other credentials, which says so', {
  meta: { id: 'INT-CR-002' },
}, async ({ managed: { device, restore }, signal }) => {
  const { connectionRequestUsername: name, connectionRequestPassword: password } =
    device.profile.pixit.credentials
  device.needCall()
  const show = (secret: string) =>
    device.site.stack.configure(
      'cwmp.connectionRequestAuth',
      `AUTH(${JSON.stringify(name)}, ${JSON.stringify(secret)})`,
    )
  restore(async () => {
    await show(password)
    await device.until(
      'a connection request that is granted',
      async () => ((await device.site.genie.requestConnection(device.id)) === undefined ? true : undefined),
      { timeoutMs: SETTINGS_MS, everyMs: 1000 },
    )
    await device.quiet()
  })
  await show('not the password')

  // Not too often: a device may be deaf for a while to an ACS that asks and asks.
  const refusal = await device.until(
    'a connection request with other credentials to be refused',
    () => device.site.genie.requestConnection(device.id),
    { signal, timeoutMs: SETTINGS_MS, everyMs: 1000 },
  )

  expect(refusal).toContain('ncorrect connection request credentials')
  await device.quiet({ signal })
})

test('INT-CR-003 is offline for the ACS while it sleeps, and does what it is to do when it is back', {
  meta: { id: 'INT-CR-003' },
}, async ({ managed, signal }) => {
  const { device } = managed
  const { path, values } = device.profile.pixit.parameters.writableString
  const value = otherThan(await keep(managed, path), values)
  const wallSeconds = 4
  await device.dut.standby(wallSeconds * device.profile.pixit.clockRate, signal)

  const result = await device.run({ name: 'setParameterValues', parameterValues: [[path, value]] })
  expect(result.state, 'the task').toBe('queued')
  const patience = { signal, timeoutMs: (wallSeconds + device.profile.pixit.timing.informSeconds) * 1000 }
  await device.until(
    'a connection request that is granted',
    async () => ((await device.site.genie.requestConnection(device.id)) === undefined ? true : undefined),
    { ...patience, everyMs: 1000 },
  )
  await device.until(
    'the end of the task',
    async () => ((await device.site.genie.tasks({ device: device.id })).length === 0 ? true : undefined),
    patience,
  )
  await device.quiet({ signal })

  expect(await readBack(device, path), path).toBe(value)
})

/** Has the ACS make a connection to Prosody, and make it the one for connection requests. */
async function goOnline(managed: Managed, signal: AbortSignal): Promise<void> {
  const { device, restore } = managed
  const { prosody } = device.site.stack
  const { acs, timing } = device.profile.pixit
  const account = { username: 'managed-cpe', password: 'a password of the bench for XMPP' }
  const { registerUser } = await import('../../containers/containers.ts')
  await registerUser(prosody.containerId, { domain: xmppDomain, ...account })
  const table = device.path('XMPP.Connection.')
  const add = async (path: string): Promise<string> => {
    const before = storedRows(await device.stored(), path)
    await device.do({ name: 'addObject', objectName: path.slice(0, -1) })
    const row = storedRows(await device.stored(), path).find((one) => !before.includes(one))
    if (row === undefined) throw new ConformanceFailure(`a new row of ${path}`, 'none')
    return `${path}${row}.`
  }
  const jid = device.path('ManagementServer.ConnReqJabberID')
  const row = await add(table)
  restore(async () => {
    await device.do({ name: 'deleteObject', objectName: row.slice(0, -1) })
    // With a JID that is gone the ACS would not find the device any more.
    await device.until('no JID', async () => ((await device.storedValue(jid)) ? undefined : true))
    await device.quiet()
  })
  const server = await add(`${row}Server.`)
  await set(device, {
    [`${server}ServerAddress`]: acs.publicHost ?? prosody.host,
    [`${server}Port`]: prosody.port,
    [`${server}Enable`]: true,
    [`${row}Username`]: account.username,
    [`${row}Password`]: account.password,
    [`${row}Domain`]: xmppDomain,
    [`${row}Resource`]: 'managed',
    [`${row}ServerConnectAlgorithm`]: 'ServerTable',
    [`${row}ServerRetryInitialInterval`]: 1,
    [`${row}ServerRetryMaxInterval`]: 1,
    [`${row}Enable`]: true,
    [device.path('ManagementServer.ConnReqAllowedJabberIDs')]: `genieacs@${xmppDomain}`,
    [device.path('ManagementServer.ConnReqXMPPConnection')]: row.slice(0, -1),
  })
  await device.untilStored(jid, `${account.username}@${xmppDomain}/managed`, {
    signal,
    timeoutMs: timing.informSeconds * 1000,
  })
  await device.quiet({ signal })
}

test('INT-CR-004 tells the ACS its JID as soon as it is logged in at the XMPP server', {
  meta: { id: 'INT-CR-004' },
}, async ({ managed, signal }) => {
  await goOnline(managed, signal)
})

test('INT-CR-005 opens a session when the ACS asks for one over XMPP', {
  meta: { id: 'INT-CR-005' },
}, async ({ managed, signal }) => {
  await goOnline(managed, signal)

  await call(managed.device, signal)
})

/** Stands where the outside of a NAT would, keeps the datagrams that come, and lets them through when the case says so. */
async function datagramGate({ device, restore }: Managed) {
  const socket = createSocket('udp4')
  restore(async () => {
    socket.close()
  })
  const kept: Buffer[] = []
  socket.on('message', (datagram) => void kept.push(datagram))
  socket.bind(0, device.site.stack.gateway)
  await once(socket, 'listening')
  const { address, port } = socket.address()
  const outside: Endpoint = { address, port }
  return {
    outside,
    kept,
    letThrough({ address: to, port: toPort }: Endpoint): void {
      for (const datagram of kept.splice(0)) socket.send(datagram, toPort, to)
    },
  }
}

/** Has the ACS set STUN up; gives where the device takes connection requests by UDP. */
async function useStun(managed: Managed, outside: Endpoint, signal: AbortSignal): Promise<Endpoint> {
  const { device, restore } = managed
  const { acs, timing } = device.profile.pixit
  const server = device.path('ManagementServer.')
  const stun = await StunServer.listen({ host: acs.host, transcript: device.transcript })
  restore(() => stun.close())
  stun.behaviour = translatedTo(outside)
  for (const name of ['ServerAddress', 'ServerPort', 'MinimumKeepAlivePeriod', 'MaximumKeepAlivePeriod'])
    await keep(managed, `${server}STUN${name}`)
  restore(() => set(device, { [`${server}STUNEnable`]: false }))
  const patience = { signal, timeoutMs: timing.informSeconds * 1000 }
  const binding = stun.next({
    ...patience,
    where: ({ isOfConnectionRequests }) => isOfConnectionRequests,
  })
  await set(device, {
    [`${server}STUNServerAddress`]: acs.publicHost ?? acs.host,
    [`${server}STUNServerPort`]: stun.port,
    [`${server}STUNMinimumKeepAlivePeriod`]: 1,
    [`${server}STUNMaximumKeepAlivePeriod`]: 3,
    [`${server}STUNEnable`]: true,
  })
  const address = `${server}UDPConnectionRequestAddress`
  await device.until(
    `${address} = ${outside.address}:${outside.port}`,
    async () =>
      (await readBack(device, address)) === `${outside.address}:${outside.port}` ? true : undefined,
    patience,
  )
  const { from } = await binding
  // Networks of containers hide where packets of this machine come from, but for the port.
  return device.profile.adapter.kind === 'reference' ? { ...from, address: device.site.stack.gateway } : from
}

test('INT-CR-006 opens one session for the datagrams by which the ACS asks for one over UDP', {
  meta: { id: 'INT-CR-006' },
}, async ({ managed, signal }) => {
  const { device } = managed
  const gate = await datagramGate(managed)
  const inside = await useStun(managed, gate.outside, signal)
  // The ACS asks over HTTP at the same time: that session has to be over before the datagrams get through.
  await call(device, signal)
  await device.until('datagrams of the ACS', () => (gate.kept.length > 0 ? true : undefined), { signal })
  const mark = device.messages.mark()

  gate.letThrough(inside)

  await device.informWith('6 CONNECTION REQUEST', mark, { signal })
  await device.quiet({ signal })
})
