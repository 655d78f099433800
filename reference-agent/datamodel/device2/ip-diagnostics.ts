import type { ObjectDefinition, ParameterDefinition } from '../definitions.ts'
import { DSCP, diagnosticsState, IP_INTERFACE, PROTOCOL_VERSION, testNumber } from './shared.ts'

const HOST: ParameterDefinition = { type: 'string', access: 'readWrite', length: [[null, 256]] }
const MEASURED: ParameterDefinition = { type: 'unsignedInt', activeNotify: 'canDeny' }

export const ipDiagnostics: readonly ObjectDefinition[] = [
  {
    path: 'Device.IP.Diagnostics.',
    parameters: {
      IPv4PingSupported: { type: 'boolean', default: 'true' },
      IPv6PingSupported: { type: 'boolean', default: 'true' },
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
]
