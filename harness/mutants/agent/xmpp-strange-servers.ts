import { type Element, xml } from '@xmpp/client'
import { alterRead, alterStream, alterStreamOptions } from './alter/xmpp.ts'
import type { Mutant } from './mutant.ts'

const CLIENT = 'jabber:client'

export const mutants: readonly Mutant[] = [
  {
    name: 'xmpp-unknown-features-feared',
    cases: ['XMPP-ODD-002'],
    breaks: 'leaves a server that offers something unknown',
    apply: (parts) =>
      alterStream(
        parts,
        (Base) =>
          class extends Base {
            protected override async features(): Promise<Element> {
              const features = await super.features()
              const isKnown = (one: Element) => /^(urn:ietf:|http:|jabber:)/.test(one.getNS() ?? '')
              if (!features.getChildElements().every(isKnown)) throw new Error('an unknown feature')
              return features
            }
          },
      ),
  },
  {
    name: 'xmpp-packets-hold-whole-elements',
    cases: ['XMPP-ODD-003', 'XMPP-LAST-011'],
    breaks: 'cannot read what comes in more than one packet',
    apply: (parts) => alterRead(parts, (text) => (/(>|\s)$/.test(text) || text === '' ? text : undefined)),
  },
  {
    name: 'xmpp-any-result-binds',
    cases: ['XMPP-ODD-004'],
    breaks: 'does not look at the id of what answers its requests',
    apply: (parts) =>
      alterStream(
        parts,
        (Base) =>
          class extends Base {
            protected override async request(payload: Element): Promise<Element> {
              await this.send(xml('iq', { type: 'set', id: this.options.random.token(8) }, payload))
              for (;;) {
                const answer = await this.next()
                if (answer.is('iq', CLIENT) && answer.attrs.type === 'result') return answer
              }
            }
          },
      ),
  },
  {
    name: 'xmpp-loses-the-first-stanza',
    cases: ['XMPP-ODD-010'],
    breaks: 'does not see the first stanza of a connection',
    apply: (parts) =>
      alterStreamOptions(parts, ({ received }) => {
        let isFirst = true
        return {
          received: (stanza) => {
            if (!isFirst) received(stanza)
            isFirst = false
          },
        }
      }),
  },
  {
    name: 'xmpp-next-stanza-is-the-answer',
    cases: ['XMPP-ODD-011'],
    breaks: 'takes whatever comes next for the answer to its binding',
    apply: (parts) =>
      alterStream(
        parts,
        (Base) =>
          class extends Base {
            protected override async request(payload: Element): Promise<Element> {
              await this.send(xml('iq', { type: 'set', id: this.options.random.token(8) }, payload))
              const answer = await this.next()
              if (answer.attrs.type !== 'result') throw new Error('no result')
              return answer
            }
          },
      ),
  },
  {
    name: 'xmpp-waits-for-ever',
    cases: ['XMPP-ODD-015'],
    breaks: 'waits for a server as long as that likes',
    apply: (parts) => alterStreamOptions(parts, () => ({ patience: 1e9 })),
  },
]
