import type { AgentParts } from '../../../reference-agent/agent.ts'
import {
  type HttpRequest,
  type HttpResponse,
  Transport,
  TransportError,
} from '../../../reference-agent/transport/transport.ts'
import { alterExchange } from './alter/wire.ts'
import type { Mutant } from './mutant.ts'

/** Has redirects followed by another rule; `properly` is the right one. */
function alterTarget(
  parts: AgentParts,
  alter: (properly: AgentParts['redirectTarget'], response: HttpResponse, from: URL) => URL | undefined,
): void {
  const { redirectTarget } = parts
  parts.redirectTarget = (response, from) => alter(redirectTarget, response, from)
}

/** Does not follow the redirects that pass. */
function refuseRedirects(parts: AgentParts, refused: (response: HttpResponse, from: URL) => boolean): void {
  alterTarget(parts, (properly, response, from) => {
    const target = properly(response, from)
    if (target && refused(response, from)) throw new TransportError('redirect not followed')
    return target
  })
}

/** Changes what is sent where a redirect leads; `sent` is what it answered. */
function alterRedirected(
  parts: AgentParts,
  alter: (request: HttpRequest, answer: HttpResponse) => HttpRequest,
): void {
  let redirect: HttpResponse | undefined
  alterExchange(parts, async (request, properly) => {
    const response = await properly(redirect ? alter(request, redirect) : request)
    redirect = [302, 307].includes(response.status) ? response : undefined
    return response
  })
}

const withoutBody = (request: HttpRequest): HttpRequest => ({
  ...request,
  headers: request.headers.filter(([name]) => !/^(Content-Type|SOAPAction)$/.test(name)),
  body: Buffer.alloc(0),
})

const isInform = ({ body }: HttpRequest) => body.includes('<cwmp:Inform>')

const nowhere: HttpResponse = { status: 204, headers: {}, body: Buffer.alloc(0) }

export const mutants: readonly Mutant[] = [
  {
    name: 'redirect-302-not-followed',
    cases: ['RDR-001', 'RDR-003', 'RDR-006', 'RDR-011'],
    breaks: 'does not follow 302',
    apply: (parts) => refuseRedirects(parts, ({ status }) => status === 302),
  },
  {
    name: 'redirect-307-not-followed',
    cases: ['RDR-002', 'RDR-004', 'RDR-005', 'RDR-012'],
    breaks: 'does not follow 307',
    apply: (parts) => refuseRedirects(parts, ({ status }) => status === 307),
  },
  {
    name: 'redirect-302-without-body',
    cases: ['RDR-001', 'RDR-003'],
    breaks: 'sends nothing where a 302 leads, as browsers do',
    apply: (parts) =>
      alterRedirected(parts, (request, { status }) => (status === 302 ? withoutBody(request) : request)),
  },
  {
    name: 'redirect-307-without-body',
    cases: ['RDR-002', 'RDR-004'],
    breaks: 'sends nothing where a 307 leads',
    apply: (parts) =>
      alterRedirected(parts, (request, { status }) => (status === 307 ? withoutBody(request) : request)),
  },
  {
    name: 'redirect-without-soap-action',
    cases: ['RDR-001', 'RDR-002'],
    breaks: 'sends no SOAPAction where a redirect leads',
    apply: (parts) =>
      alterRedirected(parts, (request) => ({
        ...request,
        headers: request.headers.filter(([name]) => name !== 'SOAPAction'),
      })),
  },
  {
    name: 'redirect-of-inform-alone',
    cases: ['RDR-003', 'RDR-004', 'RDR-005'],
    breaks: 'follows the redirect of an Inform alone',
    apply: (parts) => {
      let wasInform = false
      alterExchange(parts, (request, properly) => {
        wasInform = isInform(request)
        return properly(request)
      })
      refuseRedirects(parts, () => !wasInform)
    },
  },
  {
    name: 'redirect-of-empty-post-ends-session',
    cases: ['RDR-005'],
    breaks: 'takes the redirect of an empty POST for the end of the session',
    apply: (parts) =>
      alterExchange(parts, async (request, properly) => {
        const response = await properly(request)
        return request.body.length === 0 && response.status === 307 ? nowhere : response
      }),
  },
  {
    name: 'redirect-four-at-most',
    cases: ['RDR-006'],
    breaks: 'follows four redirects in a row at most',
    apply: (parts) => {
      parts.createTransport = (each) =>
        new (class extends Transport {
          override mostRedirects(): number {
            return 4
          }
        })(each)
    },
  },
  {
    name: 'redirect-without-end',
    cases: ['RDR-007'],
    language: 'http',
    breaks: 'follows redirects without end',
    apply: (parts) => {
      parts.createTransport = (each) =>
        new (class extends Transport {
          override mostRedirects(): number {
            return Number.POSITIVE_INFINITY
          }
        })(each)
    },
  },
  {
    name: 'redirect-of-one-request',
    cases: ['RDR-008', 'RDR-016'],
    breaks: 'returns to the first URL with its next request',
    apply: (parts) => {
      let first: URL | undefined
      let wasRedirect = false
      alterExchange(parts, async (request, properly) => {
        if (isInform(request)) first ??= request.url
        const url = wasRedirect ? request.url : (first ?? request.url)
        const response = await properly({ ...request, url })
        wasRedirect = [302, 307].includes(response.status)
        return response
      })
    },
  },
  {
    name: 'redirect-remembered',
    cases: ['RDR-009'],
    breaks: 'opens its next session where the last one was redirected to',
    apply: (parts) => {
      let last: URL | undefined
      alterTarget(parts, (properly, response, from) => {
        last = properly(response, from) ?? last
        return properly(response, from)
      })
      const { createTransport } = parts
      parts.createTransport = (each) => createTransport({ ...each, url: last ?? each.url })
    },
  },
  {
    name: 'redirect-written-into-url',
    cases: ['RDR-010'],
    breaks: 'reads out the URL of the redirect as ManagementServer.URL',
    apply: (parts) => {
      const urls = new Set<string>()
      let last: URL | undefined
      alterTarget(parts, (properly, response, from) => {
        urls.add(from.href)
        last = properly(response, from) ?? last
        return properly(response, from)
      })
      alterExchange(parts, (request, properly) => {
        let text = request.body.toString()
        if (last) for (const url of urls) text = text.replaceAll(`>${url}<`, `>${last.href}<`)
        return properly({ ...request, body: Buffer.from(text) })
      })
    },
  },
  {
    name: 'redirect-to-same-port-only',
    cases: ['RDR-011'],
    breaks: 'follows a redirect with the port that it had before',
    apply: (parts) =>
      alterTarget(parts, (properly, response, from) => {
        const target = properly(response, from)
        if (target) target.port = from.port
        return target
      }),
  },
  {
    name: 'redirect-to-same-host-only',
    cases: ['RDR-012'],
    breaks: 'does not follow a redirect to another host',
    apply: (parts) =>
      alterTarget(parts, (properly, response, from) => {
        const target = properly(response, from)
        if (target && target.hostname !== from.hostname) throw new TransportError('another host')
        return target
      }),
  },
  {
    name: 'redirect-with-old-host',
    cases: ['RDR-011', 'RDR-012'],
    breaks: 'names the first host in Host where a redirect leads',
    apply: (parts) => {
      let first: URL | undefined
      alterExchange(parts, (request, properly) => {
        first ??= request.url
        return properly({ ...request, headers: [...request.headers, ['Host', first.host]] })
      })
    },
  },
  {
    name: 'redirect-without-credentials',
    cases: ['RDR-013'],
    breaks: 'answers no challenge where a redirect leads',
    apply: (parts) => {
      let first: URL | undefined
      alterExchange(parts, async (request, properly) => {
        first ??= request.url
        const response = await properly(request)
        if (request.url.origin === first.origin) return response
        return { ...response, headers: { ...response.headers, 'www-authenticate': undefined } }
      })
    },
  },
  {
    name: 'redirect-nowhere-ends-session',
    cases: ['RDR-014'],
    breaks: 'takes a redirect without Location for the end of the session',
    apply: (parts) =>
      alterExchange(parts, async (request, properly) => {
        const response = await properly(request)
        const leads = response.headers.location !== undefined
        return response.status === 302 && !leads ? nowhere : response
      }),
  },
  {
    name: 'redirect-nowhere-sent-again',
    cases: ['RDR-014'],
    breaks: 'sends a request again to the same URL at a redirect without Location',
    apply: (parts) =>
      alterTarget(parts, (properly, response, from) =>
        response.status === 302 && response.headers.location === undefined
          ? new URL(from)
          : properly(response, from),
      ),
  },
  {
    name: 'redirect-absolute-only',
    cases: ['RDR-015'],
    breaks: 'does not follow a relative Location',
    apply: (parts) =>
      refuseRedirects(parts, ({ headers }) => !/^https?:/.test(String(headers.location ?? ''))),
  },
  {
    name: 'redirect-without-query',
    cases: ['RDR-016'],
    breaks: 'drops the query of a Location',
    apply: (parts) =>
      alterTarget(parts, (properly, response, from) => {
        const target = properly(response, from)
        if (target) target.search = ''
        return target
      }),
  },
  {
    name: 'redirect-decodes-location',
    cases: ['RDR-016'],
    breaks: 'resolves the percent signs of a Location',
    apply: (parts) =>
      alterTarget(parts, (properly, response, from) => {
        const target = properly(response, from)
        if (target) target.search = target.search.replaceAll('%20', '+')
        return target
      }),
  },
  {
    name: 'redirect-on-open-connection-only',
    cases: ['RDR-017'],
    breaks: 'does not follow a redirect that closes the connection',
    apply: (parts) => refuseRedirects(parts, ({ headers }) => headers.connection === 'close'),
  },
  {
    name: 'redirect-without-content-only',
    cases: ['RDR-018'],
    breaks: 'reads the body of a redirect in its place',
    apply: (parts) =>
      alterExchange(parts, async (request, properly) => {
        const response = await properly(request)
        return response.status === 302 && response.body.length > 0 ? { ...response, status: 200 } : response
      }),
  },
  {
    name: 'redirect-counted-per-session',
    cases: ['RDR-019'],
    breaks: 'follows five redirects in a session',
    apply: (parts) => {
      let followed = 0
      alterExchange(parts, (request, properly) => {
        if (isInform(request)) followed = 0
        return properly(request)
      })
      refuseRedirects(parts, () => ++followed > 5)
    },
  },
]
