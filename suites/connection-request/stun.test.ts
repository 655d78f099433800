import { ConformanceFailure, expect, granted, test } from '../../harness/conformance.ts'
import {
  attribute,
  attributeOf,
  demanding,
  endpointOf,
  isIntact,
  type StunServer,
  translatedTo,
} from '../../harness/net/net.ts'
import { stillCallable } from './asking.ts'
import { binding, enableStun, outside, reads, set } from './stun.ts'

/** How a device finds its public address by STUN, keeps it alive and tells it (TR-069 Annex G). */

const seen = `${outside.address}:${outside.port}`

test('STUN-BIND-001 asks the STUN server that the ACS has named', {
  meta: { id: 'STUN-BIND-001' },
}, async ({ cpe, restore, signal }) => {
  const server = await enableStun({ cpe, restore, signal })

  const timeoutMs = cpe.profile.pixit.timing.informSeconds * 1000
  await server.next({ timeoutMs, signal })
})

test('STUN-BIND-002 says by CONNECTION-REQUEST-BINDING that it takes connection requests there', {
  meta: { id: 'STUN-BIND-002' },
}, async ({ cpe, restore, signal }) => {
  const server = await enableStun({ cpe, restore, signal })

  const request = await binding({ cpe, signal }, server)

  const value = attributeOf(request, attribute.connectionRequestBinding)?.toString('latin1')
  expect(value, 'CONNECTION-REQUEST-BINDING').toBe('dslforum.org/TR-111 ')
})

test('STUN-BIND-003 asks from the address at which it takes connection requests', {
  meta: { id: 'STUN-BIND-003' },
}, async ({ cpe, restore, signal }) => {
  const server = await enableStun({ cpe, restore, signal })

  const { from } = await binding({ cpe, signal }, server)

  const stated = [`${from.address}:${from.port}`, ...(from.port === 80 ? [from.address] : [])]
  await reads({ cpe, signal }, 'UDPConnectionRequestAddress', stated)
})

test('STUN-BIND-004 shows no credentials to a server that asks for none', {
  meta: { id: 'STUN-BIND-004' },
}, async ({ cpe, restore, signal }) => {
  const server = await enableStun(
    { cpe, restore, signal },
    { settings: { STUNUsername: 'stun-user', STUNPassword: 'stun-secret' } },
  )

  const request = await binding({ cpe, signal }, server)

  expect(attributeOf(request, attribute.username), 'USERNAME').toBeUndefined()
  expect(attributeOf(request, attribute.messageIntegrity), 'MESSAGE-INTEGRITY').toBeUndefined()
})

test('STUN-HOST-001 asks at the host of the ACS while STUNServerAddress is empty', {
  meta: { id: 'STUN-HOST-001' },
}, async ({ cpe, restore, signal }) => {
  const server = await enableStun({ cpe, restore, signal }, { settings: { STUNServerAddress: '' } })

  await binding({ cpe, signal }, server)
})

test('STUN-NAT-001 says NATDetected when the server sees it at another address', {
  meta: { id: 'STUN-NAT-001' },
}, async ({ cpe, restore, signal }) => {
  const server = await enableStun({ cpe, restore, signal }, { behaviour: translatedTo(outside) })

  await binding({ cpe, signal }, server)

  await reads({ cpe, signal }, 'NATDetected', ['1', 'true'])
})

test('STUN-NAT-002 states the address that the server sees as UDPConnectionRequestAddress', {
  meta: { id: 'STUN-NAT-002' },
}, async ({ cpe, restore, signal }) => {
  const server = await enableStun({ cpe, restore, signal }, { behaviour: translatedTo(outside) })

  await binding({ cpe, signal }, server)

  await reads({ cpe, signal }, 'UDPConnectionRequestAddress', [seen])
})

test('STUN-NAT-003 says NATDetected no more once STUNEnable is false', {
  meta: { id: 'STUN-NAT-003' },
}, async ({ cpe, restore, signal }) => {
  const server = await enableStun({ cpe, restore, signal }, { behaviour: translatedTo(outside) })
  await binding({ cpe, signal }, server)
  await reads({ cpe, signal }, 'NATDetected', ['1', 'true'])
  const session = await cpe.openSession(signal)

  await set({ cpe }, session, { STUNEnable: '0' })

  await session.end()
  await reads({ cpe, signal }, 'NATDetected', ['0', 'false'])
})

test('STUN-NAT-004 tells a changed UDPConnectionRequestAddress where the ACS wants to know of it', {
  meta: { id: 'STUN-NAT-004' },
}, async ({ cpe, restore, root, signal }) => {
  const server = await enableStun({ cpe, restore, signal }, { behaviour: translatedTo(outside) })
  await binding({ cpe, signal }, server)
  await reads({ cpe, signal }, 'UDPConnectionRequestAddress', [seen])
  const path = `${root}ManagementServer.UDPConnectionRequestAddress`
  const notify = async (Notification: number) => {
    const session = await cpe.openSession(signal)
    const entry = {
      Name: path,
      NotificationChange: true,
      Notification,
      AccessListChange: false,
      AccessList: [],
    }
    granted(await session.call('SetParameterAttributes', { ParameterList: [entry] }))
    await session.end()
  }
  restore(() => notify(0))
  await notify(2)

  server.behaviour = translatedTo({ address: outside.address, port: outside.port + 1 })

  const told = await cpe.nextSession({
    where: ({ ParameterList }) => ParameterList.some(({ Name }) => Name === path),
    signal,
  })
  expect(told.inform).toCarryEvents('4 VALUE CHANGE')
  expect(told.parameters.get(path)?.Value, path).toBe(`${outside.address}:${outside.port + 1}`)
})

test('STUN-CHANGE-001 says by an empty BINDING-CHANGE that its binding is another one', {
  meta: { id: 'STUN-CHANGE-001' },
}, async ({ cpe, restore, signal }) => {
  const server = await enableStun({ cpe, restore, signal }, { behaviour: translatedTo(outside) })
  await binding({ cpe, signal }, server)

  server.behaviour = translatedTo({ address: outside.address, port: outside.port + 1 })

  const timeoutMs = cpe.profile.pixit.timing.informSeconds * 1000
  const where = (request: { attributes: readonly { type: number }[] }) =>
    request.attributes.some(({ type }) => type === attribute.bindingChange)
  const request = await server.next({ timeoutMs, where, signal })
  expect(attributeOf(request, attribute.bindingChange)?.length, 'octets of BINDING-CHANGE').toBe(0)
  expect(request.isOfConnectionRequests, 'CONNECTION-REQUEST-BINDING beside it').toBe(true)
})

test('STUN-AUTH-001 signs its request once the server demands it', {
  meta: { id: 'STUN-AUTH-001' },
}, async ({ cpe, restore, signal }) => {
  const [STUNUsername, STUNPassword] = ['stun-user', 'stun-secret']
  cpe.transcript.mask(STUNPassword)
  const server = await enableStun(
    { cpe, restore, signal },
    { behaviour: demanding(STUNUsername, STUNPassword), settings: { STUNUsername, STUNPassword } },
  )

  const timeoutMs = cpe.profile.pixit.timing.informSeconds * 1000
  const request = await server.next({
    timeoutMs,
    where: (each) => attributeOf(each, attribute.username) !== undefined,
    signal,
  })
  expect(attributeOf(request, attribute.username)?.toString(), 'USERNAME').toBe(STUNUsername)
  expect(request.isOfConnectionRequests, 'CONNECTION-REQUEST-BINDING beside it').toBe(true)
  if (!isIntact(request, STUNPassword))
    throw new ConformanceFailure('MESSAGE-INTEGRITY made with STUNPassword, at the end', 'another or none')
})

test('STUN-AUTH-002 does not sign its request without STUNUsername', {
  meta: { id: 'STUN-AUTH-002' },
}, async ({ cpe, restore, signal }) => {
  const server = await enableStun({ cpe, restore, signal }, { behaviour: demanding('somebody', 'secret') })

  await binding({ cpe, signal }, server)
  await binding({ cpe, signal }, server)

  const signed = server.requests.find((each) => attributeOf(each, attribute.messageIntegrity))
  if (signed) throw new ConformanceFailure('requests without MESSAGE-INTEGRITY', 'a signed one')
})

test('STUN-KEEP-001 is never silent longer than STUNMaximumKeepAlivePeriod', {
  meta: { id: 'STUN-KEEP-001' },
}, async ({ cpe, pixit, restore, signal }) => {
  const seconds = 2 * pixit.clockRate
  const server = await enableStun(
    { cpe, restore, signal },
    { settings: { STUNMaximumKeepAlivePeriod: String(seconds), STUNMinimumKeepAlivePeriod: '1' } },
  )
  const one = await binding({ cpe, signal }, server)

  const other = await binding({ cpe, signal }, server)

  expect((other.atMs - one.atMs) / 1000, 'seconds between two requests').toBeLessThan(3)
})

test('STUN-KEEP-002 asks no more often than STUNMinimumKeepAlivePeriod allows', {
  meta: { id: 'STUN-KEEP-002' },
}, async ({ cpe, pixit, restore, signal }) => {
  const seconds = String(2 * pixit.clockRate)
  const server = await enableStun(
    { cpe, restore, signal },
    { settings: { STUNMaximumKeepAlivePeriod: seconds, STUNMinimumKeepAlivePeriod: seconds } },
  )
  await binding({ cpe, signal }, server)
  const one = await binding({ cpe, signal }, server)

  const other = await binding({ cpe, signal }, server)

  expect((other.atMs - one.atMs) / 1000, 'seconds between two requests').toBeGreaterThan(1.8)
})

test('STUN-LIFE-001 finds out from a second port how long its binding lives', {
  meta: { id: 'STUN-LIFE-001' },
}, async ({ cpe, pixit, restore, signal }) => {
  const STUNMaximumKeepAlivePeriod = String(8 * pixit.clockRate)
  const server = await enableStun(
    { cpe, restore, signal },
    { behaviour: translatedTo(outside), settings: { STUNMaximumKeepAlivePeriod } },
  )
  const { from } = await binding({ cpe, signal }, server)

  const timeoutMs = cpe.profile.pixit.timing.informSeconds * 1000
  const where = (each: { attributes: readonly { type: number; value: Buffer }[] }) =>
    attributeOf(each, attribute.responseAddress) !== undefined
  const trial = await server.next({ timeoutMs, where, signal })
  expect(trial.from.port, 'port of the request with RESPONSE-ADDRESS').not.toBe(from.port)
  expect(endpointOf(attributeOf(trial, attribute.responseAddress)), 'RESPONSE-ADDRESS').toEqual(outside)
})

test('STUN-SILENT-001 asks again when the server does not answer, and takes the late answer', {
  meta: { id: 'STUN-SILENT-001' },
}, async ({ cpe, restore, signal }) => {
  const server = await enableStun({ cpe, restore, signal }, { behaviour: () => 'silence' })
  await binding({ cpe, signal }, server)
  const timeoutMs = cpe.profile.pixit.timing.informSeconds * 1000
  await server.next({ timeoutMs, where: () => true, signal })

  server.behaviour = translatedTo(outside)

  await reads({ cpe, signal }, 'UDPConnectionRequestAddress', [seen])
})

test('STUN-SILENT-002 takes connection requests over HTTP while the STUN server is silent', {
  meta: { id: 'STUN-SILENT-002' },
}, async ({ cpe, restore, signal }) => {
  const server = await enableStun({ cpe, restore, signal }, { behaviour: () => 'silence' })
  await binding({ cpe, signal }, server)

  await stillCallable(cpe, signal)
})

test('STUN-WRONG-001 ignores an answer to a request that it did not make', {
  meta: { id: 'STUN-WRONG-001' },
}, async ({ cpe, restore, signal }) => {
  const behaviour: StunServer['behaviour'] = ({ transaction }) => ({
    octets: Buffer.concat([
      Buffer.from('0101000c', 'hex'),
      Buffer.from(transaction).reverse(),
      Buffer.from('000100080001', 'hex'),
      Buffer.from([outside.port >> 8, outside.port & 0xff, 203, 0, 113, 7]),
    ]),
  })
  const server = await enableStun({ cpe, restore, signal }, { behaviour })
  await binding({ cpe, signal }, server)
  // It has heard the answer to its first request when it repeats it.
  const timeoutMs = cpe.profile.pixit.timing.informSeconds * 1000
  await server.next({ timeoutMs, where: () => true, signal })

  await reads({ cpe, signal }, 'NATDetected', ['0', 'false'])
})

test('STUN-WRONG-002 stays able to find its address after octets that are no STUN', {
  meta: { id: 'STUN-WRONG-002' },
}, async ({ cpe, restore, signal }) => {
  const server = await enableStun({ cpe, restore, signal })
  const { from, transaction } = await binding({ cpe, signal }, server)
  const head = Buffer.concat([Buffer.from('0101000c', 'hex'), transaction])

  // Cut short, with lengths that lie, and with nothing of a message at all.
  for (const octets of [
    head,
    Buffer.concat([head, Buffer.alloc(12, 0xff)]),
    head.subarray(0, 7),
    Buffer.alloc(600),
  ])
    await server.send(octets, from)

  server.behaviour = translatedTo(outside)
  await reads({ cpe, signal }, 'UDPConnectionRequestAddress', [seen])
})

test('STUN-OFF-001 asks no STUN server once STUNEnable is false', {
  meta: { id: 'STUN-OFF-001' },
}, async ({ cpe, pixit, restore, signal }) => {
  const server = await enableStun(
    { cpe, restore, signal },
    { settings: { STUNMaximumKeepAlivePeriod: String(pixit.clockRate) } },
  )
  await binding({ cpe, signal }, server)
  const session = await cpe.openSession(signal)

  await set({ cpe }, session, { STUNEnable: '0' })

  await session.end()
  await reads({ cpe, signal }, 'NATDetected', ['0', 'false'])
  const before = server.requests.length
  // Longer than the maximum period of 1 s.
  await expect(
    server.next({ timeoutMs: 2000, where: (each) => server.requests.indexOf(each) >= before, signal }),
    'a Binding Request although STUN is off',
  ).rejects.toThrow()
})

test('STUN-OFF-002 states a local UDPConnectionRequestAddress again once STUNEnable is false', {
  meta: { id: 'STUN-OFF-002' },
}, async ({ cpe, restore, signal }) => {
  const server = await enableStun({ cpe, restore, signal }, { behaviour: translatedTo(outside) })
  const { from } = await binding({ cpe, signal }, server)
  await reads({ cpe, signal }, 'UDPConnectionRequestAddress', [seen])
  const session = await cpe.openSession(signal)

  await set({ cpe }, session, { STUNEnable: '0' })

  await session.end()
  // The bench sees no NAT between itself and the device; a device that does not listen any more has no address.
  await reads({ cpe, signal }, 'UDPConnectionRequestAddress', [`${from.address}:${from.port}`, ''])
})
