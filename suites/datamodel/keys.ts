import { type DataModel, modelPath, otherValue } from '../../harness/datamodel/datamodel.ts'
import type { ModelledTable } from './structure.ts'
import type { KnownSubject, Survey } from './survey.ts'

/**
 * Keys that two rows of a table share, one text each. Functional keys are looked at among the rows that are enabled, all
 * others among all rows. A key that no row has filled in yet, or of which the device lacks a parameter, is no key.
 */
export function sharedKeys(table: ModelledTable, { parameters }: Survey, functional: boolean): string[] {
  const values = new Map(parameters.map(({ name, value }) => [name, value]))
  const { uniqueKeys, enableParameter } = table.defined
  const isOn = (row: string) => {
    const enable = enableParameter === undefined ? 'true' : values.get(row + enableParameter)
    return enable === undefined || /^\s*(1|true)\s*$/.test(enable)
  }
  const rows = functional ? table.rows.filter(isOn) : table.rows
  return uniqueKeys
    .filter((key) => key.functional === functional)
    .flatMap((key) => {
      const seen = new Map<string, string>()
      const shared: string[] = []
      for (const row of rows) {
        const parts = key.parameters.map((name) => values.get(row + name))
        if (parts.includes(undefined) || parts.every((part) => part === '')) continue
        const text = JSON.stringify(parts)
        const other = seen.get(text)
        if (other === undefined) seen.set(text, row)
        else shared.push(`${other} and ${row} have ${key.parameters.join(', ')} in common`)
      }
      return shared
    })
}

/**
 * What to set in a row so that it is enabled and has a functional key, of values that a device can be expected to take;
 * undefined when the table has no such key, or the device cannot set it.
 * @param subjects parameters of a new row
 */
export function settableKey(
  model: DataModel,
  table: string,
  subjects: readonly KnownSubject[],
): { name: string; value: string; type: string }[] | undefined {
  const defined = model.objects.get(`${modelPath(table)}{i}.`)
  const key = defined?.uniqueKeys.find(({ functional }) => functional)
  if (!defined?.enableParameter || !key) return undefined
  const settings = key.parameters.map((name) => {
    const subject = subjects.find((each) => each.model.name === name && each.model.object === defined.path)
    const value = subject?.writable ? otherValue(subject.model.syntax, subject.value) : undefined
    return subject && value !== undefined ? { name, value, type: subject.type } : undefined
  })
  if (settings.includes(undefined)) return undefined
  const enable = { name: defined.enableParameter, value: 'true', type: 'xsd:boolean' }
  return [...settings.filter((each) => each !== undefined), enable]
}
