import type { CwmpVersion, Envelope, EnvelopeOptions, FaultOptions } from '../cwmp/cwmp.ts'
import type { Exchange } from './exchange.ts'
import type { HttpAnswer } from './http-answer.ts'
import type { WaitOptions } from './waiting.ts'

/** How the ACS answers an Inform: properly, with changes, with a fault, with any octets, or `later` by the case itself. */
export type InformAnswer =
  | 'later'
  | (EnvelopeOptions & HttpAnswer & { fault?: FaultOptions; body?: string | Uint8Array })

/**
 * Decides how a request of the CPE (TransferComplete, GetRPCMethods …) is answered: undefined for the proper answer, `later`
 * if the case answers with `send`, or the answer itself.
 */
export type CpeRequestHandler = (
  request: Envelope,
  exchange: Exchange,
) => undefined | 'later' | (HttpAnswer & { body?: string | Uint8Array })

export type CallOptions = EnvelopeOptions & HttpAnswer & WaitOptions

/** What a session takes over from its ACS. */
export interface SessionSettings {
  /** How long the device may leave an answer unanswered. */
  silenceMs: number
  /** How long it may take to come back after it closed the connection in the middle. */
  reconnectMs: number
  version: CwmpVersion | 'auto'
  xmlDeclaration: boolean
  cookie: string
  onCpeRequest?: CpeRequestHandler
}
