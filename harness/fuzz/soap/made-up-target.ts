import { CWMP_1_2 } from '../../cwmp/cwmp.ts'
import { cpeMethods } from './requests.ts'
import type { SoapTarget } from './target.ts'

/** A device that has everything, for tests of what needs none. */
export const madeUpTarget: SoapTarget = {
  root: 'Device.',
  namespace: CWMP_1_2,
  xmlDeclaration: true,
  methods: cpeMethods.filter((method) => method !== 'GetOptions'),
  parameters: [
    'Device.DeviceInfo.Manufacturer',
    'Device.DeviceInfo.ModelName',
    'Device.ManagementServer.URL',
  ],
  objects: ['Device.DeviceInfo.', 'Device.NAT.'],
  writable: [
    { path: 'Device.DeviceInfo.ProvisioningCode', type: 'string', values: ['one', 'two'] },
    { path: 'Device.ManagementServer.UpgradesManaged', type: 'boolean', values: ['0', '1'] },
    {
      path: 'Device.ManagementServer.PeriodicInformInterval',
      type: 'unsignedInt',
      values: ['3600', '7200'],
      bad: '0',
    },
    { path: 'Device.Ethernet.Interface.1.MaxBitRate', type: 'int', values: ['-1', '100'] },
    {
      path: 'Device.ManagementServer.PeriodicInformTime',
      type: 'dateTime',
      values: ['2030-01-02T03:04:05Z', '2031-02-03T04:05:06Z'],
    },
  ],
  attributable: ['Device.ManagementServer.UpgradesManaged', 'Device.ManagementServer.PeriodicInformInterval'],
  paths: ['', 'Device.', 'Device.ManagementServer.', 'Device.NAT.PortMapping.'],
  hidden: 'Device.ManagementServer.Password',
  readOnly: { path: 'Device.DeviceInfo.Manufacturer', value: 'maker', type: 'xsd:string' },
  table: { path: 'Device.NAT.PortMapping.', parameter: 'Description', values: ['a', 'b'] },
  readOnlyTable: 'Device.Ethernet.Interface.',
  wildcards: true,
  downloadType: '1 Firmware Upgrade Image',
  uploadType: '1 Vendor Configuration File',
}
