import type { Grounds } from './grounds.ts'

/** What a model CPE is made of, for the tests of this folder. */
export const madeUpGrounds: Grounds = {
  root: 'Device.',
  parameters: [
    { name: 'Device.Boolean', type: 'xsd:boolean', values: ['0', '1'], isForced: false, isLocal: true },
    {
      name: 'Device.Number',
      type: 'xsd:unsignedInt',
      values: ['1', '2'],
      bad: '0',
      isForced: false,
      isLocal: true,
    },
    { name: 'Device.Forced', type: 'xsd:string', values: ['x', 'y'], isForced: true, isLocal: false },
  ],
  readOnly: 'Device.ReadOnly',
  table: { path: 'Device.Row.', parameter: 'Name', values: ['one', 'two'] },
  file: '2 Web Content',
  upload: '1 Vendor Configuration File',
  clockRate: 1,
  hasAccessList: true,
  hasCancelTransfer: true,
  ways: ['http'],
  kinds: new Set(),
  missing: [],
  patience: { inform: 30_000, reboot: 60_000, transfer: 60_000, response: 30_000 },
}
