import type { Diagnostic, DiagnosticContext, DiagnosticResult, TestParameters } from './diagnostic.ts'
import type { HostAddress, ProtocolVersion } from './name-resolution.ts'
import type { Probe, ProbeOutcome } from './probe.ts'

/** What the packets of one hop met. */
interface Hop {
  outcomes: ProbeOutcome[]
  isLast: boolean
}

/** Device.IP.Diagnostics.TraceRoute: packets that may pass one router, then two, until the host itself answers. */
export class TraceRoute implements Diagnostic {
  readonly path = 'Device.IP.Diagnostics.TraceRoute.'

  objection(parameters: TestParameters): string | undefined {
    return parameters.text('Host') === '' ? 'Host is empty' : undefined
  }

  async run(context: DiagnosticContext): Promise<DiagnosticResult> {
    const { parameters, network, clock, signal } = context
    let host: HostAddress
    try {
      const version = parameters.text('ProtocolVersion') as ProtocolVersion
      host = await network.resolveHost(parameters.text('Host'), version)
    } catch {
      return { state: 'Error_CannotResolveHostName' }
    }
    const probe = network.createProbe(clock)
    const rows: Record<string, string>[] = []
    for (let hops = 1; hops <= parameters.number('MaxHopCount') && !signal.aborted; hops++) {
      const { outcomes, isLast } = await this.tryHop(probe, host, hops, context)
      if (outcomes.some(({ kind }) => kind === 'failed')) return { state: 'Error_Other' }
      if (outcomes.every(({ kind }) => kind === 'unreachable')) return { state: 'Error_NoRouteToHost' }
      rows.push(await this.rowOf({ outcomes, isLast }, host, context))
      if (isLast) return this.arrived(outcomes, host, rows)
    }
    return { state: 'Error_MaxHopCountExceeded', rows: { RouteHops: rows } }
  }

  protected async tryHop(
    probe: Probe,
    host: HostAddress,
    hops: number,
    { parameters, signal }: DiagnosticContext,
  ): Promise<Hop> {
    const target = {
      ...host,
      hops,
      size: parameters.number('DataBlockSize'),
      dscp: parameters.number('DSCP'),
      timeout: parameters.number('Timeout'),
    }
    const outcomes: ProbeOutcome[] = []
    for (let tries = parameters.number('NumberOfTries'); tries > 0; tries--) {
      outcomes.push(await probe.send(target, signal))
    }
    return { outcomes, isLast: outcomes.some(({ kind }) => kind === 'reply') }
  }

  protected arrived(
    outcomes: readonly ProbeOutcome[],
    { address }: HostAddress,
    rows: readonly Record<string, string>[],
  ): DiagnosticResult {
    const times = outcomes.map(milliseconds).filter((time) => time > 0)
    const average = times.reduce((sum, time) => sum + time, 0) / times.length
    return {
      state: 'Complete',
      values: { IPAddressUsed: address, ResponseTime: String(Math.round(average)) },
      rows: { RouteHops: rows },
    }
  }

  /** Who answered stands in Host, by name where it has one; a router may remain unknown. */
  protected async rowOf(
    { outcomes, isLast }: Hop,
    host: HostAddress,
    { network, clock }: DiagnosticContext,
  ): Promise<Record<string, string>> {
    const router = outcomes.findLast(({ kind }) => kind === 'expired')
    const address = isLast ? host.address : router?.kind === 'expired' ? (router.address ?? '') : ''
    const name = address === '' ? undefined : await network.hostNameOf(address, clock)
    const reply = outcomes.find(({ kind }) => kind === 'reply')
    return {
      ...(name === undefined ? { Host: address } : { Host: name, HostAddress: address }),
      ErrorCode: String((reply?.kind === 'reply' && reply.code) || 0),
      RTTimes: outcomes.map(milliseconds).join(','),
    }
  }
}

/** Round trip in full milliseconds, one at least; 0 when nothing came back or the time is not known. */
function milliseconds(outcome: ProbeOutcome): number {
  if (outcome.kind !== 'reply' && outcome.kind !== 'expired') return 0
  return outcome.microseconds === undefined ? 0 : Math.max(1, Math.round(outcome.microseconds / 1000))
}
