import { once } from 'node:events'
import { connect } from 'node:net'
import type { AgentParts } from '../../../../reference-agent/agent.ts'
import type { HttpRequest, HttpResponse } from '../../../../reference-agent/transport/transport.ts'

/** Sends some requests as octets over a connection of their own, with a head that no HTTP client would write. */
export function sendRaw(
  parts: AgentParts,
  meant: (request: HttpRequest) => boolean,
  alterHead: (lines: string[]) => string[],
): void {
  const properly = parts.exchange
  parts.exchange = (request, connection) =>
    meant(request) ? rawRoundTrip(request, alterHead) : properly(request, connection)
}

async function rawRoundTrip(
  request: HttpRequest,
  alterHead: (lines: string[]) => string[],
): Promise<HttpResponse> {
  const { url, headers, body } = request
  const lines = [
    `POST ${url.pathname}${url.search} HTTP/1.1`,
    `Host: ${url.host}`,
    'Connection: close',
    ...headers.map(([name, value]) => `${name}: ${value}`),
    `Content-Length: ${body.length}`,
  ]
  const socket = connect(Number(url.port), url.hostname)
  await once(socket, 'connect')
  socket.write(Buffer.concat([Buffer.from(`${alterHead(lines).join('\r\n')}\r\n\r\n`), body]))
  const received: Buffer[] = []
  for await (const chunk of socket) received.push(chunk)
  const text = Buffer.concat(received).toString('latin1')
  const [head = '', ...rest] = text.split('\r\n\r\n')
  return {
    status: Number(head.split(' ')[1]),
    headers: {},
    body: Buffer.from(rest.join('\r\n\r\n'), 'latin1'),
  }
}
