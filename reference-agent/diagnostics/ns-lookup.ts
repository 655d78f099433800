import { isIP } from 'node:net'
import type { Diagnostic, DiagnosticContext, DiagnosticResult, TestParameters } from './diagnostic.ts'
import type { DnsOutcome } from './dns-client.ts'
import { BadName, type DnsResponse, type RecordType } from './dns-message.ts'
import { splitPort } from './name-resolution.ts'

interface NameServer {
  address: string
  port: number
}

/** Most addresses that a row of results holds. */
const MOST_ADDRESSES = 10
const DNS_PORT = 53
const NO_SUCH_NAME = 3

/** Device.DNS.Diagnostics.NSLookupDiagnostics. DNSServer may also say `address:port`, for servers that are not at the usual one. */
export class NsLookup implements Diagnostic {
  readonly path = 'Device.DNS.Diagnostics.NSLookupDiagnostics.'

  objection(parameters: TestParameters): string | undefined {
    if (parameters.text('HostName') === '') return 'HostName is empty'
    if (parameters.number('NumberOfRepetitions') === 0) return 'NumberOfRepetitions is 0'
    return parameters.number('Timeout') === 0 ? 'Timeout is 0' : undefined
  }

  async run(context: DiagnosticContext): Promise<DiagnosticResult> {
    const { parameters, signal } = context
    let server: NameServer
    try {
      server = await this.serverOf(context)
    } catch {
      return { state: 'Error_DNSServerNotResolved' }
    }
    const results: Record<string, string>[] = []
    const repetitions = parameters.number('NumberOfRepetitions')
    for (let asked = 0; asked < repetitions && !signal.aborted; asked++) {
      results.push(await this.lookUp(server, asked, context))
    }
    const successes = results.filter(({ Status }) => Status === 'Success').length
    return {
      state: successes > 0 ? 'Complete' : 'Error_Other',
      values: { SuccessCount: String(successes) },
      rows: { Result: results },
    }
  }

  /** Where DNSServer is; the device's own server when it is empty. Rejects when it cannot be found. */
  protected async serverOf({ parameters, network }: DiagnosticContext): Promise<NameServer> {
    const given = parameters.text('DNSServer')
    if (given === '') return network.systemNameServer()
    if (isIP(given) !== 0) return { address: given, port: DNS_PORT }
    const { address, port } = splitPort(given, DNS_PORT)
    return { address: (await network.resolveHost(address, 'Any')).address, port }
  }

  /** One repetition: its row of results. */
  protected async lookUp(
    server: NameServer,
    repetition: number,
    context: DiagnosticContext,
  ): Promise<Record<string, string>> {
    const row = { DNSServerIP: server.address }
    let outcome: DnsOutcome
    try {
      outcome = await this.ask(server, 'A', repetition * 2 + 1, context)
      // A host may have addresses of the other kind only.
      if (outcome.kind === 'answer' && isWithoutAddress(outcome.response)) {
        const other = await this.ask(server, 'AAAA', repetition * 2 + 2, context)
        if (other.kind === 'answer') outcome = { ...other, milliseconds: outcome.milliseconds }
      }
    } catch (error) {
      if (error instanceof BadName) return { ...row, Status: 'Error_HostNameNotResolved' }
      throw error
    }
    if (outcome.kind === 'timeout') return { ...row, Status: 'Error_Timeout' }
    if (outcome.kind === 'unavailable') return { ...row, Status: 'Error_DNSServerNotAvailable' }
    const ResponseTime = String(Math.max(1, Math.round(outcome.milliseconds)))
    return { ...row, ResponseTime, ...this.answered(outcome.response) }
  }

  /** What a response says. */
  protected answered({ code, authoritative, name, addresses }: DnsResponse): Record<string, string> {
    if (code !== 0 && code !== NO_SUCH_NAME) return { Status: 'Error_Other' }
    if (code === NO_SUCH_NAME || addresses.length === 0) return { Status: 'Error_HostNameNotResolved' }
    return {
      Status: 'Success',
      AnswerType: authoritative ? 'Authoritative' : 'NonAuthoritative',
      HostNameReturned: name,
      IPAddresses: addresses.slice(0, MOST_ADDRESSES).join(','),
    }
  }

  protected ask(
    server: NameServer,
    type: RecordType,
    id: number,
    { parameters, network, clock, signal }: DiagnosticContext,
  ): Promise<DnsOutcome> {
    const question = {
      server,
      type,
      id: id & 0xffff,
      host: parameters.text('HostName'),
      timeout: parameters.number('Timeout'),
    }
    return network.queryDns(question, clock, signal)
  }
}

function isWithoutAddress({ code, addresses }: DnsResponse): boolean {
  return code === 0 && addresses.length === 0
}
