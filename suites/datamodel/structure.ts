import { type DataModel, modelPath } from '../../harness/datamodel/datamodel.ts'
import { isObject, parentOf } from '../rpc/parameter-names.ts'
import { isRow } from '../rpc/parameter-tree.ts'
import type { Survey } from './survey.ts'

/** A table that the device has and the model defines. */
export interface ModelledTable {
  /** With the dot at the end, without a row. */
  readonly path: string
  readonly writable: boolean
  readonly defined: DataModel['objects'] extends ReadonlyMap<string, infer Defined> ? Defined : never
  /** Paths of its rows. */
  readonly rows: readonly string[]
}

/** Tables that the device has and the model defines, with their rows of now. */
export function modelledTables({ objects }: Survey, model: DataModel): ModelledTable[] {
  const rows = new Map<string, string[]>()
  for (const name of objects.keys()) {
    const table = parentOf(name)
    if (isRow(name, table)) rows.set(table, [...(rows.get(table) ?? []), name])
  }
  return [...objects].flatMap(([path, writable]) => {
    const defined = model.objects.get(`${modelPath(path)}{i}.`)
    return defined ? [{ path, writable, defined, rows: rows.get(path) ?? [] }] : []
  })
}

/** Whether a name is a vendor's own, or lies in what a vendor or another data model (that of a service) defines. */
export function isVendorSpecific(name: string, root: string): boolean {
  return name.startsWith(`${root}Services.`) || name.split('.').some((segment) => segment.startsWith('X_'))
}

/** Which of the model's paths the device lacks, in some object that it has: rows that do not exist lack nothing. */
export function missingFrom({ objects, parameters }: Survey, paths: readonly string[]): string[] {
  const present = new Set([...parameters.map(({ name }) => name), ...objects.keys()])
  const byModelPath = new Map<string, string[]>()
  for (const name of objects.keys()) {
    const path = modelPath(name)
    byModelPath.set(path, [...(byModelPath.get(path) ?? []), name])
  }
  return [...new Set(paths)].flatMap((path) => {
    const parent = isObject(path) ? path : parentOf(path)
    const places = byModelPath.get(parent)
    if (!places) return parent.includes('{i}') ? [] : [path]
    const last = path.slice(parent.length)
    return places.map((place) => place + last).filter((name) => !present.has(name))
  })
}
