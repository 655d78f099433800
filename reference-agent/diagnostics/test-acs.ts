/** For unit tests: an ACS that sets parameters of one object. */
import type { ParameterTree } from '../datamodel/datamodel.ts'

/** One SetParameterValues. Throws CwmpFault. */
export function setByAcsForTest(tree: ParameterTree, object: string, values: Record<string, string>): void {
  tree.setValues(
    Object.entries(values).map(([name, value]) => ({ path: object + name, value })),
    '',
  )
}
