import { connect as connectTls, type TLSSocket } from 'node:tls'
import { type Element, xml } from '@xmpp/client'
import { Dialer } from '../../../reference-agent/transport/transport.ts'
import { alterValues } from './alter/definitions.ts'
import { alterDialer } from './alter/dialing.ts'
import { alterStream, alterStreamOptions, alterWaits, alterWritten } from './alter/xmpp.ts'
import type { Mutant } from './mutant.ts'

const BIND = 'urn:ietf:params:xml:ns:xmpp-bind'
const SASL = 'urn:ietf:params:xml:ns:xmpp-sasl'
const STREAM = 'http://etherx.jabber.org/streams'
const TLS = 'urn:ietf:params:xml:ns:xmpp-tls'

export const mutants: readonly Mutant[] = [
  {
    name: 'xmpp-stream-without-version',
    cases: ['XMPP-LOGIN-001'],
    breaks: 'opens its stream without a version',
    apply: (parts) =>
      alterWritten(parts, (text) =>
        text.includes('<stream:stream') ? text.replace(/ version=(['"]).*?\1/, '') : text,
      ),
  },
  {
    name: 'xmpp-tls-never',
    cases: ['XMPP-LOGIN-002'],
    breaks: 'goes on without TLS although the server demands it',
    apply: (parts) =>
      alterStream(
        parts,
        (Base) =>
          class extends Base {
            protected override wantsTls(): boolean {
              return false
            }
          },
      ),
  },
  {
    name: 'xmpp-tls-only-on-demand',
    cases: ['XMPP-LOGIN-003', 'XMPP-LOGIN-004'],
    breaks: 'does not look at UseTLS',
    apply: (parts) =>
      alterStream(
        parts,
        (Base) =>
          class extends Base {
            protected override wantsTls(features: Element): boolean {
              return features.getChild('starttls', TLS)?.getChild('required') !== undefined
            }
          },
      ),
  },
  {
    name: 'xmpp-later-streams-to-nobody',
    cases: ['XMPP-LOGIN-005'],
    breaks: 'does not say whom its later streams are for',
    apply: (parts) => {
      alterWritten(
        parts,
        (() => {
          let streams = 0
          return (text: string) => {
            if (!text.includes('<stream:stream')) return text
            streams++
            return streams % 3 === 1 ? text : text.replace(/ to=(['"]).*?\1/, '')
          }
        })(),
      )
    },
  },
  {
    name: 'xmpp-plain-preferred',
    cases: ['XMPP-LOGIN-006', 'XMPP-LOGIN-007', 'XMPP-LOGIN-017'],
    breaks: 'sends its password as it is wherever it may',
    apply: (parts) =>
      alterStream(
        parts,
        (Base) =>
          class extends Base {
            protected override mechanismOf(features: Element): string | undefined {
              const offered = features.getChild('mechanisms', SASL)?.getChildren('mechanism', SASL) ?? []
              return offered.map((each) => each.getText()).find((name) => name === 'PLAIN')
            }
          },
      ),
  },
  {
    name: 'xmpp-goes-on-after-failure',
    cases: ['XMPP-LOGIN-008'],
    breaks: 'binds its resource whatever came of the login',
    apply: (parts) =>
      alterStream(
        parts,
        (Base) =>
          class extends Base {
            protected override async authenticate(features: Element): Promise<void> {
              await super.authenticate(features).catch(() => {})
            }

            protected override bind(): Promise<string> {
              return super.bind(xml('features', { xmlns: STREAM }, xml('bind', { xmlns: BIND })))
            }
          },
      ),
  },
  {
    name: 'xmpp-binds-before-the-server-hangs-up',
    cases: ['XMPP-LOGIN-014'],
    breaks: 'binds its resource on the stream on which the login failed',
    apply: (parts) =>
      alterStream(
        parts,
        (Base) =>
          class extends Base {
            protected override async authenticate(features: Element): Promise<void> {
              await super
                .authenticate(features)
                .catch(() => this.bind(xml('features', { xmlns: STREAM }, xml('bind', { xmlns: BIND }))))
            }
          },
      ),
  },
  {
    name: 'xmpp-resource-not-proposed',
    cases: ['XMPP-LOGIN-009'],
    breaks: 'leaves its resource to the server',
    apply: (parts) => alterStreamOptions(parts, () => ({ resource: '' })),
  },
  {
    name: 'xmpp-failure-hidden',
    cases: ['XMPP-LOGIN-011'],
    breaks: 'says Connecting after its password was refused',
    apply: (parts) =>
      alterValues(parts, /^Device\.XMPP\.Connection\.\d+\.Status$/, ({ value }) => ({
        value: value.startsWith('Error') ? 'Connecting' : value,
      })),
  },
  {
    name: 'xmpp-failure-is-enabled',
    cases: ['XMPP-LOGIN-014', 'XMPP-LOSS-020'],
    breaks: 'says Enabled as soon as it may connect',
    apply: (parts) =>
      alterValues(parts, /^Device\.XMPP\.Connection\.\d+\.Status$/, ({ value }) => ({
        value: value === 'Disabled' ? value : 'Enabled',
      })),
  },
  {
    name: 'xmpp-never-tries-again',
    cases: [
      'FUZZ-XMPP-001',
      'FUZZ-XMPP-002',
      'XMPP-LOGIN-013',
      'XMPP-LOGIN-015',
      'XMPP-LOGIN-016',
      'XMPP-TLS-008',
      'XMPP-TLS-009',
      'XMPP-TLS-010',
      'XMPP-LOSS-001',
      'XMPP-LOSS-002',
      'XMPP-LOSS-003',
      'XMPP-LOSS-004',
      'XMPP-LOSS-005',
      'XMPP-LOSS-006',
      'XMPP-LOSS-007',
      'XMPP-LOSS-008',
      'XMPP-LOSS-009',
      'XMPP-LOSS-010',
      'XMPP-LOSS-011',
      'XMPP-LOSS-012',
      'XMPP-LOSS-013',
      'XMPP-LOSS-014',
      'XMPP-LOSS-015',
      'XMPP-LOSS-016',
      'XMPP-LOSS-022',
      'XMPP-LOSS-023',
      'XMPP-ODD-001',
      'XMPP-ODD-005',
      'XMPP-ODD-006',
      'XMPP-ODD-007',
      'XMPP-ODD-008',
      'XMPP-ODD-009',
      'XMPP-ODD-012',
      'XMPP-ODD-013',
      'XMPP-ODD-014',
    ],
    breaks: 'stays away after its first failure',
    apply: (parts) => alterWaits(parts, () => 1e9),
  },
  {
    name: 'xmpp-certificate-unchecked',
    cases: [
      'XMPP-TLS-011',
      'XMPP-TLS-013',
      'XMPP-TLS-019',
      'XMPP-SRV-006',
      'XMPP-TLS-001',
      'XMPP-TLS-002',
      'XMPP-TLS-003',
      'XMPP-TLS-004',
      'XMPP-TLS-005',
      'XMPP-TLS-006',
    ],
    breaks: 'takes any certificate',
    apply: (parts) => {
      parts.createDialer = (options) =>
        new (class extends Dialer {
          protected override check(): void {}
        })(options)
    },
  },
  {
    name: 'xmpp-certificate-of-the-address',
    cases: ['XMPP-TLS-006'],
    breaks: 'expects the address that it dials in the certificate, and not the domain',
    apply: (parts) =>
      alterStreamOptions(parts, ({ secure, socket }) => ({
        secure: (plain) => secure(plain, socket.remoteAddress ?? ''),
      })),
  },
  {
    name: 'xmpp-certificate-of-an-unknown-authority',
    cases: ['XMPP-TLS-001', 'XMPP-TLS-002'],
    breaks: 'looks at the name in a certificate, and not at who vouches for it',
    apply: (parts) =>
      alterStreamOptions(parts, () => ({
        secure: (socket, servername) =>
          new Promise<TLSSocket>((resolve, reject) => {
            const secure = connectTls({ socket, servername, rejectUnauthorized: false }, () =>
              resolve(secure),
            )
            secure.once('error', reject)
          }),
      })),
  },
  {
    name: 'xmpp-wildcard-unknown',
    cases: ['XMPP-TLS-007'],
    breaks: 'does not know wildcards in certificates',
    apply: (parts) =>
      alterDialer(
        parts,
        (Base) =>
          class extends Base {
            protected override check(socket: TLSSocket, host: string): void {
              // A handshake gives its certificate out once.
              const leaf = socket.getPeerX509Certificate()
              if (leaf?.subjectAltName?.includes('*')) throw new Error('a wildcard')
              socket.getPeerX509Certificate = () => leaf
              super.check(socket, host)
            }
          },
      ),
  },
]
