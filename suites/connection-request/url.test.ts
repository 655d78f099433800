import type { AcsSession } from '../../harness/acs/acs.ts'
import { ConformanceFailure, expect, granted, test } from '../../harness/conformance.ts'
import { isFault, type RequestOf } from '../../harness/cwmp/cwmp.ts'
import { type Bench, noSession, refusedSomehow, stillCallable } from './asking.ts'

/** ConnectionRequestURL, and switching connection requests off (HTTPConnectionRequestEnable). */

test('CRQ-URL-001 states in its Inform the ConnectionRequestURL that it reads', {
  meta: { id: 'CRQ-URL-001' },
}, async ({ root, session }) => {
  const path = `${root}ManagementServer.ConnectionRequestURL`

  const read = await urlOf(session, path)

  expect(session.parameters.get(path)?.Value, 'ConnectionRequestURL in the Inform').toBe(read)
})

test('CRQ-URL-002 names a host and a port that can be called by http', {
  meta: { id: 'CRQ-URL-002' },
}, async ({ root, session }) => {
  const read = await urlOf(session, `${root}ManagementServer.ConnectionRequestURL`)

  const url = URL.parse(read)
  if (
    url?.protocol !== 'http:' ||
    url.hostname === '' ||
    url.hostname === '0.0.0.0' ||
    url.hostname === '[::]'
  )
    throw new ConformanceFailure('an http URL with a host', JSON.stringify(read))
  if (url.username !== '' || url.password !== '')
    throw new ConformanceFailure('a URL without credentials', 'a URL that tells them')
})

test('CRQ-URL-003 states after a reboot the URL at which it can be called', {
  meta: { id: 'CRQ-URL-003' },
}, async ({ cpe, dut, root, session, signal }) => {
  await session.end()

  await dut.powerCycle(signal)

  const timeoutMs = cpe.profile.pixit.timing.rebootSeconds * 1000
  const booted = await cpe.nextSessionWith('1 BOOT', { timeoutMs, signal })
  const stated = booted.parameters.get(`${root}ManagementServer.ConnectionRequestURL`)?.Value
  expect(stated, 'ConnectionRequestURL in the Inform after a reboot').toBeTruthy()
  await booted.end()
  await stillCallable(cpe, signal)
})

test('CRQ-URL-004 tells by 4 VALUE CHANGE that its ConnectionRequestURL has changed', {
  meta: { id: 'CRQ-URL-004' },
}, async ({ cpe, dut, restore, root, session, signal, skip, task }) => {
  const path = `${root}ManagementServer.HTTPConnectionRequestEnable`
  const present = await session.call('GetParameterValues', { ParameterNames: [path] })
  await session.end()
  if (isFault(present)) {
    task.meta.notApplicable = 'the device has no HTTPConnectionRequestEnable, which would change the URL'
    skip()
  }
  restore(async () => {
    await cpe.dut.setLocally(path, '1')
    await cpe.enrol()
  })

  await dut.setLocally(path, '0', signal)

  // The URL is in every Inform, and another change may be told first: this one is told with the event and another URL.
  const url = `${root}ManagementServer.ConnectionRequestURL`
  const before = session.parameters.get(url)?.Value
  await cpe.acs.nextSession({
    timeoutMs: cpe.profile.pixit.timing.informSeconds * 1000,
    where: ({ Event, ParameterList }) =>
      Event.some(({ EventCode }) => EventCode === '4 VALUE CHANGE') &&
      ParameterList.some(({ Name, Value }) => Name === url && Value !== before),
    signal,
  })
})

test('CRQ-OFF-001 has an empty ConnectionRequestURL while HTTPConnectionRequestEnable is false', {
  meta: { id: 'CRQ-OFF-001' },
}, async ({ cpe, restore, root, signal, skip, task }) => {
  const off = await switchedOff({ cpe, restore, signal })
  if (!off) {
    task.meta.notApplicable = 'the device has no HTTPConnectionRequestEnable that can be set'
    skip()
    return
  }
  granted(await off.call('Reboot', { CommandKey: 'without connection requests' }))

  await off.end()

  const booted = await cpe.acs.nextSession({
    timeoutMs: cpe.profile.pixit.timing.rebootSeconds * 1000,
    where: (inform) => inform.Event.some(({ EventCode }) => EventCode === '1 BOOT'),
    signal,
  })
  const url = booted.parameters.get(`${root}ManagementServer.ConnectionRequestURL`)
  expect(url?.Value, 'ConnectionRequestURL in the Inform').toBe('')
})

test('CRQ-OFF-002 takes no connection request while HTTPConnectionRequestEnable is false', {
  meta: { id: 'CRQ-OFF-002' },
}, async ({ cpe, restore, signal, skip, task }) => {
  const off = await switchedOff({ cpe, restore, signal })
  if (!off) {
    task.meta.notApplicable = 'the device has no HTTPConnectionRequestEnable that can be set'
    skip()
    return
  }

  await off.end()

  await refusedSomehow(() => cpe.requestConnection(signal))
  // That its URL is empty now may well be worth a session to it.
  await noSession(cpe, signal)
})

test('CRQ-OFF-003 takes connection requests again once HTTPConnectionRequestEnable is true', {
  meta: { id: 'CRQ-OFF-003' },
}, async ({ cpe, dut, restore, root, signal, skip, task }) => {
  const off = await switchedOff({ cpe, restore, signal })
  if (!off) {
    task.meta.notApplicable = 'the device has no HTTPConnectionRequestEnable that can be set'
    skip()
    return
  }
  await off.end()

  await dut.setLocally(`${root}ManagementServer.HTTPConnectionRequestEnable`, '1', signal)

  // The device tells of itself that its URL is not empty any more.
  const url = `${root}ManagementServer.ConnectionRequestURL`
  const where = (inform: RequestOf<'Inform'>) =>
    inform.ParameterList.some(({ Name, Value }) => Name === url && Value !== '')
  await (await cpe.nextSession({ where, signal })).end()
  await stillCallable(cpe, signal)
})

async function urlOf(session: AcsSession, path: string): Promise<string> {
  const { ParameterList } = granted(await session.call('GetParameterValues', { ParameterNames: [path] }))
  return ParameterList[0]?.Value ?? ''
}

/** The session in which the ACS switched connection requests over HTTP off; undefined when the device has no such switch. */
async function switchedOff({ cpe, restore, signal }: Bench): Promise<AcsSession | undefined> {
  const path = `${cpe.profile.cwmp.root}ManagementServer.HTTPConnectionRequestEnable`
  const session = await cpe.openSession(signal)
  const ParameterList = [{ Name: path, Value: '0', type: 'xsd:boolean' }]
  const answer = await session.call('SetParameterValues', { ParameterList, ParameterKey: 'off' })
  if (isFault(answer)) return undefined
  restore(async () => {
    await cpe.dut.setLocally(path, '1')
    await cpe.enrol()
  })
  return session
}
