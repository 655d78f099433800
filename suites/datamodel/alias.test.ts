import { expect, granted, refused, test } from '../../harness/conformance.ts'
import { isFault } from '../../harness/cwmp/cwmp.ts'
import {
  attributesBelow,
  keepAttributes,
  notification,
  notificationOf,
  setAttributes,
} from '../rpc/attributes.ts'
import { namesBelow } from '../rpc/parameter-tree.ts'
import { powerCycle } from '../rpc/restart.ts'
import { keepRows, rowsOf, writableTable } from '../rpc/rows.ts'
import { aString, refusedAnyhow, setValues, valueAt, whereInForce } from '../rpc/values.ts'
import { aliasedRow, listedRows, withManagement } from './aliases.ts'
import { conclude, judged } from './findings.ts'
import { survey } from './survey.ts'

const ALIAS = 'conformance-row'

test('DM-ALIAS-001 says in AliasBasedAddressing that it supports aliases', {
  meta: { id: 'DM-ALIAS-001' },
}, async ({ session, root }) => {
  const path = `${root}ManagementServer.AliasBasedAddressing`

  const value = await valueAt(session, path)

  expect(['1', 'true'], path).toContain(value)
})

test('DM-ALIAS-002 begins each alias of its own making with cpe-', {
  meta: { id: 'DM-ALIAS-002' },
}, async ({ cpe, session, restore, pixit }) => {
  const row = await aliasedRow({ cpe, session, restore }, pixit)

  expect(row.alias, `${row.path}Alias`).toMatch(/^cpe-/)
})

test('DM-ALIAS-003 has aliases of 1 to 64 characters that begin with a letter, each once in its table', {
  meta: { id: 'DM-ALIAS-003' },
}, async ({ session, root, task }) => {
  const { parameters } = await survey(session, root)
  const aliases = parameters.filter(({ name }) => name.endsWith('.Alias'))
  const seen = new Set<string>()

  const findings = judged('aliases', aliases, ({ name, value }) => {
    const inTable = `${name.replace(/[^.]+\.Alias$/, '')} ${value}`
    const isAgain = seen.has(inTable)
    seen.add(inTable)
    if (isAgain) return `${name} = ${value}, which another row has`
    return /^[A-Za-z]/.test(value) && [...value].length <= 64
      ? undefined
      : `${name} = ${JSON.stringify(value)}`
  })

  conclude(task, 'aliases of that form', findings)
})

test('DM-ALIAS-004 reads a parameter of a row that its alias names', {
  meta: { id: 'DM-ALIAS-004' },
}, async ({ cpe, session, restore, pixit }) => {
  const row = await aliasedRow({ cpe, session, restore }, pixit)

  const answer = granted(
    await row.session.call('GetParameterValues', { ParameterNames: [`${row.byAlias}Alias`] }),
  )

  expect(answer.ParameterList.map(({ Value }) => Value)).toEqual([row.alias])
})

test('DM-ALIAS-005 names a row in its answer as the request did', {
  meta: { id: 'DM-ALIAS-005' },
}, async ({ cpe, session, restore, pixit }) => {
  const row = await aliasedRow({ cpe, session, restore }, pixit)
  const names = [`${row.byAlias}Alias`, `${row.path}Alias`]

  const answer = granted(await row.session.call('GetParameterValues', { ParameterNames: names }))

  expect(answer.ParameterList.map(({ Name }) => Name).sort()).toEqual(names.sort())
})

test('DM-ALIAS-006 sets the same parameter by alias as by instance number', {
  meta: { id: 'DM-ALIAS-006' },
}, async ({ cpe, session, restore, pixit }) => {
  const { parameter, values } = writableTable(pixit)
  const row = await aliasedRow({ cpe, session, restore }, pixit)

  const set = granted(await setValues(row.session, [aString(row.byAlias + parameter, values[0])]))

  const later = await whereInForce({ cpe, session: row.session }, set)
  expect(await valueAt(later, row.path + parameter)).toBe(values[0])
})

test('DM-ALIAS-007 lists the names of a row that its alias names', {
  meta: { id: 'DM-ALIAS-007' },
}, async ({ cpe, session, restore, pixit }) => {
  const row = await aliasedRow({ cpe, session, restore }, pixit)

  const byAlias = await namesBelow(row.session, row.byAlias, false)

  const byNumber = await namesBelow(row.session, row.path, false)
  const tails = (names: readonly string[]) => names.map((name) => name.replace(row.byAlias, row.path)).sort()
  expect(tails(byAlias)).toEqual(tails(byNumber))
})

test('DM-ALIAS-008 reads and sets the attributes of a parameter in a row that its alias names', {
  meta: { id: 'DM-ALIAS-008' },
}, async ({ cpe, session, restore, pixit }) => {
  const { parameter } = writableTable(pixit)
  const row = await aliasedRow({ cpe, session, restore }, pixit)
  await keepAttributes({ cpe, session: row.session, restore }, row.path + parameter)

  granted(await setAttributes(row.session, notification(row.byAlias + parameter, 1)))

  expect(await notificationOf(row.session, row.path + parameter), 'Notification by number').toBe(1)
  const byAlias = await attributesBelow(row.session, row.byAlias + parameter)
  expect(
    byAlias.map(({ Notification }) => Notification),
    'Notification by alias',
  ).toEqual([1])
})

test('DM-ALIAS-009 creates a row under the alias that AddObject gives', {
  meta: { id: 'DM-ALIAS-009' },
}, async ({ cpe, session, restore, pixit }) => {
  const { path } = writableTable(pixit)
  await keepRows({ cpe, session, restore }, path)

  const added = granted(
    await session.call('AddObject', { ObjectName: `${path}[${ALIAS}].`, ParameterKey: 'alias' }),
  )

  const later = await whereInForce({ cpe, session }, added)
  expect(await valueAt(later, `${path}${added.InstanceNumber}.Alias`)).toBe(ALIAS)
})

test('DM-ALIAS-010 refuses to create a second row under the same alias', {
  meta: { id: 'DM-ALIAS-010' },
}, async ({ cpe, session, restore, pixit }) => {
  const row = await aliasedRow({ cpe, session, restore }, pixit)

  const answer = await row.session.call('AddObject', { ObjectName: row.byAlias, ParameterKey: 'again' })

  refusedAnyhow(answer)
})

test('DM-ALIAS-011 deletes the row that the alias names', {
  meta: { id: 'DM-ALIAS-011' },
}, async ({ cpe, session, restore, pixit }) => {
  const row = await aliasedRow({ cpe, session, restore }, pixit)

  const deleted = granted(
    await row.session.call('DeleteObject', { ObjectName: row.byAlias, ParameterKey: 'alias' }),
  )

  const later = await whereInForce({ cpe, session: row.session }, deleted)
  expect(await rowsOf(later, row.table), `rows of ${row.table}`).not.toContain(row.number)
})

test('DM-ALIAS-012 answers 9005 to an alias that no row has', {
  meta: { id: 'DM-ALIAS-012' },
}, async ({ session, pixit }) => {
  const ParameterNames = [`${writableTable(pixit).path}[no-such-row].Alias`]

  const answer = await session.call('GetParameterValues', { ParameterNames })

  refused(answer, 9005)
})

test('DM-ALIAS-013 keeps the alias of a row when the power fails', {
  meta: { id: 'DM-ALIAS-013' },
}, async ({ cpe, session, restore, pixit }) => {
  const row = await aliasedRow({ cpe, session, restore }, pixit)

  const later = await powerCycle(cpe, row.session)

  expect(await valueAt(later, `${row.path}Alias`)).toBe(row.alias)
})

test('DM-ALIAS-014 names rows by alias of its own accord in InstanceMode InstanceAlias', {
  meta: { id: 'DM-ALIAS-014' },
}, async ({ cpe, session, restore, pixit, root }) => {
  const row = await aliasedRow({ cpe, session, restore }, pixit)
  const bench = { cpe, session: row.session, restore }

  const later = await withManagement(bench, root, 'InstanceMode', 'InstanceAlias')

  expect(await listedRows(later, row.table)).toContain(`[${row.alias}].`)
})

test('DM-ALIAS-015 names rows by number of its own accord in InstanceMode InstanceNumber', {
  meta: { id: 'DM-ALIAS-015' },
}, async ({ cpe, session, restore, pixit, root }) => {
  const row = await aliasedRow({ cpe, session, restore }, pixit)
  const bench = { cpe, session: row.session, restore }

  const later = await withManagement(bench, root, 'InstanceMode', 'InstanceNumber')

  expect(await listedRows(later, row.table)).toContain(`${row.number}.`)
})

test('DM-ALIAS-016 creates no row for an unknown alias while AutoCreateInstances is false', {
  meta: { id: 'DM-ALIAS-016' },
}, async ({ cpe, session, restore, pixit, root }) => {
  const { path, parameter, values } = writableTable(pixit)
  const before = await keepRows({ cpe, session, restore }, path)
  const off = await withManagement(
    { cpe, session, restore },
    root,
    'AutoCreateInstances',
    'false',
    'xsd:boolean',
  )

  const answer = await setValues(off, [aString(`${path}[${ALIAS}].${parameter}`, values[0])])

  refusedAnyhow(answer)
  expect(await rowsOf(off, path), `rows of ${path}`).toEqual(before)
})

test('DM-ALIAS-017 creates a row for an unknown alias while AutoCreateInstances is true', {
  meta: { id: 'DM-ALIAS-017' },
}, async ({ cpe, session, restore, pixit, root }) => {
  const { path, parameter, values } = writableTable(pixit)
  await keepRows({ cpe, session, restore }, path)
  const on = await withManagement(
    { cpe, session, restore },
    root,
    'AutoCreateInstances',
    'true',
    'xsd:boolean',
  )

  const set = granted(await setValues(on, [aString(`${path}[${ALIAS}].${parameter}`, values[0])]))

  const later = await whereInForce({ cpe, session: on }, set)
  expect(await valueAt(later, `${path}[${ALIAS}].${parameter}`)).toBe(values[0])
})

test('DM-ALIAS-018 refuses an alias that is too long or does not begin with a letter', {
  meta: { id: 'DM-ALIAS-018' },
}, async ({ cpe, session, restore, pixit, task }) => {
  const { path } = writableTable(pixit)
  await keepRows({ cpe, session, restore }, path)
  const wrong: string[] = []

  for (const alias of ['1st', '-row', 'a'.repeat(65)]) {
    const answer = await session.call('AddObject', { ObjectName: `${path}[${alias}].`, ParameterKey: 'form' })
    if (!isFault(answer)) wrong.push(alias)
  }

  conclude(task, 'a fault for each', { of: 'aliases', examined: 3, wrong })
})
