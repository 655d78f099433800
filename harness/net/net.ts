/** File servers for devices, and certificates. The public face of this folder. */
export {
  CertificateAuthority,
  type CertificateDetails,
  type Credentials,
  selfSigned,
  yearsFromNow,
} from './certificates.ts'
export { type FtpFile, FtpFileServer, type FtpTransfer } from './ftp-file-server.ts'
export { type FileRequest, HttpFileServer, type Served } from './http-file-server.ts'
