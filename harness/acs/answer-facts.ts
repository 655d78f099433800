import { type Envelope, parseEnvelope } from '../cwmp/cwmp.ts'
import type { ExchangeAnswer } from './exchange.ts'

/**
 * What a device can see of an ACS's answer, but for what is new each time (ids, dates, cookies' values): by name, as short texts that can be
 * compared. `message` names the answer; an empty one is called `end`.
 */
export function answerFacts(answer: ExchangeAnswer): { message: string; facts: Record<string, string> } {
  const text = typeof answer.body === 'string' ? answer.body : Buffer.from(answer.body).toString()
  const header = (name: string) => answer.headers.find(([each]) => each.toLowerCase() === name)?.[1]
  const http = {
    status: String(answer.status),
    'content type': header('content-type') ?? 'none',
    cookie: header('set-cookie') === undefined ? 'none' : 'set',
    connection: header('connection') ?? 'kept',
    'XML declaration': text.startsWith('<?xml') ? 'yes' : 'no',
  }
  if (text === '') return { message: 'end', facts: http }
  const envelope = parseEnvelope(text)
  return {
    message: envelope.kind === 'response' ? `${envelope.name}Response` : envelope.name,
    facts: { ...http, ...envelopeFacts(envelope) },
  }
}

function envelopeFacts({ cwmpNamespace, headers, body, source }: Envelope): Record<string, string> {
  return {
    namespace: cwmpNamespace,
    'header blocks': headers.map(({ name }) => name).join(' '),
    'must understand': headers
      .map(({ attributes }) => attributes.find(({ name }) => name === 'mustUnderstand')?.value ?? 'unsaid')
      .join(' '),
    arguments: body.children.map(({ name }) => name).join(' '),
    'array type': /arrayType="[^"]*"/.exec(source)?.[0].replace(/\d+/, 'n') ?? 'none',
    'value type': /xsi:type="([^"]*)"/.exec(source)?.[1] ?? 'none',
  }
}
