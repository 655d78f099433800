/** The scripted ACS, and the connection request client. The public face of this folder. */

export type { AcsAuthentication, AuthorizationCheck } from './authentication.ts'
export {
  type ConnectionRequestAnswer,
  type ConnectionRequestOptions,
  type ConnectionRequestResult,
  connectionRequest,
  NoConnectionRequestAnswer,
} from './connection-request.ts'
export type { Exchange } from './exchange.ts'
export type { HttpAnswer } from './http-answer.ts'
export {
  type AcsOptions,
  type NextExchangeOptions,
  type NextSessionOptions,
  ScriptedAcs,
} from './scripted-acs.ts'
export type { AcsSession, CallOptions, CpeRequestHandler, InformAnswer } from './session.ts'
