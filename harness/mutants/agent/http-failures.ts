import { alterExchange, alterFailure, alterResponse, emptyResponse, emptyWhere } from './alter/exchange.ts'
import { type Fields, PlainConnection, useConnection } from './alter/plain-connection.ts'
import type { Mutant } from './mutant.ts'

const isInform = ({ body }: { body: Buffer }) => body.includes(':Inform>')

export const mutants: readonly Mutant[] = [
  {
    name: 'http-500-ends-session',
    cases: ['HTTP-030'],
    breaks: 'takes status 500 for the end of the session',
    apply: (parts) => emptyWhere(parts, ({ status }) => status === 500),
  },
  {
    name: 'http-404-ends-session',
    cases: ['HTTP-031'],
    breaks: 'takes status 404 for the end of the session',
    apply: (parts) => emptyWhere(parts, ({ status }) => status === 404),
  },
  {
    name: 'http-503-tried-again-at-once',
    cases: ['HTTP-032'],
    breaks: 'sends the same Inform again after 503, in the same session',
    apply: (parts) =>
      alterExchange(parts, async (request, send) => {
        const response = await send(request)
        return response.status === 503 ? send(request) : response
      }),
  },
  {
    name: 'http-status-of-content-ignored',
    cases: ['HTTP-033', 'HTTP-045'],
    breaks: 'reads an envelope under whatever status it comes',
    apply: (parts) =>
      alterResponse(parts, (response) =>
        response.status >= 400 && response.body.length > 0 ? { ...response, status: 200 } : response,
      ),
  },
  {
    name: 'http-bare-401-ends-session',
    cases: ['HTTP-034'],
    breaks: 'takes a 401 without a challenge for the end of the session',
    apply: (parts) =>
      emptyWhere(parts, ({ status, headers }) => status === 401 && headers['www-authenticate'] === undefined),
  },
  {
    name: 'http-lost-answer-ends-session',
    cases: ['HTTP-035'],
    breaks: 'takes a connection that ends without an answer for the end of the session',
    apply: (parts) =>
      alterFailure(parts, async (request, _send, error) => {
        if (isInform(request)) throw error
        return emptyResponse
      }),
  },
  {
    name: 'http-lost-inform-sent-again',
    cases: ['HTTP-036'],
    breaks: 'sends the same Inform again at once when its answer is lost',
    apply: (parts) =>
      alterFailure(parts, (request, send, error) => {
        if (!isInform(request)) throw error
        return send(request)
      }),
  },
  {
    name: 'http-cut-content-is-read',
    cases: ['HTTP-037'],
    breaks: 'reads what came of an answer that ended before its Content-Length',
    apply: (parts) =>
      useConnection(
        parts,
        class extends PlainConnection {
          protected override async readBody(status: number, fields: Fields): Promise<Buffer> {
            const length = Number(fields['content-length'] ?? 0)
            while (this.input.length < length && !this.ended) await this.more()
            return super.readBody(status, {
              ...fields,
              'content-length': String(Math.min(length, this.input.length)),
            })
          }
        },
      ),
  },
  {
    name: 'http-missing-last-chunk-is-read',
    cases: ['HTTP-038'],
    breaks: 'reads the chunks that came, whether the last one is among them or not',
    apply: (parts) =>
      useConnection(
        parts,
        class extends PlainConnection {
          protected override async takeLine(): Promise<string> {
            while (!this.input.includes('\n') && !this.ended) await this.more()
            return this.input.includes('\n') ? super.takeLine() : '0'
          }
          protected override async readTrailer(): Promise<void> {
            if (!this.ended) await super.readTrailer()
          }
        },
      ),
  },
  {
    name: 'http-half-head-is-read',
    cases: ['HTTP-039'],
    breaks: 'reads the status line of a head that is not complete',
    apply: (parts) =>
      useConnection(
        parts,
        class extends PlainConnection {
          protected override async readHead(): ReturnType<PlainConnection['readHead']> {
            while (!this.input.includes('\r\n\r\n') && !this.ended) await this.more()
            if (!this.input.includes('\r\n\r\n') && this.input.length > 0)
              this.input = Buffer.concat([this.input, Buffer.from('\r\n\r\n')])
            return super.readHead()
          }
        },
      ),
  },
  {
    name: 'http-any-200-line-is-success',
    cases: ['HTTP-040'],
    breaks: 'takes whatever has three digits for a status line',
    apply: (parts) =>
      useConnection(
        parts,
        class extends PlainConnection {
          protected override async readHead(): ReturnType<PlainConnection['readHead']> {
            while (this.input.length === 0 && !this.ended) await this.more()
            if (!this.input.toString('latin1').startsWith('2')) return super.readHead()
            return { status: 204, fields: {} }
          }
        },
      ),
  },
  {
    name: 'http-html-ends-session',
    cases: ['HTTP-041'],
    breaks: 'takes a page for an empty answer',
    apply: (parts) => emptyWhere(parts, ({ headers }) => headers['content-type'] === 'text/html'),
  },
  {
    name: 'http-large-head-ends-session',
    cases: ['HTTP-042'],
    breaks: 'takes an answer whose head is too large for an empty one',
    apply: (parts) =>
      alterFailure(parts, async (_request, _send, error) => {
        if (!/head/i.test(error.message)) throw error
        return emptyResponse
      }),
  },
  {
    name: 'http-lost-answer-asked-for-again',
    cases: ['HTTP-043'],
    breaks: 'sends the same POST again when its answer is lost',
    apply: (parts) =>
      alterFailure(parts, (request, send, error) => {
        if (isInform(request)) throw error
        return send(request)
      }),
  },
  {
    name: 'http-broken-gzip-ends-session',
    cases: ['HTTP-044'],
    breaks: 'takes an answer that cannot be decompressed for an empty one',
    apply: (parts) =>
      emptyWhere(
        parts,
        ({ headers, body }) => headers['content-encoding'] === 'gzip' && body.readUInt16BE(0) !== 0x1f8b,
      ),
  },
  {
    name: 'http-inform-refused-is-no-failure',
    cases: ['HTTP-032', 'HTTP-036'],
    breaks: 'does not count a session whose Inform was not answered',
    apply: (parts) => {
      const { createSession } = parts
      parts.createSession = (context) => {
        let isOpen = false
        const session = createSession({
          ...context,
          informed: () => {
            isOpen = true
            context.informed()
          },
        })
        const run = session.run.bind(session)
        session.run = async () => {
          const outcome = await run()
          return isOpen ? outcome : { successful: true }
        }
        return session
      }
    },
  },
]
