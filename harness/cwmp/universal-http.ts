import type { Envelope } from './envelope.ts'
import type { UniversalExchange, UniversalRecord } from './universal-record.ts'

/** Holds the HTTP side of a request against TR-069 3.4.1 and 3.4.6. */
export function checkHttp(
  request: UniversalExchange['request'],
  envelope: Envelope | undefined,
  record: UniversalRecord,
): void {
  const { method, httpVersion } = request
  record.expect('UNI-HTTP-001', method === 'POST', 'POST', method)
  if (httpVersion !== undefined) {
    record.expect('UNI-HTTP-002', httpVersion === '1.1', 'HTTP/1.1', `HTTP/${httpVersion}`)
  }
  const hosts = valuesOf(request, 'host')
  record.expect('UNI-HTTP-003', hosts.length === 1, 'one Host header', `${hosts.length} of them`)
  if (method !== 'POST') return
  if (request.body.length === 0) checkEmptyPost(request, record)
  else checkPostWithBody(request, envelope, record)
}

function checkEmptyPost(request: UniversalExchange['request'], record: UniversalRecord): void {
  for (const [requirement, name] of [
    ['UNI-HTTP-004', 'Content-Type'],
    ['UNI-HTTP-005', 'SOAPAction'],
  ] as const) {
    const value = valuesOf(request, name)[0]
    record.expect(
      requirement,
      value === undefined,
      `no ${name} on the empty POST`,
      `${name}: ${value}`.trimEnd(),
    )
  }
  const isFramed =
    valuesOf(request, 'content-length').length + valuesOf(request, 'transfer-encoding').length > 0
  record.expect('UNI-HTTP-006', isFramed, 'Content-Length: 0 on the empty POST', 'no Content-Length')
}

function checkPostWithBody(
  request: UniversalExchange['request'],
  envelope: Envelope | undefined,
  record: UniversalRecord,
): void {
  const contentType = valuesOf(request, 'content-type')[0]
  const [mediaType = '', ...parameters] = (contentType ?? '')
    .split(';')
    .map((part) => part.trim().toLowerCase())
  const given = contentType === undefined ? 'no Content-Type' : `Content-Type: ${contentType}`
  record.expect('UNI-HTTP-007', mediaType === 'text/xml', 'Content-Type: text/xml', given)
  const charset = parameters.find((parameter) => parameter.startsWith('charset='))
  if (charset !== undefined) {
    const name = charset.slice('charset='.length).replaceAll('"', '')
    record.expect('UNI-HTTP-008', name === 'utf-8' || name === 'utf8', 'charset utf-8', given)
  }
  if (!envelope) return
  const action = valuesOf(request, 'soapaction')[0]
  if (envelope.kind === 'request') {
    record.expect('UNI-HTTP-011', action !== undefined, 'a SOAPAction header', 'no SOAPAction')
    return
  }
  record.expect('UNI-HTTP-009', action !== undefined, 'a SOAPAction header without a value', 'no SOAPAction')
  if (action !== undefined) {
    record.expect('UNI-HTTP-010', action.trim() === '', 'SOAPAction without a value', `SOAPAction: ${action}`)
  }
}

function valuesOf({ headers }: UniversalExchange['request'], name: string): string[] {
  return headers.filter(([given]) => given.toLowerCase() === name.toLowerCase()).map(([, value]) => value)
}
