import { isFault } from '../../harness/cwmp/cwmp.ts'
import { modelPath } from '../../harness/datamodel/datamodel.ts'
import { listNames, readAll } from '../rpc/parameter-tree.ts'
import { deleteRow, keepRows, type NewRow } from '../rpc/rows.ts'
import { type Bench, whereInForce } from '../rpc/values.ts'
import { modelledTables } from './structure.ts'
import { type ExaminedModel, type KnownSubject, survey } from './survey.ts'
import { mayTouch } from './untouched.ts'

/** A new row, and the session of now: the next one where something was granted with Status 1 meanwhile. */
export interface HeldRow extends NewRow {
  session: Bench['session']
}

/**
 * Adds a row to each table that takes one, and deletes it again when `examine` has seen it, with the parameters in it that
 * the model defines. Tables that are full, or lie between device and bench, are left out.
 */
export async function eachNewRow(
  bench: Bench,
  root: string,
  model: ExaminedModel,
  examine: (row: HeldRow, subjects: readonly KnownSubject[]) => Promise<void>,
): Promise<void> {
  const isFree = mayTouch(bench.cpe.profile)
  const tables = modelledTables(await survey(bench.session, root), model)
  let session = bench.session
  for (const { path } of tables.filter(
    ({ path, writable, defined }) => writable && defined.creates && isFree(path),
  )) {
    const here = { ...bench, session }
    await keepRows(here, path)
    const added = await session.call('AddObject', { ObjectName: path, ParameterKey: 'conformance' })
    if (isFault(added)) continue
    const inForce = await whereInForce(here, added)
    const { InstanceNumber: number } = added
    const row: HeldRow = { number, path: `${path}${number}.`, session: inForce }
    await examine(row, await subjectsIn(row, model))
    session = await deleteRow({ cpe: bench.cpe, session: row.session }, row.path)
  }
}

async function subjectsIn({ session, path }: NewRow, model: ExaminedModel): Promise<KnownSubject[]> {
  const writable = new Map(
    (await listNames(session, path, false)).map(({ Name, Writable }) => [Name, Writable]),
  )
  return (await readAll(session, path)).flatMap(({ Name, Value, type }) => {
    const found = model.parameters.get(modelPath(Name))
    return found
      ? [{ name: Name, value: Value, type, writable: writable.get(Name) ?? false, model: found }]
      : []
  })
}
