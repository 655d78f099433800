import type { AcsSession } from '../../harness/acs/acs.ts'
import { ConformanceFailure, Untestable } from '../../harness/conformance.ts'
import type { Profile } from '../../harness/dut/dut.ts'

/** Names of parameters and objects: such as the device has for certain, and such as it cannot have. */

type Pixit = Profile['pixit']

/** Whether the name is that of an object, and not of a parameter. */
export function isObject(name: string): boolean {
  return name.endsWith('.')
}

/** The object that a parameter or object lies in: `Device.Time.` for `Device.Time.Enable`, '' for a root object. */
export function parentOf(name: string): string {
  return name.replace(/[^.]+\.?$/, '')
}

/** Parameters that exist: those that the device itself stated in its Inform, and the plainest of the profile. */
export function knownParameters({ parameters }: Pixit, session: AcsSession): string[] {
  const { readOnly, writableString, writableUnsignedInt } = parameters
  const ofProfile = [readOnly.path, writableString.path, writableUnsignedInt.path]
  return [...new Set([...ofProfile, ...session.parameters.keys()])]
}

/** Objects that enclose the given names, from the root on. */
export function ancestorsOf(names: readonly string[]): string[] {
  const found = new Set<string>()
  for (const name of names) {
    for (let object = parentOf(name); object !== ''; object = parentOf(object)) found.add(object)
  }
  return [...found]
}

/** A parameter of that object which no data model has. */
export function noSuchParameter(object: string): string {
  return `${object}NoSuchParameterHere`
}

/** An object in that object which no data model has. */
export function noSuchObject(object: string): string {
  return `${object}NoSuchObjectHere.`
}

/** A row of the table with a number that no device has given. */
export function noSuchRow(table: string): string {
  return `${table}987654321.`
}

/** The name with another case, once in its last segment, once in its first. */
export function inAnotherCase(name: string): string[] {
  const last = name.replace(/[^.]+\.?$/, (segment) => swapCase(segment))
  const first = name.replace(/^[^.]+/, (segment) => swapCase(segment))
  return [last, first]
}

function swapCase(text: string): string {
  const upper = text.toUpperCase()
  return upper === text ? text.toLowerCase() : upper
}

/** A parameter name of so many characters, below the root object, that no device has. */
export function nameOfLength(root: string, length: number): string {
  return `${root}X_CONFORMANCE_${'a'.repeat(length)}`.slice(0, length)
}

/**
 * A table with rows, for names that only make sense below one.
 * @throws Untestable when the profile names no table
 */
export function someTable({ tables }: Pixit): string {
  const table = tables.readOnly ?? tables.writable
  if (!table) throw new Untestable('the profile names no table')
  return table.path
}

/** @throws ConformanceFailure naming those of `wanted` that are not among `listed`. */
export function assertAmong(listed: readonly string[], wanted: readonly string[], where: string): void {
  const names = new Set(listed)
  const missing = wanted.filter((name) => !names.has(name))
  if (missing.length > 0)
    throw new ConformanceFailure(`${someOf(wanted)} in ${where}`, `${where} without ${someOf(missing)}`)
}

/** @throws ConformanceFailure naming those of `listed` that do not fulfil `isRight`. */
export function assertEach(
  listed: readonly string[],
  isRight: (name: string) => boolean,
  expected: string,
): void {
  const wrong = listed.filter((name) => !isRight(name))
  if (wrong.length > 0) throw new ConformanceFailure(expected, someOf(wrong))
}

/** Names in one line; of many only the first. */
export function someOf(names: readonly string[]): string {
  const shown = names.slice(0, 8).join(', ')
  return names.length > 8 ? `${shown} and ${names.length - 8} more` : shown
}
