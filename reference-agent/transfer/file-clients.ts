import type { FileClient, FileClientOptions } from './file-client.ts'
import { FtpFileClient } from './ftp-file-client.ts'
import { HttpFileClient } from './http-file-client.ts'

/** What speaks a protocol, given as a URL does: `http:`. */
export function createFileClient(protocol: string, options: FileClientOptions): FileClient {
  return protocol === 'ftp:' ? new FtpFileClient(options) : new HttpFileClient(options)
}
