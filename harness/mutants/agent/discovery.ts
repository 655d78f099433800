import { AcsDiscovery, type DhcpOptions } from '../../../reference-agent/acs-discovery/acs-discovery.ts'
import type { Discovered } from '../../../reference-agent/acs-discovery/dhcp-options.ts'
import type { AgentParts } from '../../../reference-agent/agent.ts'
import type { Device } from '../../../reference-agent/services/services.ts'
import { alterParameter } from './alter/definitions.ts'
import { alterInforms } from './alter/wire.ts'
import type { Mutant } from './mutant.ts'

type Made = new (device: Device) => AcsDiscovery

/** Puts a subclass in place of what finds the ACS. */
function alterDiscovery(parts: AgentParts, subclass: (base: typeof AcsDiscovery) => Made): void {
  const Altered = subclass(AcsDiscovery)
  parts.services.set('AcsDiscovery', (device) => new Altered(device))
}

/** Changes the options before they are read. */
function alterOptions(parts: AgentParts, alter: (code: string, octets: Buffer) => Buffer | undefined): void {
  alterDiscovery(
    parts,
    (base) =>
      class extends base {
        override take(options: DhcpOptions): void {
          const altered = Object.entries(options).flatMap(([code, hex]) => {
            const octets = alter(code, Buffer.from(hex, 'hex'))
            return octets ? [[code, octets.toString('hex')] as const] : []
          })
          super.take(Object.fromEntries(altered))
        }
      },
  )
}

/** Changes what was read before it is taken over. */
function alterDiscovered(parts: AgentParts, alter: (discovered: Discovered) => Discovered): void {
  alterDiscovery(
    parts,
    (base) =>
      class extends base {
        override apply(discovered: Discovered): void {
          super.apply(alter(discovered))
        }
      },
  )
}

/** Code, length and value of the first encapsulated option. */
function first(octets: Buffer): Buffer {
  return octets.subarray(0, 2 + (octets[1] ?? 0))
}

/** Has the device read nothing more of DHCP once it has met what it cannot read. */
function stumbleOver(parts: AgentParts, isMalformed: (octets: Buffer) => boolean): void {
  let stuck = false
  alterOptions(parts, (code, octets) => {
    stuck ||= code === '43' && isMalformed(octets)
    return stuck ? undefined : octets
  })
}

export const mutants: readonly Mutant[] = [
  {
    name: 'dhcp-option-43-ignored',
    cases: ['DISC-001'],
    breaks: 'does not look into option 43',
    apply: (parts) => alterOptions(parts, (code, octets) => (code === '43' ? undefined : octets)),
  },
  {
    name: 'dhcp-bootstrap-missing',
    cases: ['DISC-002', 'DISC-008'],
    breaks: 'tells no 0 BOOTSTRAP at an ACS that DHCP named',
    apply: (parts) => alterInforms(parts, (xml) => xml.replaceAll('0 BOOTSTRAP', '2 PERIODIC')),
  },
  {
    name: 'dhcp-no-vendor-class',
    cases: ['DISC-003', 'DISC-016'],
    breaks: 'sends the vendor class of its maker alone',
    apply: (parts) =>
      alterDiscovery(
        parts,
        (base) =>
          class extends base {
            override get request(): DhcpOptions {
              const vendor = Buffer.from('Acme').toString('hex')
              return { ...super.request, 16: vendor, 60: vendor }
            }
          },
      ),
  },
  {
    name: 'dhcp-url-alone',
    cases: ['DISC-004', 'DISC-005', 'DISC-006', 'DISC-018', 'DISC-019'],
    breaks: 'takes nothing but the URL from DHCP',
    apply: (parts) => alterDiscovered(parts, ({ url }) => ({ url })),
  },
  {
    name: 'dhcp-retry-parameters-ignored',
    cases: ['DISC-005', 'DISC-006', 'DISC-019'],
    breaks: 'does not take the waits of retries from DHCP',
    apply: (parts) =>
      alterDiscovered(parts, ({ retryMinimumWaitInterval, retryIntervalMultiplier, ...rest }) => rest),
  },
  {
    name: 'dhcp-multiplier-ignored',
    cases: ['DISC-005'],
    breaks: 'does not take the multiplier from DHCP',
    apply: (parts) => alterDiscovered(parts, ({ retryIntervalMultiplier, ...rest }) => rest),
  },
  {
    name: 'dhcp-option-125-ignored',
    cases: ['DISC-006', 'DISC-011'],
    breaks: 'does not look into option 125',
    apply: (parts) => alterOptions(parts, (code, octets) => (code === '125' ? undefined : octets)),
  },
  {
    name: 'dhcp-option-125-first-enterprise-alone',
    cases: ['DISC-011'],
    breaks: 'reads the data of the first enterprise in option 125, whoever that is',
    apply: (parts) =>
      alterOptions(parts, (code, octets) =>
        code === '125' ? octets.subarray(0, 5 + (octets[4] ?? 0)) : octets,
      ),
  },
  {
    name: 'dhcp-beats-acs',
    cases: ['DISC-007'],
    breaks: 'goes where DHCP says although an ACS has set another URL',
    apply: (parts) =>
      alterDiscovery(
        parts,
        (base) =>
          class extends base {
            override get setByAcs(): readonly string[] {
              return []
            }
          },
      ),
  },
  {
    name: 'dhcp-first-lease-for-good',
    cases: ['DISC-008', 'DISC-017'],
    breaks: 'stays with the URL of its first lease',
    apply: (parts) => {
      let known: Discovered | undefined
      alterDiscovered(parts, (discovered) => {
        known ??= discovered
        return known
      })
    },
  },
  {
    name: 'dhcp-options-in-order-alone',
    cases: ['DISC-009'],
    breaks: 'reads the URL only where it stands first in option 43',
    apply: (parts) =>
      alterOptions(parts, (code, octets) => (code === '43' && octets[0] !== 1 ? Buffer.alloc(0) : octets)),
  },
  {
    name: 'dhcp-padding-misread',
    cases: ['DISC-010'],
    breaks: 'takes padding in option 43 for an option with a length',
    apply: (parts) =>
      alterOptions(parts, (code, octets) =>
        code === '43' && octets[0] === 0 ? octets.subarray(2 + (octets[1] ?? 0)) : octets,
      ),
  },
  {
    name: 'dhcp-reads-beyond-the-end',
    cases: ['DISC-012'],
    breaks: 'reads no options any more after one whose length led beyond its end',
    apply: (parts) =>
      stumbleOver(parts, (octets) => octets.length > 1 && (octets[1] ?? 0) > octets.length - 2),
  },
  {
    name: 'dhcp-reads-a-length-that-is-not-there',
    cases: ['DISC-013'],
    breaks: 'reads no options any more after one that ended behind a code',
    apply: (parts) => stumbleOver(parts, (octets) => octets.length === 1),
  },
  {
    name: 'dhcp-any-text-is-a-url',
    cases: ['DISC-014'],
    breaks: 'reads no options any more after one whose URL was none',
    apply: (parts) =>
      stumbleOver(
        parts,
        (octets) =>
          octets[0] === 1 && octets.length > 2 && !URL.canParse(first(octets).subarray(2).toString()),
      ),
  },
  {
    name: 'dhcp-version-6-ignored',
    cases: ['DISC-015', 'DISC-017'],
    breaks: 'does not look into option 17 of DHCPv6',
    apply: (parts) => alterOptions(parts, (code, octets) => (code === '17' ? undefined : octets)),
  },
  {
    name: 'dhcp-nameless',
    cases: ['DISC-020'],
    breaks: 'does not say in option 125 what its serial number is',
    apply: (parts) =>
      alterDiscovery(
        parts,
        (base) =>
          class extends base {
            override get request(): DhcpOptions {
              const serial = Buffer.from('000000000001').toString('hex')
              const options = super.request
              return { ...options, 125: options[125]?.replace(serial, '30'.repeat(12)) ?? '' }
            }
          },
      ),
  },
  {
    name: 'dhcp-gateway-without-class',
    cases: ['DISC-021'],
    breaks: 'does not take the product class of its gateway',
    apply: (parts) => alterDiscovered(parts, ({ gatewayProductClass, ...rest }) => rest),
  },
  {
    name: 'dhcp-first-gateway-for-good',
    cases: ['DISC-022'],
    breaks: 'stays with the gateway that it had first',
    apply: (parts) => {
      let met: string | undefined
      alterDiscovered(parts, (discovered) => {
        met ??= discovered.gatewaySerialNumber
        return met === undefined ? discovered : { ...discovered, gatewaySerialNumber: met }
      })
    },
  },
  {
    name: 'dhcp-gateway-untold',
    cases: ['DISC-022'],
    breaks: 'shows another gateway and tells nobody',
    apply: (parts) =>
      alterParameter(parts, 'Device.GatewayInfo.SerialNumber', ({ activeNotify: _default, ...one }) => one),
  },
]
