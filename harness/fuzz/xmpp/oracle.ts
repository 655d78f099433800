import type { Facts } from './facts.ts'

/** What may come back for a stanza. Conditions are those of RFC 6120 8.3.3; `result` is an empty or any other result. */
export interface Rule {
  readonly when: { readonly [Fact in keyof Facts]?: Facts[Fact] | readonly Facts[Fact][] }
  /** How many answers with its id: exactly one, none, or at most one where the standard or real servers leave it open. */
  readonly answers: 'one' | 'none' | 'at most one'
  readonly allowed: readonly string[]
  /** Whether a session with 6 CONNECTION REQUEST follows when the answer is a result. */
  readonly session: 'yes' | 'no' | 'maybe'
  readonly clause: string
}

const refusals = [
  'bad-request',
  'not-authorized',
  'service-unavailable',
  'feature-not-implemented',
  'not-acceptable',
  'not-allowed',
]

/**
 * The first rule that fits a stanza holds. A good server answers some stanzas by itself, with the receiver's JID, before the device
 * sees them; what it may say is allowed too.
 */
const rules: readonly Rule[] = [
  {
    when: { kind: ['message', 'presence'] },
    answers: 'none',
    allowed: [],
    session: 'no',
    clause:
      'RFC 6121 5, 8: no message and no presence is answered with an iq; TR-069 Annex K: a request is an iq',
  },
  {
    // Servers refuse an iq without an id before they look at its type.
    when: { type: ['result', 'error'], id: 'missing' },
    answers: 'at most one',
    allowed: ['bad-request'],
    session: 'no',
    clause: 'RFC 6120 8.1.3: an iq has an id',
  },
  {
    when: { type: ['result', 'error'] },
    answers: 'none',
    allowed: [],
    session: 'no',
    clause: 'RFC 6120 8.2.3: a result or error is never answered',
  },
  {
    when: { to: 'elsewhere' },
    answers: 'at most one',
    allowed: [
      ...refusals,
      'item-not-found',
      'jid-malformed',
      'recipient-unavailable',
      'remote-server-not-found',
      'forbidden',
      'result',
    ],
    session: 'no',
    clause: 'RFC 6120 10.5: not for the device',
  },
  {
    when: { type: ['get', 'set'], payloads: 'one', request: 'right', sender: 'foreign' },
    answers: 'at most one',
    allowed: ['service-unavailable', 'bad-request', 'feature-not-implemented'],
    session: 'no',
    clause: 'TR-069 Annex K: the sender is not in ConnReqAllowedJabberIDs',
  },
  {
    when: { sender: 'foreign', request: ['right', 'wrong', 'odd'] },
    answers: 'at most one',
    allowed: refusals,
    session: 'no',
    clause: 'TR-069 Annex K: the sender is not in ConnReqAllowedJabberIDs',
  },
  {
    when: { id: 'missing', type: ['get', 'set'], request: ['right', 'odd'] },
    answers: 'at most one',
    allowed: [...refusals, 'result'],
    session: 'maybe',
    clause: 'RFC 6120 8.1.3: an iq has an id',
  },
  {
    when: { type: 'odd' },
    answers: 'at most one',
    allowed: refusals,
    session: 'no',
    clause: 'RFC 6120 8.2.3: the type is get, set, result or error',
  },
  {
    when: { id: 'missing' },
    answers: 'at most one',
    allowed: [...refusals, 'result'],
    session: 'no',
    clause: 'RFC 6120 8.1.3: an iq has an id',
  },
  {
    when: { payloads: ['none', 'several'], request: ['right', 'odd'] },
    answers: 'at most one',
    allowed: [...refusals, 'result'],
    session: 'maybe',
    clause: 'RFC 6120 8.2.3: a get or set has exactly one child',
  },
  {
    when: { payloads: ['none', 'several'] },
    answers: 'at most one',
    allowed: refusals,
    session: 'no',
    clause: 'RFC 6120 8.2.3: a get or set has exactly one child',
  },
  {
    when: { type: 'get', request: 'right' },
    answers: 'one',
    allowed: ['result', 'service-unavailable', 'resource-constraint'],
    session: 'yes',
    clause: 'TR-069 Annex K: a result, or an error while there are too many requests',
  },
  {
    when: { type: 'set', request: 'right' },
    answers: 'one',
    allowed: [...refusals, 'result'],
    session: 'maybe',
    clause: 'RFC 6120 8.2.3: a set is answered; TR-069 has requests of type get only',
  },
  {
    when: { type: 'get', request: 'wrong' },
    answers: 'one',
    allowed: ['not-authorized', 'service-unavailable', 'resource-constraint'],
    session: 'no',
    clause: 'TR-069 Annex K: wrong credentials are answered with not-authorized',
  },
  {
    when: { type: 'set', request: 'wrong' },
    answers: 'one',
    allowed: refusals,
    session: 'no',
    clause: 'RFC 6120 8.2.3: a set is answered',
  },
  {
    when: { request: 'odd' },
    answers: 'one',
    allowed: [...refusals, 'result'],
    session: 'maybe',
    clause: 'RFC 6120 8.2.3: a get or set is answered',
  },
  {
    when: { protocol: 'known' },
    answers: 'one',
    allowed: [...refusals, 'item-not-found', 'forbidden', 'result'],
    session: 'no',
    clause: 'RFC 6120 8.2.3: a get or set is answered',
  },
  {
    when: {},
    answers: 'one',
    allowed: [
      'service-unavailable',
      'feature-not-implemented',
      'bad-request',
      'not-allowed',
      'not-acceptable',
    ],
    session: 'no',
    clause: 'RFC 6120 8.4: a payload that is not understood is answered with service-unavailable',
  },
]

/** The rule for a stanza with these facts. */
export function ruleFor(facts: Facts): Rule {
  const rule = rules.find(({ when }) =>
    Object.entries(when).every(([fact, wanted]) => [wanted].flat().includes(facts[fact as keyof Facts])),
  )
  // The last rule fits everything.
  return rule as Rule
}
