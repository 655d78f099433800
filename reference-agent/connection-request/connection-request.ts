/** Public face of connection-request/. */
export {
  DigestVerifier,
  type DigestVerifierOptions,
  NONCE_LIFETIME,
  type Verdict,
} from './digest-verifier.ts'
export { ConnectionRequestServer, type ConnectionRequestServerOptions } from './http-server.ts'
export { ConnectionRequestListener, PortInUse } from './listener.ts'
export { RateLimit } from './rate-limit.ts'
export { UdpConnectionRequests } from './udp/udp-connection-requests.ts'
