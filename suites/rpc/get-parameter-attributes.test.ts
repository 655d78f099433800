import { ConformanceFailure, expect, granted, test } from '../../harness/conformance.ts'
import { attributesBelow, attributesOf } from './attributes.ts'
import { assertAmong, assertEach, isObject, knownParameters, parentOf, someOf } from './parameter-names.ts'
import { emptyTable, namesBelow, readAllAttributes } from './parameter-tree.ts'

test('RPC-GPA-001 returns the attributes of one parameter for its full name', {
  meta: { id: 'RPC-GPA-001' },
}, async ({ session, pixit }) => {
  const { path } = pixit.parameters.readOnly

  const listed = await attributesBelow(session, path)

  expect(listed.map(({ Name }) => Name)).toEqual([path])
})

test('RPC-GPA-002 returns the attributes of each of several parameters', {
  meta: { id: 'RPC-GPA-002' },
}, async ({ session, pixit }) => {
  const names = knownParameters(pixit, session).toSorted().reverse()

  const answer = granted(await session.call('GetParameterAttributes', { ParameterNames: names }))

  expect(answer.ParameterList.map(({ Name }) => Name).toSorted()).toEqual(names.toSorted())
})

test('RPC-GPA-003 returns the attributes of every parameter below a partial path and of nothing else', {
  meta: { id: 'RPC-GPA-003' },
}, async ({ session, pixit }) => {
  const { path } = pixit.parameters.object
  const known = knownParameters(pixit, session).filter((name) => name.startsWith(path))

  const names = (await attributesBelow(session, path)).map(({ Name }) => Name)

  assertAmong(names, known, `the attributes of ${path}`)
  assertEach(names, (name) => name.startsWith(path) && !isObject(name), `only parameters below ${path}`)
})

test('RPC-GPA-004 returns the attributes of every parameter of the CPE for an empty name', {
  meta: { id: 'RPC-GPA-004' },
}, async ({ session, pixit }) => {
  const known = knownParameters(pixit, session)

  const listed = await readAllAttributes(session, '')

  assertAmong(
    listed.map(({ Name }) => Name),
    known,
    'the attributes of the whole tree',
  )
})

test('RPC-GPA-005 returns attributes for every parameter that GetParameterNames lists', {
  meta: { id: 'RPC-GPA-005' },
}, async ({ session, root }) => {
  const before = await namesBelow(session, root, false)
  const listed = (await readAllAttributes(session, root)).map(({ Name }) => Name)
  const after = new Set(await namesBelow(session, root, false))

  // Rows may come and go meanwhile.
  const steady = before.filter((name) => !isObject(name) && after.has(name))
  assertAmong(listed, steady, `the attributes of ${root}`)
  const ever = new Set([...before, ...after])
  assertEach(listed, (name) => ever.has(name), 'attributes only of parameters that GetParameterNames lists')
})

test('RPC-GPA-006 reports active notification where it is forced', {
  meta: { id: 'RPC-GPA-006' },
}, async ({ session, pixit }) => {
  const { path } = pixit.parameters.forcedActive

  const { Notification } = await attributesOf(session, path)

  expect(Notification, `Notification of ${path}`).toBe(2)
})

test('RPC-GPA-007 reports for every parameter a Notification that its version of CWMP knows', {
  meta: { id: 'RPC-GPA-007' },
}, async ({ cpe, session }) => {
  // Lightweight notification (3 to 6) came with CWMP 1.4.
  const most = cpe.profile.cwmp.version === '1.4' ? 6 : 2

  const listed = await readAllAttributes(session, '')

  const wrong = listed.filter(({ Notification }) => Notification < 0 || Notification > most)
  if (wrong.length > 0)
    throw new ConformanceFailure(
      `a Notification from 0 to ${most}`,
      someOf(wrong.map(({ Name, Notification }) => `${Notification} of ${Name}`)),
    )
})

test('RPC-GPA-008 reports an AccessList of entities with 1 to 64 characters', {
  meta: { id: 'RPC-GPA-008' },
}, async ({ session }) => {
  const listed = await readAllAttributes(session, '')

  const isEntity = (name: string) => name.length >= 1 && name.length <= 64
  const wrong = listed.filter(({ AccessList }) => !AccessList.every(isEntity))
  if (wrong.length > 0)
    throw new ConformanceFailure(
      'an AccessList without entries, or with entries of 1 to 64 characters',
      someOf(wrong.map(({ Name, AccessList }) => `${JSON.stringify(AccessList)} of ${Name}`)),
    )
})

test('RPC-GPA-009 returns attributes alike for a full name and for the path above it', {
  meta: { id: 'RPC-GPA-009' },
}, async ({ session, pixit }) => {
  const { path } = pixit.parameters.forcedActive

  const byName = await attributesOf(session, path)
  const byPath = await readAllAttributes(session, parentOf(path))

  expect(byPath.find(({ Name }) => Name === path)).toEqual(byName)
})

test('RPC-GPA-010 returns no entries for a table without rows', {
  meta: { id: 'RPC-GPA-010' },
}, async ({ cpe, session }) => {
  const table = await emptyTable(session, cpe.profile)

  const listed = await attributesBelow(session, table)

  expect(listed).toEqual([])
})

test('RPC-GPA-011 takes full names and partial paths in one request', {
  meta: { id: 'RPC-GPA-011' },
}, async ({ session, pixit }) => {
  const object = pixit.parameters.object.path
  const known = knownParameters(pixit, session)
  const outside = known.filter((name) => !name.startsWith(object))

  const answer = granted(
    await session.call('GetParameterAttributes', { ParameterNames: [...outside, object] }),
  )

  assertAmong(
    answer.ParameterList.map(({ Name }) => Name),
    known,
    'the answer',
  )
})
