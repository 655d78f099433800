import { ConformanceFailure, expect, granted, refused, test, Untestable } from '../../harness/conformance.ts'
import { CWMP_1_0, CWMP_1_1, isFault } from '../../harness/cwmp/cwmp.ts'
import { missed, nextInForce } from '../rpc/values.ts'
import { namespaceWith, notChoosable, notOffered } from './versions.ts'

test('INF-DEVICE-001 names itself in DeviceId as in DeviceInfo', {
  meta: { id: 'INF-DEVICE-001' },
}, async ({ session, root }) => {
  const members = {
    Manufacturer: 'Manufacturer',
    ManufacturerOUI: 'OUI',
    ProductClass: 'ProductClass',
    SerialNumber: 'SerialNumber',
  } as const
  const stated: [member: string, value: string | undefined][] = []
  for (const [name, member] of Object.entries(members)) {
    // A device need not have each of these parameters.
    const answer = await session.call('GetParameterValues', { ParameterNames: [`${root}DeviceInfo.${name}`] })
    if (!isFault(answer)) stated.push([member, answer.ParameterList[0]?.Value])
    else refused(answer, 9005)
  }
  if (stated.length === 0) throw new Untestable('the device has nothing of this in DeviceInfo')

  expect(session.inform.DeviceId, 'DeviceId').toMatchObject(Object.fromEntries(stated))
})

test('INF-DEVICE-002 keeps its DeviceId from session to session', {
  meta: { id: 'INF-DEVICE-002' },
}, async ({ cpe, session, signal }) => {
  await session.end()

  const next = await cpe.openSession(signal)

  expect(next.inform.DeviceId, 'DeviceId of the next Inform').toEqual(session.inform.DeviceId)
})

test('INF-KEY-001 states in the Inform the ParameterKey that was set last', {
  meta: { id: 'INF-KEY-001' },
}, async ({ cpe, session, pixit, root }) => {
  const { path } = pixit.parameters.writableBoolean
  const present = granted(await session.call('GetParameterValues', { ParameterNames: [path] }))
  const { Value = '0', type = 'xsd:boolean' } = present.ParameterList[0] ?? {}
  const ParameterList = [{ Name: path, Value, type }]
  const ParameterKey = 'inform key'
  const answer = granted(await session.call('SetParameterValues', { ParameterList, ParameterKey }))

  const next = await nextInForce({ cpe, session }, answer)

  const stated = next.parameters.get(`${root}ManagementServer.ParameterKey`)?.Value
  if (stated !== ParameterKey)
    throw missed(next, `ParameterKey "${ParameterKey}" in the Inform`, JSON.stringify(stated) ?? 'none')
})

test('INF-RETRY-001 has RetryCount 0 after a successful session', {
  meta: { id: 'INF-RETRY-001' },
}, async ({ cpe, session, signal }) => {
  await session.end()

  const next = await cpe.openSession(signal)

  expect(next.inform.RetryCount, 'RetryCount').toBe(0)
})

test('INF-ID-001 gives each session its own Inform', {
  meta: { id: 'INF-ID-001' },
}, async ({ cpe, session, signal }) => {
  await session.end()

  const next = await cpe.openSession(signal)

  const { id } = next.informEnvelope
  if (id !== undefined && id === session.informEnvelope.id)
    throw new ConformanceFailure('a cwmp:ID that tells this Inform from the last one', `"${id}" again`)
})

test('INF-VERSION-001 offers the versions that it speaks', {
  meta: { id: 'INF-VERSION-001' },
}, async ({ cpe, session, skip, task }) => {
  if (cpe.profile.cwmp.version !== '1.4') {
    task.meta.notApplicable = `the profile says CWMP ${cpe.profile.cwmp.version}, and the header came with 1.4`
    skip()
  }

  const offered = session.informEnvelope.supportedCwmpVersions

  expect(offered ?? [], 'SupportedCWMPVersions').toContain('1.4')
})

test('INF-VERSION-002 goes on in the namespace of an ACS that speaks CWMP 1.0 only', {
  meta: { id: 'INF-VERSION-002' },
}, async ({ cpe, signal, skip, task }) => {
  const why = await notOffered(cpe, '1.0', signal)
  if (why !== undefined) {
    task.meta.notApplicable = why
    skip()
  }

  expect(await namespaceWith(cpe, '1.0', {}, signal), 'namespace of the answer').toBe(CWMP_1_0)
})

test('INF-VERSION-003 goes on in the version that the ACS chooses by UseCWMPVersion', {
  meta: { id: 'INF-VERSION-003' },
}, async ({ cpe, signal, skip, task }) => {
  const why = await notChoosable(cpe, '1.1', signal)
  if (why !== undefined) {
    task.meta.notApplicable = why
    skip()
  }

  const namespace = await namespaceWith(cpe, '1.1', { useCwmpVersion: '1.1' }, signal)

  expect(namespace, 'namespace of the answer').toBe(CWMP_1_1)
})

test('INF-TIME-001 states a time of the year 1 when it does not know the time', {
  meta: { id: 'INF-TIME-001' },
}, async ({ cpe, dut, restore, signal }) => {
  restore(async () => {
    await dut.timeSource(true)
    await cpe.enrol()
  })
  await dut.timeSource(false, signal)

  const session = await cpe.provision({ signal })

  const { CurrentTime } = session.inform
  if (!CurrentTime.startsWith('0001-'))
    throw new ConformanceFailure(
      'CurrentTime 0001-01-01T00:00:00Z, or as long after that as the device runs',
      CurrentTime,
    )
})

test('INF-VALUES-001 states in its Inform the values that it reads', {
  meta: { id: 'INF-VALUES-001' },
}, async ({ session, root }) => {
  // Of the forced parameters those that nothing changes while the session runs.
  const steady = [
    `${root}DeviceInfo.HardwareVersion`,
    `${root}DeviceInfo.SoftwareVersion`,
    `${root}DeviceInfo.ProvisioningCode`,
    `${root}ManagementServer.ParameterKey`,
    `${root}ManagementServer.ConnectionRequestURL`,
  ].filter((name) => session.parameters.has(name))

  const { ParameterList } = granted(await session.call('GetParameterValues', { ParameterNames: steady }))

  const stated = steady.map((name) => [name, session.parameters.get(name)?.Value])
  expect(Object.fromEntries(stated), 'values in the Inform').toEqual(
    Object.fromEntries(ParameterList.map(({ Name, Value }) => [Name, Value])),
  )
})
