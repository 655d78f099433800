import { z } from 'zod'
import type { Json } from '../campaign/field.ts'
import { type Script, spoilings, type Target, waysToCall } from './commands.ts'

const target = z.custom<Target>(
  (value) => typeof value === 'string' && /^(p\d+|row\d+|readOnly|noSuch)$/.test(value),
  'a parameter such as "p0", "row1", "readOnly" or "noSuch"',
)
const key = z.string().max(32)
const delay = z.int().min(0)
const kind = <K extends string>(name: K) => ({ do: z.literal(name) })
const setting = z.strictObject({ at: target, to: z.enum(['a', 'b', 'bad', 'wrongType']) })
const attributes = z.strictObject({
  at: target,
  notification: z.int().min(0).max(7).nullable(),
  access: z.array(z.string()).nullable(),
})

const command = z.discriminatedUnion('do', [
  z.strictObject({ ...kind('get'), at: z.array(target).min(1) }),
  z.strictObject(kind('getTable')),
  z.strictObject({ ...kind('set'), to: z.array(setting).min(1), key }),
  z.strictObject({ ...kind('getAttributes'), at: z.array(target).min(1) }),
  z.strictObject({ ...kind('setAttributes'), to: z.array(attributes).min(1) }),
  z.strictObject({ ...kind('add'), table: z.enum(['writable', 'noSuch']), key }),
  z.strictObject({ ...kind('delete'), row: z.union([z.int().min(0), z.literal('noSuch')]), key }),
  z.strictObject({ ...kind('reboot'), key }),
  z.strictObject(kind('factoryReset')),
  z.strictObject({ ...kind('scheduleInform'), delay, key }),
  z.strictObject({ ...kind('download'), delay, key, file: z.enum(['good', 'missing']) }),
  z.strictObject({ ...kind('upload'), delay, key }),
  z.strictObject({ ...kind('cancel'), key }),
  z.strictObject(kind('queued')),
  z.strictObject({ ...kind('move'), place: z.int().min(0) }),
  z.strictObject({ ...kind('end'), how: z.enum(['properly', '500', 'cut']) }),
  z.strictObject({ ...kind('spoil'), how: z.enum(spoilings) }),
  z.strictObject(kind('repeatRequest')),
  z.strictObject({ ...kind('setLocally'), at: target }),
  z.strictObject(kind('powerCycle')),
  z.strictObject(kind('resetLocally')),
  z.strictObject({ ...kind('call'), way: z.enum(waysToCall) }),
  z.strictObject(kind('wait')),
])

/** @throws Error saying what is wrong with what is no script */
export function readScript(json: Json): Script {
  const read = z.array(command).safeParse(json)
  if (read.success) return read.data
  throw new Error(`no script: ${z.prettifyError(read.error)}`)
}
