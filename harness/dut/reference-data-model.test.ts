import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { readDataModel } from '../datamodel/datamodel.ts'

const ours = readDataModel(join(import.meta.dirname, 'reference-data-model.xml'))
const officialDir = process.env.CWMP_XSD_DIR

test('the data model of the reference profile is read', () => {
  expect(ours.name).toBe('Device:2.17')
  expect(ours.parameters.get('Device.ManagementServer.Password')).toMatchObject({ hidden: true })
})

describe.skipIf(!officialDir)('the official Device:2.17', () => {
  const official = officialDir
    ? readDataModel(join(officialDir, 'tr-181-2-17-0-cwmp-full.xml'))
    : { objects: ours.objects, parameters: ours.parameters }

  test('has each of its objects, and agrees which of them the ACS may fill', () => {
    const different = [...ours.objects.values()].filter(({ path, creates, numEntriesParameter }) => {
      const standard = official.objects.get(path)
      return standard?.creates !== creates || standard.numEntriesParameter !== numEntriesParameter
    })

    expect(different.map(({ path }) => path)).toEqual([])
  })

  test('has each of its parameters, and agrees about access, type, range, notification and secrecy', () => {
    const said = (from: typeof ours.parameters, path: string) => {
      const parameter = from.get(path)
      if (!parameter) return undefined
      const { access, hidden, command, syntax } = parameter
      // A device need not deny what it may.
      const activeNotify = parameter.activeNotify === 'canDeny' ? 'normal' : parameter.activeNotify
      const { base, list } = syntax
      // Where the standard sets no bound, a device may have one of its own.
      const bounds = official.parameters.get(path)?.syntax.ranges ?? []
      const ranges = bounds.every(({ min = 0n, max }) => min === 0n && max === undefined) ? [] : syntax.ranges
      const values = syntax.enumeration.map(({ value }) => value).sort()
      return { access, activeNotify, hidden, command, base, ranges, isList: list !== undefined, values }
    }
    const present = [...ours.parameters.values()].filter(({ status }) => status !== 'deleted')
    const different = present.filter(({ path }) => {
      // The device says where a vendor's own parameter goes; no standard knows it.
      if (/\.X_/.test(path)) return false
      return (
        JSON.stringify(said(ours.parameters, path), asText) !==
        JSON.stringify(said(official.parameters, path), asText)
      )
    })

    expect(different.map(({ path }) => path)).toEqual([])
  })
})

const asText = (_key: string, value: unknown) => (typeof value === 'bigint' ? String(value) : value)
