import {
  type FuzzTarget,
  genuine,
  knownNamespaces,
  lookalikes,
  oddRequests,
  unknownNamespaces,
  wrongRequests,
} from './arbitraries.ts'
import type { FuzzElement, FuzzStanza, Sender } from './stanza.ts'

const types = ['get', 'set', 'result', 'error', undefined, '', 'GET', 'subscribe'] as const
const otherTypes = {
  message: [undefined, 'chat', 'error', 'groupchat'],
  presence: ['unavailable', 'error'],
} as const
const senders: readonly Sender[] = ['allowed', 'foreign']

/** Each payload in each type of iq from either sender, and each other thing that can be odd, once. */
export function* boundaries(target: FuzzTarget): Generator<FuzzStanza> {
  let sent = 0
  const iq = (
    sender: Sender,
    type: string | undefined,
    content: FuzzElement['content'],
    other: { readonly to?: string; readonly id?: string | null } = {},
  ): FuzzStanza => {
    const id = other.id === undefined ? `c${sent++}` : other.id
    const attributes = {
      ...(type !== undefined && { type }),
      to: other.to ?? target.cpe,
      ...(id !== null && { id }),
    }
    return { sender, element: { name: 'iq', attributes, content } }
  }
  const some = [
    genuine(target),
    ...wrongRequests(target).slice(0, 1),
    ...oddRequests(target).slice(0, 1),
    query('ping', knownNamespaces[0]),
    query('query', unknownNamespaces[0]),
  ]
  for (const payload of payloads(target))
    for (const type of types) for (const sender of senders) yield iq(sender, type, payload)
  const contents = [[], ...some.map((payload) => [payload])]
  for (const to of lookalikes(target.cpe))
    for (const content of contents)
      for (const type of types.slice(0, 5)) yield iq('allowed', type, content, { to })
  for (const id of [null, '', 'again', 'again', '&<>"\'', '\u{1f600}', 'i'.repeat(3000)])
    for (const content of contents)
      for (const type of types.slice(0, 5)) yield iq('allowed', type, content, { id })
  for (const name of ['message', 'presence'] as const)
    for (const type of otherTypes[name])
      for (const content of contents)
        for (const sender of senders) {
          const { element } = iq(sender, type, content)
          yield { sender, element: { ...element, name } }
        }
}

function payloads(target: FuzzTarget): readonly FuzzElement['content'][] {
  const right = genuine(target)
  return [
    [right],
    ...wrongRequests(target).map((one) => [one]),
    ...oddRequests(target).map((one) => [one]),
    ...unknownNamespaces.map((xmlns) => [{ ...right, xmlns }]),
    ...knownNamespaces.map((xmlns) => [query('query', xmlns)]),
    ...unknownNamespaces.slice(0, 1).map((xmlns) => [query('query', xmlns)]),
    [deep(100)],
    [],
    ['text'],
    [right, right],
    [query('ping', knownNamespaces[0]), right],
    [query('ping', knownNamespaces[0]), query('query', unknownNamespaces[0])],
    [query('ping', knownNamespaces[0]), query('query', knownNamespaces[1])],
    ...[wrongRequests(target), oddRequests(target)].map((few) => few.slice(0, 2)),
  ]
}

function query(name: string, xmlns: string | undefined): FuzzElement {
  return { name, ...(xmlns !== undefined && { xmlns }), attributes: {}, content: [] }
}

function deep(levels: number): FuzzElement {
  let element: FuzzElement = { name: 'leaf', attributes: {}, content: ['x'] }
  for (let level = 0; level < levels; level++) element = { name: 'n', attributes: {}, content: [element] }
  return { ...element, xmlns: 'urn:example:nobody-knows' }
}
