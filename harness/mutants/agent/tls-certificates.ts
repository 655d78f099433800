import { X509Certificate } from 'node:crypto'
import type { Socket } from 'node:net'
import { Duplex } from 'node:stream'
import { connect, type TLSSocket } from 'node:tls'
import { CertificateRefused, checkCertificate } from '../../../reference-agent/transport/certificate.ts'
import { TransportError } from '../../../reference-agent/transport/transport.ts'
import { alterDialer, tolerate } from './alter/dialing.ts'
import type { Mutant } from './mutant.ts'

const HANDSHAKE = 22
const CERTIFICATE_REQUEST = 13

/** Passes on what a server sends, and notices when it asks for a certificate (TLS 1.2, where that can be seen). */
class Eavesdropper extends Duplex {
  asked = false
  readonly #line: Duplex
  #heard = Buffer.alloc(0)

  constructor(line: Duplex) {
    super()
    this.#line = line
    line.on('data', (octets: Buffer) => {
      this.#listen(octets)
      this.push(octets)
    })
    line.on('end', () => this.push(null))
    line.on('close', () => this.destroy())
    line.on('error', (error) => this.destroy(error))
  }

  override _read(): void {}

  override _write(octets: Buffer, _encoding: string, done: (error?: Error | null) => void): void {
    this.#line.write(octets, done)
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#line.destroy()
    done(error)
  }

  #listen(octets: Buffer): void {
    this.#heard = Buffer.concat([this.#heard, octets])
    for (let at = 0; at + 5 < this.#heard.length && this.#heard[at] === HANDSHAKE; ) {
      const end = at + 5 + this.#heard.readUInt16BE(at + 3)
      if (this.#heard[at + 5] === CERTIFICATE_REQUEST) this.asked = true
      at = end
    }
  }
}

export const mutants: readonly Mutant[] = [
  {
    name: 'tls-trusts-everybody',
    cases: ['TLS-017', 'TLS-018', 'TLS-019', 'TLS-025', 'TLS-026'],
    breaks: 'takes every certificate for trusted, whoever has issued it',
    apply: (parts) => tolerate(parts, /is not trusted/),
  },
  {
    name: 'tls-trusts-by-name',
    cases: ['TLS-018'],
    breaks:
      'trusts a certificate whose issuer has the name of a trusted root, without verifying the signature',
    apply: (parts) => tolerate(parts, /UNABLE_TO_VERIFY_LEAF_SIGNATURE|CERT_SIGNATURE_FAILURE/),
  },
  {
    name: 'tls-self-signed-accepted',
    cases: ['TLS-019'],
    breaks: 'accepts a certificate that vouches for itself',
    apply: (parts) => tolerate(parts, /DEPTH_ZERO_SELF_SIGNED_CERT/),
  },
  {
    name: 'tls-gap-in-chain-accepted',
    cases: ['TLS-025'],
    breaks: 'accepts a certificate whose issuer it does not know, if the ACS sends no other',
    apply: (parts) => tolerate(parts, /UNABLE_TO_VERIFY_LEAF_SIGNATURE|UNABLE_TO_GET_ISSUER_CERT/),
  },
  {
    name: 'tls-any-holder-is-an-authority',
    cases: ['TLS-026'],
    breaks: 'accepts certificates that any holder of a trusted certificate has issued',
    apply: (parts) => tolerate(parts, /is not trusted \((?!UNABLE_|DEPTH_|SELF_)/),
  },
  {
    name: 'tls-dates-ignored',
    cases: ['TLS-020', 'TLS-021', 'TLS-030'],
    breaks: 'pays no regard to the dates of certificates although it knows the time',
    apply: (parts) => tolerate(parts, /has expired|is not valid yet/),
  },
  {
    name: 'tls-beginning-of-validity-ignored',
    cases: ['TLS-021'],
    breaks: 'looks only at the end of validity',
    apply: (parts) => tolerate(parts, /is not valid yet/),
  },
  {
    name: 'tls-dates-by-the-time-of-the-build',
    cases: ['TLS-030'],
    breaks: 'holds the dates of certificates against a time that never changes',
    apply: (parts) => {
      const built = Date.now()
      alterDialer(
        parts,
        (base) =>
          class extends base {
            override check(socket: TLSSocket, host: string): void {
              checkCertificate(socket, { host, now: built, trustedCa: this.options.trustedCa })
            }
          },
      )
    },
  },
  {
    name: 'tls-dates-without-the-time',
    cases: ['TLS-031'],
    breaks: 'holds the dates of certificates against a time that it does not know',
    apply: (parts) =>
      alterDialer(
        parts,
        (base) =>
          class extends base {
            override check(socket: TLSSocket, host: string): void {
              const { clock, trustedCa } = this.options
              checkCertificate(socket, { host, now: clock.now(), trustedCa })
            }
          },
      ),
  },
  {
    name: 'tls-name-ignored',
    cases: ['TLS-022', 'TLS-027'],
    breaks: 'accepts a trusted certificate whatever host it is for',
    apply: (parts) => tolerate(parts, /is for another host/),
  },
  {
    name: 'tls-redirect-unchecked',
    cases: ['TLS-027'],
    breaks: 'checks the certificate of the first host of a session alone',
    apply: (parts) =>
      alterDialer(
        parts,
        (base) =>
          class extends base {
            #checked = false

            override check(...handshake: [socket: TLSSocket, host: string]): void {
              if (this.#checked) return
              super.check(...handshake)
              this.#checked = true
            }
          },
      ),
  },
  {
    name: 'tls-usage-ignored',
    cases: ['TLS-023'],
    breaks: 'accepts a certificate of a client for that of the ACS',
    apply: (parts) => tolerate(parts, /may not be used by a server/),
  },
  {
    name: 'tls-no-chains',
    cases: ['TLS-024'],
    breaks: 'accepts only certificates that a trusted root itself has issued',
    apply: (parts) =>
      alterDialer(
        parts,
        (base) =>
          class extends base {
            override check(socket: TLSSocket, host: string): void {
              // Once it has been read in its new form, Node has the certificate in the old one no more.
              const leaf = new X509Certificate(socket.getPeerCertificate().raw)
              super.check(socket, host)
              const root = new X509Certificate(this.options.trustedCa ?? '')
              if (!leaf.verify(root.publicKey)) throw new CertificateRefused('the chain is too long')
            }
          },
      ),
  },
  {
    name: 'tls-own-certificate-kept-back',
    cases: ['TLS-028'],
    breaks: 'does not show the certificate that it was given',
    apply: (parts) => {
      const { createDialer } = parts
      parts.createDialer = (options) => createDialer({ ...options, clientCertificate: undefined })
    },
  },
  {
    name: 'tls-gives-up-when-asked-who-it-is',
    cases: ['TLS-029'],
    breaks: 'breaks the handshake off when it is asked for a certificate and has none',
    apply: (parts) =>
      alterDialer(
        parts,
        (base) =>
          class extends base {
            #line: Eavesdropper | undefined

            override beginTls(socket: Socket): TLSSocket {
              this.#line = new Eavesdropper(socket)
              return connect({
                socket: this.#line,
                ca: this.options.trustedCa,
                rejectUnauthorized: false,
                // Later versions hide what is asked.
                maxVersion: 'TLSv1.2',
              })
            }

            override check(...handshake: [socket: TLSSocket, host: string]): void {
              if (this.#line?.asked) throw new TransportError('there is no certificate to show')
              super.check(...handshake)
            }
          },
      ),
  },
]
