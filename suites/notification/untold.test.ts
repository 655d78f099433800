import type { AcsSession } from '../../harness/acs/acs.ts'
import { granted, test, Untestable } from '../../harness/conformance.ts'
import { isFault, type ResponseOf } from '../../harness/cwmp/cwmp.ts'
import { noChangeToldIn } from '../../harness/testbed/untold.ts'
import { nextInForce } from '../rpc/values.ts'
import { noChangeTold, notificationOf, watchAttribute, watchBoolean } from './watching.ts'

/** Changes of which the ACS must not be told: those that it made itself, and those that are none. */

test('NTF-UNTOLD-001 opens no session for a value that the ACS has set', {
  meta: { id: 'NTF-UNTOLD-001' },
}, async ({ cpe, restore, signal }) => {
  const watched = await watchBoolean({ cpe, restore, signal }, 2)
  const session = await cpe.openSession(signal)
  await set(session, watched.path, watched.other)
  const mark = cpe.messages.mark()

  await session.end()

  await noChangeTold({ cpe, signal }, mark, watched)
})

test('NTF-UNTOLD-002 does not tell in its next Inform a value that the ACS has set', {
  meta: { id: 'NTF-UNTOLD-002' },
}, async ({ cpe, restore, signal }) => {
  const watched = await watchBoolean({ cpe, restore, signal }, 1)
  const session = await cpe.openSession(signal)
  await set(session, watched.path, watched.other)
  const mark = cpe.messages.mark()
  await session.end()

  await cpe.openSession(signal)

  noChangeToldIn(cpe.messages.informsSince(mark), watched)
})

test('NTF-UNTOLD-003 does not tell as a change the ParameterKey that the ACS has set', {
  meta: { id: 'NTF-UNTOLD-003' },
}, async ({ cpe, restore, root, signal }) => {
  const { path, other } = await watchBoolean({ cpe, restore, signal }, 0)
  const session = await cpe.openSession(signal)
  const key = `${root}ManagementServer.ParameterKey`
  await watchAttribute({ cpe, restore }, session, key, 1)
  const answer = await set(session, path, other, 'another key')
  const mark = cpe.messages.mark()

  const next = await nextInForce({ cpe, session }, answer)

  noChangeToldIn(cpe.messages.informsSince(mark), { path: key, known: session.parameters })
  if (next.parameters.get(key)?.Value !== 'another key')
    throw new Untestable(
      'the device does not state the ParameterKey that was set, which INF-KEY-001 examines',
    )
})

test('NTF-UNTOLD-004 opens no session for a value that was set locally to what it was', {
  meta: { id: 'NTF-UNTOLD-004' },
}, async ({ cpe, dut, restore, signal }) => {
  const watched = await watchBoolean({ cpe, restore, signal }, 2)
  const mark = cpe.messages.mark()

  await dut.setLocally(watched.path, watched.before, signal)

  await noChangeTold({ cpe, signal }, mark, watched)
})

test('NTF-UNTOLD-005 does not tell the number of rows that the ACS has changed by AddObject', {
  meta: { id: 'NTF-UNTOLD-005' },
}, async ({ cpe, pixit, restore, signal }) => {
  if (!pixit.tables.writable) throw new Untestable('the profile names no table that takes AddObject')
  const table = pixit.tables.writable.path
  const counter = `${table.slice(0, -1)}NumberOfEntries`
  const session = await cpe.openSession(signal)
  const read = await session.call('GetParameterValues', { ParameterNames: [counter] })
  if (isFault(read)) throw new Untestable(`the device has no ${counter}`)
  await watchAttribute({ cpe, restore }, session, counter, 1)
  const { InstanceNumber } = granted(
    await session.call('AddObject', { ObjectName: table, ParameterKey: 'counted' }),
  )
  restore(async () => {
    const later = await cpe.openSession()
    const ObjectName = `${table}${InstanceNumber}.`
    granted(await later.call('DeleteObject', { ObjectName, ParameterKey: '' }))
    await later.end()
  })
  const mark = cpe.messages.mark()
  await session.end()

  await cpe.openSession(signal)

  noChangeToldIn(cpe.messages.informsSince(mark), { path: counter, known: session.parameters })
})

test('NTF-UNTOLD-006 tells no change that happened while notification was off', {
  meta: { id: 'NTF-UNTOLD-006' },
}, async ({ cpe, dut, restore, signal }) => {
  const watched = await watchBoolean({ cpe, restore, signal }, 0)
  const mark = cpe.messages.mark()
  await dut.setLocally(watched.path, watched.other, signal)
  const session = await cpe.openSession(signal)
  const ParameterList = [notificationOf(watched.path, 1)]
  granted(await session.call('SetParameterAttributes', { ParameterList }))
  await session.end()

  await cpe.openSession(signal)

  noChangeToldIn(cpe.messages.informsSince(mark), watched)
})

async function set(
  session: AcsSession,
  Name: string,
  Value: string,
  ParameterKey = '',
): Promise<ResponseOf<'SetParameterValues'>> {
  const ParameterList = [{ Name, Value, type: 'xsd:boolean' }]
  return granted(await session.call('SetParameterValues', { ParameterList, ParameterKey }))
}
