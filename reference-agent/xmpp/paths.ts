import { MANAGEMENT_SERVER } from '../session/session.ts'

export const CONNECTIONS = 'Device.XMPP.Connection.'
export const REFERENCE = `${MANAGEMENT_SERVER}ConnReqXMPPConnection`
export const ALLOWED = `${MANAGEMENT_SERVER}ConnReqAllowedJabberIDs`
export const OWN_JID = `${MANAGEMENT_SERVER}ConnReqJabberID`
