import type { AgentParts } from '../../../reference-agent/agent.ts'
import { LightweightNotifier } from '../../../reference-agent/notification/notification.ts'
import type { Device } from '../../../reference-agent/services/services.ts'
import { alterRules } from './alter/writing.ts'
import type { Mutant } from './mutant.ts'

/** Puts a subclass in place of what sends lightweight notifications. */
function alterNotifier(
  parts: AgentParts,
  subclass: (base: typeof LightweightNotifier) => new (device: Device) => LightweightNotifier,
): void {
  const Altered = subclass(LightweightNotifier)
  parts.services.set('LightweightNotifier', (device) => new Altered(device))
}

/** Changes the text of each datagram. */
function alterDatagrams(parts: AgentParts, alter: (text: string) => string): void {
  const { sendDatagram } = parts
  parts.sendDatagram = (octets, address, port) =>
    sendDatagram(Buffer.from(alter(Buffer.from(octets).toString())), address, port)
}

/** Takes one value of the notification attribute for another. */
function mistakes(parts: AgentParts, value: number, other: number): void {
  alterRules(parts, (rules) => ({
    notification: (node, set) => {
      const proper = rules.notification(node, set)
      return proper === value ? other : proper
    },
  }))
}

export const mutants: readonly Mutant[] = [
  {
    name: 'lightweight-never',
    cases: ['LWN-001'],
    breaks: 'sends no lightweight notification',
    apply: (parts) => {
      parts.sendDatagram = async () => {}
    },
  },
  {
    name: 'lightweight-without-nonce',
    cases: ['LWN-002'],
    breaks: 'leaves CN out',
    apply: (parts) => alterDatagrams(parts, (text) => text.replace(/<lwn:CN>.*?<\/lwn:CN>/, '')),
  },
  {
    name: 'lightweight-unqualified',
    cases: ['LWN-002'],
    breaks: 'names the parameters in no namespace',
    apply: (parts) => alterDatagrams(parts, (text) => text.replaceAll('lwn:Param', 'Param')),
  },
  {
    name: 'lightweight-signs-another-text',
    cases: ['LWN-003'],
    breaks: 'signs the body with a line end that it does not send',
    apply: (parts) =>
      alterNotifier(
        parts,
        (Base) =>
          class extends Base {
            protected override sign(xml: string): string {
              return super.sign(`${xml}\n`)
            }
          },
      ),
  },
  {
    name: 'lightweight-of-another',
    cases: ['LWN-004'],
    breaks: 'states another serial number than in the Inform',
    apply: (parts) =>
      alterDatagrams(parts, (text) => text.replace('<lwn:SerialNumber>', '<lwn:SerialNumber>x')),
  },
  {
    name: 'lightweight-of-nobody',
    cases: ['LWN-004'],
    breaks: 'states no user name',
    apply: (parts) => alterDatagrams(parts, (text) => text.replace(/<lwn:UN>[^<]*/, '<lwn:UN>')),
  },
  {
    name: 'lightweight-5-is-2',
    cases: ['LWN-005'],
    breaks: 'opens a session for an active lightweight change',
    apply: (parts) => mistakes(parts, 5, 2),
  },
  {
    name: 'lightweight-5-is-6',
    cases: ['LWN-006'],
    breaks: 'tells an active lightweight change in the next Inform, too',
    apply: (parts) => mistakes(parts, 5, 6),
  },
  {
    name: 'lightweight-6-is-5',
    cases: ['LWN-007'],
    breaks: 'tells a change with value 6 by lightweight notification only',
    apply: (parts) => mistakes(parts, 6, 5),
  },
  {
    name: 'lightweight-3-is-5',
    cases: ['LWN-008'],
    breaks: 'sends a passive lightweight change at once',
    apply: (parts) => mistakes(parts, 3, 5),
  },
  {
    name: 'lightweight-active-alone',
    cases: ['LWN-009'],
    breaks: 'sends an active lightweight change without the passive ones that wait',
    apply: (parts) =>
      alterNotifier(
        parts,
        (Base) =>
          class extends Base {
            protected override messages(
              parameters: Parameters<InstanceType<typeof Base>['messages']>[0],
            ): string[] {
              const { tree } = this.device
              const active = parameters.filter(({ path }) => (tree.notificationOf(path) ?? 0) >= 5)
              return active.length === 0 ? [] : super.messages(active)
            }
          },
      ),
  },
  {
    name: 'lightweight-3-is-4',
    cases: ['LWN-010'],
    breaks: 'tells a passive lightweight change in the next Inform',
    apply: (parts) => mistakes(parts, 3, 4),
  },
  {
    name: 'lightweight-4-is-3',
    cases: ['LWN-011'],
    breaks: 'tells a change with value 4 by lightweight notification only',
    apply: (parts) => mistakes(parts, 4, 3),
  },
  {
    name: 'lightweight-without-trigger',
    cases: ['LWN-012'],
    breaks: 'does nothing when the trigger interval is over',
    apply: (parts) =>
      alterNotifier(
        parts,
        (Base) =>
          class extends Base {
            protected override get trigger() {
              return { ...super.trigger, enable: false }
            }
          },
      ),
  },
  {
    name: 'lightweight-always-used',
    cases: ['LWN-013'],
    breaks: 'sends lightweight notifications although no protocol is to be used',
    apply: (parts) =>
      alterNotifier(
        parts,
        (Base) =>
          class extends Base {
            protected override get isUsed(): boolean {
              return true
            }
          },
      ),
  },
  {
    name: 'lightweight-host-unknown',
    cases: ['LWN-014'],
    breaks: 'sends to an address of its own when no host is named',
    apply: (parts) =>
      alterNotifier(
        parts,
        (Base) =>
          class extends Base {
            protected override get destination() {
              const host = this.device.tree.get(
                'Device.ManagementServer.UDPLightweightNotificationHost',
              )?.value
              return host === '' ? { ...super.destination, host: '127.0.0.3' } : super.destination
            }
          },
      ),
  },
  {
    name: 'lightweight-of-the-acs',
    cases: ['LWN-015'],
    breaks: 'sends a lightweight notification of a value that the ACS has set',
    apply: (parts) =>
      alterNotifier(
        parts,
        (Base) =>
          class extends Base {
            override changed(change: Parameters<InstanceType<typeof Base>['changed']>[0]): void {
              super.changed({ ...change, cause: 'local' })
            }
          },
      ),
  },
  {
    name: 'lightweight-same-nonce',
    cases: ['LWN-016'],
    breaks: 'has one CN for all lightweight notifications',
    apply: (parts) => alterDatagrams(parts, (text) => text.replace(/<lwn:CN>[^<]*/, '<lwn:CN>1234')),
  },
  {
    name: 'lightweight-misspelt-head',
    cases: ['LWN-017'],
    breaks: 'misspells the headers of its datagram',
    apply: (parts) =>
      alterDatagrams(parts, (text) =>
        text.replace('text/xml', 'test/xml').replace('Content-Length', 'Content-Lenght'),
      ),
  },
  {
    name: 'lightweight-time-since-boot',
    cases: ['LWN-018'],
    breaks: 'states the seconds since its boot in TS',
    apply: (parts) => alterDatagrams(parts, (text) => text.replace(/<lwn:TS>\d+/, '<lwn:TS>42')),
  },
]
