import { X509Certificate } from 'node:crypto'
import type { Socket } from 'node:net'
import type { TLSSocket } from 'node:tls'
import { TransportError } from '../../../reference-agent/transport/transport.ts'
import { alterDialer, tolerate } from './alter/dialing.ts'
import type { Mutant } from './mutant.ts'

/** Names in a certificate, before Node has read it in its new form, after which it has it in the old one no more. */
function namesIn(socket: TLSSocket): string[] {
  const { subjectAltName = '' } = new X509Certificate(socket.getPeerCertificate().raw)
  return subjectAltName.split(', ').map((name) => name.replace(/^[^:]*:/, ''))
}

export const mutants: readonly Mutant[] = [
  {
    name: 'tls-without-server-name',
    cases: ['TLS-032'],
    breaks: 'does not say in its ClientHello which host it wants',
    apply: (parts) =>
      alterDialer(
        parts,
        (base) =>
          class extends base {
            override beginTls(socket: Socket): TLSSocket {
              return super.beginTls(socket, '127.0.0.1')
            }
          },
      ),
  },
  {
    name: 'tls-no-wildcards',
    cases: ['TLS-033'],
    breaks: 'does not know wildcards in names',
    apply: (parts) =>
      alterDialer(
        parts,
        (base) =>
          class extends base {
            override check(socket: TLSSocket, host: string): void {
              if (!namesIn(socket).some((name) => name.toLowerCase() === host))
                throw new TransportError('another name')
              super.check(socket, host)
            }
          },
      ),
  },
  {
    name: 'tls-wildcard-for-any-depth',
    cases: ['TLS-034'],
    breaks: 'takes a wildcard for any number of labels',
    apply: (parts) =>
      alterDialer(
        parts,
        (base) =>
          class extends base {
            override check(socket: TLSSocket, host: string): void {
              const wild = namesIn(socket).some(
                (name) => name.startsWith('*.') && host.endsWith(name.slice(1)),
              )
              super.check(socket, wild ? host.split('.').slice(-3).join('.') : host)
            }
          },
      ),
  },
  {
    name: 'tls-name-by-address',
    cases: ['TLS-035'],
    breaks: 'accepts a certificate for the address that DNS gave for the host',
    apply: (parts) =>
      alterDialer(
        parts,
        (base) =>
          class extends base {
            override check(socket: TLSSocket, host: string): void {
              const named = namesIn(socket).includes(host)
              super.check(socket, named ? host : (socket.remoteAddress ?? host))
            }
          },
      ),
  },
  {
    name: 'tls-any-name-for-names',
    cases: ['TLS-034', 'TLS-035'],
    breaks: 'accepts a trusted certificate whatever host it is for',
    apply: (parts) => tolerate(parts, /is for another host/),
  },
  {
    name: 'tls-names-with-case',
    cases: ['TLS-036'],
    breaks: 'takes names in other letters for other names',
    apply: (parts) =>
      alterDialer(
        parts,
        (base) =>
          class extends base {
            override check(socket: TLSSocket, host: string): void {
              if (!namesIn(socket).includes(host)) throw new TransportError('another name')
              super.check(socket, host)
            }
          },
      ),
  },
]
