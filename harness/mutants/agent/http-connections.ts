import { HttpConnection, TransportError } from '../../../reference-agent/transport/transport.ts'
import { alterExchange, alterHeaders } from './alter/exchange.ts'
import { type Fields, PlainConnection, useConnection } from './alter/plain-connection.ts'
import type { Mutant } from './mutant.ts'

export const mutants: readonly Mutant[] = [
  {
    name: 'http-close-ends-session',
    cases: ['HTTP-013', 'HTTP-015'],
    breaks: 'gives the session up after Connection: close',
    apply: (parts) => {
      const closed = new WeakSet<HttpConnection>()
      alterExchange(parts, async (request, send, connection) => {
        if (closed.has(connection)) throw new TransportError('the connection is closed')
        const response = await send(request)
        if (response.headers.connection === 'close') closed.add(connection)
        return response
      })
    },
  },
  {
    name: 'http-close-without-notice-ends-session',
    cases: ['HTTP-014'],
    breaks: 'gives the session up when the ACS has closed the connection without saying so',
    apply: (parts) =>
      useConnection(
        parts,
        class extends PlainConnection {
          protected override open(url: URL): ReturnType<PlainConnection['open']> {
            if (this.socket && this.ended) throw new TransportError('the connection is closed')
            return super.open(url)
          }
        },
      ),
  },
  {
    name: 'http-reconnects-once',
    cases: ['HTTP-015'],
    breaks: 'opens a second connection in a session, but no third one',
    apply: (parts) => {
      const closes = new WeakMap<HttpConnection, number>()
      alterExchange(parts, async (request, send, connection) => {
        const before = closes.get(connection) ?? 0
        if (before > 1) throw new TransportError('the connection is closed')
        const response = await send(request)
        if (response.headers.connection === 'close') closes.set(connection, before + 1)
        return response
      })
    },
  },
  {
    name: 'http-connection-per-request',
    cases: ['HTTP-017'],
    breaks: 'opens a connection for each request',
    apply: (parts) =>
      useConnection(
        parts,
        class extends PlainConnection {
          protected override async readBody(status: number, fields: Fields): Promise<Buffer> {
            const body = await super.readBody(status, fields)
            this.drop()
            return body
          }
        },
      ),
  },
  {
    name: 'http-impatient-pipelining',
    cases: ['HTTP-018'],
    breaks: 'sends an empty POST when the answer takes half a second',
    apply: (parts) =>
      useConnection(
        parts,
        class extends PlainConnection {
          protected override async readHead(): ReturnType<PlainConnection['readHead']> {
            const empty = 'POST /cwmp HTTP/1.1\r\nHost: acs\r\nContent-Length: 0\r\n\r\n'
            const timer = setTimeout(() => this.socket?.write(empty), 500)
            try {
              return await super.readHead()
            } finally {
              clearTimeout(timer)
            }
          }
        },
      ),
  },
  {
    name: 'http-impatient-second-connection',
    cases: ['HTTP-018'],
    breaks: 'sends the same request on a second connection when the answer takes half a second',
    apply: (parts) => {
      const { createConnection } = parts
      let options: Parameters<typeof createConnection>[0] | undefined
      parts.createConnection = (given) => {
        options = given
        return createConnection(given)
      }
      alterExchange(parts, async (request, send) => {
        const timer = setTimeout(() => {
          if (options) new HttpConnection(options).roundTrip(request).catch(() => {})
        }, 500)
        try {
          return await send(request)
        } finally {
          clearTimeout(timer)
        }
      })
    },
  },
  {
    name: 'http-gives-up-after-ten-seconds',
    cases: ['HTTP-021'],
    breaks: 'waits ten seconds for an answer',
    apply: (parts) => {
      parts.createConnection = (options) => new HttpConnection({ ...options, responseTimeout: 10_000 })
    },
  },
  {
    name: 'http-host-without-port',
    cases: ['HTTP-022'],
    breaks: 'leaves the port out of Host',
    apply: (parts) => alterHeaders(parts, (headers, { url }) => [['Host', url.hostname], ...headers]),
  },
  {
    name: 'http-posts-to-root',
    cases: ['HTTP-023'],
    breaks: 'posts to the root of the server after the Inform',
    apply: (parts) =>
      alterExchange(parts, (request, send) =>
        send(request.body.includes(':Inform>') ? request : { ...request, url: new URL('/', request.url) }),
      ),
  },
]
