import type { Diagnostic, DiagnosticContext, DiagnosticResult, TestParameters } from './diagnostic.ts'
import type { HostAddress, ProtocolVersion } from './name-resolution.ts'

/** Device.IP.Diagnostics.IPPing: round trips to a host, one after the other. */
export class IpPing implements Diagnostic {
  readonly path = 'Device.IP.Diagnostics.IPPing.'

  objection(parameters: TestParameters): string | undefined {
    return parameters.text('Host') === '' ? 'Host is empty' : undefined
  }

  async run({ parameters, network, clock, signal }: DiagnosticContext): Promise<DiagnosticResult> {
    let host: HostAddress
    try {
      const version = parameters.text('ProtocolVersion') as ProtocolVersion
      host = await network.resolveHost(parameters.text('Host'), version)
    } catch {
      return { state: 'Error_CannotResolveHostName' }
    }
    const probe = network.createProbe(clock)
    const target = {
      ...host,
      size: parameters.number('DataBlockSize'),
      dscp: parameters.number('DSCP'),
      timeout: parameters.number('Timeout'),
    }
    const repetitions = parameters.number('NumberOfRepetitions')
    const times = new RoundTrips()
    let unreachable = 0
    for (let sent = 0; sent < repetitions && !signal.aborted; sent++) {
      const outcome = await probe.send(target, signal)
      if (outcome.kind === 'failed') return { state: 'Error_Other' }
      if (outcome.kind === 'reply') times.add(outcome.microseconds)
      if (outcome.kind === 'unreachable') unreachable++
    }
    if (unreachable === repetitions) return { state: 'Error_NoRouteToHost' }
    return {
      state: 'Complete',
      values: {
        IPAddressUsed: host.address,
        SuccessCount: String(times.count),
        FailureCount: String(repetitions - times.count),
        ...times.asParameters(),
      },
    }
  }
}

/** Shortest, longest and average round trip: zero when there was none, in milliseconds one at least when there was. */
class RoundTrips {
  count = 0
  #sum = 0
  #minimum = Number.POSITIVE_INFINITY
  #maximum = 0

  add(microseconds: number): void {
    this.count++
    this.#sum += microseconds
    this.#minimum = Math.min(this.#minimum, microseconds)
    this.#maximum = Math.max(this.#maximum, microseconds)
  }

  asParameters(): Record<string, string> {
    const times = {
      Average: this.count === 0 ? 0 : this.#sum / this.count,
      Minimum: this.count === 0 ? 0 : this.#minimum,
      Maximum: this.#maximum,
    }
    return Object.fromEntries(
      Object.entries(times).flatMap(([name, microseconds]) => [
        [
          `${name}ResponseTime`,
          String(microseconds === 0 ? 0 : Math.max(1, Math.round(microseconds / 1000))),
        ],
        [`${name}ResponseTimeDetailed`, String(Math.round(microseconds))],
      ]),
    )
  }
}
