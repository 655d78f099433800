import type { Socket } from 'node:net'
import { connect as connectTls, type SecureVersion, type TLSSocket } from 'node:tls'
import type { AgentParts } from '../../../reference-agent/agent.ts'
import { CookieJar, TransportError } from '../../../reference-agent/transport/transport.ts'
import { alterDialer } from './alter/dialing.ts'
import { alterHeaders, without } from './alter/wire.ts'
import type { Mutant } from './mutant.ts'

/** Has handshakes begin under other conditions. */
function alterTls(
  parts: AgentParts,
  settings: { minVersion?: SecureVersion; maxVersion?: SecureVersion; ciphers?: string },
): void {
  alterDialer(
    parts,
    (base) =>
      class extends base {
        override beginTls(socket: Socket): TLSSocket {
          const { trustedCa: ca } = this.options
          return connectTls({ socket, ca, rejectUnauthorized: false, minVersion: 'TLSv1.2', ...settings })
        }
      },
  )
}

/** A URL as if it were for http. */
function inTheClear(url: URL): URL {
  const clear = new URL(url)
  clear.protocol = 'http:'
  // The port that is usual for https is written out, or it would change with the protocol.
  clear.port = url.port || '443'
  return clear
}

/** Has redirects that fit refused. */
function refuseRedirects(parts: AgentParts, refused: (from: URL, to: URL) => boolean): void {
  const { redirectTarget } = parts
  parts.redirectTarget = (response, from) => {
    const to = redirectTarget(response, from)
    if (to && refused(from, to)) throw new TransportError('redirect not followed')
    return to
  }
}

export const mutants: readonly Mutant[] = [
  {
    name: 'https-in-the-clear',
    cases: ['TLS-001'],
    breaks: 'speaks plain HTTP at an https URL',
    apply: (parts) =>
      alterDialer(
        parts,
        (base) =>
          class extends base {
            override dial(url: URL, signal?: AbortSignal): Promise<Socket> {
              return super.dial(inTheClear(url), signal)
            }
          },
      ),
  },
  {
    name: 'tls-1-3-alone',
    cases: ['TLS-002'],
    breaks: 'knows no TLS 1.2',
    apply: (parts) => alterTls(parts, { minVersion: 'TLSv1.3' }),
  },
  {
    name: 'tls-1-2-at-most',
    cases: ['TLS-003'],
    breaks: 'knows no TLS 1.3',
    apply: (parts) => alterTls(parts, { maxVersion: 'TLSv1.2' }),
  },
  {
    name: 'tls-1-0-accepted',
    cases: ['TLS-004'],
    breaks: 'takes any version of TLS that the ACS likes',
    apply: (parts) => alterTls(parts, { minVersion: 'TLSv1', ciphers: 'DEFAULT@SECLEVEL=0' }),
  },
  {
    name: 'ssl-2-hello',
    cases: ['TLS-005'],
    breaks: 'greets as SSL 2.0 does',
    apply: (parts) =>
      alterDialer(
        parts,
        (base) =>
          class extends base {
            override beginTls(socket: Socket, host: string): TLSSocket {
              // Version 2, one cipher (RC4 with MD5), no session, a challenge of 16 octets.
              socket.write(
                Buffer.from(
                  `801c 01 0002 0003 0000 0010 010080 ${'5a'.repeat(16)}`.replaceAll(' ', ''),
                  'hex',
                ),
              )
              return super.beginTls(socket, host)
            }
          },
      ),
  },
  {
    name: 'tls-worthless-cipher-suites',
    cases: ['TLS-006'],
    breaks: 'offers every cipher suite that its library has',
    apply: (parts) => alterTls(parts, { ciphers: 'ALL:COMPLEMENTOFALL@SECLEVEL=0' }),
  },
  {
    name: 'https-falls-back-to-http',
    cases: ['TLS-007'],
    breaks: 'speaks plain HTTP where TLS has failed',
    apply: (parts) =>
      alterDialer(
        parts,
        (base) =>
          class extends base {
            override async dial(url: URL, signal?: AbortSignal): Promise<Socket> {
              try {
                return await super.dial(url, signal)
              } catch {
                return await super.dial(inTheClear(url), signal)
              }
            }
          },
      ),
  },
  {
    name: 'https-falls-back-to-http-at-the-second-attempt',
    cases: ['TLS-007'],
    breaks: 'speaks plain HTTP in the session after one whose TLS has failed',
    apply: (parts) => {
      let failed = false
      alterDialer(
        parts,
        (base) =>
          class extends base {
            override async dial(url: URL, signal?: AbortSignal): Promise<Socket> {
              try {
                return await super.dial(failed ? inTheClear(url) : url, signal)
              } catch (error) {
                failed = true
                throw error
              }
            }
          },
      )
    },
  },
  {
    name: 'tls-on-first-connection-alone',
    cases: ['TLS-008'],
    breaks: 'goes on in the clear when the ACS has closed the connection',
    apply: (parts) =>
      alterDialer(
        parts,
        (base) =>
          class extends base {
            #before = ''

            override dial(url: URL, signal?: AbortSignal): Promise<Socket> {
              const again = this.#before === url.origin
              this.#before = url.origin
              return super.dial(again ? inTheClear(url) : url, signal)
            }
          },
      ),
  },
  {
    name: 'redirect-to-https-not-followed',
    cases: ['TLS-009', 'TLS-010'],
    breaks: 'does not follow redirects to https URLs',
    apply: (parts) => refuseRedirects(parts, (_from, to) => to.protocol === 'https:'),
  },
  {
    name: 'redirect-from-https-not-followed',
    cases: ['TLS-010'],
    breaks: 'does not follow redirects of an ACS at an https URL',
    apply: (parts) => refuseRedirects(parts, (from) => from.protocol === 'https:'),
  },
  {
    name: 'tls-instead-of-credentials',
    cases: ['TLS-011', 'TLS-012'],
    breaks: 'shows no credentials over TLS',
    apply: (parts) => alterHeaders(parts, 'all', (headers) => without(headers, 'authorization')),
  },
  {
    name: 'cookie-secure-never-returned',
    cases: ['TLS-013'],
    breaks: 'never returns a cookie with the attribute Secure',
    apply: (parts) => {
      parts.createCookieJar = (clock) =>
        new (class extends CookieJar {
          override belongs(...[cookie, url]: Parameters<CookieJar['belongs']>): boolean {
            return !cookie.secure && super.belongs(cookie, url)
          }
        })(clock)
    },
  },
  {
    name: 'cookie-secure-returned-in-the-clear',
    cases: ['TLS-014'],
    breaks: 'pays no regard to the attribute Secure of a cookie, and lets redirects lead out of TLS',
    apply: (parts) => {
      const { redirectTarget } = parts
      parts.redirectTarget = ({ headers, ...response }, from) =>
        from.protocol === 'https:' && typeof headers.location === 'string'
          ? new URL(headers.location)
          : redirectTarget({ headers, ...response }, from)
      parts.createCookieJar = (clock) =>
        new (class extends CookieJar {
          override belongs(...[cookie, url]: Parameters<CookieJar['belongs']>): boolean {
            return super.belongs({ ...cookie, secure: false }, url)
          }
        })(clock)
    },
  },
  {
    name: 'tls-refusal-is-for-good',
    cases: ['TLS-015'],
    breaks: 'connects no more to an ACS whose certificate it has refused once',
    apply: (parts) => {
      const refused = new Set<string>()
      alterDialer(
        parts,
        (base) =>
          class extends base {
            override async dial(url: URL, signal?: AbortSignal): Promise<Socket> {
              if (refused.has(url.origin)) throw new TransportError('refused before')
              try {
                return await super.dial(url, signal)
              } catch (error) {
                refused.add(url.origin)
                throw error
              }
            }
          },
      )
    },
  },
  {
    name: 'tls-refusal-not-counted',
    cases: ['TLS-015'],
    breaks: 'counts no session in which no request was sent',
    apply: (parts) => {
      const { buildInform } = parts
      parts.buildInform = (inform) => buildInform({ ...inform, retryCount: 0 })
    },
  },
  {
    name: 'tls-pins-the-first-certificate',
    cases: ['TLS-016'],
    breaks: 'accepts nothing but the certificate that it has seen first',
    apply: (parts) => {
      const pins = new Map<string, string | undefined>()
      alterDialer(
        parts,
        (base) =>
          class extends base {
            override check(socket: TLSSocket, host: string): void {
              // Once it has been read in its new form, Node has the certificate in the old one no more.
              const shown = socket.getPeerCertificate().fingerprint256
              super.check(socket, host)
              if (!pins.has(host)) pins.set(host, shown)
              if (pins.get(host) !== shown) throw new TransportError('another certificate than before')
            }
          },
      )
    },
  },
]
