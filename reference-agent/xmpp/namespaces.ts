/** Namespaces of XMPP (RFC 6120) and of its connection requests (TR-069 Annex K). */

export const CLIENT = 'jabber:client'
export const STREAM = 'http://etherx.jabber.org/streams'
export const STREAM_ERRORS = 'urn:ietf:params:xml:ns:xmpp-streams'
export const STANZA_ERRORS = 'urn:ietf:params:xml:ns:xmpp-stanzas'
export const TLS = 'urn:ietf:params:xml:ns:xmpp-tls'
export const SASL = 'urn:ietf:params:xml:ns:xmpp-sasl'
export const BIND = 'urn:ietf:params:xml:ns:xmpp-bind'
export const SESSION = 'urn:ietf:params:xml:ns:xmpp-session'
export const PING = 'urn:xmpp:ping'
export const CONNECTION_REQUEST = 'urn:broadband-forum-org:cwmp:xmppConnReq-1-0'
