/** Public face of xmpp/. */
export { XmppConfiguration } from './configuration.ts'
export { XmppConnection, type XmppConnectionOptions } from './connection.ts'
export { XmppConnectionRequests, type XmppConnectionRequestsOptions } from './connection-requests.ts'
export { type XmppRetryParameters, XmppRetryPolicy } from './retry.ts'
export { XmppServers, type XmppServersOptions } from './servers.ts'
export { XmppConnections } from './service.ts'
export { XmppStream, type XmppStreamOptions } from './stream.ts'
