/** A scripted XMPP server, and a client for any server. The public face of this folder. */
export { type XmppAddress, XmppClient, type XmppLogin } from './client.ts'
export type { AskOptions, Deadline, XmppConnection } from './connection.ts'
export {
  challenge,
  disconnect,
  drip,
  impostor,
  letIn,
  saslFailure,
  say,
  streamError,
  streamErrorText,
  tlsFailure,
} from './deeds.ts'
export * as namespaces from './namespaces.ts'
export type { Deed, Stage, XmppScript } from './script.ts'
export { XmppServer, type XmppServerOptions } from './server.ts'
export { attr, connectionRequestPayload, describeStanza } from './stanza.ts'
export { StreamClient, type StreamEvent } from './stream-client.ts'
