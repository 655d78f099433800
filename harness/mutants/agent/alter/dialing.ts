import type { AgentParts } from '../../../../reference-agent/agent.ts'
import { CertificateRefused } from '../../../../reference-agent/transport/certificate.ts'
import { Dialer } from '../../../../reference-agent/transport/transport.ts'

type DialerClass = new (...args: ConstructorParameters<typeof Dialer>) => Dialer

/** Puts a subclass in place of what connects to servers. */
export function alterDialer(parts: AgentParts, subclass: (base: typeof Dialer) => DialerClass): void {
  const Altered = subclass(Dialer)
  parts.createDialer = (options) => new Altered(options)
}

/** Has certificates accepted that are refused for a reason of this kind. */
export function tolerate(parts: AgentParts, reason: RegExp): void {
  alterDialer(
    parts,
    (base) =>
      class extends base {
        override check(...handshake: Parameters<Dialer['check']>): void {
          try {
            super.check(...handshake)
          } catch (error) {
            if (!(error instanceof CertificateRefused && reason.test(error.message))) throw error
          }
        }
      },
  )
}
