import type { Socket } from 'node:net'
import type { AgentParts } from '../../../../reference-agent/agent.ts'
import { crash } from '../alter/collapse.ts'
import { alterDialer } from '../alter/dialing.ts'
import { alterResponse } from '../alter/exchange.ts'
import type { Mutant } from '../mutant.ts'

/** Looks at what comes in on every connection with an ACS, as text of octets, and may put something else in its place; undefined swallows it. */
function alterReceived(parts: AgentParts, alter: (text: string, socket: Socket) => string | undefined): void {
  alterDialer(
    parts,
    (Base) =>
      class extends Base {
        override async dial(...to: Parameters<InstanceType<typeof Base>['dial']>): Promise<Socket> {
          const socket = await super.dial(...to)
          const emit = socket.emit.bind(socket) as (event: string, ...given: unknown[]) => boolean
          socket.emit = ((event: string, ...given: unknown[]) => {
            const [octets] = given
            if (event !== 'data' || !(octets instanceof Buffer)) return emit(event, ...given)
            const text = octets.toString('latin1')
            const altered = alter(text, socket)
            if (altered === undefined) return true
            return emit('data', altered === text ? octets : Buffer.from(altered, 'latin1'))
          }) as typeof socket.emit
          return socket
        }
      },
  )
}

/** Once this has come, nothing more is read on the connection. */
function stopsReadingAt(parts: AgentParts, isLike: (text: string) => boolean): void {
  const stopped = new WeakSet<Socket>()
  alterReceived(parts, (text, socket) => {
    if (isLike(text)) stopped.add(socket)
    return stopped.has(socket) ? undefined : text
  })
}

const headOf = (text: string) => (/^HTTP\//.test(text) ? (text.split('\r\n\r\n', 1)[0] ?? '') : '')

const isContentLength = (line: string) => /^content-length:/i.test(line)

/** One way in which an HTTP answer may be written that is taken amiss. */
export const mutants: readonly Mutant[] = [
  {
    name: 'fuzz-session-lost-at-chunk-extension',
    cases: [],
    language: 'http',
    breaks: 'closes the connection at a chunk with an extension',
    apply: (parts) =>
      alterReceived(parts, (text, socket) => {
        if (!/(^|\r\n)[0-9a-f]+[ \t]*;[^\r\n]*\r\n/i.test(text)) return text
        socket.destroy()
        return undefined
      }),
  },
  {
    name: 'fuzz-standstill-at-continue',
    cases: [],
    language: 'http',
    breaks: 'waits for ever after 100 Continue that it has not asked for',
    apply: (parts) => stopsReadingAt(parts, (text) => /^HTTP\/1\.1 100\b/.test(text)),
  },
  {
    name: 'fuzz-last-content-length-counts',
    cases: [],
    language: 'http',
    breaks: 'goes by the last of two Content-Length fields that differ',
    apply: (parts) =>
      alterReceived(parts, (text) => {
        const head = headOf(text)
        const lines = head.split('\r\n')
        const last = lines.findLastIndex(isContentLength)
        const left = lines.filter((line, index) => index === last || !isContentLength(line))
        return left.join('\r\n') + text.slice(head.length)
      }),
  },
  {
    name: 'fuzz-crash-at-many-fields',
    cases: [],
    language: 'http',
    breaks: 'crashes at an answer with more than 100 header fields',
    apply: (parts) =>
      alterReceived(parts, (text) => (headOf(text).split('\r\n').length > 101 ? crash() : text)),
  },
  {
    name: 'fuzz-crash-at-endless-length',
    cases: [],
    language: 'http',
    breaks: 'crashes at a Content-Length of more than ten digits',
    apply: (parts) =>
      alterReceived(parts, (text) =>
        /\r\ncontent-length:[ \t]*\d{11}/i.test(headOf(text)) ? crash() : text,
      ),
  },
  {
    name: 'fuzz-request-of-a-failed-answer-carried-out',
    cases: [],
    language: 'http',
    breaks: 'carries out what an answer with status 500 holds',
    apply: (parts) =>
      alterResponse(parts, (response) =>
        response.status === 500 && response.body.length > 0 ? { ...response, status: 200 } : response,
      ),
  },
  {
    name: 'fuzz-bombs-unpacked',
    cases: [],
    language: 'http',
    breaks: 'unpacks compressed answers to whatever size they have',
    apply: (parts) => {
      const { createTransport, parseEnvelope } = parts
      parts.createTransport = (given) => createTransport({ ...given, maximumBody: 1 << 29 })
      const kept: Uint8Array[] = []
      parts.parseEnvelope = (octets, limits) => {
        // What was unpacked stays where it is until the garbage is collected, which small devices never do.
        if (typeof octets !== 'string' && octets.length > 16 << 20 && kept.length < 4) kept.push(octets)
        return parseEnvelope(octets, limits)
      }
    },
  },
]
