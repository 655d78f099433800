import type { AcsSession } from '../../harness/acs/acs.ts'
import { ConformanceFailure, expect, granted, refused, test, Untestable } from '../../harness/conformance.ts'
import type { ParameterValueStruct } from '../../harness/cwmp/cwmp.ts'
import { interval, periodic, setPeriod } from '../../harness/testbed/periodic-informs.ts'
import { noChangeToldIn, tellsChangesAlone } from '../../harness/testbed/untold.ts'
import { reboot } from '../rpc/restart.ts'
import { fillNewRow, fillRow, newRow, wish } from './inform-parameters.ts'
import { freshSession, sessionTelling, watchBoolean } from './watching.ts'

/** ManagementServer.InformParameter: what the ACS wants to see in Informs. */

test('NTF-INFORM-001 holds in its Informs the parameter that an enabled row names', {
  meta: { id: 'NTF-INFORM-001' },
}, async ({ cpe, pixit, restore, signal }) => {
  const { path } = pixit.parameters.readOnly
  await wish({ cpe, restore }, signal, { name: path })

  const next = await freshSession({ cpe, signal })

  expectHeld(next, path)
})

test('NTF-INFORM-002 holds nothing for a row that is not enabled', {
  meta: { id: 'NTF-INFORM-002' },
}, async ({ cpe, pixit, restore, signal }) => {
  const { path } = pixit.parameters.readOnly
  const { before } = await wish({ cpe, restore }, signal, { name: path, enable: false })

  const next = await freshSession({ cpe, signal })

  expectNotHeld(next, path, before)
})

test('NTF-INFORM-003 holds the parameter in Informs with an event of its EventList', {
  meta: { id: 'NTF-INFORM-003' },
}, async ({ cpe, pixit, restore, signal }) => {
  const { path } = pixit.parameters.readOnly
  await wish({ cpe, restore }, signal, { name: path, events: '1 BOOT,2 PERIODIC' })
  restore(() => cpe.enrol())
  const session = await cpe.openSession(signal)
  await setPeriod(cpe, session, { enable: true, interval })
  await session.end()

  const next = await periodic(cpe)

  expectHeld(next, path)
})

test('NTF-INFORM-004 does not hold the parameter in Informs without an event of its EventList', {
  meta: { id: 'NTF-INFORM-004' },
}, async ({ cpe, pixit, restore, signal }) => {
  const { path } = pixit.parameters.readOnly
  const { before } = await wish({ cpe, restore }, signal, { name: path, events: '1 BOOT' })

  const next = await freshSession({ cpe, signal })

  if (next.eventCodes.includes('1 BOOT')) throw new Untestable('the device boots in order to open a session')
  expectNotHeld(next, path, before)
})

test('NTF-INFORM-005 refuses a parameter that is in every Inform anyway', {
  meta: { id: 'NTF-INFORM-005' },
}, async ({ cpe, session, restore, root }) => {
  const { row, there } = await newRow({ cpe, restore }, session)

  const answer = await fillRow(there, row, { name: `${root}DeviceInfo.SoftwareVersion` })

  expectParameterFault(refused(answer, 9003), `${row}ParameterName`, 9007)
})

test('NTF-INFORM-006 refuses 4 VALUE CHANGE in an EventList', {
  meta: { id: 'NTF-INFORM-006' },
}, async ({ cpe, session, pixit, restore }) => {
  const { row, there } = await newRow({ cpe, restore }, session)

  const answer = await fillRow(there, row, {
    name: pixit.parameters.readOnly.path,
    events: '2 PERIODIC,4 VALUE CHANGE',
  })

  refused(answer, 9003)
})

test('NTF-INFORM-007 holds the parameter of every row of a table for * in place of its number', {
  meta: { id: 'NTF-INFORM-007' },
}, async ({ cpe, pixit, restore, signal }) => {
  if (!pixit.tables.readOnly) throw new Untestable('the profile names no table with rows')
  const { path: table } = pixit.tables.readOnly
  const session = await cpe.openSession(signal)
  const answer = granted(await session.call('GetParameterNames', { ParameterPath: table, NextLevel: false }))
  const names = answer.ParameterList.map(({ Name }) => Name)
  const first = names.find((name) => new RegExp(/^\d+\.\w+$/).test(name.slice(table.length)))
  if (first === undefined) throw new Untestable(`${table} has no rows`)
  const parameter = first.slice(first.lastIndexOf('.') + 1)
  const all = names.filter((name) => new RegExp(`^\\d+\\.${parameter}$`).test(name.slice(table.length)))
  await fillNewRow({ cpe, restore }, session, { name: `${table}*.${parameter}` })

  const next = await freshSession({ cpe, signal })

  for (const name of all) expectHeld(next, name)
})

test('NTF-INFORM-008 sends its Inform without a parameter that is not there', {
  meta: { id: 'NTF-INFORM-008' },
}, async ({ cpe, pixit, restore, signal }) => {
  if (!pixit.tables.writable) throw new Untestable('the profile names no table')
  const { path, parameter } = pixit.tables.writable
  await wish({ cpe, restore }, signal, { name: `${path}*.X_CONFORMANCE_${parameter}` })

  const next = await freshSession({ cpe, signal })

  const odd = [...next.parameters.keys()].filter((name) => name.includes('X_CONFORMANCE_'))
  expect(odd, 'parameters of the Inform that are not there').toEqual([])
})

test('NTF-INFORM-009 tells no change because a row asks for a parameter', {
  meta: { id: 'NTF-INFORM-009' },
}, async ({ cpe, pixit, restore, signal }) => {
  const { path } = pixit.parameters.readOnly
  const { before, mark } = await wish({ cpe, restore }, signal, { name: path })

  const next = await freshSession({ cpe, signal })

  const held = expectHeld(next, path)
  // It is in every Inform from now on, and a parameter that cannot be written has not changed by being there.
  noChangeToldIn(cpe.messages.informsSince(mark), {
    path,
    known: new Map(before).set(path, held),
  })
})

test('NTF-INFORM-010 does not hold the parameter in an Inform that tells changes alone', {
  meta: { id: 'NTF-INFORM-010' },
}, async ({ cpe, dut, pixit, restore, signal }) => {
  const { path } = pixit.parameters.readOnly
  const changing = await watchBoolean({ cpe, restore, signal }, 2)
  const change = async (value: string) => {
    await cpe.idle(signal)
    await dut.setLocally(changing.path, value, signal)
    const told = await sessionTelling({ cpe, signal }, [{ path: changing.path, value }])
    await told.end()
    return told
  }
  const before = await change(changing.other)
  await wish({ cpe, restore }, signal, { name: path })

  const next = await change(changing.before)

  if (!tellsChangesAlone(next.inform))
    throw new Untestable(`the device tells the change along with ${next.eventCodes.join(', ')}`)
  expectNotHeld(next, path, before.parameters)
})

test('NTF-INFORM-011 keeps what the ACS wants in its Informs over a reboot', {
  meta: { id: 'NTF-INFORM-011' },
}, async ({ cpe, pixit, restore, signal }) => {
  const { path } = pixit.parameters.readOnly
  await wish({ cpe, restore }, signal, { name: path, events: '1 BOOT' })
  const session = await cpe.openSession(signal)

  const next = await reboot(cpe, session, 'inform parameter')

  expect(next.inform).toCarryEvents('1 BOOT')
  expectHeld(next, path)
})

test('NTF-INFORM-012 states in its Inform the value that it reads', {
  meta: { id: 'NTF-INFORM-012' },
}, async ({ cpe, pixit, restore, signal }) => {
  const { path } = pixit.parameters.readOnly
  await wish({ cpe, restore }, signal, { name: path })
  const next = await freshSession({ cpe, signal })

  const answer = granted(await next.call('GetParameterValues', { ParameterNames: [path] }))

  expectHeld(next, path)
  expect(next.parameters.get(path)?.Value, `value of ${path} in the Inform`).toBe(
    answer.ParameterList[0]?.Value,
  )
})

test('NTF-INFORM-013 refuses * in place of anything but an instance number', {
  meta: { id: 'NTF-INFORM-013' },
}, async ({ cpe, session, restore, root }) => {
  const { row, there } = await newRow({ cpe, restore }, session)

  const answer = await fillRow(there, row, { name: `${root}DeviceInfo.*` })

  expectParameterFault(refused(answer, 9003), `${row}ParameterName`, 9007)
})

function expectHeld(session: AcsSession, path: string): ParameterValueStruct {
  const held = session.parameters.get(path)
  if (!held) throw new ConformanceFailure(`an Inform with ${path}`, [...session.parameters.keys()].join(', '))
  return held
}

/**
 * Holds the Inform not to hold the parameter, other than the one from before the row did: a device may state more than it has to.
 * @throws Untestable when that one holds it already
 */
function expectNotHeld(session: AcsSession, path: string, before: AcsSession['parameters']): void {
  if (before.has(path))
    throw new Untestable(`the device states ${path} in its Informs without being asked to`)
  const held = session.parameters.get(path)
  if (held) throw new ConformanceFailure(`an Inform without ${path}`, `${path} = ${held.Value}`)
}

function expectParameterFault(
  { setParameterValuesFaults }: ReturnType<typeof refused>,
  path: string,
  code: number,
): void {
  const faults = setParameterValuesFaults.map(
    ({ ParameterName, FaultCode }) => `${ParameterName}: ${FaultCode}`,
  )
  expect(faults, 'SetParameterValuesFault').toEqual([`${path}: ${code}`])
}
