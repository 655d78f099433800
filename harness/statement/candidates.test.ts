import { expect, test } from 'vitest'
import { findCandidates } from './candidates.ts'

const names = (listed: Readonly<Record<string, boolean>>) =>
  Object.entries(listed).map(([Name, Writable]) => ({ Name, Writable }))

const usual = {
  'Device.': false,
  'Device.DeviceInfo.': false,
  'Device.DeviceInfo.Manufacturer': false,
  'Device.DeviceInfo.ProvisioningCode': true,
  'Device.ManagementServer.': false,
  'Device.ManagementServer.UpgradesManaged': true,
  'Device.ManagementServer.PeriodicInformInterval': true,
}
const types: Readonly<Record<string, string>> = { 'Device.Time.Offset': 'int', 'Device.Time.Name': 'string' }
const typesOf = async (asked: readonly string[]) =>
  new Map(asked.flatMap((name) => (types[name] === undefined ? [] : [[name, types[name]] as const])))

test('takes what every data model defines where the device has it', async () => {
  const { parameters, tables, notes } = await findCandidates('Device.', names(usual), typesOf)

  expect(parameters).toMatchObject({
    writableString: { path: 'Device.DeviceInfo.ProvisioningCode' },
    writableBoolean: { path: 'Device.ManagementServer.UpgradesManaged' },
    readOnly: { path: 'Device.DeviceInfo.Manufacturer' },
    writableDateTime: null,
    hidden: null,
    canDeny: null,
    emptyTable: null,
  })
  expect(tables).toEqual({ writable: null, readOnly: null })
  expect(notes['pixit.parameters.writableString']).toBeUndefined()
})

test('names by type what there is to choose from, and leaves out what could do harm', async () => {
  const { parameters, notes } = await findCandidates(
    'Device.',
    names({ ...usual, 'Device.Time.Offset': true, 'Device.IP.Interface.1.Reset': true }),
    async (asked) => {
      expect(asked).not.toContain('Device.IP.Interface.1.Reset')
      return typesOf(asked)
    },
  )

  expect(parameters.writableInt).toBeNull()
  expect(notes['pixit.parameters.writableInt']).toContain('Device.Time.Offset')
})

test('takes another parameter of the type, with a note, where the usual one cannot be written', async () => {
  const { parameters, notes } = await findCandidates(
    'Device.',
    names({ ...usual, 'Device.DeviceInfo.ProvisioningCode': false, 'Device.Time.Name': true }),
    typesOf,
  )

  expect(parameters.writableString).toMatchObject({ path: 'Device.Time.Name' })
  expect(notes['pixit.parameters.writableString']).toContain('make sure')
})

test('tells tables with rows, tables that take some, and empty ones apart', async () => {
  const { parameters, tables } = await findCandidates(
    'Device.',
    names({
      ...usual,
      'Device.Ethernet.Interface.': false,
      'Device.Ethernet.Interface.1.': false,
      'Device.NAT.PortMapping.': true,
      'Device.Hosts.AccessControl.': true,
      'Device.XMPP.Connection.': true,
    }),
    typesOf,
  )

  expect(parameters.emptyTable).toEqual({ path: 'Device.Hosts.AccessControl.' })
  expect(tables).toMatchObject({
    writable: { path: 'Device.NAT.PortMapping.', parameter: 'Description' },
    readOnly: { path: 'Device.Ethernet.Interface.' },
  })
})
