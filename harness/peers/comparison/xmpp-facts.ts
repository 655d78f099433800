import type { XmlElement } from '../../cwmp/cwmp.ts'
import { namespaces, type StreamEvent } from '../../xmpp/xmpp.ts'
import type { Facts } from './comparison.ts'
import { elementFacts, type XmlNormal } from './xml-facts.ts'

const { SASL, STANZAS, STREAM, STREAMS } = namespaces

/** Things that a server did: their order, and what stands in each. */
export function streamFacts(events: readonly StreamEvent[]): Facts {
  const facts: Record<string, string> = { order: events.map(nameOf).join(', ') || 'nothing' }
  for (const event of events) {
    if (!('element' in event)) continue
    const { name } = event.element
    const path = name in facts ? `${name} again` : name
    Object.assign(facts, elementFacts(event.element, path, normal))
  }
  return facts
}

function nameOf(event: StreamEvent): string {
  return 'element' in event ? event.element.name : event.kind
}

const normal: XmlNormal = {
  attribute: ({ name, uri }, attribute, value) =>
    name === 'stream' && uri === STREAM && attribute === 'id' ? 'some' : value,
  text: textOf,
  // A client chooses by itself, and Prosody names them as it comes.
  children: ({ name, uri, children }) =>
    name === 'mechanisms' && uri === SASL
      ? children.toSorted((a, b) => (a.text < b.text ? -1 : 1))
      : children,
}

/** Words for people, and what SASL draws at random, need not be the same. */
function textOf({ name, uri, text }: XmlElement): string {
  if (name === 'text' && [STANZAS, STREAMS, SASL].includes(uri)) return 'some words'
  if (uri === SASL && (name === 'challenge' || name === 'success'))
    return Buffer.from(text, 'base64')
      .toString()
      .replace(/(^|,)([rsv])=[^,]*/g, '$1$2=…')
  return text.trim()
}
