/** Public face of diagnostics/. */
import type { ServiceFactory } from '../services/services.ts'
import type { Diagnostic } from './diagnostic.ts'
import { IpPing } from './ip-ping.ts'
import { networkOf } from './network.ts'
import { NsLookup } from './ns-lookup.ts'
import { DiagnosticsService } from './service.ts'
import { DownloadTest, UploadTest } from './throughput-test.ts'
import { TraceRoute } from './trace-route.ts'

/** All tests of this agent. */
function standardDiagnostics(): Diagnostic[] {
  return [new IpPing(), new TraceRoute(), new NsLookup(), new DownloadTest(), new UploadTest()]
}

export { UdpEcho } from './udp-echo.ts'

/** The service that runs them on the network of the machine, with the names of the device. */
export const diagnosticsService: ServiceFactory = (device) =>
  new DiagnosticsService(device, standardDiagnostics(), networkOf(device))
