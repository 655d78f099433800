/** The scripted ACS, and the connection request client. The public face of this folder. */

export { AcsRelay, type HeldExchange } from './acs-relay.ts'
export { answerFacts } from './answer-facts.ts'
export {
  type AcsAuthentication,
  type AuthorizationCheck,
  Gate,
  type GuardedRequest,
} from './authentication.ts'
export type { ClientHello } from './client-hello.ts'
export { type ConnectionRequestResult, connectionRequest } from './connection-request.ts'
export {
  type ConnectionRequestAnswer,
  type ConnectionRequestOptions,
  NoConnectionRequestAnswer,
} from './connection-request-dialogue.ts'
export { defaultAnswer } from './default-answers.ts'
export {
  type AuthenticationField,
  digestAlgorithm,
  digestResponse,
  formatAuthentication,
  parseAuthentication,
} from './digest.ts'
export type { Exchange } from './exchange.ts'
export {
  countValues,
  deviceIdOf,
  GenieAcs,
  isStored,
  type ParameterValue,
  type StoredDevice,
  type StoredFault,
  storedRows,
  storedValue,
  type Task,
  type TaskResult,
} from './genieacs.ts'
export type { HttpAnswer } from './http-answer.ts'
export { HttpSyntaxError } from './http-head.ts'
export { type HttpMessage, HttpReader } from './http-message.ts'
export type { AcsOptions, NextExchangeOptions, NextSessionOptions } from './options.ts'
export { askPatiently } from './patience.ts'
export { informOf as informOfRaw, type RawAnswer, RawCpe } from './raw-cpe.ts'
export { ScriptedAcs } from './scripted-acs.ts'
export type { AcsSession } from './session.ts'
export type { CallOptions, CpeRequestHandler, InformAnswer } from './session-options.ts'
export type { AcsTls, TlsFacts, TlsRefusal } from './tls-door.ts'
export { Waiting, type WaitOptions } from './waiting.ts'
