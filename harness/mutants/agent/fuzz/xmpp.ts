import { xml } from '@xmpp/client'
import { crash } from '../alter/collapse.ts'
import { alterAnswers, alterRead } from '../alter/xmpp.ts'
import type { Mutant } from '../mutant.ts'

/** What a server of XMPP, or anybody behind it, can do to a device that takes one thing amiss. */
export const mutants: readonly Mutant[] = [
  {
    name: 'fuzz-answers-to-answers',
    cases: [],
    language: 'xmpp',
    breaks: 'answers a result that it did not wait for with an error',
    apply: (parts) =>
      alterAnswers(parts, (stanza, properly) => {
        if (stanza.name !== 'iq' || stanza.attrs.type !== 'result') return properly(stanza)
        const { id, from } = stanza.attrs
        const condition = xml('bad-request', { xmlns: 'urn:ietf:params:xml:ns:xmpp-stanzas' })
        const error = xml('error', { type: 'modify' }, condition)
        return { answer: xml('iq', { type: 'error', id, to: from }, error), requested: false }
      }),
  },
  {
    name: 'fuzz-crash-at-comment-of-server',
    cases: [],
    language: 'xmpp-stream',
    breaks: 'crashes at a comment in a stream',
    apply: (parts) => alterRead(parts, (text) => (text.includes('<!--') ? crash() : text)),
  },
]
