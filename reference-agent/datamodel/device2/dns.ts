import type { ObjectDefinition } from '../definitions.ts'
import { diagnosticsState, IP_INTERFACE } from './shared.ts'

export const dns: readonly ObjectDefinition[] = [
  {
    path: 'Device.DNS.',
    parameters: {
      SupportedRecordTypes: {
        type: 'string',
        list: {},
        enumeration: ['A', 'AAAA', 'SRV', 'PTR'],
        default: 'A,AAAA',
      },
    },
  },
  { path: 'Device.DNS.Diagnostics.', parameters: {} },
  {
    path: 'Device.DNS.Diagnostics.NSLookupDiagnostics.',
    parameters: {
      DiagnosticsState: {
        ...diagnosticsState('Error_DNSServerNotResolved', 'Error_Internal', 'Error_Other'),
        activeNotify: 'canDeny',
      },
      Interface: IP_INTERFACE,
      HostName: { type: 'string', access: 'readWrite', length: [[null, 256]] },
      DNSServer: { type: 'string', access: 'readWrite', length: [[null, 256]] },
      Timeout: { type: 'unsignedInt', access: 'readWrite', default: '5000' },
      NumberOfRepetitions: { type: 'unsignedInt', access: 'readWrite', default: '1' },
      SuccessCount: { type: 'unsignedInt', activeNotify: 'canDeny' },
    },
  },
  {
    path: 'Device.DNS.Diagnostics.NSLookupDiagnostics.Result.{i}.',
    numEntriesParameter: 'ResultNumberOfEntries',
    parameters: {
      Status: {
        type: 'string',
        enumeration: [
          'Success',
          'Error_DNSServerNotAvailable',
          'Error_HostNameNotResolved',
          'Error_Timeout',
          'Error_Other',
        ],
        activeNotify: 'canDeny',
        default: 'Error_Other',
      },
      AnswerType: {
        type: 'string',
        enumeration: ['None', 'Authoritative', 'NonAuthoritative'],
        activeNotify: 'canDeny',
        default: 'None',
      },
      HostNameReturned: { type: 'string', length: [[null, 256]] },
      IPAddresses: { type: 'IPAddress', list: { items: [null, 10] }, activeNotify: 'canDeny' },
      DNSServerIP: { type: 'IPAddress', activeNotify: 'canDeny' },
      ResponseTime: { type: 'unsignedInt', activeNotify: 'canDeny' },
    },
  },
]
