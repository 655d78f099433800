/** Device.ManagementServer.InformParameter: parameters that the ACS wants in Informs with certain events. */
import type { Model } from './model.ts'
import type { ObjectNode, TreeNode } from './nodes.ts'

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
      for (const path of matchingParameters(model.top, read('ParameterName'))) found.add(path)
    }
  }
  return [...found]
}

function matches(wanted: readonly string[], present: readonly string[]): boolean {
  // An empty list stands for every event but 4 VALUE CHANGE.
  if (wanted.length === 0) return present.some((code) => code !== '4 VALUE CHANGE')
  return wanted.some((code) => present.includes(code))
}

/** Parameters at a path in which `*` stands for any instance number. */
function matchingParameters(top: ObjectNode, pattern: string): string[] {
  let nodes: TreeNode[] = [top]
  for (const segment of pattern.split('.')) {
    nodes = nodes.flatMap((node): TreeNode[] => {
      if (node.kind === 'parameter') return []
      if (segment === '*') return node.kind === 'table' ? [...node.children.values()] : []
      const child = node.children.get(segment)
      return child ? [child] : []
    })
  }
  return nodes.filter(({ kind }) => kind === 'parameter').map(({ path }) => path)
}
