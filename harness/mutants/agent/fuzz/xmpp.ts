import { xml } from '@xmpp/client'
import type { Credentials } from '../../../../reference-agent/transport/transport.ts'
import { crash } from '../alter/collapse.ts'
import { alterAllowed, alterAnswers, alterRead, alterRequests } from '../alter/xmpp.ts'
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
    name: 'fuzz-senders-by-their-user',
    cases: [],
    language: 'xmpp',
    breaks: 'lets in whoever has the user name of an entry, of whatever domain',
    apply: (parts) =>
      alterAllowed(parts, (from, entries, properly) => {
        const user = (jid: string) => jid.split('@', 1)[0]
        return properly || (from.includes('@') && entries.some((entry) => user(entry) === user(from)))
      }),
  },
  {
    name: 'fuzz-password-without-blanks',
    cases: [],
    language: 'xmpp',
    breaks: 'compares credentials without the white space around them',
    apply: (parts) =>
      alterRequests(
        parts,
        (Base) =>
          class extends Base {
            override areCredentialsRight({ username, password }: Credentials): boolean {
              return super.areCredentialsRight({ username: username.trim(), password: password.trim() })
            }
          },
      ),
  },
  {
    name: 'fuzz-crash-at-comment-of-server',
    cases: [],
    language: 'xmpp-stream',
    breaks: 'crashes at a comment in a stream',
    apply: (parts) => alterRead(parts, (text) => (text.includes('<!--') ? crash() : text)),
  },
]
