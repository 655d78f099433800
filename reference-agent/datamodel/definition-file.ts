/** Objects declared in a JSON file: an array in the shape of ObjectDefinition. */
import { z } from 'zod'
import { JsonMistake, lineOfValue, parseJson, readInputFile } from '../platform/platform.ts'
import type { ObjectDefinition } from './definitions.ts'
import { DefinitionError } from './schema.ts'
import { TYPE_NAMES } from './types.ts'

/** Octets of a data model at most: several times those of the largest that is published. */
export const LARGEST_MODEL = 32 * 1024 * 1024

const bounds = z.tuple([z.number().nullable(), z.number().nullable()])

const parameter = z.strictObject({
  type: z.enum(TYPE_NAMES),
  access: z.enum(['readWrite', 'writeOnceReadOnly']).optional(),
  default: z.string().optional(),
  list: z.strictObject({ length: bounds.optional(), items: bounds.optional() }).optional(),
  length: z.array(bounds).optional(),
  range: z.array(bounds).optional(),
  enumeration: z.array(z.string()).optional(),
  reserved: z.array(z.string()).optional(),
  patterns: z.array(z.string().refine(isPattern, 'a regular expression is expected')).optional(),
  hidden: z.literal(true).optional(),
  restart: z.literal(true).optional(),
  trigger: z.literal(true).optional(),
  activeNotify: z.enum(['canDeny', 'forceEnabled', 'forceDefaultEnabled']).optional(),
  forcedInform: z.literal(true).optional(),
  follows: z.strictObject({ parameter: z.string(), values: z.record(z.string(), z.string()) }).optional(),
  pathRef: z
    .strictObject({
      refType: z.enum(['strong', 'weak']),
      targetType: z.enum(['row', 'single', 'parameter', 'any']),
      targetParent: z.array(z.string()).optional(),
    })
    .optional(),
  enumerationRef: z.strictObject({ targetParam: z.string(), nullValue: z.string().optional() }).optional(),
})

const row = z.strictObject({
  in: z.array(z.int().min(1)).optional(),
  number: z.int().min(1).optional(),
  values: z.record(z.string(), z.string()).optional(),
})

const file: z.ZodType<ObjectDefinition[]> = z.array(
  z.strictObject({
    path: z.string(),
    parameters: z.record(z.string(), parameter),
    access: z.literal('readWrite').optional(),
    numEntriesParameter: z.string().optional(),
    maxEntries: z.int().min(0).optional(),
    enableParameter: z.string().optional(),
    uniqueKeys: z
      .array(
        z.strictObject({ parameters: z.array(z.string()).min(1), functional: z.literal(true).optional() }),
      )
      .optional(),
    rows: z.array(row).optional(),
  }),
)

function isPattern(text: string): boolean {
  try {
    new RegExp(text, 'u')
    return true
  } catch {
    return false
  }
}

/** Reads objects that extend a data model. Throws DefinitionError with one line `file:line: key: what is expected`. */
export function loadObjectDefinitions(path: string): ObjectDefinition[] {
  const text = contentOf(path)
  const result = file.safeParse(jsonOf(path, text))
  if (result.success) return result.data
  const [issue] = result.error.issues
  const place = issue?.path ?? []
  throw new DefinitionError(
    `${path}:${lineOfValue(text, place)}: ${place.join('.') || 'file'}: ${issue?.message}`,
  )
}

function contentOf(path: string): string {
  try {
    return readInputFile(path, LARGEST_MODEL).toString()
  } catch (error) {
    throw new DefinitionError(`${path}: cannot be read (${(error as Error).message})`)
  }
}

function jsonOf(path: string, text: string): unknown {
  try {
    return parseJson(text)
  } catch (error) {
    if (!(error instanceof JsonMistake)) throw error
    throw new DefinitionError(`${path}:${error.line}: JSON is expected`)
  }
}
