import type { AcsSession, CallOptions, Exchange } from '../../harness/acs/acs.ts'
import { ConformanceFailure, granted } from '../../harness/conformance.ts'
import { buildRequest, decodeResponse, EnvelopeError, withPrefixes } from '../../harness/cwmp/cwmp.ts'
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

/** The same request as text, in the namespace of the session and with the cwmp:ID `probe`. */
export function probeRequest({ session, pixit }: Probing): string {
  return buildRequest(
    'GetParameterValues',
    { ParameterNames: [pixit.parameters.readOnly.path] },
    {
      id: 'probe',
      namespace: session.informEnvelope.cwmpNamespace,
      xmlDeclaration: pixit.acs.xmlDeclaration,
    },
  )
}

/** The same in the prefixes that the device knows, for octets that no ACS spells. */
export function spelledProbe(probing: Probing): string {
  return withPrefixes(probeRequest(probing), probing.pixit.acs.soapPrefixes)
}

/** A document from its root element on. */
export function withoutDeclaration(document: string): string {
  return document.replace(/^<\?xml[^>]*\?>\s*/, '')
}

/** Sends the request as `alter` changes it and holds the answer against the original. */
export async function assertReadsAltered(
  probing: Probing,
  alter: (request: string) => string,
): Promise<Exchange> {
  const request = probeRequest(probing)
  const altered = alter(request)
  if (altered === request) throw new HarnessError('nothing was altered')
  return assertReadsText(probing, altered)
}

/** Sends a spelling of the request and holds the answer against it. */
export async function assertReadsText(probing: Probing, text: string): Promise<Exchange> {
  const exchange = await inTheseWords(probing.session.send(text))
  assertProbeAnswered(probing, exchange)
  return exchange
}

/** Ends a session in which the case has just sent the probe by hand, and holds the last POST to be its response. */
export async function assertEndsWithProbeAnswered({ session, pixit }: Probing): Promise<void> {
  await inTheseWords(session.end())
  assertProbeAnswered({ pixit }, session.exchanges.at(-1) as Exchange)
}

/** Has a failure say what the probe was to bring. */
async function inTheseWords<Result>(answer: Promise<Result>): Promise<Result> {
  try {
    return await answer
  } catch (error) {
    if (!(error instanceof ConformanceFailure)) throw error
    const failure = new ConformanceFailure('GetParameterValuesResponse', error.observed)
    failure.transcriptSeq = error.transcriptSeq
    throw failure
  }
}

/** Holds a POST of the device to be the response to the probe. */
export function assertProbeAnswered({ pixit }: Pick<Probing, 'pixit'>, exchange: Exchange): void {
  const { path } = pixit.parameters.readOnly
  const actual = namesIn(exchange)
  if (actual === path) return
  const failure = new ConformanceFailure(`GetParameterValuesResponse with ${path}`, actual)
  failure.transcriptSeq = exchange.transcriptSeq
  throw failure
}

/** The parameters in a GetParameterValuesResponse, or what came in its place. */
function namesIn({ envelope, description }: Exchange): string {
  if (envelope?.kind !== 'response' || envelope.name !== 'GetParameterValues') return description
  try {
    const { ParameterList } = decodeResponse(envelope, 'GetParameterValues')
    return ParameterList.map(({ Name }) => Name).join(', ')
  } catch (error) {
    if (!(error instanceof EnvelopeError)) throw error
    return error.message
  }
}
