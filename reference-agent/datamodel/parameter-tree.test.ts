import { expect, test } from 'vitest'
import { device2, type ModelStore, ParameterTree } from './datamodel.ts'

/** Keeps sections in memory as a file would: what was committed is a copy. */
function memoryStore(): ModelStore {
  const sections = new Map<string, string>()
  return {
    get: (section) => {
      const json = sections.get(section)
      return json === undefined ? undefined : JSON.parse(json)
    },
    commit: (changes) => {
      for (const [section, value] of Object.entries(changes)) sections.set(section, JSON.stringify(value))
    },
  }
}

test('reads a parameter, a partial path and everything', () => {
  const tree = new ParameterTree(device2, memoryStore())

  expect(tree.getParameters('Device.DeviceInfo.HardwareVersion')).toEqual([
    { path: 'Device.DeviceInfo.HardwareVersion', value: '1.0', type: 'xsd:string' },
  ])
  expect(tree.getParameters('').length).toBeGreaterThan(tree.getParameters('Device.DeviceInfo.').length)
})
