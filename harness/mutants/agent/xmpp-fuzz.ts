import { type Element, xml } from '@xmpp/client'
import { XmppConnectionRequests } from '../../../reference-agent/xmpp/xmpp.ts'
import type { Mutant } from './mutant.ts'

type Parts = Parameters<Mutant['apply']>[0]
type Verdict = ReturnType<XmppConnectionRequests['answer']>

/** Changes what is answered to a stanza; `properly` is what the agent would say. */
function alterAnswers(
  parts: Parts,
  alter: (stanza: Element, properly: Verdict, self: XmppConnectionRequests) => Verdict,
): void {
  parts.createXmppConnectionRequests = (options) => {
    const self = new XmppConnectionRequests(options)
    const properly = self.answer.bind(self)
    self.answer = (stanza) => alter(stanza, properly(stanza), self)
    return self
  }
}

/** A get with what the stanza has in it, whatever the stanza is. */
function asGet(stanza: Element): Element {
  const attributes = { ...stanza.attrs, type: 'get', id: stanza.attrs.id || 'none' }
  return xml('iq', { xmlns: 'jabber:client', ...attributes }, ...stanza.children)
}

export const mutants: readonly Mutant[] = [
  {
    name: 'fuzzed-iq-type-ignored',
    cases: ['XMPP-FUZZ-001'],
    language: 'xmpp',
    breaks: 'takes a result or error with a connection request in it for a request',
    apply(parts) {
      alterAnswers(parts, (stanza, properly, self) =>
        stanza.name === 'iq' && /^(result|error)$/.test(stanza.attrs.type ?? '') && stanza.attrs.id
          ? XmppConnectionRequests.prototype.answer.call(self, asGet(stanza))
          : properly,
      )
    },
  },
  {
    name: 'fuzzed-request-in-a-message',
    cases: ['XMPP-FUZZ-001'],
    language: 'xmpp',
    breaks: 'opens a session for a connection request that came as a message, and says thanks with a message',
    apply(parts) {
      alterAnswers(parts, (stanza, properly, self) => {
        if (stanza.name !== 'message') return properly
        const { requested } = XmppConnectionRequests.prototype.answer.call(self, asGet(stanza))
        const thanks = xml('message', { to: stanza.attrs.from }, xml('body', {}, 'thanks'))
        return requested ? { answer: thanks, requested } : properly
      })
    },
  },
  {
    name: 'fuzzed-unknown-payload-unanswered',
    cases: ['XMPP-FUZZ-001'],
    language: 'xmpp',
    breaks: 'leaves a get or set unanswered whose payload it does not know',
    apply(parts) {
      alterAnswers(parts, (stanza, properly) =>
        stanza.getChildElements()[0]?.name === 'connectionRequest' ? properly : { requested: false },
      )
    },
  },
  {
    name: 'fuzzed-error-echoes-the-request',
    cases: ['XMPP-FUZZ-001'],
    language: 'xmpp',
    breaks: 'repeats the request in its error, with the password in it',
    apply(parts) {
      alterAnswers(parts, (stanza, properly) => {
        const request = stanza.getChild('connectionRequest')
        if (request && properly.answer?.attrs.type === 'error') properly.answer.append(request)
        return properly
      })
    },
  },
  {
    name: 'fuzzed-condition-misspelt',
    cases: ['XMPP-FUZZ-001'],
    language: 'xmpp',
    breaks: 'answers wrong credentials with not-autorized',
    apply(parts) {
      alterAnswers(parts, (_stanza, properly) => {
        const { answer } = properly
        const error = answer?.getChild('error')
        if (!answer || !error?.getChild('not-authorized')) return properly
        const misspelt = xml('not-autorized', { xmlns: 'urn:ietf:params:xml:ns:xmpp-stanzas' })
        return { ...properly, answer: xml('iq', answer.attrs, xml('error', error.attrs, misspelt)) }
      })
    },
  },
  {
    name: 'fuzzed-any-sender-in-a-set',
    cases: ['XMPP-FUZZ-001'],
    language: 'xmpp',
    breaks: 'asks who sends only of a get, so that a set of anybody opens a session',
    apply(parts) {
      parts.createXmppConnectionRequests = (options) =>
        new (class extends XmppConnectionRequests {
          override answer(stanza: Element): Verdict {
            if (stanza.attrs.type !== 'set') return super.answer(stanza)
            const open = new XmppConnectionRequests({ ...options, allowedJabberIds: () => [] })
            return open.answer(asGet(stanza))
          }
        })(options)
    },
  },
  {
    name: 'fuzzed-gives-up-at-depth',
    cases: ['XMPP-FUZZ-001'],
    language: 'xmpp',
    breaks: 'says nothing more once a stanza was nested deeply',
    apply(parts) {
      let dead = false
      const depth = (element: Element): number => 1 + Math.max(0, ...element.getChildElements().map(depth))
      alterAnswers(parts, (stanza, properly) => {
        dead ||= depth(stanza) > 60
        return dead ? { requested: false } : properly
      })
    },
  },
]
