import { alterTreeClass } from './alter/changes.ts'
import { alterServer } from './alter/connection-request.ts'
import { seenBy } from './alter/services.ts'
import { alterUdp, misread } from './alter/udp.ts'
import type { Mutant } from './mutant.ts'

type Parts = Parameters<Mutant['apply']>[0]

/** What every Binding Request carries beside the attribute that is changed. */
const BINDING = 0xc001
const BINDING_CHANGE = 0xc002

/** Refuses connection requests over HTTP while STUN is on. */
function httpOrStun(parts: Parts): void {
  let isOn = false
  alterUdp(
    parts,
    (Base) =>
      class extends Base {
        override changed(...[change]: Parameters<InstanceType<typeof Base>['changed']>): void {
          super.changed(change)
          isOn = this.device.tree.get('Device.ManagementServer.STUNEnable')?.value === 'true'
        }
      },
  )
  alterServer(
    parts,
    (Base) =>
      class extends Base {
        protected override judge(...[request]: Parameters<InstanceType<typeof Base>['judge']>) {
          return isOn ? 404 : super.judge(request)
        }
      },
  )
}

export const mutants: readonly Mutant[] = [
  {
    name: 'stun-enable-ignored',
    cases: ['STUN-BIND-001'],
    breaks: 'takes STUNEnable and asks nobody',
    apply: (parts) => misread(parts, { STUNEnable: () => 'false' }),
  },
  {
    name: 'stun-port-ignored',
    cases: ['STUN-BIND-001'],
    breaks: 'asks at port 3478 whatever STUNServerPort says',
    apply: (parts) => misread(parts, { STUNServerPort: () => '3478' }),
  },
  {
    name: 'stun-binding-without-its-blank',
    cases: ['STUN-BIND-002'],
    breaks: 'leaves the blank at the end of CONNECTION-REQUEST-BINDING out',
    apply: (parts) =>
      alterUdp(
        parts,
        (Base) =>
          class extends Base {
            protected override attributes(isChanged: boolean) {
              return super
                .attributes(isChanged)
                .map((one) =>
                  one.type === BINDING ? { ...one, value: Buffer.from('dslforum.org/TR-111') } : one,
                )
            }
          },
      ),
  },
  {
    name: 'stun-address-of-another-port',
    cases: ['STUN-BIND-003'],
    breaks: 'states another port than the one it asks from',
    apply: (parts) =>
      alterUdp(
        parts,
        (Base) =>
          class extends Base {
            override get address(): string {
              return super.address.replace(/\d+$/, (port) => String(Number(port) ^ 1))
            }
          },
      ),
  },
  {
    name: 'stun-credentials-unasked',
    cases: ['STUN-BIND-004'],
    breaks: 'shows STUNUsername to every server',
    apply: (parts) =>
      alterUdp(
        parts,
        (Base) =>
          class extends Base {
            protected override attributes(isChanged: boolean) {
              return [...super.attributes(isChanged), { type: 6, value: Buffer.from('stun-user') }]
            }
          },
      ),
  },
  {
    name: 'stun-no-server-without-address',
    cases: ['STUN-HOST-001'],
    breaks: 'asks nobody while STUNServerAddress is empty',
    apply: (parts) => misread(parts, { STUNServerAddress: (value) => value || '192.0.2.1' }),
  },
  {
    name: 'stun-nat-unseen',
    cases: ['STUN-NAT-001', 'STUN-REAL-002'],
    breaks: 'never detects a NAT',
    apply: (parts) =>
      alterUdp(
        parts,
        (Base) =>
          class extends Base {
            override get isBehindNat(): boolean {
              return false
            }
          },
      ),
  },
  {
    name: 'stun-states-its-own-address',
    cases: ['STUN-NAT-002', 'STUN-REAL-001'],
    breaks: 'states its local address behind a NAT',
    apply: (parts) =>
      alterUdp(
        parts,
        (Base) =>
          class extends Base {
            override get address(): string {
              const { local } = this
              return local ? `${local.address}:${local.port}` : ''
            }
          },
      ),
  },
  {
    name: 'stun-nat-for-good',
    cases: ['STUN-NAT-003'],
    breaks: 'keeps NATDetected when STUN is switched off',
    apply: (parts) =>
      alterUdp(
        parts,
        (Base) =>
          class extends Base {
            #was = false
            override get isBehindNat(): boolean {
              this.#was ||= super.isBehindNat
              return this.#was
            }
          },
      ),
  },
  {
    name: 'stun-address-change-untold',
    cases: ['STUN-NAT-004'],
    breaks: 'does not notice that its public address has changed',
    apply: (parts) =>
      alterTreeClass(
        parts,
        (Base) =>
          class extends Base {
            override touch(path: string): void {
              if (!path.endsWith('UDPConnectionRequestAddress')) super.touch(path)
            }
          },
      ),
  },
  {
    name: 'stun-no-binding-change',
    cases: ['STUN-CHANGE-001'],
    breaks: 'does not say that its binding has changed',
    apply: (parts) =>
      alterUdp(
        parts,
        (Base) =>
          class extends Base {
            protected override attributes(isChanged: boolean) {
              return super.attributes(isChanged && false)
            }
          },
      ),
  },
  {
    name: 'stun-binding-change-with-a-value',
    cases: ['STUN-CHANGE-001'],
    breaks: 'gives BINDING-CHANGE a value',
    apply: (parts) =>
      alterUdp(
        parts,
        (Base) =>
          class extends Base {
            protected override attributes(isChanged: boolean) {
              return super
                .attributes(isChanged)
                .map((one) => (one.type === BINDING_CHANGE ? { ...one, value: Buffer.alloc(4) } : one))
            }
          },
      ),
  },
  {
    name: 'stun-never-signs',
    cases: ['STUN-AUTH-001'],
    breaks: 'does not answer an error 401',
    apply: (parts) => misread(parts, { STUNUsername: () => '' }),
  },
  {
    name: 'stun-signs-with-another-key',
    cases: ['STUN-AUTH-001'],
    breaks: 'signs with a key of its own',
    apply: (parts) => misread(parts, { STUNPassword: (value) => value.toUpperCase() }),
  },
  {
    name: 'stun-signs-as-nobody',
    cases: ['STUN-AUTH-002'],
    breaks: 'signs although it has no STUNUsername',
    apply: (parts) => misread(parts, { STUNUsername: (value) => value || 'anonymous' }),
  },
  {
    name: 'stun-silent-too-long',
    cases: ['STUN-KEEP-001'],
    breaks: 'does not look at STUNMaximumKeepAlivePeriod',
    apply: (parts) => misread(parts, { STUNMaximumKeepAlivePeriod: () => '4' }),
  },
  {
    name: 'stun-lets-its-binding-lapse',
    cases: ['STUN-REAL-004'],
    breaks: 'asks every thirty seconds, whatever the ACS says',
    apply: (parts) =>
      misread(parts, { STUNMaximumKeepAlivePeriod: () => '30', STUNMinimumKeepAlivePeriod: () => '30' }),
  },
  {
    name: 'stun-too-often',
    cases: ['STUN-KEEP-002'],
    breaks: 'asks every second',
    apply: (parts) =>
      misread(parts, { STUNMaximumKeepAlivePeriod: () => '1', STUNMinimumKeepAlivePeriod: () => '1' }),
  },
  {
    name: 'stun-lifetime-not-tried',
    cases: ['STUN-LIFE-001'],
    breaks: 'does not try how long its binding lives',
    apply: (parts) =>
      misread(parts, { STUNMaximumKeepAlivePeriod: (_, read) => read('STUNMinimumKeepAlivePeriod') }),
  },
  {
    name: 'stun-asks-once',
    cases: ['STUN-SILENT-001'],
    breaks: 'does not repeat a request without an answer',
    apply: (parts) =>
      alterUdp(
        parts,
        (Base) => Base,
        (device) =>
          seenBy(device, {
            clock: Object.assign(Object.create(Object.getPrototypeOf(device.clock)), device.clock, {
              now: () => device.clock.now(),
              monotonic: () => device.clock.monotonic(),
              after: (wait: number, then: () => void) =>
                device.clock.after([100, 200, 400, 800, 1600].includes(wait) ? 1e8 : wait, then),
            }),
          }),
      ),
  },
  {
    name: 'stun-instead-of-http',
    cases: ['STUN-SILENT-002', 'UDP-HTTP-001'],
    breaks: 'takes no connection requests over HTTP while STUN is on',
    apply: httpOrStun,
  },
  {
    name: 'stun-any-transaction',
    cases: ['STUN-WRONG-001'],
    breaks: 'has the same transaction id for all requests, which everybody can guess',
    apply: (parts) =>
      alterUdp(
        parts,
        (Base) => Base,
        (device) =>
          seenBy(device, {
            parts: {
              ...device.parts,
              random: { ...device.parts.random, token: (length: number) => '0'.repeat(2 * length) },
            },
          }),
      ),
  },
  {
    name: 'stun-deaf-after-garbage',
    cases: ['STUN-WRONG-002'],
    breaks: 'stops listening after octets that are no STUN',
    apply: (parts) =>
      alterUdp(
        parts,
        (Base) =>
          class extends Base {
            protected override connectionRequested(octets: Buffer): void {
              if (octets.toString('latin1', 0, 3) === 'GET') super.connectionRequested(octets)
              else void this.stop()
            }
          },
      ),
  },
  {
    name: 'stun-on-for-good',
    cases: ['STUN-OFF-001'],
    breaks: 'goes on asking when STUN is switched off',
    apply: (parts) => {
      let wasOn = false
      misread(parts, {
        STUNEnable: (value) => {
          wasOn ||= value === 'true'
          return String(wasOn)
        },
      })
    },
  },
  {
    name: 'stun-address-for-good',
    cases: ['STUN-OFF-002'],
    breaks: 'keeps its public address when STUN is switched off',
    apply: (parts) =>
      alterUdp(
        parts,
        (Base) =>
          class extends Base {
            #public = ''
            override get address(): string {
              if (this.isBehindNat) this.#public = super.address
              return this.#public || super.address
            }
          },
      ),
  },
]
