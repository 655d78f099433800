import {
  type Diagnostic,
  type DiagnosticContext,
  type DiagnosticResult,
  preciseTime,
  type TestParameters,
} from './diagnostic.ts'
import type { HostAddress, ProtocolVersion } from './name-resolution.ts'
import { type Measured, type TestCarrier, type TestTransfer, ThroughputError } from './throughput.ts'

/** What downloads and uploads of test files have in common (TR-143), each over one connection. */
abstract class ThroughputTest implements Diagnostic {
  abstract readonly path: string
  /** Names of the parameters for the URL, for the number of connections there can be, and of those for octets. */
  protected abstract readonly names: { url: string; maximum: string; testOctets: string; direction: string }

  objection(parameters: TestParameters): string | undefined {
    const { url, maximum } = this.names
    const text = parameters.text(url)
    if (!/^(http|ftp):\/\//i.test(text) || !URL.canParse(text)) return `${url} is no URL of HTTP or FTP`
    return parameters.number('NumberOfConnections') > parameters.number(maximum)
      ? `NumberOfConnections is over ${maximum}`
      : undefined
  }

  async run({ parameters, network, clock, signal }: DiagnosticContext): Promise<DiagnosticResult> {
    const url = new URL(parameters.text(this.names.url))
    let host: HostAddress
    try {
      const name = url.hostname.replace(/^\[|\]$/g, '')
      host = await network.resolveHost(name, parameters.text('ProtocolVersion') as ProtocolVersion)
    } catch {
      return { state: 'Error_CannotResolveHostName' }
    }
    try {
      const carrier = network.createCarrier(url.protocol)
      const measured = await this.transfer(carrier, { url, host, clock, signal }, parameters)
      return this.result(measured, host, parameters)
    } catch (error) {
      if (error instanceof ThroughputError) return { state: error.state }
      throw error
    }
  }

  protected abstract transfer(
    carrier: TestCarrier,
    transfer: TestTransfer,
    parameters: TestParameters,
  ): Promise<Measured>

  protected result(measured: Measured, host: HostAddress, parameters: TestParameters): DiagnosticResult {
    const { testOctets, direction } = this.names
    const octets = String(measured.octets)
    // What else passes the interface is not known; without an interface the standard asks for 0.
    const total = parameters.text('Interface') === '' ? '0' : octets
    const connection = {
      ROMTime: preciseTime(measured.requested),
      BOMTime: preciseTime(measured.began),
      EOMTime: preciseTime(measured.ended),
      TCPOpenRequestTime: preciseTime(measured.openRequest),
      TCPOpenResponseTime: preciseTime(measured.openResponse),
      [testOctets]: octets,
      [`TotalBytes${direction}`]: total,
    }
    return {
      state: 'Complete',
      values: {
        ...connection,
        IPAddressUsed: host.address,
        // With one connection the load is full from its first packet to its last.
        [`${testOctets}UnderFullLoading`]: octets,
        [`TotalBytes${direction}UnderFullLoading`]: total,
        PeriodOfFullLoading: String(Math.round((measured.ended - measured.began) * 1000)),
      },
      rows:
        parameters.text('EnablePerConnectionResults') === 'true' ? { PerConnectionResult: [connection] } : {},
    }
  }
}

/** Device.IP.Diagnostics.DownloadDiagnostics. */
export class DownloadTest extends ThroughputTest {
  readonly path = 'Device.IP.Diagnostics.DownloadDiagnostics.'
  protected readonly names = {
    url: 'DownloadURL',
    maximum: 'DownloadDiagnosticMaxConnections',
    testOctets: 'TestBytesReceived',
    direction: 'Received',
  }

  protected transfer(carrier: TestCarrier, transfer: TestTransfer): Promise<Measured> {
    return carrier.download(transfer)
  }
}

/** Device.IP.Diagnostics.UploadDiagnostics. */
export class UploadTest extends ThroughputTest {
  readonly path = 'Device.IP.Diagnostics.UploadDiagnostics.'
  protected readonly names = {
    url: 'UploadURL',
    maximum: 'UploadDiagnosticsMaxConnections',
    testOctets: 'TestBytesSent',
    direction: 'Sent',
  }

  override objection(parameters: TestParameters): string | undefined {
    return (
      super.objection(parameters) ??
      (parameters.number('TestFileLength') === 0 ? 'TestFileLength is 0' : undefined)
    )
  }

  protected transfer(
    carrier: TestCarrier,
    transfer: TestTransfer,
    parameters: TestParameters,
  ): Promise<Measured> {
    return carrier.upload(transfer, parameters.number('TestFileLength'))
  }
}
