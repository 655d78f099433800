import type { FileClient, FileClientOptions } from './file-client.ts'
import { HttpFileClient } from './http-file-client.ts'

/** What speaks a protocol, given as a URL does: `http:`. */
export function createFileClient(_protocol: string, options: FileClientOptions): FileClient {
  return new HttpFileClient(options)
}
