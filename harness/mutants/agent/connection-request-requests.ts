import type { IncomingMessage, ServerResponse } from 'node:http'
import { alterServer } from './alter/connection-request.ts'
import type { Mutant } from './mutant.ts'

type Parts = Parameters<Mutant['apply']>[0]

/** Judges requests of these methods by their credentials, as if it were GET. */
function grantsMethods(parts: Parts, methods: readonly string[]): void {
  alterServer(
    parts,
    (Base) =>
      class extends Base {
        protected override judge(request: IncomingMessage) {
          const status = super.judge(request)
          if (status !== 405 || !methods.includes(request.method ?? '')) return status
          const { verifier } = this.options
          const verdict = verifier.verify(
            request.method ?? '',
            request.url ?? '',
            request.headers.authorization,
          )
          return verdict === 'accepted' ? 200 : 401
        }
      },
  )
}

/** Answers some requests in another way. */
function answers(
  parts: Parts,
  which: (request: IncomingMessage) => boolean,
  answer: (response: ServerResponse, request: IncomingMessage) => void,
): void {
  alterServer(
    parts,
    (Base) =>
      class extends Base {
        protected override handle(request: IncomingMessage, response: ServerResponse): void {
          if (which(request)) answer(response, request)
          else super.handle(request, response)
        }
      },
  )
}

/** Compares paths by another rule. */
function paths(parts: Parts, fits: (path: string, own: string) => boolean): void {
  alterServer(
    parts,
    (Base) =>
      class extends Base {
        protected override judge(request: IncomingMessage) {
          const own = this.options.path
          const url = request.url ?? ''
          if (super.judge(request) !== 404 || !fits(url, own)) return super.judge(request)
          const { verifier } = this.options
          return verifier.verify('GET', url, request.headers.authorization) === 'accepted' ? 200 : 401
        }
      },
  )
}

/** Has another path than a random one. */
function pathOf(parts: Parts, path: string): void {
  const { createConnectionRequestServer } = parts
  parts.createConnectionRequestServer = (options) => createConnectionRequestServer({ ...options, path })
}

export const mutants: readonly Mutant[] = [
  {
    name: 'crq-post-is-as-good',
    cases: ['CRQ-METHOD-001', 'CRQ-METHOD-004'],
    breaks: 'takes POST as a connection request',
    apply: (parts) => grantsMethods(parts, ['POST']),
  },
  {
    name: 'crq-any-method',
    cases: ['CRQ-METHOD-002', 'CRQ-METHOD-003'],
    language: 'connection-request',
    breaks: 'takes any method as a connection request',
    apply: (parts) => grantsMethods(parts, ['OPTIONS', 'PUT', 'DELETE', 'HEAD']),
  },
  {
    name: 'crq-hangs-up-on-post',
    cases: ['CRQ-METHOD-004'],
    breaks: 'closes the connection instead of answering a POST',
    apply: (parts) =>
      answers(
        parts,
        ({ method }) => method === 'POST',
        (_, request) => request.socket.destroy(),
      ),
  },
  {
    name: 'crq-path-by-its-beginning',
    cases: ['CRQ-PATH-002'],
    breaks: 'takes the beginning of its path for its path',
    apply: (parts) => paths(parts, (path, own) => path.length > 1 && own.startsWith(path)),
  },
  {
    name: 'crq-path-in-any-case',
    cases: ['CRQ-PATH-002'],
    breaks: 'compares paths without regard to case',
    apply: (parts) => paths(parts, (path, own) => path.toLowerCase() === own.toLowerCase()),
  },
  {
    name: 'crq-page-on-other-paths',
    cases: ['CRQ-PATH-003'],
    breaks: 'answers 200 on every path but its own',
    apply: (parts) =>
      answers(
        parts,
        ({ url }) => url === '/not-the-path',
        (response) => response.end('welcome'),
      ),
  },
  {
    name: 'crq-short-path',
    cases: ['CRQ-PATH-004'],
    breaks: 'has the same short path as every device of its kind',
    apply: (parts) => pathOf(parts, '/cr'),
  },
  {
    name: 'crq-query-unknown',
    cases: ['CRQ-QUERY-001'],
    breaks: 'does not find its path when a query follows',
    apply: (parts) =>
      answers(
        parts,
        ({ url }) => url?.includes('?') ?? false,
        (response) => response.writeHead(404, { 'Content-Length': 0 }).end(),
      ),
  },
  {
    name: 'crq-refuses-content',
    cases: ['CRQ-BODY-001'],
    breaks: 'answers 400 to a connection request with content',
    apply: (parts) =>
      answers(
        parts,
        ({ headers }) => headers['content-length'] !== undefined,
        (response) => response.writeHead(400, { 'Content-Length': 0, Connection: 'close' }).end(),
      ),
  },
  {
    name: 'crq-silent-to-http-1-0',
    cases: ['CRQ-HTTP-001'],
    breaks: 'hangs up on HTTP/1.0',
    apply: (parts) =>
      answers(
        parts,
        ({ httpVersion }) => httpVersion === '1.0',
        (_, request) => request.socket.destroy(),
      ),
  },
  {
    name: 'crq-headers-by-the-letter',
    cases: ['CRQ-HTTP-002'],
    breaks: 'knows headers by their usual letters only',
    apply: (parts) =>
      answers(
        parts,
        ({ rawHeaders }) => !rawHeaders.includes('Host'),
        (response) => response.writeHead(400, { 'Content-Length': 0 }).end(),
      ),
  },
  {
    name: 'crq-redirects',
    cases: ['CRQ-HTTP-003'],
    breaks: 'sends the ACS on to https',
    apply: (parts) =>
      answers(
        parts,
        ({ headers }) => headers.authorization === undefined,
        (response, { url }) =>
          response.writeHead(302, { Location: `https://127.0.0.1${url}`, 'Content-Length': 0 }).end(),
      ),
  },
]
