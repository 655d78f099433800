import { TransportError } from '../../../reference-agent/transport/transport.ts'
import { type Fields, PlainConnection, useConnection } from './alter/plain-connection.ts'
import type { Mutant } from './mutant.ts'

export const mutants: readonly Mutant[] = [
  {
    name: 'http-interim-answer-taken-for-final',
    cases: ['HTTP-046', 'HTTP-047'],
    breaks: 'takes an interim answer for the answer',
    apply: (parts) =>
      useConnection(
        parts,
        class extends PlainConnection {
          protected override readStatus(line: string): number {
            const status = super.readStatus(line)
            if (status < 200) throw new TransportError(`status ${status}`)
            return status
          }
        },
      ),
  },
  {
    name: 'http-100-is-the-only-interim-answer',
    cases: ['HTTP-047'],
    breaks: 'knows 100 and takes other interim answers for the answer',
    apply: (parts) =>
      useConnection(
        parts,
        class extends PlainConnection {
          protected override readStatus(line: string): number {
            const status = super.readStatus(line)
            if (status > 100 && status < 200) throw new TransportError(`status ${status}`)
            return status
          }
        },
      ),
  },
  {
    name: 'http-content-length-to-the-end-of-the-line',
    cases: ['HTTP-048'],
    breaks: 'takes everything behind Content-Length for the number',
    apply: (parts) =>
      useConnection(
        parts,
        class extends PlainConnection {
          protected override readField(line: string): [string, string] {
            if (/^content-length: *\d+\s/i.test(line)) throw new TransportError('Content-Length is no number')
            return super.readField(line)
          }
        },
      ),
  },
  {
    name: 'http-folded-field-refused',
    cases: ['HTTP-049'],
    breaks: 'refuses an answer with a folded header field',
    apply: (parts) =>
      useConnection(
        parts,
        class extends PlainConnection {
          protected override readField(line: string): [string, string] {
            if (/^\s/.test(line)) throw new TransportError('a line that is no header field')
            return super.readField(line)
          }
        },
      ),
  },
  {
    name: 'http-any-length-read',
    cases: ['HTTP-050', 'HTTP-051'],
    breaks: 'reads an answer for as long as it goes on',
    apply: (parts) => useConnection(parts, PlainConnection),
  },
  {
    name: 'http-length-bounded-where-announced',
    cases: ['HTTP-050', 'HTTP-051'],
    breaks: 'bounds the length of answers only where Content-Length tells it',
    apply: (parts) =>
      useConnection(
        parts,
        class extends PlainConnection {
          protected override readBody(status: number, fields: Fields): Promise<Buffer> {
            if (Number(fields['content-length'] ?? 0) > 16 << 20) throw new TransportError('too long')
            return super.readBody(status, fields)
          }
        },
      ),
  },
  {
    name: 'http-waits-for-ever',
    cases: ['HTTP-052'],
    breaks: 'waits for an answer as long as it takes',
    apply: (parts) => {
      const { createConnection } = parts
      parts.createConnection = (options) => createConnection({ ...options, responseTimeout: 1e9 })
    },
  },
]
