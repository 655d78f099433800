/**
 * Imported for its effect, before `@peculiar/x509`: the container of its classes keeps remarks on them through the metadata functions of
 * `Reflect`, which JavaScript does not have. Nothing here depends on what the remarks are.
 */

type Remarks = Map<unknown, unknown>

const remarks = new WeakMap<object, Remarks>()

const own = (key: unknown, target: object): unknown => remarks.get(target)?.get(key)

function define(key: unknown, value: unknown, target: object): void {
  const known = remarks.get(target) ?? new Map<unknown, unknown>()
  remarks.set(target, known.set(key, value))
}

function inherited(key: unknown, target: object): unknown {
  for (let at: object | null = target; at !== null; at = Object.getPrototypeOf(at))
    if (remarks.get(at)?.has(key)) return own(key, at)
  return undefined
}

if (!('getMetadata' in Reflect))
  Object.assign(Reflect, { defineMetadata: define, getOwnMetadata: own, getMetadata: inherited })
