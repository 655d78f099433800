/** A data model of somebody else on the device that this agent is. */
import type { ObjectDefinition, ParameterDefinition } from '../definitions.ts'

/** Root object of the agent's own model; at the beginning of each path there. */
const OWN_ROOT = 'Device.'

/**
 * The objects of `model`, on this device: what the agent's `own` model says about the values of the same parameter (default, part of the Inform,
 * forced notification, which parameter it follows) holds for this agent, and so do its own rows of a table. Everything else is as `model` has it.
 */
export function asBuilt(
  model: readonly ObjectDefinition[],
  own: readonly ObjectDefinition[],
): ObjectDefinition[] {
  const root = model.find(({ path }) => /^[^.]+\.$/.test(path))?.path ?? OWN_ROOT
  const known = new Map(own.map((object) => [object.path.replace(OWN_ROOT, root), object]))
  return model.map((object) => {
    const ours = known.get(object.path)
    if (!ours) return object
    const parameters = Object.entries(object.parameters).map(
      ([name, theirs]) => [name, withOurs(theirs, ours.parameters[name], root)] as const,
    )
    const rows = ours.rows ?? object.rows
    return {
      ...object,
      parameters: Object.fromEntries(parameters),
      ...(rows && {
        rows: rows.map((row) => ({ ...row, values: declaredValues(row.values, object.parameters, root) })),
      }),
    }
  })
}

function withOurs(
  theirs: ParameterDefinition,
  ours: ParameterDefinition | undefined,
  root: string,
): ParameterDefinition {
  if (!ours) return theirs
  const { default: value, forcedInform, activeNotify, follows } = ours
  return {
    ...theirs,
    ...(value !== undefined && { default: theirs.pathRef ? below(root, value) : value }),
    ...(forcedInform && { forcedInform }),
    ...(activeNotify && { activeNotify }),
    ...(follows && { follows }),
  }
}

function declaredValues(
  values: Readonly<Record<string, string>> = {},
  parameters: ObjectDefinition['parameters'],
  root: string,
): Record<string, string> {
  const declared = Object.entries(values).flatMap(([name, value]) => {
    const parameter = Object.hasOwn(parameters, name) ? parameters[name] : undefined
    return parameter ? [[name, parameter.pathRef ? below(root, value) : value] as const] : []
  })
  return Object.fromEntries(declared)
}

/** A reference, or a list of them, under the root object of the model. */
function below(root: string, references: string): string {
  return references
    .split(',')
    .map((each) => (each.startsWith(OWN_ROOT) ? root + each.slice(OWN_ROOT.length) : each))
    .join(',')
}
