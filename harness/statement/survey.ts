import { isFault, type ParameterInfoStruct, type ParameterValueStruct } from '../cwmp/cwmp.ts'
import type { Sign } from '../dut/ics/item.ts'
import { icsItems, icsNames } from '../dut/ics.ts'
import type { Asker } from './interview.ts'

/** What a device says of itself when it is asked. Names are full, the root included. */
export interface Survey {
  /** Of the data model, with its dot. */
  readonly root: string
  /** The MethodList; undefined where GetRPCMethods was refused. */
  readonly methods: readonly string[] | undefined
  /** Whether GetParameterNames lists a parameter or object; undefined where it could not be asked. */
  has(name: string): boolean | undefined
  /** The value of a parameter that a sign asks for; undefined where the device has no such parameter. */
  value(name: string): string | undefined
}

/** Names asked for in one GetParameterValues. */
const VALUES_AT_ONCE = 32

/**
 * Asks in a session for all that the signs of the statement need: the methods, the next level of each object in which something is looked
 * for, and the values that tell what is supported. A dozen requests, small ones also on a device with thousands of parameters.
 */
export async function surveyDevice(session: Asker, root: string): Promise<Survey> {
  const listed = await session.call('GetRPCMethods', {})
  const methods = isFault(listed) ? undefined : listed.MethodList
  const signs = icsNames.flatMap((name) => {
    const { shown } = icsItems[name]
    return 'unseen' in shown ? [] : shown
  })

  const children = new Map<string, ReadonlySet<string> | undefined>()
  for (const name of signs.flatMap((sign) => pathOf(sign, root) ?? [])) await look(parentOf(name))
  const readable = signs
    .flatMap((sign) => ('flag' in sign ? [root + sign.flag] : 'list' in sign ? [root + sign.list] : []))
    .filter((name, index, all) => all.indexOf(name) === index && has(name) !== false)
  const values = new Map((await valuesOf(session, readable)).map(({ Name, Value }) => [Name, Value]))
  return { root, methods, has, value: (name) => values.get(name) }

  /** Where the parent is not there, its children are not, and nobody is asked. */
  async function look(object: string): Promise<void> {
    if (children.has(object)) return
    const parent = parentOf(object)
    if (object !== root && parent !== '') {
      await look(parent)
      if (has(object) === false) {
        children.set(object, new Set())
        return
      }
    }
    const names = await namesBelow(session, object, true)
    children.set(object, names && new Set(names.map(({ Name }) => Name)))
  }

  function has(name: string): boolean | undefined {
    return children.get(parentOf(name))?.has(name)
  }
}

/** Where a sign is looked for with GetParameterNames; undefined where the data model of this root defines nothing of the kind. */
export function pathOf(sign: Sign, root: string): string | undefined {
  if ('method' in sign) return undefined
  if ('flag' in sign) return root + sign.flag
  if ('list' in sign) return root + sign.list
  const relative = root === 'InternetGatewayDevice.' && sign.gateway !== undefined ? sign.gateway : sign.path
  return relative === null ? undefined : root + relative
}

/** What GetParameterNames lists; undefined where it is refused. */
export async function namesBelow(
  session: Asker,
  path: string,
  nextLevel: boolean,
): Promise<readonly ParameterInfoStruct[] | undefined> {
  const answer = await session.call('GetParameterNames', { ParameterPath: path, NextLevel: nextLevel })
  return isFault(answer) ? undefined : answer.ParameterList
}

/**
 * Values with their types, a few at a time; one by one those that are refused together, or left out of an answer. What cannot be read is left
 * out.
 */
export async function valuesOf(session: Asker, names: readonly string[]): Promise<ParameterValueStruct[]> {
  const values: ParameterValueStruct[] = []
  for (let at = 0; at < names.length; at += VALUES_AT_ONCE) {
    const some = names.slice(at, at + VALUES_AT_ONCE)
    const answer = await session.call('GetParameterValues', { ParameterNames: some })
    const given = isFault(answer) ? [] : answer.ParameterList
    values.push(...given)
    if (some.length === 1) continue
    // A device that should have refused a request for one name often leaves out those behind it, too.
    const got = new Set(given.map(({ Name }) => Name))
    for (const name of some) if (!got.has(name)) values.push(...(await valuesOf(session, [name])))
  }
  return values
}

function parentOf(name: string): string {
  return name.replace(/[^.]+\.?$/, '')
}
