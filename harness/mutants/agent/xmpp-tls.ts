import { connect as connectTls, type SecureContextOptions, type TLSSocket } from 'node:tls'
import type { Element } from '@xmpp/client'
import type { AgentParts } from '../../../reference-agent/agent.ts'
import { alterDialer, tolerate } from './alter/dialing.ts'
import { alterRead, alterStream, alterStreamOptions } from './alter/xmpp.ts'
import type { Mutant } from './mutant.ts'

/** Makes streams secure with these settings of TLS. */
function secureWith(parts: AgentParts, settings: SecureContextOptions): void {
  alterStreamOptions(parts, () => ({
    secure: (socket, servername) =>
      new Promise<TLSSocket>((resolve, reject) => {
        const secure = connectTls({ socket, servername, rejectUnauthorized: false, ...settings }, () =>
          resolve(secure),
        )
        secure.once('error', reject)
      }),
  }))
}

export const mutants: readonly Mutant[] = [
  {
    name: 'xmpp-anybody-issues-certificates',
    cases: ['XMPP-TLS-011'],
    breaks: 'looks at the name in a certificate, and not at whether its issuer may issue any',
    apply: (parts) => tolerate(parts, /not trusted/),
  },
  {
    name: 'xmpp-roots-only',
    cases: ['XMPP-TLS-012'],
    breaks: 'takes no certificate that has another one between it and the authority',
    apply: (parts) =>
      alterDialer(
        parts,
        (Base) =>
          class extends Base {
            protected override check(socket: TLSSocket, host: string): void {
              const leaf = socket.getPeerX509Certificate()
              if (leaf?.issuer.includes('Intermediate')) throw new Error('an unknown issuer')
              socket.getPeerX509Certificate = () => leaf
              super.check(socket, host)
            }
          },
      ),
  },
  {
    name: 'xmpp-certificate-usage-unchecked',
    cases: ['XMPP-TLS-013'],
    breaks: 'does not look at what a certificate may be used for',
    apply: (parts) => tolerate(parts, /may not be used/),
  },
  {
    name: 'xmpp-keeps-what-came-before-tls',
    cases: ['XMPP-TLS-014'],
    breaks: 'reads on after the handshake where it had stopped before',
    apply: (parts) => {
      let rest = ''
      alterRead(parts, (text) => {
        const [, behind = ''] = /<proceed [^>]*\/>(.+)/s.exec(text) ?? []
        rest ||= behind
        if (!text.includes('<jid>')) return text
        const late = rest
        rest = ''
        return text + late
      })
    },
  },
  {
    name: 'xmpp-goes-by-features-before-tls',
    cases: ['XMPP-TLS-015'],
    breaks: 'chooses from what the server offered before TLS',
    apply: (parts) =>
      alterStream(
        parts,
        (Base) =>
          class extends Base {
            protected override async startTls(features: Element): Promise<Element> {
              await super.startTls(features)
              return features
            }
          },
      ),
  },
  {
    name: 'xmpp-tls-of-old',
    cases: ['XMPP-TLS-016'],
    breaks: 'takes TLS 1.0',
    apply: (parts) => secureWith(parts, { minVersion: 'TLSv1', ciphers: 'DEFAULT@SECLEVEL=0' }),
  },
  {
    name: 'xmpp-tls-1.3-only',
    cases: ['XMPP-TLS-017'],
    breaks: 'knows no TLS 1.2',
    apply: (parts) => secureWith(parts, { minVersion: 'TLSv1.3' }),
  },
  {
    name: 'xmpp-tls-1.2-only',
    cases: ['XMPP-TLS-018'],
    breaks: 'knows no TLS 1.3',
    apply: (parts) => secureWith(parts, { maxVersion: 'TLSv1.2' }),
  },
]
