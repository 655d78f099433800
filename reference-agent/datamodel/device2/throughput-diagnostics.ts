/** Download and upload of test files (TR-143). */
import type { ObjectDefinition, ParameterDefinition } from '../definitions.ts'
import { DSCP, diagnosticsState, ENABLE, IP_INTERFACE, PROTOCOL_VERSION, testNumber } from './shared.ts'

const MOMENT: ParameterDefinition = { type: 'dateTime', activeNotify: 'canDeny' }
const OCTETS: ParameterDefinition = { type: 'StatsCounter64' }
const TRANSPORTS: ParameterDefinition = {
  type: 'string',
  list: {},
  enumeration: ['HTTP', 'FTP'],
  default: 'HTTP,FTP',
}
const ONE: ParameterDefinition = { type: 'unsignedInt', range: [[1, null]], default: '1' }

const MOMENTS = { ROMTime: MOMENT, BOMTime: MOMENT, EOMTime: MOMENT }
const TOTALS = { TotalBytesReceived: OCTETS, TotalBytesSent: OCTETS }
const OPENING = { TCPOpenRequestTime: MOMENT, TCPOpenResponseTime: MOMENT }

export const throughputDiagnostics: readonly ObjectDefinition[] = [
  {
    path: 'Device.IP.Diagnostics.DownloadDiagnostics.',
    parameters: {
      DiagnosticsState: diagnosticsState(
        'Error_CannotResolveHostName',
        'Error_NoRouteToHost',
        'Error_InitConnectionFailed',
        'Error_NoResponse',
        'Error_TransferFailed',
        'Error_PasswordRequestFailed',
        'Error_LoginFailed',
        'Error_NoTransferMode',
        'Error_NoPASV',
        'Error_IncorrectSize',
        'Error_Timeout',
        'Error_Internal',
        'Error_Other',
      ),
      Interface: IP_INTERFACE,
      DownloadURL: { type: 'URL', access: 'readWrite' },
      DownloadTransports: TRANSPORTS,
      DSCP,
      ProtocolVersion: PROTOCOL_VERSION,
      NumberOfConnections: testNumber('1'),
      IPAddressUsed: { type: 'IPAddress', activeNotify: 'canDeny' },
      DownloadDiagnosticMaxConnections: ONE,
      ...MOMENTS,
      TestBytesReceived: OCTETS,
      ...TOTALS,
      TestBytesReceivedUnderFullLoading: OCTETS,
      TotalBytesReceivedUnderFullLoading: OCTETS,
      TotalBytesSentUnderFullLoading: OCTETS,
      PeriodOfFullLoading: { type: 'unsignedInt' },
      ...OPENING,
      EnablePerConnectionResults: { ...ENABLE, activeNotify: 'canDeny' },
    },
  },
  {
    path: 'Device.IP.Diagnostics.DownloadDiagnostics.PerConnectionResult.{i}.',
    numEntriesParameter: 'PerConnectionResultNumberOfEntries',
    parameters: { ...MOMENTS, TestBytesReceived: OCTETS, ...TOTALS, ...OPENING },
  },
  {
    path: 'Device.IP.Diagnostics.UploadDiagnostics.',
    parameters: {
      DiagnosticsState: diagnosticsState(
        'Error_CannotResolveHostName',
        'Error_NoRouteToHost',
        'Error_InitConnectionFailed',
        'Error_NoResponse',
        'Error_PasswordRequestFailed',
        'Error_LoginFailed',
        'Error_NoTransferMode',
        'Error_NoPASV',
        'Error_NoCWD',
        'Error_NoSTOR',
        'Error_NoTransferComplete',
        'Error_Timeout',
        'Error_Internal',
        'Error_Other',
      ),
      Interface: IP_INTERFACE,
      UploadURL: { type: 'URL', access: 'readWrite' },
      UploadTransports: TRANSPORTS,
      DSCP,
      TestFileLength: { type: 'unsignedLong', access: 'readWrite' },
      ProtocolVersion: PROTOCOL_VERSION,
      NumberOfConnections: testNumber('1'),
      IPAddressUsed: { type: 'IPAddress' },
      UploadDiagnosticsMaxConnections: ONE,
      ...MOMENTS,
      TestBytesSent: OCTETS,
      ...TOTALS,
      TestBytesSentUnderFullLoading: OCTETS,
      TotalBytesReceivedUnderFullLoading: OCTETS,
      TotalBytesSentUnderFullLoading: OCTETS,
      PeriodOfFullLoading: { type: 'unsignedInt' },
      ...OPENING,
      EnablePerConnectionResults: { ...ENABLE, activeNotify: 'canDeny' },
    },
  },
  {
    path: 'Device.IP.Diagnostics.UploadDiagnostics.PerConnectionResult.{i}.',
    numEntriesParameter: 'PerConnectionResultNumberOfEntries',
    parameters: { ...MOMENTS, TestBytesSent: OCTETS, ...TOTALS, ...OPENING },
  },
]
