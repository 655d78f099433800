import type { CwmpVersion, RequestOf, SoapPrefixes } from '../cwmp/cwmp.ts'
import type { Transcript } from '../cwmp/transcript.ts'
import type { AcsAuthentication } from './authentication.ts'
import type { Exchange } from './exchange.ts'
import type { CpeRequestHandler, InformAnswer } from './session-options.ts'
import type { AcsTls } from './tls-door.ts'
import type { WaitOptions } from './waiting.ts'

/** Settings of a scripted ACS; times in milliseconds. */
export interface AcsOptions {
  /** Address to listen on; 127.0.0.1 unless given. */
  host?: string
  /** 0 (any free one) unless given. */
  port?: number
  transcript: Transcript
  authentication?: AcsAuthentication
  /** Makes it an ACS at an https URL. */
  tls?: AcsTls
  /** Host in `url`, where the device sees another one than `host`. */
  publicHost?: string
  /** How long an Inform waits for a case before it is answered politely and forgotten; 20 s. A CPE waits at least 30 s. */
  holdMs?: number
  /** After how long a device that sends nothing counts as silent; 30 s. */
  silenceMs?: number
  /** How long a device that closed its connection in the middle of a session may take to come back; 10 s. */
  reconnectMs?: number
  /** How long a request may take from its first octet to its last; 30 s. */
  requestMs?: number
  /** Connections at a time, beyond which the longest idle one goes; 512. */
  maxConnections?: number
  /** Version that the ACS speaks; `auto`, which is what the device speaks, unless given. */
  cwmpVersion?: CwmpVersion | 'auto'
  /** Whether envelopes begin with an XML declaration; true unless given. */
  xmlDeclaration?: boolean
  /** Prefixes of the SOAP namespaces in answers that are text; soapenv and soapenc unless given. */
  soapPrefixes?: SoapPrefixes
  /** Gets each complete request before anybody else does. */
  onRequest?: (exchange: Exchange) => void
}

export interface NextSessionOptions extends WaitOptions {
  /** Which Inform is meant; sessions with others end politely. */
  where?: (inform: RequestOf<'Inform'>, exchange: Exchange) => boolean
  inform?: InformAnswer
  onCpeRequest?: CpeRequestHandler
}

export interface NextExchangeOptions extends WaitOptions {
  where?: (exchange: Exchange) => boolean
}
