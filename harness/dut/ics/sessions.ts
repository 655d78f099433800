import { group } from './item.ts'

/** How the device comes to its ACS and speaks with it. */
export const sessions = group('Sessions', {
  SecureCwmp: {
    clause: '3.3',
    status: 'optional',
    text: 'opens sessions over TLS at an https URL, and the adapter can have it trust a certificate authority',
    shown: { unseen: 'only a session at an https URL shows it' },
  },
  TlsClientCertificate: {
    clause: '3.3',
    status: 'optional',
    text: 'shows a certificate of its own to an ACS that asks for one',
    requires: ['SecureCwmp'],
    shown: { unseen: 'only an ACS that asks for a certificate sees it' },
  },
  DigestSha256: {
    clause: '3.4.5, RFC 7616',
    status: 'optional',
    text: 'authenticates to the ACS with Digest and SHA-256, not only MD5',
    shown: { unseen: 'only a challenge shows it' },
  },
  HttpCompression: {
    clause: '3.4.7',
    status: 'optional',
    text: 'can compress its HTTP requests (ManagementServer.HTTPCompression)',
    shown: [{ list: 'ManagementServer.HTTPCompressionSupported' }],
  },
  SessionRetryParameters: {
    clause: '3.2.1.1',
    status: 'optional',
    text: 'waits between retries as ManagementServer.CWMPRetryMinimumWaitInterval and CWMPRetryIntervalMultiplier say',
    shown: [
      { path: 'ManagementServer.CWMPRetryMinimumWaitInterval' },
      { path: 'ManagementServer.CWMPRetryIntervalMultiplier' },
    ],
  },
  DhcpDiscovery: {
    clause: '3.1',
    status: 'optional',
    text: 'finds its ACS by DHCP when nobody has given it a URL',
    shown: { unseen: 'only a device without an ACS shows it' },
  },
  Dhcpv6Discovery: {
    clause: '3.1',
    status: 'optional',
    text: 'finds its ACS by DHCPv6, too',
    requires: ['DhcpDiscovery'],
    shown: { unseen: 'only a device without an ACS shows it' },
  },
  EnableCwmp: {
    clause: 'TR-181 ManagementServer.EnableCWMP',
    status: 'optional',
    text: 'can have CWMP switched off (ManagementServer.EnableCWMP)',
    shown: [{ path: 'ManagementServer.EnableCWMP' }],
  },
  DelayReboot: {
    clause: 'TR-181 ManagementServer.DelayReboot',
    status: 'optional',
    text: 'reboots so long after a session as ManagementServer.DelayReboot says',
    shown: [{ path: 'ManagementServer.DelayReboot' }],
  },
  ScheduleReboot: {
    clause: 'TR-181 ManagementServer.ScheduleReboot',
    status: 'optional',
    text: 'reboots at the time that ManagementServer.ScheduleReboot says',
    shown: [{ path: 'ManagementServer.ScheduleReboot' }],
  },
  StandbyPolicy: {
    clause: 'Annex L',
    status: 'optional',
    text: 'knows a standby, and tells 13 WAKEUP as ManagementServer.StandbyPolicy says',
    shown: [{ path: 'ManagementServer.StandbyPolicy.' }],
  },
  HeartbeatPolicy: {
    clause: 'Annex O',
    status: 'optional',
    text: 'sends 14 HEARTBEAT as ManagementServer.HeartbeatPolicy says',
    shown: [{ path: 'ManagementServer.HeartbeatPolicy.' }],
  },
})

/** How the ACS has it open a session. */
export const connectionRequests = group('Connection requests', {
  HttpConnectionRequest: {
    clause: '3.2.2',
    status: 'conditional',
    condition: 'required of a device that the ACS can reach',
    text: 'can be reached by the bench at its ConnectionRequestURL; if not, sessions are triggered by a short periodic interval',
    shown: [{ list: 'ManagementServer.SupportedConnReqMethods', entry: 'HTTP', isNew: true }],
    onlyClaims: true,
  },
  HttpConnectionRequestEnable: {
    clause: 'TR-181 ManagementServer.HTTPConnectionRequestEnable',
    status: 'optional',
    text: 'can have connection requests over HTTP switched off (ManagementServer.HTTPConnectionRequestEnable)',
    requires: ['HttpConnectionRequest'],
    shown: [{ path: 'ManagementServer.HTTPConnectionRequestEnable' }],
  },
  StunConnectionRequest: {
    clause: 'Annex G',
    status: 'optional',
    text: 'takes connection requests by UDP, also through a NAT by means of STUN',
    shown: [
      { list: 'ManagementServer.SupportedConnReqMethods', entry: 'STUN', isNew: true },
      { path: 'ManagementServer.UDPConnectionRequestAddress' },
      { path: 'ManagementServer.STUNEnable' },
    ],
  },
  XmppConnectionRequest: {
    clause: 'Annex K',
    status: 'optional',
    text: 'takes connection requests by XMPP',
    shown: [
      { list: 'ManagementServer.SupportedConnReqMethods', entry: 'XMPP', isNew: true },
      { path: 'ManagementServer.ConnReqXMPPConnection' },
      { path: 'XMPP.' },
    ],
  },
  XmppServerTable: {
    clause: 'TR-181 XMPP.Connection.{i}.ServerConnectAlgorithm',
    status: 'optional',
    text: 'finds its XMPP server in its server table; that is how it finds the one of the bench',
    requires: ['XmppConnectionRequest'],
    shown: [{ list: 'XMPP.SupportedServerConnectAlgorithms', entry: 'ServerTable' }],
  },
  XmppDnsSrv: {
    clause: 'TR-181 XMPP.Connection.{i}.ServerConnectAlgorithm',
    status: 'optional',
    text: 'finds its XMPP server by DNS service records',
    requires: ['XmppConnectionRequest'],
    shown: [{ list: 'XMPP.SupportedServerConnectAlgorithms', entry: 'DNS-SRV' }],
  },
  XmppWebSocket: {
    clause: 'TR-181 XMPP.Connection.{i}.ServerConnectAlgorithm',
    status: 'optional',
    text: 'reaches its XMPP server by a WebSocket',
    requires: ['XmppConnectionRequest'],
    shown: [{ list: 'XMPP.SupportedServerConnectAlgorithms', entry: 'WebSocket' }],
  },
})
