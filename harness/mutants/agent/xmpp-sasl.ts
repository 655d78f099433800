import type { Element } from '@xmpp/client'
import { xml } from '@xmpp/client'
import { alterStream, alterStreamOptions, alterWritten } from './alter/xmpp.ts'
import type { Mutant } from './mutant.ts'

const SASL = 'urn:ietf:params:xml:ns:xmpp-sasl'

const decoded = (text: string) => Buffer.from(text, 'base64').toString()
const encoded = (text: string) => Buffer.from(text).toString('base64')

export const mutants: readonly Mutant[] = [
  {
    name: 'xmpp-server-proof-unchecked',
    cases: ['XMPP-SASL-001', 'XMPP-SASL-002', 'XMPP-LOGIN-008'],
    language: 'xmpp-login',
    breaks: 'goes on whether or not the server proves to know the password',
    apply: (parts) =>
      alterStream(
        parts,
        (Base) =>
          class extends Base {
            protected override async authenticate(features: Element): Promise<void> {
              try {
                await super.authenticate(features)
              } catch (error) {
                if (!/does not know the password/.test((error as Error).message)) throw error
              }
            }
          },
      ),
  },
  {
    name: 'xmpp-proof-for-any-challenge',
    cases: ['XMPP-SASL-003'],
    language: 'xmpp-login',
    breaks: 'does not look at whose nonce a challenge has',
    apply: (parts) =>
      alterStream(
        parts,
        (Base) =>
          class extends Base {
            protected override async authenticate(features: Element): Promise<void> {
              try {
                await super.authenticate(features)
              } catch (error) {
                if (/nonce/.test((error as Error).message))
                  await this.send(xml('response', { xmlns: SASL }, encoded('c=biws,r=whatever,p=cHJvb2Y=')))
                throw error
              }
            }
          },
      ),
  },
  {
    name: 'xmpp-stuck-at-strange-challenge',
    cases: ['XMPP-SASL-004', 'XMPP-SASL-005'],
    language: 'xmpp-login',
    breaks: 'waits for ever after a challenge that it cannot read',
    apply: (parts) => stuckAfter(parts, 'challenge', (message) => !/^r=/.test(message)),
  },
  {
    name: 'xmpp-computes-as-long-as-it-is-told',
    cases: ['XMPP-SASL-006'],
    breaks: 'begins to compute whatever the number of iterations',
    apply: (parts) => stuckAfter(parts, 'challenge', (message) => /i=\d{8}/.test(message)),
  },
  {
    name: 'xmpp-refusal-is-for-ever',
    cases: ['XMPP-SASL-007', 'XMPP-SASL-008', 'XMPP-LOGIN-013'],
    breaks: 'never tries again once its account was refused',
    apply: (parts) => stuckAfter(parts, 'failure', () => true),
  },
  {
    name: 'xmpp-user-name-not-escaped',
    cases: ['XMPP-SASL-009'],
    breaks: 'does not escape its user name in SCRAM',
    apply: (parts) =>
      alterWritten(parts, (text) =>
        text.replace(/(<auth [^>]*>)([^<]*)/, (_whole, tag: string, message: string) => {
          const plain = decoded(message).replaceAll('=2C', ',').replaceAll('=3D', '=')
          return tag + encoded(plain)
        }),
      ),
  },
  {
    name: 'xmpp-password-in-latin-1',
    cases: ['XMPP-SASL-010'],
    breaks: 'does not write its password as UTF-8',
    apply: (parts) =>
      alterStreamOptions(parts, ({ credentials }) => ({
        credentials: {
          ...credentials,
          password: Buffer.from(credentials.password, 'latin1').toString('latin1'),
        },
      })),
  },
  {
    name: 'xmpp-scram-only',
    cases: ['XMPP-SASL-011'],
    breaks: 'does not know PLAIN',
    apply: (parts) =>
      alterStream(
        parts,
        (Base) =>
          class extends Base {
            protected override mechanismOf(features: Element): string | undefined {
              const usual = super.mechanismOf(features)
              return usual === 'PLAIN' ? undefined : usual
            }
          },
      ),
  },
]

/** Has a login come to no end, neither good nor bad, after an answer of the server. */
function stuckAfter(
  parts: Parameters<Mutant['apply']>[0],
  name: string,
  isSuch: (message: string) => boolean,
): void {
  alterStream(
    parts,
    (Base) =>
      class extends Base {
        protected override async next(): Promise<Element> {
          const element = await super.next()
          if (element.is(name, SASL) && isSuch(decoded(element.getText()))) await new Promise(() => {})
          return element
        }
      },
  )
}
