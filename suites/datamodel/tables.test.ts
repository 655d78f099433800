import { isFault } from '../../harness/cwmp/cwmp.ts'
import { otherValue } from '../../harness/datamodel/datamodel.ts'
import { parentOf } from '../rpc/parameter-names.ts'
import { readAll } from '../rpc/parameter-tree.ts'
import { factoryReset } from '../rpc/restart.ts'
import { addRow, deleteRow } from '../rpc/rows.ts'
import { setValues } from '../rpc/values.ts'
import { isSame } from './compare.ts'
import { miscounted } from './counters.ts'
import { conclude, judged } from './findings.ts'
import { settableKey, sharedKeys } from './keys.ts'
import { eachNewRow } from './new-rows.ts'
import { modelledTables } from './structure.ts'
import { isShown, knownIn, survey, test } from './survey.ts'
import { mayTouch } from './untouched.ts'

test('DM-COUNT-001 has as many rows in each table as its counter says', {
  meta: { id: 'DM-COUNT-001' },
}, async ({ session, root, model, task }) => {
  const found = await survey(session, root)
  const values = new Map(found.parameters.map(({ name, value }) => [name, value]))
  const counted = modelledTables(found, model).flatMap(({ path, defined, rows }) => {
    const counter = `${parentOf(path)}${defined.numEntriesParameter ?? ''}`
    const told = values.get(counter)
    return told === undefined ? [] : [{ counter, table: path, told, rows: rows.length }]
  })

  const findings = await miscounted(session, counted)

  conclude(task, 'counters that tell the number of rows', findings)
})

test('DM-COUNT-002 has a counter beside each table for which the model defines one', {
  meta: { id: 'DM-COUNT-002' },
}, async ({ session, root, model, task }) => {
  const found = await survey(session, root)
  const names = new Set(found.parameters.map(({ name }) => name))
  const tables = modelledTables(found, model).filter(
    ({ defined }) => defined.numEntriesParameter !== undefined,
  )

  const findings = judged('tables', tables, ({ path, defined }) => {
    const counter = `${parentOf(path)}${defined.numEntriesParameter}`
    return names.has(counter) ? undefined : counter
  })

  conclude(task, 'a counter beside each table', findings)
})

test('DM-COUNT-003 has no more rows in a table than the model allows', {
  meta: { id: 'DM-COUNT-003' },
}, async ({ session, root, model, task }) => {
  const tables = modelledTables(await survey(session, root), model)

  const findings = judged('tables', tables, ({ path, defined: { maxEntries }, rows }) =>
    rows.length <= maxEntries ? undefined : `${path} has ${rows.length} rows, not ${maxEntries} at most`,
  )

  conclude(task, 'tables with no more rows than that', findings)
})

test('DM-COUNT-006 has as many rows in a table as the model wants at least', {
  meta: { id: 'DM-COUNT-006' },
}, async ({ session, root, model, task }) => {
  const tables = modelledTables(await survey(session, root), model)

  const findings = judged('tables', tables, ({ path, defined: { minEntries }, rows }) =>
    rows.length >= minEntries ? undefined : `${path} has ${rows.length} rows, not ${minEntries} at least`,
  )

  conclude(task, 'tables with no fewer rows than that', findings)
})

test('DM-UNIQUE-001 has no two rows with the same key', {
  meta: { id: 'DM-UNIQUE-001' },
}, async ({ session, root, model, task }) => {
  const found = await survey(session, root)
  const keyed = modelledTables(found, model).filter(
    ({ defined, rows }) => defined.uniqueKeys.length > 0 && rows.length > 1,
  )

  const wrong = keyed.flatMap((table) => sharedKeys(table, found, false))

  conclude(task, 'rows with keys of their own', {
    of: 'tables with keys and rows',
    examined: keyed.length,
    wrong,
  })
})

test('DM-UNIQUE-002 has no two enabled rows with the same functional key', {
  meta: { id: 'DM-UNIQUE-002' },
}, async ({ session, root, model, task }) => {
  const found = await survey(session, root)
  const keyed = modelledTables(found, model).filter(
    ({ defined, rows }) => defined.uniqueKeys.length > 0 && rows.length > 1,
  )

  const wrong = keyed.flatMap((table) => sharedKeys(table, found, true))

  conclude(task, 'enabled rows with keys of their own', {
    of: 'tables with keys and rows',
    examined: keyed.length,
    wrong,
  })
})

test('DM-DEFAULT-001 begins each row with the defaults of the model', {
  meta: { id: 'DM-DEFAULT-001' },
}, async ({ cpe, session, restore, root, model, task }) => {
  const wrong: string[] = []
  let examined = 0

  await eachNewRow({ cpe, session, restore }, root, model, async (_row, subjects) => {
    for (const {
      name,
      value,
      type,
      model: { default: initial, hidden, command },
    } of subjects) {
      if (initial?.type !== 'object' || hidden || command) continue
      examined += 1
      if (!isSame(type, value, initial.value))
        wrong.push(`${name} = ${JSON.stringify(value)}, not ${JSON.stringify(initial.value)}`)
    }
  })

  conclude(task, 'the defaults of the model', {
    of: 'parameters with a default in new rows',
    examined,
    wrong,
  })
})

test('DM-HIDDEN-002 shows nothing of a hidden parameter that was set', {
  meta: { id: 'DM-HIDDEN-002' },
}, async ({ cpe, session, restore, root, model, task }) => {
  const wrong: string[] = []
  let examined = 0

  await eachNewRow({ cpe, session, restore }, root, model, async (row, subjects) => {
    for (const {
      name,
      writable,
      type,
      model: { hidden, syntax },
    } of subjects) {
      const secret = hidden && writable ? otherValue(syntax, '') : undefined
      if (secret === undefined) continue
      // A device may have reasons against a password that nobody has thought of.
      if (isFault(await setValues(row.session, [{ Name: name, Value: secret, type }]))) continue
      examined += 1
      const read = (await readAll(row.session, name)).find(({ Name }) => Name === name)?.Value
      if (read !== '') wrong.push(`${name} shows ${read?.length} characters`)
    }
  })

  conclude(task, 'hidden parameters that read as nothing', {
    of: 'hidden parameters in new rows',
    examined,
    wrong,
  })
})

test('DM-UNIQUE-003 refuses a value that would give two enabled rows the same functional key', {
  meta: { id: 'DM-UNIQUE-003' },
}, async ({ cpe, session, restore, root, model, task }) => {
  const wrong: string[] = []
  let examined = 0

  await eachNewRow({ cpe, session, restore }, root, model, async (row, subjects) => {
    const table = row.path.replace(/\d+\.$/, '')
    const key = settableKey(model, table, subjects)
    if (!key) return
    const other = await addRow({ cpe, session: row.session }, table)
    const first = await setValues(
      other.session,
      key.map(({ name, value, type }) => ({ Name: row.path + name, Value: value, type })),
    )
    if (!isFault(first)) {
      examined += 1
      const second = await setValues(
        other.session,
        key.map(({ name, value, type }) => ({ Name: other.path + name, Value: value, type })),
      )
      if (!isFault(second))
        wrong.push(`${other.path} and ${row.path}: ${key.map(({ name }) => name).join(', ')}`)
    }
    row.session = await deleteRow({ cpe, session: other.session }, other.path)
  })

  conclude(task, 'the second row to be refused', { of: 'tables with a key that can be set', examined, wrong })
})

// The bench itself sets some of them when it makes the device known, and an operator's device may come with others.
test('DM-DEFAULT-002 has the defaults of the model after a factory reset', {
  meta: { id: 'DM-DEFAULT-002' },
}, async ({ cpe, session, restore, root, model, task }) => {
  restore(() => cpe.enrol())
  const isFree = mayTouch(cpe.profile)

  const later = await factoryReset(cpe, session)

  const known = knownIn(await survey(later, root), model)
  const reset = known.filter(
    (subject) => subject.model.default?.type === 'factory' && isShown(subject) && isFree(subject.name),
  )
  const findings = judged(
    'parameters with a default of the factory',
    reset,
    ({ name, value, type, model: { default: initial } }) =>
      isSame(type, value, initial?.value ?? '')
        ? undefined
        : `${name} = ${JSON.stringify(value)}, not ${JSON.stringify(initial?.value)}`,
  )
  conclude(task, 'the defaults of the model', findings)
})
