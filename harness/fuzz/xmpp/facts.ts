import { CONNECTION_REQUEST, type FuzzTarget, knownNamespaces } from './arbitraries.ts'
import { childrenOf, type FuzzElement, type FuzzStanza, type Sender, textOf } from './stanza.ts'

/** What decides how a stanza may be answered. */
export interface Facts {
  readonly sender: Sender
  readonly kind: 'iq' | 'message' | 'presence'
  readonly type: 'get' | 'set' | 'result' | 'error' | 'odd'
  readonly to: 'cpe' | 'elsewhere'
  readonly id: 'given' | 'missing'
  /** How many elements the stanza has; a get or set has one (RFC 6120 8.2.3). */
  readonly payloads: 'none' | 'one' | 'several'
  /**
   * The payloads as a connection request: `right` exactly as Annex K has it, with the right credentials; `wrong` of that form,
   * with others; `odd` of another form, which a receiver may read as it likes; `no` none at all.
   */
  readonly request: 'right' | 'wrong' | 'odd' | 'no'
  /** Whether the payload is of a protocol that a client may answer with a result. */
  readonly protocol: 'known' | 'unknown'
}

/** Looks at a stanza as its receiver should. */
export function factsOf({ sender, element }: FuzzStanza, target: FuzzTarget): Facts {
  const { type = '', to, id = '' } = element.attributes
  const payloads = childrenOf(element)
  const requests = payloads.map((payload) => requestOf(payload, target))
  return {
    sender,
    kind: element.name as Facts['kind'],
    type: type === 'get' || type === 'set' || type === 'result' || type === 'error' ? type : 'odd',
    to: to === target.cpe ? 'cpe' : 'elsewhere',
    id: id === '' ? 'missing' : 'given',
    payloads: payloads.length === 0 ? 'none' : payloads.length === 1 ? 'one' : 'several',
    request: (['right', 'odd', 'wrong'] as const).find((each) => requests.includes(each)) ?? 'no',
    protocol: payloads.every(({ xmlns }) => xmlns !== undefined && knownNamespaces.includes(xmlns))
      ? 'known'
      : 'unknown',
  }
}

function requestOf(payload: FuzzElement, { username, password }: FuzzTarget): Facts['request'] {
  if (payload.xmlns !== CONNECTION_REQUEST || payload.name !== 'connectionRequest') return 'no'
  const members = childrenOf(payload)
  const [user, word] = members
  const inForm =
    members.length === 2 &&
    textOf(payload).trim() === '' &&
    Object.keys(payload.attributes).length === 0 &&
    isMember(user, 'username') &&
    isMember(word, 'password')
  if (!inForm || !user || !word) return 'odd'
  const given = [textOf(user), textOf(word)]
  if (given[0] === username && given[1] === password) return 'right'
  // White space around them may be taken for layout.
  return given[0]?.trim() === username && given[1]?.trim() === password ? 'odd' : 'wrong'
}

function isMember(element: FuzzElement | undefined, name: string): boolean {
  return (
    element !== undefined &&
    element.name === name &&
    element.xmlns === undefined &&
    childrenOf(element).length === 0
  )
}
