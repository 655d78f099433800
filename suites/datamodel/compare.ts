import type { AcsSession } from '../../harness/acs/acs.ts'
import { typeNamed } from '../../harness/datamodel/datamodel.ts'
import { readAll } from '../rpc/parameter-tree.ts'
import type { Written } from './writing.ts'

/** Whether two texts of that xsi:type mean the same value: 1 is true, one moment has many forms. */
export function isSame(xsiType: string, one: string, other: string): boolean {
  return meaning(typeNamed(xsiType), one) === meaning(typeNamed(xsiType), other)
}

function meaning(type: string, text: string): string {
  const value = text.trim()
  switch (type) {
    case 'boolean':
      return value === '1' ? 'true' : value === '0' ? 'false' : value
    case 'int':
    case 'unsignedInt':
    case 'long':
    case 'unsignedLong':
      return /^[+-]?\d+$/.test(value) ? String(BigInt(value.replace('+', ''))) : value
    case 'decimal':
      return String(Number(value))
    case 'dateTime':
      return Number.isNaN(Date.parse(value)) ? value : new Date(value).toISOString()
    case 'hexBinary':
      return value.toUpperCase()
    case 'base64':
      return value.replace(/\s/g, '')
    default:
      return text
  }
}

/** What of it reads otherwise now, one text each. */
export async function readingOtherwise(
  session: AcsSession,
  root: string,
  written: readonly Written[],
): Promise<string[]> {
  const now = new Map((await readAll(session, root)).map(({ Name, Value }) => [Name, Value]))
  return written.flatMap(({ subject, value }) => {
    const read = now.get(subject.name)
    if (read !== undefined && isSame(subject.type, value, read)) return []
    return [`${subject.name} = ${JSON.stringify(read) ?? 'nothing'}, not ${JSON.stringify(value)}`]
  })
}
