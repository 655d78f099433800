import { createSocket } from 'node:dgram'
import { alterUdp, heeds, ignores, misread } from './alter/udp.ts'
import { alterCpe } from './alter/wire.ts'
import type { Mutant } from './mutant.ts'

type Parts = Parameters<Mutant['apply']>[0]
/** What tells a message from others. */
interface Sent {
  readonly time: number
  readonly id: string
}

/** Keeps in mind, for one boot, what was heeded last, and judges what comes by that. */
function remembers(parts: Parts, isNew: (now: Sent, last: Sent) => boolean): void {
  alterUdp(
    parts,
    (Base) =>
      class extends Base {
        #last: Sent | undefined
        protected override isNew(now: Sent): boolean {
          if (this.#last && !isNew(now, this.#last)) return false
          this.#last = now
          return true
        }
      },
  )
}

export const mutants: readonly Mutant[] = [
  {
    name: 'udp-deaf',
    cases: ['UDP-VALID-001', 'STUN-REAL-003', 'INT-CR-006'],
    breaks: 'takes no connection requests by UDP',
    apply: (parts) => ignores(parts, () => true),
  },
  {
    name: 'udp-answers',
    cases: ['UDP-VALID-002'],
    breaks: 'answers connection requests by UDP',
    apply: (parts) =>
      alterUdp(
        parts,
        (Base) =>
          class extends Base {
            protected override connectionRequested(octets: Buffer): void {
              super.connectionRequested(octets)
              const read = (name: string) =>
                this.device.tree.get(`Device.ManagementServer.${name}`)?.value ?? ''
              const socket = createSocket('udp4')
              const done = () => socket.close()
              socket.send('HTTP/1.1 200 OK', Number(read('STUNServerPort')), read('STUNServerAddress'), done)
            }
          },
      ),
  },
  {
    name: 'udp-signature-in-capitals-only',
    cases: ['UDP-VALID-003'],
    breaks: 'reads signatures in capitals only',
    apply: (parts) => ignores(parts, (message) => /sig=[0-9A-F]*[a-f]/.test(message)),
  },
  {
    name: 'udp-signature-in-small-letters-only',
    cases: ['UDP-VALID-003'],
    breaks: 'reads signatures in small letters only',
    apply: (parts) => ignores(parts, (message) => /sig=[0-9a-f]*[A-F]/.test(message)),
  },
  {
    name: 'udp-no-slash',
    cases: ['UDP-VALID-004'],
    breaks: 'knows no path, not even a slash',
    apply: (parts) => ignores(parts, (message) => message.includes('/?')),
  },
  {
    name: 'udp-every-copy',
    cases: ['FUZZ-UDP-001', 'UDP-COPIES-001', 'UDP-REPLAY-001', 'UDP-REPLAY-002', 'UDP-REPLAY-003'],
    language: 'udp',
    breaks: 'heeds every genuine message, copies and old ones included',
    apply: (parts) => remembers(parts, () => true),
  },
  {
    name: 'udp-time-ignored',
    cases: ['UDP-REPLAY-002'],
    breaks: 'compares ids only',
    apply: (parts) => remembers(parts, (now, last) => now.id !== last.id),
  },
  {
    name: 'udp-id-ignored',
    cases: ['UDP-REPLAY-003'],
    breaks: 'compares times only',
    apply: (parts) => remembers(parts, (now, last) => now.time > last.time),
  },
  {
    name: 'udp-forgets-over-a-reboot',
    cases: ['UDP-REPLAY-004'],
    breaks: 'forgets what it has heeded when it reboots',
    apply: (parts) => remembers(parts, (now, last) => now.time > last.time && now.id !== last.id),
  },
  {
    name: 'udp-any-method',
    cases: ['UDP-BAD-001'],
    breaks: 'takes any method',
    apply: (parts) => heeds(parts, (message) => message.startsWith('POST http')),
  },
  {
    name: 'udp-any-version',
    cases: ['UDP-BAD-002'],
    language: 'udp',
    breaks: 'takes any version of HTTP',
    apply: (parts) => heeds(parts, (message) => /HTTP\/1\.0\r/.test(message)),
  },
  {
    name: 'udp-any-user',
    cases: ['UDP-BAD-003'],
    breaks: 'does not look at the user name',
    apply: (parts) => heeds(parts, (message) => message.includes('un=nobody')),
  },
  {
    name: 'udp-any-signature',
    cases: ['UDP-BAD-004'],
    breaks: 'looks at the user name only',
    apply: (parts) => heeds(parts, (message) => /un=conformance-acs&.*sig=\w{40} /.test(message)),
  },
  {
    name: 'udp-unsigned',
    cases: ['UDP-BAD-005'],
    breaks: 'takes messages without signature',
    apply: (parts) => heeds(parts, (message) => message.startsWith('GET') && !message.includes('sig=')),
  },
  {
    name: 'udp-empty-signature',
    cases: ['UDP-BAD-005'],
    breaks: 'takes messages with an empty signature',
    apply: (parts) => heeds(parts, (message) => message.includes('sig= ')),
  },
  {
    name: 'udp-beginning-of-the-signature',
    cases: ['UDP-BAD-006'],
    language: 'udp',
    breaks: 'compares as much of the signature as has come',
    apply: (parts) => heeds(parts, (message) => /sig=\w{8} /.test(message)),
  },
  {
    name: 'udp-half-a-message',
    cases: ['UDP-BAD-007'],
    breaks: 'takes a message that ends in the middle',
    apply: (parts) => heeds(parts, (message) => message.startsWith('GET') && message.endsWith('sig=')),
  },
  {
    name: 'udp-time-unsigned',
    cases: ['UDP-BAD-008'],
    breaks: 'does not sign the time',
    apply: (parts) => heeds(parts, (message) => /\?ts=9/.test(message)),
  },
  {
    name: 'udp-old-credentials',
    cases: ['UDP-CRED-001'],
    breaks: 'goes on with the password that it had when it booted',
    apply: (parts) => {
      let first = ''
      misread(parts, {
        ConnectionRequestPassword: (value) => {
          first ||= value
          return first
        },
      })
    },
  },
  {
    name: 'udp-breaks-the-session-off',
    cases: ['UDP-SESSION-001'],
    breaks: 'breaks its session off for a connection request by UDP',
    apply: (parts) => {
      let isByUdp = false
      alterUdp(
        parts,
        (Base) =>
          class extends Base {
            protected override connectionRequested(octets: Buffer): void {
              isByUdp = true
              super.connectionRequested(octets)
              isByUdp = false
            }
          },
      )
      alterCpe(
        parts,
        (Base) =>
          class extends Base {
            override occurred(code: string, commandKey?: string): void {
              const isRunning = this.scheduler.running
              super.occurred(code, commandKey)
              if (isByUdp && isRunning) this.surroundings.reboot()
            }
          },
      )
    },
  },
]
