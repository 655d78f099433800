import type { AcsSession, CallOptions, Exchange } from '../../harness/acs/acs.ts'
import { ConformanceFailure, granted } from '../../harness/conformance.ts'
import { buildRequest, decodeResponse } from '../../harness/cwmp/cwmp.ts'
import { HarnessError } from '../../harness/failure.ts'
import type { TestBed } from '../../harness/testbed/testbed.ts'

/** What a probe needs: a session, and the profile that names a parameter every device of its kind has. */
export interface Probing {
  readonly session: AcsSession
  readonly pixit: TestBed['profile']['pixit']
}

/** Reads one parameter, the request sent over HTTP as the options say, and holds the answer against the request. */
export async function assertReads({ session, pixit }: Probing, http: CallOptions = {}): Promise<void> {
  const { path } = pixit.parameters.readOnly
  const answer = granted(await session.call('GetParameterValues', { ParameterNames: [path] }, http))
  const names = answer.ParameterList.map(({ Name }) => Name)
  if (names.length !== 1 || names[0] !== path) throw new ConformanceFailure(path, names.join(', '))
}

/** The same request as text: without XML declaration, in the namespace of the session, with the cwmp:ID `probe`. */
export function probeRequest({ session, pixit }: Probing): string {
  return buildRequest(
    'GetParameterValues',
    { ParameterNames: [pixit.parameters.readOnly.path] },
    { id: 'probe', namespace: session.informEnvelope.cwmpNamespace, xmlDeclaration: false },
  )
}

/** Sends the request as `alter` changes it and holds the answer against the original. */
export async function assertReadsAltered(
  probing: Probing,
  alter: (request: string) => string,
): Promise<Exchange> {
  const request = probeRequest(probing)
  const altered = alter(request)
  if (altered === request) throw new HarnessError('nothing was altered')
  const exchange = await probing.session.send(altered)
  assertProbeAnswered(probing, exchange)
  return exchange
}

/** Holds a POST of the device to be the response to the probe. */
export function assertProbeAnswered({ pixit }: Pick<Probing, 'pixit'>, exchange: Exchange): void {
  const { path } = pixit.parameters.readOnly
  const { envelope } = exchange
  const names =
    envelope?.kind === 'response' && envelope.name === 'GetParameterValues'
      ? decodeResponse(envelope, 'GetParameterValues').ParameterList.map(({ Name }) => Name)
      : undefined
  if (names?.length === 1 && names[0] === path) return
  const failure = new ConformanceFailure(
    `GetParameterValuesResponse with ${path}`,
    names ? `one with ${names.join(', ')}` : exchange.description,
  )
  failure.transcriptSeq = exchange.transcriptSeq
  throw failure
}

/** Ends a session in which the case has just sent the probe by hand, and holds the last POST to be its response. */
export async function assertEndsWithProbeAnswered({ session, pixit }: Probing): Promise<void> {
  try {
    await session.end()
  } catch (error) {
    if (!(error instanceof ConformanceFailure)) throw error
    const failure = new ConformanceFailure('GetParameterValuesResponse', error.observed)
    failure.transcriptSeq = error.transcriptSeq
    throw failure
  }
  assertProbeAnswered({ pixit }, session.exchanges.at(-1) as Exchange)
}
