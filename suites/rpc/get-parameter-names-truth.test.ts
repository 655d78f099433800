import type { AcsSession } from '../../harness/acs/acs.ts'
import { ConformanceFailure, describeFault, granted, test, Untestable } from '../../harness/conformance.ts'
import { isFault } from '../../harness/cwmp/cwmp.ts'
import type { Profile } from '../../harness/dut/dut.ts'
import { assertAmong, assertEach, isObject, parentOf, someOf } from './parameter-names.ts'
import { listNames, namesBelow, readAll, readOne } from './parameter-tree.ts'
import { addRow, deleteRow, keepRows, writableTable } from './rows.ts'
import { keepValues, refusedAnyhow, setValues } from './values.ts'

/** Objects that a walk through the tree visits: enough to meet every kind, few enough for a big tree. */
const WALK = 200
/** Names in one GetParameterValues. */
const BATCH = 50

test('RPC-GPN-033 lists the same names level by level as all at once', {
  meta: { id: 'RPC-GPN-033' },
}, async ({ session, root }) => {
  const before = await namesBelow(session, root, false)
  const walked = new Map<string, string[]>()
  const outermostFirst = before.filter(isObject).toSorted((a, b) => depthOf(a) - depthOf(b))
  for (const object of outermostFirst.slice(0, WALK)) {
    const answer = await session.call('GetParameterNames', { ParameterPath: object, NextLevel: true })
    walked.set(object, isFault(answer) ? [] : answer.ParameterList.map(({ Name }) => Name))
  }
  // Rows may come and go meanwhile: only what was there all the time has to be seen, and nothing that never was.
  const after = new Set(await namesBelow(session, root, false))

  const steady = before.filter((name) => after.has(name) && walked.has(parentOf(name)))
  assertAmong([...walked.values()].flat(), steady, 'the answers with NextLevel=true')
  const ever = new Set([...before, ...after])
  for (const [object, names] of walked)
    assertEach(names, (name) => ever.has(name), `below ${object} only what NextLevel=false lists, too`)
})

test('RPC-GPN-034 lists the parameters that GetParameterValues returns', {
  meta: { id: 'RPC-GPN-034' },
}, async ({ session, root }) => {
  const before = await namesBelow(session, root, false)
  const values = (await readAll(session, root)).map(({ Name }) => Name)
  const after = new Set(await namesBelow(session, root, false))

  const steady = before.filter((name) => !isObject(name) && after.has(name))
  assertAmong(values, steady, 'the answer of GetParameterValues')
  const ever = new Set([...before, ...after])
  assertEach(values, (name) => ever.has(name), 'values only of parameters that GetParameterNames lists')
})

test('RPC-GPN-035 lists only parameters that can be read by their names', {
  meta: { id: 'RPC-GPN-035' },
}, async ({ session, root }) => {
  const names = (await namesBelow(session, root, false)).filter((name) => !isObject(name))

  for (let at = 0; at < names.length; at += BATCH) {
    const batch = names.slice(at, at + BATCH)
    const answer = await session.call('GetParameterValues', { ParameterNames: batch })
    if (!isFault(answer))
      assertAmong(
        answer.ParameterList.map(({ Name }) => Name),
        batch,
        'the answer of GetParameterValues',
      )
    else for (const name of batch) await assertReadable(session, name, root)
  }
})

test('RPC-GPN-036 reports a parameter as writable that SetParameterValues sets', {
  meta: { id: 'RPC-GPN-036' },
}, async ({ cpe, session, restore, pixit }) => {
  const { writableString, writableUnsignedInt } = pixit.parameters

  for (const { path, values } of [writableString, writableUnsignedInt]) {
    await keepValues({ cpe, session, restore }, path)
    const { type } = await readOne(session, path)
    granted(await setValues(session, [{ Name: path, Value: values[0], type }]), `${path} to be set`)
    await assertWritable(session, path, true)
  }
})

test('RPC-GPN-037 reports no parameter as read-only that SetParameterValues sets', {
  meta: { id: 'RPC-GPN-037' },
}, async ({ session, pixit, root }) => {
  const objects = [pixit.parameters.object.path, parentOf(pixit.parameters.readOnly.path)]
  for (const object of new Set([...objects, `${root}DeviceInfo.`])) {
    const readOnly = (await listNames(session, object, true)).filter(
      ({ Name, Writable }) => !Writable && !isObject(Name),
    )
    for (const { Name } of readOnly) {
      // Its present value: a device that takes it is the same afterwards.
      const answer = await setValues(session, [await readOne(session, Name)])
      if (!isFault(answer))
        throw new ConformanceFailure(`${Name} not to be set, for it is listed as read-only`, 'a response')
    }
  }
})

test('RPC-GPN-038 reports a parameter as read-only that SetParameterValues refuses', {
  meta: { id: 'RPC-GPN-038' },
}, async ({ session, pixit, root }) => {
  const readOnly = [pixit.parameters.readOnly.path, `${root}DeviceInfo.SoftwareVersion`]

  for (const path of readOnly) {
    refusedAnyhow(await setValues(session, [await readOne(session, path)]))
    await assertWritable(session, path, false)
  }
})

test('RPC-GPN-039 reports a table as writable that takes AddObject', {
  meta: { id: 'RPC-GPN-039' },
}, async ({ cpe, session, restore, pixit }) => {
  const { path } = writableTable(pixit)
  await keepRows({ cpe, session, restore }, path)

  const row = await addRow({ cpe, session }, path)

  await assertWritable(row.session, path, true)
})

test('RPC-GPN-040 reports a row as writable that DeleteObject deletes', {
  meta: { id: 'RPC-GPN-040' },
}, async ({ cpe, session, restore, pixit }) => {
  const { path } = writableTable(pixit)
  await keepRows({ cpe, session, restore }, path)
  const row = await addRow({ cpe, session }, path)

  await assertWritable(row.session, row.path, true)
  await deleteRow({ cpe, session: row.session }, row.path)
})

test('RPC-GPN-041 reports no table as writable that refuses AddObject', {
  meta: { id: 'RPC-GPN-041' },
}, async ({ session, pixit, cpe, restore }) => {
  const table = readOnlyTable(pixit)
  await keepRows({ cpe, session, restore }, table)

  refusedAnyhow(await session.call('AddObject', { ObjectName: table, ParameterKey: '' }))

  await assertWritable(session, table, false)
})

test('RPC-GPN-042 reports no object as writable that exists exactly once', {
  meta: { id: 'RPC-GPN-042' },
}, async ({ session, root }) => {
  const fixed = ['DeviceInfo.', 'ManagementServer.'].map((name) => root + name)

  const listed = await listNames(session, root, true)

  const writable = listed.filter(({ Name, Writable }) => Writable && fixed.includes(Name))
  if (writable.length > 0)
    throw new ConformanceFailure(
      `Writable=false for ${someOf(fixed)}`,
      `Writable=true for ${someOf(writable.map(({ Name }) => Name))}`,
    )
})

test('RPC-GPN-043 reports no row as writable of a table that does not take AddObject', {
  meta: { id: 'RPC-GPN-043' },
}, async ({ session, pixit }) => {
  const rows = await listNames(session, readOnlyTable(pixit), true)

  const writable = rows.filter(({ Writable }) => Writable).map(({ Name }) => Name)
  if (writable.length > 0)
    throw new ConformanceFailure('Writable=false for each row', `Writable=true for ${someOf(writable)}`)
})

function depthOf(name: string): number {
  return name.split('.').length
}

function readOnlyTable({ tables }: Profile['pixit']): string {
  if (!tables.readOnly) throw new Untestable('the profile names no table that refuses AddObject')
  return tables.readOnly.path
}

async function assertWritable(session: AcsSession, path: string, expected: boolean): Promise<void> {
  // A table or row is asked for by its parent, as an ACS does that walks through the tree.
  const listed = await listNames(session, parentOf(path), true)
  const entry = listed.find(({ Name }) => Name === path)
  if (entry?.Writable !== expected)
    throw new ConformanceFailure(
      `Writable=${expected} for ${path}`,
      entry ? `Writable=${entry.Writable}` : 'no entry for it',
    )
}

/** A name that is refused may have gone since it was listed; then it is not listed any more. */
async function assertReadable(session: AcsSession, name: string, root: string): Promise<void> {
  const answer = await session.call('GetParameterValues', { ParameterNames: [name] })
  if (isFault(answer) && (await namesBelow(session, root, false)).includes(name))
    throw new ConformanceFailure(`${name} to be readable, for it is listed`, describeFault(answer))
}
