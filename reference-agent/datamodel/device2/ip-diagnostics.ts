import type { ObjectDefinition, ParameterDefinition } from '../definitions.ts'
import { DSCP, diagnosticsState, ENABLE, IP_INTERFACE, PROTOCOL_VERSION, testNumber } from './shared.ts'

const HOST: ParameterDefinition = { type: 'string', access: 'readWrite', length: [[null, 256]] }
const MEASURED: ParameterDefinition = { type: 'unsignedInt', activeNotify: 'canDeny' }

export const ipDiagnostics: readonly ObjectDefinition[] = [
  {
    path: 'Device.IP.Diagnostics.',
    parameters: {
      IPv4PingSupported: { type: 'boolean', default: 'true' },
      IPv6PingSupported: { type: 'boolean', default: 'true' },
      IPv4TraceRouteSupported: { type: 'boolean', default: 'true' },
      IPv6TraceRouteSupported: { type: 'boolean', default: 'true' },
      IPv4DownloadDiagnosticsSupported: { type: 'boolean', default: 'true' },
      IPv6DownloadDiagnosticsSupported: { type: 'boolean', default: 'true' },
      IPv4UploadDiagnosticsSupported: { type: 'boolean', default: 'true' },
      IPv6UploadDiagnosticsSupported: { type: 'boolean', default: 'true' },
    },
  },
  {
    path: 'Device.IP.Diagnostics.IPPing.',
    parameters: {
      DiagnosticsState: diagnosticsState(
        'Error',
        'Error_CannotResolveHostName',
        'Error_NoRouteToHost',
        'Error_Internal',
        'Error_Other',
      ),
      Interface: IP_INTERFACE,
      ProtocolVersion: PROTOCOL_VERSION,
      Host: HOST,
      NumberOfRepetitions: testNumber('3'),
      Timeout: testNumber('1000'),
      DataBlockSize: testNumber('56', 65535),
      DSCP,
      IPAddressUsed: { type: 'IPAddress' },
      SuccessCount: MEASURED,
      FailureCount: MEASURED,
      AverageResponseTime: MEASURED,
      MinimumResponseTime: MEASURED,
      MaximumResponseTime: { type: 'unsignedInt' },
      AverageResponseTimeDetailed: MEASURED,
      MinimumResponseTimeDetailed: MEASURED,
      MaximumResponseTimeDetailed: { type: 'unsignedInt' },
    },
  },
  {
    path: 'Device.IP.Diagnostics.TraceRoute.',
    parameters: {
      DiagnosticsState: diagnosticsState(
        'Error',
        'Error_CannotResolveHostName',
        'Error_NoRouteToHost',
        'Error_MaxHopCountExceeded',
        'Error_Internal',
        'Error_Other',
      ),
      Interface: IP_INTERFACE,
      ProtocolVersion: PROTOCOL_VERSION,
      Host: HOST,
      NumberOfTries: testNumber('3', 3),
      Timeout: testNumber('5000'),
      DataBlockSize: testNumber('38', 65535),
      DSCP,
      MaxHopCount: testNumber('30', 64),
      IPAddressUsed: { type: 'IPAddress' },
      ResponseTime: MEASURED,
    },
  },
  {
    path: 'Device.IP.Diagnostics.TraceRoute.RouteHops.{i}.',
    numEntriesParameter: 'RouteHopsNumberOfEntries',
    parameters: {
      Host: { type: 'string', length: [[null, 256]], activeNotify: 'canDeny' },
      HostAddress: { type: 'string', activeNotify: 'canDeny' },
      ErrorCode: MEASURED,
      RTTimes: { type: 'unsignedInt', list: { items: [1, 3] }, default: '0' },
    },
  },
  {
    path: 'Device.IP.Diagnostics.UDPEchoConfig.',
    parameters: {
      Enable: ENABLE,
      Interface: IP_INTERFACE,
      SourceIPAddress: { type: 'IPAddress', access: 'readWrite' },
      UDPPort: { type: 'unsignedInt', access: 'readWrite', default: '7' },
      EchoPlusEnabled: ENABLE,
      EchoPlusSupported: { type: 'boolean', default: 'true' },
      PacketsReceived: MEASURED,
      PacketsResponded: MEASURED,
      BytesReceived: MEASURED,
      BytesResponded: MEASURED,
      TimeFirstPacketReceived: { type: 'dateTime', activeNotify: 'canDeny' },
      TimeLastPacketReceived: { type: 'dateTime', activeNotify: 'canDeny' },
    },
  },
]
