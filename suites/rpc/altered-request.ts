import type { AcsSession, ScriptedAcs } from '../../harness/acs/acs.ts'
import {
  buildRequest,
  type CwmpFault,
  childText,
  type EnvelopeOptions,
  type RequestOf,
  type RpcName,
} from '../../harness/cwmp/cwmp.ts'
import { ConformanceFailure, HarnessError } from '../../harness/failure.ts'

/** The RPC whose response came, where a case that sends a damaged request wants to know no more. */
interface Accepted {
  readonly response: string
  /** Of those that change something; 0 where a response has none. */
  readonly Status: number
}

/**
 * Calls an RPC with a request that `alter` has changed as text: arguments left out, malformed, or spelt in another way.
 * @throws ConformanceFailure when the device answers neither with a response nor with a fault
 */
export async function callAltered<N extends RpcName>(
  { session, acs }: { session: AcsSession; acs: ScriptedAcs },
  name: N,
  args: RequestOf<N>,
  alter: (request: string) => string,
): Promise<Accepted | CwmpFault> {
  const options: EnvelopeOptions = {
    id: 'altered',
    namespace: session.informEnvelope.cwmpNamespace,
    xmlDeclaration: acs.xmlDeclaration,
  }
  const proper = buildRequest(name, args, options)
  const altered = alter(proper)
  if (altered === proper) throw new HarnessError(`${name}: nothing was altered`)
  const exchange = await session.send(altered)
  const { envelope } = exchange
  if (envelope?.fault) return envelope.fault
  if (envelope?.kind === 'response')
    return { response: envelope.name, Status: Number(childText(envelope.body, 'Status') ?? 0) }
  const failure = new ConformanceFailure([`${name}Response`, 'a CWMP fault'], exchange.description)
  failure.transcriptSeq = exchange.transcriptSeq
  throw failure
}
