import { z } from 'zod'
import type { Cell, FuzzLanguage, Json } from '../campaign/field.ts'
import { type FuzzTarget, stanzas } from './arbitraries.ts'
import { boundaries } from './boundaries.ts'
import { type Facts, factsOf } from './facts.ts'
import { ruleFor } from './oracle.ts'
import { describeStanza, type FuzzElement, type FuzzStanza } from './stanza.ts'

const elementSchema: z.ZodType<FuzzElement> = z.lazy(() =>
  z.strictObject({
    name: z.string(),
    xmlns: z.string().optional(),
    attributes: z.record(z.string(), z.string()),
    content: z.array(z.union([z.string(), elementSchema])),
  }),
) as z.ZodType<FuzzElement>

const stanzaSchema = z.strictObject({ sender: z.enum(['allowed', 'foreign']), element: elementSchema })

/** What anybody can send to a device through its XMPP server. */
export function stanzaLanguage(target: FuzzTarget): FuzzLanguage<FuzzStanza> {
  return {
    name: 'xmpp',
    coverage: () => boundaries(target),
    mutation: stanzas(target),
    cellOf: (one) => cellOf(factsOf(one, target)),
    cells,
    *simpler(one) {
      const rule = ruleFor(factsOf(one, target))
      for (const less of simpler(one)) if (ruleFor(factsOf(less, target)) === rule) yield less
    },
    describe: describeStanza,
    toJson: ({ sender, element }) => ({ sender, element: elementJson(element) }),
    fromJson: (json) => stanzaSchema.parse(json),
  }
}

const payloads = ['right request', 'wrong request', 'odd request', 'known query', 'unknown query'] as const

function cellOf(facts: Facts): Cell {
  const { kind, type, sender, to, id, payloads: count } = facts
  const breakages = [
    ...(sender === 'foreign' ? ['foreign sender'] : []),
    ...(to === 'elsewhere' ? ['another addressee'] : []),
    ...(id === 'missing' ? ['no id'] : []),
    ...(count === 'several' ? ['several children'] : []),
  ]
  return {
    requestClass: kind === 'iq' ? `iq ${type}` : kind,
    element: payloadOf(facts),
    breakage: breakages.join(' + ') || 'none',
  }
}

function payloadOf({ request, payloads: count, protocol }: Facts): string {
  if (request !== 'no') return `${request} request`
  return count === 'none' ? 'nothing' : `${protocol} query`
}

function* cells(): Generator<Cell> {
  for (const type of ['get', 'set', 'result', 'error', 'odd']) {
    const requestClass = `iq ${type}`
    for (const element of [...payloads, 'nothing'])
      for (const breakage of ['none', 'foreign sender', 'another addressee', 'no id'])
        yield { requestClass, element, breakage }
    for (const element of payloads) yield { requestClass, element, breakage: 'several children' }
  }
  for (const requestClass of ['message', 'presence'])
    for (const element of [...payloads, 'nothing']) yield { requestClass, element, breakage: 'none' }
}

/** Without an attribute, without a child, with less text, with less of a child; from the ACS rather than from a stranger. */
function* simpler({ sender, element }: FuzzStanza): Generator<FuzzStanza> {
  for (const less of simplerElement(element)) yield { sender, element: less }
  if (sender === 'foreign') yield { sender: 'allowed', element }
}

function* simplerElement(element: FuzzElement): Generator<FuzzElement> {
  const { attributes, content } = element
  if (content.length > 0) yield { ...element, content: [] }
  if (content.length > 1) {
    for (const part of content) yield { ...element, content: [part] }
    for (const [at] of content.entries()) yield { ...element, content: content.toSpliced(at, 1) }
  }
  for (const name of Object.keys(attributes)) {
    const { [name]: _gone, ...others } = attributes
    yield { ...element, attributes: others }
  }
  for (const [at, part] of content.entries()) {
    if (typeof part !== 'string')
      for (const less of simplerElement(part)) yield { ...element, content: content.with(at, less) }
    else if (part.length > 1)
      yield { ...element, content: content.with(at, part.slice(0, Math.ceil(part.length / 2))) }
  }
}

function elementJson({ name, xmlns, attributes, content }: FuzzElement): Json {
  return {
    name,
    ...(xmlns !== undefined && { xmlns }),
    attributes: { ...attributes },
    content: content.map((part) => (typeof part === 'string' ? part : elementJson(part))),
  }
}
