import { alterObject, alterParameter, alterValues, dropParameter } from './alter/definitions.ts'
import { alterNames, flagNames } from './alter/names.ts'
import { alterInforms } from './alter/wire.ts'
import type { Mutant } from './mutant.ts'

/** Agents that are others than their statement says: they lack what it claims, or have what it denies. */
export const mutants: readonly Mutant[] = [
  {
    name: 'ics-older-version',
    cases: ['ICS-VERSION-001'],
    breaks: 'offers CWMP up to 1.3, although its statement names 1.4',
    apply: (parts) =>
      alterInforms(parts, (xml) => xml.replace(/(SupportedCWMPVersions[^>]*>[^<]*),1\.4</, '$1<')),
  },
  {
    name: 'ics-other-root',
    cases: ['ICS-ROOT-001'],
    breaks: 'has a root object of another name than its statement says',
    apply: (parts) =>
      alterNames(parts, (names, { path, nextLevel }) =>
        path === '' && nextLevel ? names.map((each) => ({ ...each, name: 'InternetGatewayDevice.' })) : names,
      ),
  },
  {
    name: 'ics-lacks-upload',
    cases: ['ICS-METHOD-001'],
    breaks: 'does not have Upload, which its statement claims',
    apply: (parts) => {
      parts.rpcs.delete('Upload')
    },
  },
  {
    name: 'ics-has-denied-methods',
    cases: ['ICS-METHOD-002'],
    breaks: 'has SetVouchers and GetOptions, which its statement denies',
    apply: () => {},
  },
  {
    name: 'ics-lacks-enable-cwmp',
    cases: ['ICS-MODEL-001'],
    breaks: 'has no EnableCWMP, which its statement claims',
    apply: (parts) => dropParameter(parts, 'Device.ManagementServer.EnableCWMP'),
  },
  {
    name: 'ics-takes-no-stun',
    cases: ['ICS-MODEL-001'],
    breaks: 'does not list STUN among its ways to be called, which its statement claims',
    apply: (parts) =>
      alterValues(parts, /\.SupportedConnReqMethods$/, ({ value }) => ({
        value: value.replace(',STUN', ''),
      })),
  },
  {
    name: 'ics-knows-no-wildcards',
    cases: ['ICS-MODEL-001'],
    breaks: 'says that it takes no wildcards, which its statement claims',
    apply: (parts) => alterValues(parts, /\.InstanceWildcardsSupported$/, () => ({ value: 'false' })),
  },
  {
    name: 'ics-knows-web-sockets',
    cases: ['ICS-MODEL-002'],
    breaks: 'lists WebSocket among its ways to an XMPP server, which its statement denies',
    apply: (parts) =>
      alterParameter(parts, 'Device.XMPP.SupportedServerConnectAlgorithms', (definition) => ({
        ...definition,
        default: 'DNS-SRV,DNS,ServerTable,WebSocket',
      })),
  },
  {
    name: 'ics-collects-bulk-data',
    cases: ['ICS-MODEL-003'],
    breaks: 'has the object BulkData, which its statement denies',
    apply: (parts) => {
      parts.objects = [
        ...parts.objects,
        { path: 'Device.BulkData.', parameters: { Enable: { type: 'boolean', access: 'readWrite' } } },
      ]
    },
  },
  {
    name: 'ics-lacks-a-named-parameter',
    cases: ['ICS-PIXIT-001', 'ICS-PIXIT-002'],
    breaks: 'has no parameter of the name that its profile gives as one of the maker',
    apply: (parts) => dropParameter(parts, 'Device.DeviceInfo.X_00D09E_AssetTag'),
  },
  {
    name: 'ics-sends-numbers-as-strings',
    cases: ['ICS-PIXIT-001'],
    breaks: 'sends the parameter that its profile names for an int as a string',
    apply: (parts) => alterValues(parts, /\.MaxBitRate$/, () => ({ type: 'xsd:string' })),
  },
  {
    name: 'ics-table-takes-no-rows',
    cases: ['ICS-PIXIT-002'],
    breaks: 'does not let the ACS add rows to the table that its profile names for that',
    apply: (parts) => alterObject(parts, 'Device.NAT.PortMapping.{i}.', () => ({ access: undefined })),
  },
  {
    name: 'ics-writes-what-it-should-not',
    cases: ['ICS-PIXIT-002'],
    breaks: 'calls the parameter writable that its profile names as one that is not',
    apply: (parts) => flagNames(parts, true, (name) => name === 'Device.DeviceInfo.Manufacturer'),
  },
]
