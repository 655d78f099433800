/** What the operator of a device wants of notifications before the ACS says otherwise: the files `custom_notify_json` and `forced_inform_json`. */
import type { ParameterTree } from '../datamodel/datamodel.ts'
import type { Log } from '../platform/platform.ts'
import { CwmpFault } from '../soap/soap.ts'
import { EntryRefused, isRecord, readJsonList } from './json-list.ts'

/** Takes parameters and objects with their notification as defaults, which the ACS may change. */
export function applyCustomNotifications(file: string, tree: ParameterTree, log: Log): void {
  const taken = new Set<string>()
  readJsonList(file, 'custom_notification', log, (entry) => {
    if (!isRecord(entry)) throw new EntryRefused('an object with parameter and notify_type is expected')
    const path = pathIn(entry.parameter, taken)
    const notification = String(entry.notify_type)
    if (!/^[0-6]$/.test(notification)) throw new EntryRefused(`notify_type of ${path} is none of 0 to 6`)
    try {
      tree.setDefaultNotification(path, Number(notification))
    } catch (error) {
      if (!(error instanceof CwmpFault)) throw error
      throw new EntryRefused(
        error.faultCode === 9009
          ? `${path} cannot have notification ${notification}`
          : `there is no ${path} in the data model`,
      )
    }
    taken.add(path)
  })
}

/** Paths that the Informs of a boot carry besides those that every Inform carries. */
export function readForcedInform(file: string, tree: ParameterTree, log: Log): string[] {
  const standard = new Set(tree.forcedInformParameters())
  const taken = new Set<string>()
  readJsonList(file, 'forced_inform', log, (entry) => {
    const path = pathIn(entry, taken)
    if (path.endsWith('.')) throw new EntryRefused(`${path} is an object, a parameter is expected`)
    if (standard.has(path)) throw new EntryRefused(`${path} is part of every Inform anyway`)
    if (!tree.get(path)) throw new EntryRefused(`there is no ${path} in the data model`)
    taken.add(path)
  })
  return [...taken].map((path) => tree.wireName(path))
}

function pathIn(path: unknown, taken: ReadonlySet<string>): string {
  if (typeof path !== 'string' || path === '') throw new EntryRefused('the path of a parameter is expected')
  if (path.includes('*')) throw new EntryRefused(`${path} has a wildcard`)
  if (taken.has(path)) throw new EntryRefused(`${path} stands there already`)
  return path
}
