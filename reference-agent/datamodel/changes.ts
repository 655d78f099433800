/** Changes that the ACS did not cause and has not been told of (TR-069 3.7.1.5, notification attribute). */
import type { Model } from './model.ts'
import type { ParameterNode } from './nodes.ts'

export interface PendingChange {
  path: string
  /** The notification attribute: 1 waits for the next Inform, 2 asks for a session. */
  notification: number
  /** Tells this change from a later one of the same parameter. */
  mark: string
}

/** The `changes` section with marks for parameters that changed just now, as far as they are to be reported. */
export function markChanged(model: Model, nodes: readonly ParameterNode[]): Record<string, number> {
  const changes = { ...model.state.changes }
  const mark = Math.max(0, ...Object.values(changes)) + 1
  for (const node of nodes) {
    if (model.rules.isReported(model.notification(node))) changes[node.path] = mark
  }
  return changes
}

/** Undelivered changes: marked ones, and live values that are no longer what was reported last. */
export function pending(model: Model): PendingChange[] {
  const found: PendingChange[] = []
  for (const [path, mark] of Object.entries(model.state.changes)) {
    const node = model.find(path)
    if (node?.kind === 'parameter')
      found.push({ path, notification: model.notification(node), mark: String(mark) })
  }
  for (const node of liveAndNotified(model)) {
    const last = model.state.reported[node.path]
    const value = model.value(node)
    const isMarked = Object.hasOwn(model.state.changes, node.path)
    if (last !== undefined && last !== value && !isMarked) {
      found.push({ path: node.path, notification: model.notification(node), mark: value })
    }
  }
  return found
}

/** Forgets delivered changes that are still the latest, and remembers what was reported of live values. */
export function acknowledge(model: Model, delivered: readonly PendingChange[]): void {
  const changes = { ...model.state.changes }
  const reported = { ...model.state.reported }
  for (const { path, mark } of delivered) {
    if (String(changes[path]) === mark) delete changes[path]
    else if (Object.hasOwn(reported, path)) reported[path] = mark
  }
  commitIfChanged(model, changes, withFirstReports(model, reported))
}

/** Forgets all changes; what is now is what later changes are compared with. */
export function discard(model: Model): void {
  commitIfChanged(model, {}, withFirstReports(model, {}))
}

/** A live value counts as changed only against an earlier report; one that has none yet starts from what it is now. */
function withFirstReports(model: Model, reported: Record<string, string>): Record<string, string> {
  for (const node of liveAndNotified(model)) reported[node.path] ??= model.value(node)
  return reported
}

function* liveAndNotified(model: Model): Generator<ParameterNode> {
  for (const path of model.live.keys()) {
    const node = model.find(path)
    if (node?.kind === 'parameter' && model.rules.isReported(model.notification(node))) yield node
  }
}

function commitIfChanged(
  model: Model,
  changes: Record<string, number>,
  reported: Record<string, string>,
): void {
  const isSame = (a: object, b: object) => JSON.stringify(a) === JSON.stringify(b)
  if (isSame(changes, model.state.changes) && isSame(reported, model.state.reported)) return
  model.commit({ changes, reported })
}
