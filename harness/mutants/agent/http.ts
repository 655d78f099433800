import { TransportError } from '../../../reference-agent/transport/transport.ts'
import { alterResponse, emptyWhere } from './alter/exchange.ts'
import { type Fields, PlainConnection, useConnection } from './alter/plain-connection.ts'
import type { Mutant } from './mutant.ts'

/** Header fields that an ACS sends as a rule. */
const USUAL =
  /^(connection|content-(type|length|encoding)|transfer-encoding|set-cookie|location|www-authenticate)$/

export const mutants: readonly Mutant[] = [
  {
    name: 'http-first-chunk-only',
    cases: ['HTTP-001'],
    breaks: 'reads the first chunk of an answer only',
    apply: (parts) =>
      useConnection(
        parts,
        class extends PlainConnection {
          #first: number | undefined
          protected override readChunkSize(line: string): number {
            this.#first ??= super.readChunkSize(line)
            return this.#first
          }
          protected override async readChunks(): Promise<Buffer> {
            const size = this.readChunkSize((await this.takeLine()).trimEnd())
            return this.take(() => size)
          }
        },
      ),
  },
  {
    name: 'http-chunk-sizes-left-in',
    cases: ['HTTP-001', 'HTTP-002'],
    breaks: 'knows no transfer coding and takes chunk sizes for text',
    apply: (parts) =>
      alterResponse(parts, (response) =>
        response.headers['transfer-encoding'] === undefined
          ? response
          : { ...response, body: Buffer.concat([Buffer.from('7\r\n'), response.body]) },
      ),
  },
  {
    name: 'http-no-chunk-extensions',
    cases: ['HTTP-002'],
    breaks: 'cannot read a chunk size with an extension behind it',
    apply: (parts) =>
      useConnection(
        parts,
        class extends PlainConnection {
          protected override readChunkSize(line: string): number {
            if (!/^[0-9a-f]+$/i.test(line)) throw new TransportError(`${line} is no chunk size`)
            return super.readChunkSize(line)
          }
        },
      ),
  },
  {
    name: 'http-trailer-left-behind',
    cases: ['HTTP-002'],
    breaks: 'takes the trailer of an answer for the head of the next one',
    apply: (parts) =>
      useConnection(
        parts,
        class extends PlainConnection {
          protected override async readTrailer(): Promise<void> {
            if (this.input.toString('latin1', 0, 2) === '\r\n') await this.takeLine()
          }
        },
      ),
  },
  {
    name: 'http-length-in-characters',
    cases: ['HTTP-003'],
    breaks: 'takes Content-Length for a number of characters',
    apply: (parts) =>
      alterResponse(parts, (response) => {
        const missing = response.body.length - response.body.toString().length
        if (missing > 0) throw new TransportError(`${missing} characters are missing`)
        return response
      }),
  },
  {
    name: 'http-204-is-no-success',
    cases: ['HTTP-004'],
    breaks: 'takes only 200 for the end of a session',
    apply: (parts) =>
      alterResponse(parts, (response) => {
        if (response.status === 204) throw new TransportError('HTTP status 204')
        return response
      }),
  },
  {
    name: 'http-empty-200-is-no-success',
    cases: ['HTTP-005'],
    breaks: 'takes only 204 for the end of a session',
    apply: (parts) =>
      alterResponse(parts, (response) => {
        const { 'content-length': length } = response.headers
        if (response.status === 200 && length === '0') throw new TransportError('an empty response')
        return response
      }),
  },
  {
    name: 'http-no-empty-chunked-body',
    cases: ['HTTP-006'],
    breaks: 'expects at least one chunk',
    apply: (parts) =>
      alterResponse(parts, (response) => {
        const isChunked = response.headers['transfer-encoding'] !== undefined
        if (isChunked && response.body.length === 0) throw new TransportError('no chunk')
        return response
      }),
  },
  {
    name: 'http-field-names-by-case',
    cases: ['HTTP-007'],
    breaks: 'knows Content-Length in the usual spelling only',
    apply: (parts) =>
      useConnection(
        parts,
        class extends PlainConnection {
          protected override readField(line: string): [string, string] {
            if (/^content-length/i.test(line) && !line.startsWith('Content-Length'))
              throw new TransportError('an answer without Content-Length')
            return super.readField(line)
          }
        },
      ),
  },
  {
    name: 'http-one-space-behind-colon',
    cases: ['HTTP-008'],
    breaks: 'expects exactly one space before the value of a header field',
    apply: (parts) =>
      useConnection(
        parts,
        class extends PlainConnection {
          protected override readField(line: string): [string, string] {
            const field = /^([^:]+): (\S.*)$/.exec(line)
            if (!field) throw new TransportError(`${line} is no header field`)
            return super.readField(line)
          }
        },
      ),
  },
  {
    name: 'http-folded-field-ends-answer',
    cases: ['HTTP-009'],
    breaks: 'takes an answer with a folded header field for an empty one',
    apply: (parts) =>
      useConnection(
        parts,
        class extends PlainConnection {
          protected override async readBody(status: number, fields: Fields): Promise<Buffer> {
            const body = await super.readBody(status, fields)
            return fields['x-folded'] === undefined ? body : Buffer.alloc(0)
          }
        },
      ),
  },
  {
    name: 'http-refuses-unknown-headers',
    cases: ['HTTP-010'],
    breaks: 'gives up at a response header that it does not know',
    apply: (parts) =>
      alterResponse(parts, (response) => {
        const unknown = Object.keys(response.headers).find((name) => !USUAL.test(name))
        if (unknown !== undefined) throw new TransportError(`header ${unknown} is unknown`)
        return response
      }),
  },
  {
    name: 'http-buffer-of-64-kilobytes',
    cases: ['HTTP-011'],
    breaks: 'has room for answers of 64 kilobytes',
    apply: (parts) =>
      alterResponse(parts, (response) => ({ ...response, body: response.body.subarray(0, 65_536) })),
  },
  {
    name: 'http-one-read-per-answer',
    cases: ['HTTP-012'],
    breaks: 'takes what the first read gives for the whole answer',
    apply: (parts) =>
      useConnection(
        parts,
        class extends PlainConnection {
          protected override async readHead(): ReturnType<PlainConnection['readHead']> {
            if (this.input.length === 0) await this.more()
            if (!this.input.includes('\r\n\r\n')) throw new TransportError('half a head')
            return super.readHead()
          }
          protected override async readBody(): Promise<Buffer> {
            const body = this.input
            this.input = Buffer.alloc(0)
            return body
          }
        },
      ),
  },
  {
    name: 'http-no-length-no-body',
    cases: ['HTTP-016'],
    breaks: 'takes an answer without a length for an empty one',
    apply: (parts) =>
      emptyWhere(
        parts,
        ({ headers }) =>
          headers['content-length'] === undefined && headers['transfer-encoding'] === undefined,
      ),
  },
  {
    name: 'http-gzip-claimed-not-read',
    cases: ['HTTP-019'],
    breaks: 'says that it accepts gzip, and takes such an answer for plain text',
    apply: (parts) =>
      alterResponse(parts, (response) => ({
        ...response,
        headers: { ...response.headers, 'content-encoding': undefined },
      })),
  },
  {
    name: 'http-reason-phrase-required',
    cases: ['HTTP-020'],
    breaks: 'cannot read a status line without a reason phrase',
    apply: (parts) =>
      useConnection(
        parts,
        class extends PlainConnection {
          protected override readStatus(line: string): number {
            if (!/ \d{3} \S/.test(line)) throw new TransportError(`${line} is no status line`)
            return super.readStatus(line)
          }
        },
      ),
  },
  {
    name: 'http-reason-phrase-decides',
    cases: ['HTTP-024'],
    breaks: 'looks for words in the status line',
    apply: (parts) =>
      useConnection(
        parts,
        class extends PlainConnection {
          protected override readStatus(line: string): number {
            return line.includes('Not Found') ? 404 : super.readStatus(line)
          }
        },
      ),
  },
]
