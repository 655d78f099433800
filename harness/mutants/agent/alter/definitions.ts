import type { AgentParts } from '../../../../reference-agent/agent.ts'
import type { ObjectDefinition } from '../../../../reference-agent/datamodel/datamodel.ts'
import { alterTree } from './rpc.ts'

/** Means to give the reference agent another data model than the one its profile describes. */

type ParameterDefinition = ObjectDefinition['parameters'][string]

/** Changes one object, or leaves it out. Throws where the agent has no such object. */
export function alterObject(
  parts: AgentParts,
  path: string,
  alter: (definition: ObjectDefinition) => Partial<ObjectDefinition>,
): void {
  if (!parts.objects.some((each) => each.path === path)) throw new Error(`the reference agent has no ${path}`)
  parts.objects = parts.objects.map((each) => (each.path === path ? { ...each, ...alter(each) } : each))
}

/** Changes one parameter. Throws where the agent has no such parameter. */
export function alterParameter(
  parts: AgentParts,
  path: string,
  alter: (definition: ParameterDefinition) => ParameterDefinition,
): void {
  const name = path.slice(path.lastIndexOf('.') + 1)
  alterObject(parts, path.slice(0, -name.length), ({ parameters }) => {
    const definition = parameters[name]
    if (!definition) throw new Error(`the reference agent has no ${path}`)
    return { parameters: { ...parameters, [name]: alter(definition) } }
  })
}

/** Adds a parameter to an object. */
export function addParameter(parts: AgentParts, path: string, definition: ParameterDefinition): void {
  const name = path.slice(path.lastIndexOf('.') + 1)
  alterObject(parts, path.slice(0, -name.length), ({ parameters }) => ({
    parameters: { ...parameters, [name]: definition },
  }))
}

/** Leaves a parameter out. */
export function dropParameter(parts: AgentParts, path: string): void {
  const dropped = path.slice(path.lastIndexOf('.') + 1)
  alterObject(parts, path.slice(0, -dropped.length), ({ parameters }) => ({
    parameters: Object.fromEntries(Object.entries(parameters).filter(([name]) => name !== dropped)),
  }))
}

/** What GetParameterValues answers of parameters whose names match: another value, or another type. */
export function alterValues(
  parts: AgentParts,
  names: RegExp,
  alter: (one: { path: string; value: string; type: string }) => { value?: string; type?: string },
): void {
  alterTree(parts, 'GetParameterValues', (tree) => ({
    getParameters: (path) =>
      tree.getParameters(path).map((one) => (names.test(one.path) ? { ...one, ...alter(one) } : one)),
  }))
}
