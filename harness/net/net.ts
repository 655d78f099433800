/** File servers for devices, a DNS server, a receiver of lightweight notifications, a STUN server, a NAT, and certificates. The public face of this folder. */
export {
  CertificateAuthority,
  type CertificateDetails,
  type Credentials,
  selfSigned,
  yearsFromNow,
} from './certificates.ts'
export { DnsServer, type NameAnswer, type NameQuery } from './dns-server.ts'
export { type FtpFile, FtpFileServer, type FtpTransfer } from './ftp-file-server.ts'
export { type FileRequest, HttpFileServer, type Served } from './http-file-server.ts'
export {
  headerOf,
  isSigned,
  type LightweightNotification,
  lightweightIssues,
} from './lightweight-notification.ts'
export { LightweightReceiver } from './lightweight-receiver.ts'
export { NatNetwork } from './nat-network.ts'
export { attribute, attributeOf, type Endpoint, endpointOf, isIntact } from './stun-message.ts'
export { type BindingRequest, demanding, honest, StunServer, translatedTo } from './stun-server.ts'
export { TransferLog } from './transfer-log.ts'
export { type UdpConnectionRequestOptions, udpConnectionRequest } from './udp-connection-request.ts'
