import { type Element, xml } from '@xmpp/client'
import { alterAnswers, isConnectionRequest } from './alter/xmpp.ts'
import type { Mutant } from './mutant.ts'

const PING = 'urn:xmpp:ping'
const SILENCE = { requested: false }

const isPing = (stanza: Element) => stanza.getChild('ping', PING) !== undefined

export const mutants: readonly Mutant[] = [
  {
    name: 'xmpp-unknown-get-unanswered',
    cases: ['XMPP-IQ-001', 'XMPP-IQ-013'],
    breaks: 'answers connection requests and pings alone',
    apply: (parts) =>
      alterAnswers(parts, (stanza, properly) =>
        isConnectionRequest(stanza) || isPing(stanza) || stanza.attrs.type === 'set'
          ? properly(stanza)
          : SILENCE,
      ),
  },
  {
    name: 'xmpp-set-unanswered',
    cases: ['XMPP-IQ-002'],
    breaks: 'does not answer requests of type set',
    apply: (parts) =>
      alterAnswers(parts, (stanza, properly) => (stanza.attrs.type === 'set' ? SILENCE : properly(stanza))),
  },
  {
    name: 'xmpp-unknown-payload-accepted',
    cases: ['XMPP-IQ-001', 'XMPP-IQ-002'],
    breaks: 'answers unknown requests with an empty result',
    apply: (parts) =>
      alterAnswers(parts, (stanza, properly) => {
        const isUnknown = stanza.name === 'iq' && !isConnectionRequest(stanza) && !isPing(stanza)
        const { id, from, type } = stanza.attrs
        return isUnknown && (type === 'get' || type === 'set')
          ? { answer: xml('iq', { type: 'result', id, to: from }), requested: false }
          : properly(stanza)
      }),
  },
  {
    name: 'xmpp-empty-request-unanswered',
    cases: ['XMPP-IQ-003'],
    breaks: 'does not answer a request with nothing in it',
    apply: (parts) =>
      alterAnswers(parts, (stanza, properly) =>
        stanza.getChildElements().length === 0 ? SILENCE : properly(stanza),
      ),
  },
  {
    name: 'xmpp-first-payload-counts',
    cases: ['XMPP-IQ-004'],
    breaks: 'looks at the first payload of a request alone',
    apply: (parts) =>
      alterAnswers(parts, (stanza, properly) => {
        const [first] = stanza.getChildElements()
        return properly(first && stanza.name === 'iq' ? xml('iq', stanza.attrs, first) : stanza)
      }),
  },
  {
    name: 'xmpp-iq-type-ignored',
    cases: ['XMPP-IQ-005', 'XMPP-IQ-006', 'XMPP-IQ-007'],
    breaks: 'takes any IQ with a connection request in it for one, as icwmp_xmppd does',
    apply: (parts) =>
      alterAnswers(parts, (stanza, properly) =>
        properly(
          stanza.name === 'iq' && isConnectionRequest(stanza)
            ? xml(
                'iq',
                { ...stanza.attrs, xmlns: 'jabber:client', type: 'get' },
                ...stanza.getChildElements(),
              )
            : stanza,
        ),
      ),
  },
  {
    name: 'xmpp-any-stanza-will-do',
    cases: ['XMPP-IQ-008', 'XMPP-IQ-009'],
    breaks: 'takes any stanza with a connection request in it for one',
    apply: (parts) =>
      alterAnswers(parts, (stanza, properly) =>
        properly(
          isConnectionRequest(stanza) && stanza.name !== 'iq'
            ? xml(
                'iq',
                { id: 'any', from: stanza.attrs.from, xmlns: 'jabber:client', type: 'get' },
                ...stanza.getChildElements(),
              )
            : stanza,
        ),
      ),
  },
  {
    name: 'xmpp-ping-unanswered',
    cases: ['XMPP-IQ-010', 'XMPP-IQ-011'],
    breaks: 'does not answer pings',
    apply: (parts) =>
      alterAnswers(parts, (stanza, properly) => (isPing(stanza) ? SILENCE : properly(stanza))),
  },
  {
    name: 'xmpp-subscriptions-granted',
    cases: ['XMPP-IQ-012'],
    breaks: 'lets everybody subscribe to its presence',
    apply: (parts) =>
      alterAnswers(parts, (stanza, properly) =>
        stanza.name === 'presence' && stanza.attrs.type === 'subscribe'
          ? { answer: xml('presence', { type: 'subscribed', to: stanza.attrs.from }), requested: false }
          : properly(stanza),
      ),
  },
  {
    name: 'xmpp-prefix-unknown',
    cases: ['XMPP-IQ-014'],
    breaks: 'knows a connection request only where its namespace has no prefix',
    apply: (parts) =>
      alterAnswers(parts, (stanza, properly) => {
        for (const child of stanza.getChildElements())
          if (child.name.includes(':')) Object.assign(child, { name: child.name.replace(':', '-') })
        return properly(stanza)
      }),
  },
  {
    name: 'xmpp-white-space-is-a-payload',
    cases: ['XMPP-IQ-015'],
    breaks: 'takes white space for the first payload',
    apply: (parts) =>
      alterAnswers(parts, (stanza, properly) => {
        const [first] = stanza.children
        return properly(typeof first === 'string' ? xml(stanza.name, stanza.attrs) : stanza)
      }),
  },
  {
    name: 'xmpp-credentials-of-any-namespace',
    cases: ['XMPP-IQ-016'],
    breaks: 'goes by the names of the credentials alone',
    apply: (parts) =>
      alterAnswers(parts, (stanza, properly) => {
        const [request] = stanza.getChildElements()
        if (isConnectionRequest(stanza))
          for (const one of request?.getChildElements() ?? []) delete one.attrs.xmlns
        return properly(stanza)
      }),
  },
]
