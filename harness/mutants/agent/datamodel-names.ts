import { addParameter, alterObject, alterParameter, dropParameter } from './alter/definitions.ts'
import { flagNames, keepNames } from './alter/names.ts'
import type { Mutant } from './mutant.ts'

export const mutants: readonly Mutant[] = [
  {
    name: 'model-parameter-of-ones-own',
    cases: ['DM-NAME-001'],
    breaks: 'has a parameter of its own without the prefix of its vendor',
    apply: (parts) => addParameter(parts, 'Device.DeviceInfo.Colour', { type: 'string', default: 'white' }),
  },
  {
    name: 'model-parameter-in-another-case',
    cases: ['DM-NAME-001', 'DM-MANDATORY-001'],
    breaks: 'spells a name of the standard with another capital letter',
    apply: (parts) => {
      dropParameter(parts, 'Device.DeviceInfo.FirstUseDate')
      addParameter(parts, 'Device.DeviceInfo.FirstUsedate', { type: 'dateTime' })
    },
  },
  {
    name: 'model-object-of-ones-own',
    cases: ['DM-NAME-002'],
    breaks: 'has an object of its own without the prefix of its vendor',
    apply: (parts) => {
      parts.objects = [...parts.objects, { path: 'Device.Garden.', parameters: {} }]
    },
  },
  {
    name: 'model-deleted-parameter',
    cases: ['DM-NAME-003'],
    breaks: 'still has a parameter that the standard has deleted',
    apply: (parts) =>
      addParameter(parts, 'Device.WiFi.AccessPoint.{i}.RetryLimit', {
        type: 'unsignedInt',
        access: 'readWrite',
      }),
  },
  {
    name: 'model-writable-where-read-only',
    cases: ['DM-ACCESS-001'],
    breaks: 'lets the ACS set a parameter that the standard makes read-only',
    apply: (parts) =>
      alterParameter(parts, 'Device.DeviceInfo.Description', (one) => ({ ...one, access: 'readWrite' })),
  },
  {
    name: 'model-rows-where-read-only',
    cases: ['DM-ACCESS-002'],
    breaks: 'calls a table writable that the standard lets only the device fill',
    apply: (parts) => flagNames(parts, true, (name) => name === 'Device.Ethernet.Interface.'),
  },
  {
    name: 'model-read-only-where-writable',
    cases: ['DM-ACCESS-003'],
    breaks: 'has a parameter read-only that its description makes read-write',
    apply: (parts) =>
      alterParameter(parts, 'Device.DeviceInfo.HostName', ({ access: _access, ...one }) => one),
  },
  {
    name: 'model-fixed-table',
    cases: ['DM-ACCESS-004'],
    breaks: 'calls a table read-only to which its description lets the ACS add rows',
    apply: (parts) => flagNames(parts, false, (name) => name === 'Device.IP.Interface.'),
  },
  {
    name: 'model-parameter-missing',
    cases: ['DM-MANDATORY-001'],
    breaks: 'lacks a parameter of its description',
    apply: (parts) => dropParameter(parts, 'Device.DeviceInfo.Description'),
  },
  {
    name: 'model-parameter-missing-in-second-row',
    cases: ['DM-MANDATORY-001'],
    breaks: 'lacks a parameter of its description in one row of a table',
    apply: (parts) => keepNames(parts, (name) => name !== 'Device.Ethernet.Interface.2.DuplexMode'),
  },
  {
    name: 'model-profile-parameter-missing',
    cases: ['DM-PROFILE-001', 'DM-MANDATORY-001'],
    breaks: 'does not list a parameter of a profile that it claims',
    apply: (parts) => keepNames(parts, (name) => name !== 'Device.DeviceInfo.HardwareVersion'),
  },
  {
    name: 'model-profile-parameter-read-only',
    cases: ['DM-PROFILE-002', 'DM-ACCESS-003'],
    breaks: 'calls a parameter read-only that a claimed profile requires to be read-write',
    apply: (parts) => flagNames(parts, false, (name) => name === 'Device.DeviceInfo.ProvisioningCode'),
  },
  {
    name: 'model-object-missing',
    cases: ['DM-MANDATORY-001'],
    breaks: 'lacks an object of its description with all in it',
    apply: (parts) => {
      alterObject(parts, 'Device.DeviceInfo.MemoryStatus.', () => ({}))
      parts.objects = parts.objects.filter(({ path }) => path !== 'Device.DeviceInfo.MemoryStatus.')
    },
  },
]
