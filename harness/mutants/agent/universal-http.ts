import type { HttpRequest } from '../../../reference-agent/transport/transport.ts'
import { sendRaw } from './alter/raw.ts'
import { alterHeaders, alterPosts, without } from './alter/wire.ts'
import type { Mutant } from './mutant.ts'

const isEmpty = ({ body }: HttpRequest): boolean => body.length === 0

/** How the heads of real agents differ from TR-069 3.4.1. */
export const mutants: readonly Mutant[] = [
  {
    name: 'uni-http-puts',
    cases: ['UNI-HTTP-001'],
    breaks: 'sends its empty message by HTTP PUT',
    apply: (parts) =>
      sendRaw(parts, isEmpty, ([start = '', ...lines]) => [start.replace('POST', 'PUT'), ...lines]),
  },
  {
    name: 'uni-http-1-0',
    cases: ['UNI-HTTP-002'],
    breaks: 'speaks HTTP/1.0',
    apply: (parts) =>
      sendRaw(parts, isEmpty, ([start = '', ...lines]) => [start.replace('HTTP/1.1', 'HTTP/1.0'), ...lines]),
  },
  {
    name: 'uni-http-two-hosts',
    cases: ['UNI-HTTP-003'],
    breaks: 'sends the Host header twice',
    apply: (parts) =>
      sendRaw(parts, isEmpty, ([start = '', host = '', ...lines]) => [start, host, host, ...lines]),
  },
  {
    name: 'uni-http-empty-post-without-length',
    cases: ['UNI-HTTP-006'],
    breaks: 'says of its empty POST not that it is empty',
    apply: (parts) =>
      sendRaw(parts, isEmpty, (lines) => lines.filter((line) => !line.startsWith('Content-Length'))),
  },
  {
    name: 'uni-http-content-type-on-empty-post',
    cases: ['UNI-HTTP-004'],
    breaks: 'sends a Content-Type with its empty POST',
    apply: (parts) => alterHeaders(parts, 'empty', (headers) => [...headers, ['Content-Type', 'text/xml']]),
  },
  {
    name: 'uni-http-soap-action-on-empty-post',
    cases: ['UNI-HTTP-005'],
    breaks: 'sends a SOAPAction with its empty POST',
    apply: (parts) => alterHeaders(parts, 'empty', (headers) => [...headers, ['SOAPAction', '']]),
  },
  {
    name: 'uni-http-application-xml',
    cases: ['UNI-HTTP-007'],
    breaks: 'sends envelopes as application/soap+xml',
    apply: (parts) =>
      alterHeaders(parts, 'envelope', (headers) => [
        ...without(headers, 'Content-Type'),
        ['Content-Type', 'application/soap+xml'],
      ]),
  },
  {
    name: 'uni-http-latin-charset',
    cases: ['UNI-HTTP-008'],
    breaks: 'says that its envelopes are ISO-8859-1',
    apply: (parts) =>
      alterHeaders(parts, 'envelope', (headers) => [
        ...without(headers, 'Content-Type'),
        ['Content-Type', 'text/xml; charset=iso-8859-1'],
      ]),
  },
  {
    name: 'uni-http-no-soap-action-on-answers',
    cases: ['UNI-HTTP-009'],
    breaks: 'sends responses without SOAPAction',
    apply: (parts) => alterHeaders(parts, 'answer', (headers) => without(headers, 'SOAPAction')),
  },
  {
    name: 'uni-http-quoted-soap-action-on-answers',
    cases: ['UNI-HTTP-010'],
    breaks: 'sends responses with a SOAPAction of two quotes',
    apply: (parts) =>
      alterHeaders(parts, 'answer', (headers) => [...without(headers, 'SOAPAction'), ['SOAPAction', '""']]),
  },
  {
    name: 'uni-http-no-soap-action-on-requests',
    cases: ['UNI-HTTP-011'],
    breaks: 'sends the Inform without SOAPAction',
    apply: (parts) =>
      alterPosts(parts, (request) =>
        request.body.includes('<cwmp:Inform>')
          ? { ...request, headers: request.headers.filter(([name]) => name.toLowerCase() !== 'soapaction') }
          : request,
      ),
  },
]
