import { expect, test } from 'vitest'
import type { CommandMembers } from '../control/control.ts'
import { TestDevice } from '../services/test-device.ts'
import { LanDevices } from './lan-devices.ts'

const TABLE = 'Device.ManagementServer.ManageableDevice.'

function boot() {
  const device = new TestDevice()
  const { commands } = new LanDevices(device)
  const command = (name: keyof typeof commands, given: Record<string, string>) => {
    const members: CommandMembers = {
      text: (key) => given[key] ?? '',
      optional: (key) => given[key],
      texts: () => ({}),
    }
    return commands[name](members)
  }
  const table = () =>
    device.tree.rows(TABLE).map((row) =>
      device.tree
        .getParameters(row)
        .map(({ value }) => value)
        .join(' '),
    )
  return { device, command, table }
}

const PHONE = { oui: '00D09E', serialNumber: 'S1', productClass: 'Phone' }

test('a device that gets a lease has a row with its hosts until the lease ends', () => {
  const { device, command, table } = boot()

  command('lan-device', { ...PHONE, physAddress: '02:00:5e:00:53:a1' })
  expect(table()).toEqual(['00D09E S1 Phone Device.Hosts.Host.1'])
  command('lan-device', { oui: '00D09E', serialNumber: 'S2' })
  expect(table()).toEqual(['00D09E S1 Phone Device.Hosts.Host.1', '00D09E S2  '])
  command('lan-device-gone', PHONE)

  expect(device.tree.rows(TABLE)).toEqual([`${TABLE}2.`])
})

test('a device is there once, on all its interfaces', () => {
  const { command, table } = boot()

  command('lan-device', { ...PHONE, physAddress: '02:00:5E:00:53:A1' })
  command('lan-device', { ...PHONE, physAddress: '02:00:5E:00:53:A2' })
  command('lan-device', PHONE)

  expect(table()).toEqual(['00D09E S1 Phone Device.Hosts.Host.1,Device.Hosts.Host.2'])
})

test('what the data model does not take is refused, and one that is not there may go', () => {
  const { device, command } = boot()

  expect(() => command('lan-device', { ...PHONE, oui: 'x' })).toThrow('9007')
  command('lan-device-gone', PHONE)

  expect(device.tree.rows(TABLE)).toEqual([])
})

test('the number of devices is a change for the ACS', () => {
  const { device, command } = boot()
  device.tree.setAttributes([
    { path: 'Device.ManagementServer.ManageableDeviceNumberOfEntries', notification: 2 },
  ])

  command('lan-device', PHONE)

  expect(device.tree.pendingChanges()).toMatchObject([
    { path: 'Device.ManagementServer.ManageableDeviceNumberOfEntries' },
  ])
})
