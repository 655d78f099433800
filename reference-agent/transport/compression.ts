/** Content coding of what the CPE sends (ManagementServer.HTTPCompression, TR-069 3.4.7). */
import { promisify } from 'node:util'
import { deflate, gzip } from 'node:zlib'

const CODINGS: Readonly<Record<string, { name: string; encode(body: Buffer): Promise<Buffer> }>> = {
  GZIP: { name: 'gzip', encode: promisify<Buffer, Buffer>(gzip) },
  Deflate: { name: 'deflate', encode: promisify<Buffer, Buffer>(deflate) },
}

interface EncodedBody {
  body: Buffer
  /** For Content-Encoding; undefined for a body as it is. */
  coding: string | undefined
}

/** Compresses as the ACS has set it, until the server says that it cannot read that. */
export class Compression {
  readonly #setting: () => string
  #isRefused = false

  /** `setting` gives HTTPCompression: GZIP, Deflate, or another text for none. */
  constructor(setting: () => string) {
    this.#setting = setting
  }

  /** A body as it is to be sent. There is nothing to compress in an empty one. */
  async encode(body: Buffer): Promise<EncodedBody> {
    const coding = this.#isRefused || body.length === 0 ? undefined : CODINGS[this.#setting()]
    return coding ? { body: await coding.encode(body), coding: coding.name } : { body, coding: undefined }
  }

  /** The server answers 415: from now on everything goes as it is. */
  refused(): void {
    this.#isRefused = true
  }

  /** There is a new setting, or another server: it may be tried again. */
  renewed(): void {
    this.#isRefused = false
  }
}
