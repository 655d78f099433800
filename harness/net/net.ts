/** File servers for devices. The public face of this folder. */
export { type FtpFile, FtpFileServer, type FtpTransfer } from './ftp-file-server.ts'
export { type FileRequest, HttpFileServer, type Served } from './http-file-server.ts'
