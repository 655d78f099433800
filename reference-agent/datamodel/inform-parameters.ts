/** Device.ManagementServer.InformParameter: parameters that the ACS wants in Informs with certain events. */
import { matchesQuietly } from './addressing.ts'
import type { Model } from './model.ts'
import { parametersOf } from './nodes.ts'

const TABLE = 'Device.ManagementServer.InformParameter.'

/** Paths that the enabled rows add to an Inform with the given event codes; a pattern without a match adds nothing. */
export function informParameterPaths(model: Model, eventCodes: readonly string[]): string[] {
  const found = new Set<string>()
  for (const row of model.rowsOf(model.find(model.wireName(TABLE)))) {
    const read = (name: string): string => {
      const node = row.children.get(name)
      return node?.kind === 'parameter' ? model.value(node) : ''
    }
    const events = read('EventList')
      .split(',')
      .filter((each) => each !== '')
    if (read('Enable') === 'true' && matches(events, eventCodes)) {
      for (const node of matchesQuietly(model, read('ParameterName'))) {
        for (const { path } of parametersOf(node)) found.add(path)
      }
    }
  }
  return [...found]
}

function matches(wanted: readonly string[], present: readonly string[]): boolean {
  // An empty list stands for every event but 4 VALUE CHANGE.
  if (wanted.length === 0) return present.some((code) => code !== '4 VALUE CHANGE')
  return wanted.some((code) => present.includes(code))
}
