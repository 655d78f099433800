import type { AcsSession } from '../../harness/acs/acs.ts'
import { ConformanceFailure, expect, granted, refused, test } from '../../harness/conformance.ts'
import { type CwmpFault, isFault } from '../../harness/cwmp/cwmp.ts'
import { callAltered } from './altered-request.ts'
import {
  ancestorsOf,
  assertAmong,
  assertEach,
  knownParameters,
  parentOf,
  someTable,
} from './parameter-names.ts'
import { emptyTable, isRow, namesBelow } from './parameter-tree.ts'
import { addRow, deleteRow, keepRows, writableTable } from './rows.ts'
import type { Bench } from './values.ts'

test('RPC-GPN-001 lists an object and everything below it with NextLevel=false', {
  meta: { id: 'RPC-GPN-001' },
}, async ({ session, pixit, root }) => {
  const known = knownParameters(pixit, session)

  const names = await namesBelow(session, root, false)

  assertAmong(names, [...known, ...ancestorsOf(known)], `the names of ${root}`)
  assertEach(names, (name) => name.startsWith(root), `only names below ${root}`)
})

test('RPC-GPN-002 lists nothing outside the object', {
  meta: { id: 'RPC-GPN-002' },
}, async ({ session, pixit }) => {
  const { path } = pixit.parameters.object
  const known = knownParameters(pixit, session).filter((name) => name.startsWith(path))

  const names = await namesBelow(session, path, false)

  assertAmong(names, [path, ...known], `the names of ${path}`)
  assertEach(names, (name) => name.startsWith(path), `only ${path} and names below it`)
})

test('RPC-GPN-003 lists exactly the next level with NextLevel=true', {
  meta: { id: 'RPC-GPN-003' },
}, async ({ session, pixit, root }) => {
  const { path } = pixit.parameters.object
  const all = knownParameters(pixit, session)
  const known = [...all, ...ancestorsOf(all)]

  for (const object of [root, path]) {
    const names = await namesBelow(session, object, true)

    assertAmong(
      names,
      known.filter((name) => parentOf(name) === object),
      `the next level of ${object}`,
    )
    assertEach(names, (name) => parentOf(name) === object, `only names one level below ${object}`)
  }
})

test('RPC-GPN-004 lists one parameter for its full name with NextLevel=false', {
  meta: { id: 'RPC-GPN-004' },
}, async ({ session, pixit }) => {
  const { path } = pixit.parameters.readOnly

  const names = await namesBelow(session, path, false)

  expect(names).toEqual([path])
})

test('RPC-GPN-005 lists the root objects alone for an empty ParameterPath with NextLevel=true', {
  meta: { id: 'RPC-GPN-005' },
}, async ({ session, root }) => {
  const names = await namesBelow(session, '', true)

  assertAmong(names, [root], 'the next level of an empty ParameterPath')
  assertEach(names, (name) => /^[^.]+\.$/.test(name), 'only root objects')
})

test('RPC-GPN-006 lists every name of the CPE for an empty ParameterPath with NextLevel=false', {
  meta: { id: 'RPC-GPN-006' },
}, async ({ session, pixit, root }) => {
  const known = knownParameters(pixit, session)
  const objects = ancestorsOf(known).filter((name) => name !== root)

  const names = await namesBelow(session, '', false)

  assertAmong(names, [...known, ...objects], 'the names of the whole tree')
})

test('RPC-GPN-007 takes an empty ParameterPath with a start and an end tag, too', {
  meta: { id: 'RPC-GPN-007' },
}, async ({ session, acs }) => {
  const answer = await callAltered(
    { session, acs },
    'GetParameterNames',
    { ParameterPath: '', NextLevel: true },
    (request) => request.replace('<ParameterPath/>', '<ParameterPath></ParameterPath>'),
  )

  granted(answer)
})

test('RPC-GPN-008 takes NextLevel as 0, 1, false and true', {
  meta: { id: 'RPC-GPN-008' },
}, async ({ session, acs, pixit, root }) => {
  const leaf = pixit.parameters.readOnly.path
  const ask = (ParameterPath: string, form: string) =>
    callAltered(
      { session, acs },
      'GetParameterNames',
      { ParameterPath, NextLevel: true },
      // With 1 there is nothing to alter but its place on a line.
      (request) => request.replace('<NextLevel>1</NextLevel>', `\n<NextLevel>${form}</NextLevel>`),
    )
  // A parameter has no next level: its answer shows which of the two was understood.
  const asTrue = codeOf(await ask(leaf, '1'))

  for (const form of ['0', 'false']) granted(await ask(leaf, form), `NextLevel ${form} to be taken as false`)
  granted(await ask(root, 'true'), 'NextLevel true to be taken')
  expect(codeOf(await ask(leaf, 'true')), `fault to NextLevel true for ${leaf}, as to 1`).toBe(asTrue)
})

test('RPC-GPN-009 lists the rows of a table as objects, each with a dot at its end', {
  meta: { id: 'RPC-GPN-009' },
}, async ({ cpe, session, restore }) => {
  const { table, later } = await tableWithRows({ cpe, session, restore })

  const names = await namesBelow(later, table, true)

  if (names.length === 0) throw new ConformanceFailure(`the rows of ${table}`, 'no entries')
  assertEach(names, (name) => isRow(name, table), `rows such as ${table}1.`)
})

test('RPC-GPN-010 lists nothing below a table without rows with NextLevel=true', {
  meta: { id: 'RPC-GPN-010' },
}, async ({ cpe, session }) => {
  const table = await emptyTable(session, cpe.profile)

  const names = await namesBelow(session, table, true)

  expect(names).toEqual([])
})

test('RPC-GPN-011 lists a table without rows itself with NextLevel=false', {
  meta: { id: 'RPC-GPN-011' },
}, async ({ cpe, session }) => {
  const table = await emptyTable(session, cpe.profile)

  const names = await namesBelow(session, table, false)

  expect(names).toEqual([table])
})

test('RPC-GPN-012 lists a table without rows among the children of its parent', {
  meta: { id: 'RPC-GPN-012' },
}, async ({ cpe, session, root }) => {
  const table = await emptyTable(session, cpe.profile)

  const nextLevel = await namesBelow(session, parentOf(table), true)
  const wholeTree = await namesBelow(session, root, false)

  assertAmong(nextLevel, [table], `the next level of ${parentOf(table)}`)
  assertAmong(wholeTree, [table], `the names of ${root}`)
})

test('RPC-GPN-013 lists instances, never the placeholder {i}', {
  meta: { id: 'RPC-GPN-013' },
}, async ({ session }) => {
  const names = await namesBelow(session, '', false)

  assertEach(names, (name) => !/[{}*]/.test(name), 'names without { } and *')
})

test('RPC-GPN-014 lists every object on the way to a parameter, each with a dot at its end', {
  meta: { id: 'RPC-GPN-014' },
}, async ({ session, root }) => {
  const names = await namesBelow(session, root, false)

  assertAmong(names, ancestorsOf(names), `the names of ${root}`)
})

test('RPC-GPN-015 lists no name twice', {
  meta: { id: 'RPC-GPN-015' },
}, async ({ session, root }) => {
  const names = await namesBelow(session, root, false)

  const seen = new Set<string>()
  const twice = names.filter((name) => seen.has(name) || !seen.add(name))
  if (twice.length > 0)
    throw new ConformanceFailure('each name once', `twice: ${twice.slice(0, 8).join(', ')}`)
})

test('RPC-GPN-016 lists a row with its parameters as soon as it exists', {
  meta: { id: 'RPC-GPN-016' },
}, async ({ cpe, session, restore, pixit }) => {
  const { path, parameter } = writableTable(pixit)
  const bench = { cpe, session, restore }
  await keepRows(bench, path)

  const row = await addRow(bench, path)

  assertAmong(await namesBelow(row.session, path, true), [row.path], `the rows of ${path}`)
  assertAmong(
    await namesBelow(row.session, path, false),
    [path, row.path, `${row.path}${parameter}`],
    `the names of ${path}`,
  )
})

test('RPC-GPN-017 lists a row no longer once it is deleted', {
  meta: { id: 'RPC-GPN-017' },
}, async ({ cpe, session, restore, pixit }) => {
  const { path } = writableTable(pixit)
  const bench = { cpe, session, restore }
  await keepRows(bench, path)
  const row = await addRow(bench, path)

  const later = await deleteRow({ ...bench, session: row.session }, row.path)

  assertEach(
    await namesBelow(later, path, false),
    (name) => !name.startsWith(row.path),
    `nothing below ${row.path}`,
  )
  refused(await later.call('GetParameterNames', { ParameterPath: row.path, NextLevel: false }), 9005)
})

function codeOf(answer: object | CwmpFault): number | undefined {
  return isFault(answer) ? answer.faultCode : undefined
}

/** A table that certainly has a row: one that the case itself fills, else that of the profile. */
async function tableWithRows(bench: Bench): Promise<{ table: string; later: AcsSession }> {
  const { ics, pixit } = bench.cpe.profile
  const table = ics.WritableTable ? pixit.tables.writable?.path : undefined
  if (table === undefined) return { table: someTable(pixit), later: bench.session }
  await keepRows(bench, table)
  return { table, later: (await addRow(bench, table)).session }
}
