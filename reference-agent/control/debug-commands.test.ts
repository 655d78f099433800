import { beforeEach, expect, test } from 'vitest'
import { device2, ParameterTree } from '../datamodel/datamodel.ts'
import { MemoryStore } from '../state/memory-store.ts'
import { runDebugCommand } from './debug-commands.ts'

let tree: ParameterTree
beforeEach(() => {
  tree = new ParameterTree(device2, new MemoryStore())
})

const run = (line: string) => runDebugCommand(tree, line === '' ? [] : line.split(' '))
const CODE = 'Device.DeviceInfo.ProvisioningCode'

test.each([
  ['get Device.DeviceInfo.ModelNumber', ['Device.DeviceInfo.ModelNumber => RC-1']],
  [`get_names ${CODE}`, [`${CODE} => writable`]],
  ['get_names Device.DeviceInfo.UpTime 0', ['Device.DeviceInfo.UpTime => not-writable']],
  [`set ${CODE} abc`, ['Set value is successfully done', `${CODE} => abc`]],
  ['add Device.NAT.PortMapping.', ['Added Device.NAT.PortMapping.1.']],
  [`get_notif ${CODE}`, [`${CODE} => active`]],
  ['set_notif Device.DeviceInfo.HostName 1', ['Device.DeviceInfo.HostName => passive']],
])('%s', (line, lines) => {
  expect(run(line)).toEqual({ lines, failed: false })
})

test('a row that was added can be deleted', () => {
  run('add Device.NAT.PortMapping. key')

  expect(run('del Device.NAT.PortMapping.1.').lines).toEqual(['Deleted Device.NAT.PortMapping.1.'])
  expect(tree.get('Device.NAT.PortMappingNumberOfEntries')?.value).toBe('0')
})

test('what is set is a change of the device, which its ACS hears of', () => {
  run(`set ${CODE} abc`)

  expect(tree.pendingChanges().map(({ path }) => path)).toEqual([CODE])
})

test('what is added and deleted is a change of the device, too, which its ACS hears of', () => {
  const count = 'Device.NAT.PortMappingNumberOfEntries'
  tree.setAttributes([{ path: count, notification: 2 }])
  const told: string[] = []
  tree.on('change', ({ path, cause }) => told.push(`${path} ${cause}`))

  for (const line of ['add Device.NAT.PortMapping.', 'del Device.NAT.PortMapping.1.']) {
    run(line)

    const changes = tree.pendingChanges()
    expect(changes.map(({ path }) => path)).toEqual([count])
    tree.acknowledgeChanges(changes)
    expect(told.splice(0)).toEqual(['Device.NAT.PortMapping.1. local', `${count} local`])
  }
})

test.each([
  ['add Device.NAT.PortMapping.', '', 'kept'],
  ['add Device.NAT.PortMapping. key', '', 'key'],
  ['del Device.NAT.PortMapping.1.', 'Device.NAT.PortMapping.', 'kept'],
  ['del Device.NAT.PortMapping.1. key', 'Device.NAT.PortMapping.', 'key'],
])('%s leaves the ParameterKey as it is unless there is a new one', (line, before, key) => {
  tree.setLocally('Device.ManagementServer.ParameterKey', 'kept')
  if (before !== '') tree.addObjectLocally(before)

  expect(run(line).failed).toBe(false)

  expect(tree.get('Device.ManagementServer.ParameterKey')?.value).toBe(key)
})

test('a table takes no more rows of a user than of the ACS', () => {
  for (let count = 0; count < 64; count++) tree.addObject('Device.NAT.PortMapping.', '')

  expect(run('add Device.NAT.PortMapping.').lines[0]).toMatch(/^Fault 9004:/)
})

test.each([
  ['get Device.DeviceInfo.UpTme', 'Fault 9005: Invalid parameter name'],
  ['get_names Device. 2', 'Fault 9003: Invalid arguments'],
  ['set', 'Fault 9003: Invalid arguments'],
  [`set ${CODE}`, 'Fault 9003: Invalid arguments'],
  ['set Device.Nowhere x', 'Fault 9005: Invalid parameter name'],
  ['set Device.DeviceInfo.UpTime 1', 'Fault 9008: Attempt to set a non-writable parameter'],
  ['set Device.ManagementServer.PeriodicInformInterval 0', 'Fault 9007: Invalid parameter value'],
  ['add', 'Fault 9003: Invalid arguments'],
  ['add Device.DeviceInfo.', 'Fault 9005: Invalid parameter name'],
  ['add Device.WiFi.Radio.', 'Fault 9005: Invalid parameter name'],
  ['del Device.WiFi.Radio.1.', 'Fault 9005: Invalid parameter name'],
  ['del Device.NAT.PortMapping.7.', 'Fault 9005: Invalid parameter name'],
  ['set_notif Device.DeviceInfo.HostName 7', 'Fault 9003: Invalid arguments'],
  [`set_notif ${CODE} 0`, 'Fault 9009: Notification request rejected'],
])('%s fails with its fault', (line, fault) => {
  expect(run(line)).toEqual({ lines: [fault], failed: true })
})

test.each([
  ['', 'You must add a command as input:'],
  ['dance', 'Wrong cwmp cli command: dance'],
  ['toString', 'Wrong cwmp cli command: toString'],
])('%j shows the help', (line, first) => {
  const { lines, failed } = run(line)

  expect(failed).toBe(true)
  expect(lines[0]).toBe(first)
  expect(lines.slice(1)).toEqual(run('help').lines)
})
