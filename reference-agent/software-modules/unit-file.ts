/**
 * The files that deployment units come in: a line `CWMP-REFERENCE-UNIT 1`, lines `key: value`, an empty line, the payload. Keys: name, version, vendor, sha256 of
 * the payload in hexadecimal digits; optionally `requires` for each other unit that it needs, by name, and `type` for the only kind of execution environment that it
 * runs in.
 */
import { createHash } from 'node:crypto'
import { DuFault } from './operation.ts'

export interface UnitFile {
  name: string
  version: string
  vendor: string
  /** Names of other units. */
  requires: readonly string[]
  /** Type of execution environment; absent when any will do. */
  type?: string
  /** Octets of the whole file. */
  size: number
}

const FIRST_LINE = 'CWMP-REFERENCE-UNIT 1'
const LONGEST_HEAD = 65_536

/** Reads and verifies a unit. Throws DuFault 9018. */
export function parseUnitFile(content: Buffer): UnitFile {
  const end = content.subarray(0, LONGEST_HEAD).indexOf('\n\n')
  if (end < 0) throw unusable('it has no head')
  const [first, ...lines] = content.toString('utf8', 0, end).split('\n')
  if (first !== FIRST_LINE) throw unusable('it is no deployment unit')
  const fields = lines.map((line): [string, string] => {
    const [, key, value] = /^([a-z0-9]+): (.+)$/.exec(line) ?? []
    if (key === undefined || value === undefined) throw unusable('a line of its head is malformed')
    return [key, value]
  })
  const field = (key: string, maxLength: number) => {
    const values = fields.filter(([name]) => name === key)
    const value = values[0]?.[1]
    if (value === undefined || values.length > 1 || [...value].length > maxLength)
      throw unusable(`${key} is missing, doubled or too long`)
    return value
  }
  const payload = content.subarray(end + 2)
  if (createHash('sha256').update(payload).digest('hex') !== field('sha256', 64).toLowerCase())
    throw unusable('its checksum is wrong')
  const all = (key: string) => fields.filter(([name]) => name === key).map(([, value]) => value)
  return {
    name: field('name', 256),
    version: field('version', 32),
    vendor: field('vendor', 128),
    requires: all('requires'),
    ...(all('type').length > 0 && { type: field('type', 64) }),
    size: content.length,
  }
}

function unusable(why: string): DuFault {
  return new DuFault(9018, why)
}
