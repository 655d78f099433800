import { countValues, isStored, storedRows } from '../../harness/acs/acs.ts'
import { ConformanceFailure, expect, test } from '../../harness/conformance.ts'
import { decodeResponse } from '../../harness/cwmp/cwmp.ts'
import type { ManagedDevice } from '../../harness/testbed/managed-device.ts'
import { named } from './managed.ts'

/** What an ACS that knows nothing of a device finds out by discovery (TR-069 A.3.2.3). */

/** Names that the device listed since a mark, objects with the dot at the end. */
function listedSince(device: ManagedDevice, mark: number): Map<string, boolean> {
  const listed = device.messages
    .since(mark)
    .flatMap(({ envelope }) =>
      envelope?.kind === 'response' && envelope.name === 'GetParameterNames'
        ? decodeResponse(envelope, 'GetParameterNames').ParameterList
        : [],
    )
  return new Map(listed.map(({ Name, Writable }) => [Name, Writable]))
}

async function refresh(device: ManagedDevice, objectName: string): Promise<Map<string, boolean>> {
  const mark = device.messages.mark()
  await device.do({ name: 'refreshObject', objectName })
  return listedSince(device, mark)
}

test('INT-TREE-001 has its whole tree read, with a value for every parameter that it lists', {
  meta: { id: 'INT-TREE-001' },
}, async ({ managed: { device } }) => {
  const listed = await refresh(device, '')

  const parameters = [...listed.keys()].filter((name) => !name.endsWith('.'))
  const stored = await device.stored()
  expect(parameters.length, 'parameters').toBeGreaterThan(20)
  const missing = parameters.filter((name) => !isStored(stored, name))
  if (missing.length > 0)
    throw new ConformanceFailure(
      'every parameter in the database',
      `none of ${missing.slice(0, 5).join(', ')}`,
    )
  const root = device.profile.cwmp.root.slice(0, -1)
  expect(countValues(stored[root]), 'values in the database').toBeGreaterThanOrEqual(parameters.length)
})

test('INT-TREE-002 has the whole tree read without a fault', {
  meta: { id: 'INT-TREE-002' },
}, async ({ managed: { device } }) => {
  const mark = device.messages.mark()

  await refresh(device, '')

  const faults = device.messages.since(mark).filter(({ envelope }) => envelope?.kind === 'fault')
  expect(faults.map(({ description }) => description)).toEqual([])
})

test('INT-TREE-003 has the ACS know what can be written and what cannot', {
  meta: { id: 'INT-TREE-003' },
}, async ({ managed: { device } }) => {
  const { writableString, readOnly } = device.profile.pixit.parameters

  await refresh(device, parentOf(writableString.path))
  await refresh(device, parentOf(readOnly.path))

  const stored = await device.stored()
  expect(nodeOf(stored, writableString.path)?._writable, writableString.path).toBe(true)
  expect(nodeOf(stored, readOnly.path)?._writable, readOnly.path).toBe(false)
})

test('INT-TREE-004 answers the discovery of one object with that object alone', {
  meta: { id: 'INT-TREE-004' },
}, async ({ managed: { device } }) => {
  const { path } = device.profile.pixit.parameters.object

  const listed = await refresh(device, path.slice(0, -1))

  const others = [...listed.keys()].filter((name) => !name.startsWith(path))
  expect(others).toEqual([])
  expect(listed.size).toBeGreaterThan(0)
})

test('INT-TREE-005 has the rows of its tables found by their numbers', {
  meta: { id: 'INT-TREE-005' },
}, async ({ managed: { device } }) => {
  const { path } = named(device.profile.pixit.tables.readOnly, 'table that the device fills')

  const listed = await refresh(device, path.slice(0, -1))

  const rows = [...listed.keys()]
    .map((name) => name.slice(path.length))
    .filter((rest) => /^\d+\.$/.test(rest))
    .map((rest) => rest.slice(0, -1))
  expect(storedRows(await device.stored(), path)).toEqual(rows.toSorted((a, b) => Number(a) - Number(b)))
})

function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf('.'))
}

function nodeOf(stored: unknown, path: string): { readonly _writable?: boolean } | undefined {
  return path
    .split('.')
    .reduce<unknown>((node, name) => (node as Record<string, unknown> | undefined)?.[name], stored) as
    | { readonly _writable?: boolean }
    | undefined
}
