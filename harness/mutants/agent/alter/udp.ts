import type { AgentParts } from '../../../../reference-agent/agent.ts'
import { UdpConnectionRequests } from '../../../../reference-agent/connection-request/connection-request.ts'
import type { Device } from '../../../../reference-agent/services/services.ts'
import { alterTreeClass } from './changes.ts'

/** Means to break connection requests by UDP and STUN, from outside. */

type UdpClass = new (device: Device) => UdpConnectionRequests

/** Puts a subclass in place of what takes connection requests by UDP; `view` gives it another device to work with. */
export function alterUdp(
  parts: AgentParts,
  subclass: (base: typeof UdpConnectionRequests) => UdpClass,
  view: (device: Device) => Device = (device) => device,
): void {
  const Altered = subclass(UdpConnectionRequests)
  parts.services.set('UdpConnectionRequests', (device) => new Altered(view(device)))
}

/** Has the device see other values of some parameters of ManagementServer than those that were set. */
export function misread(
  parts: AgentParts,
  alter: Readonly<Record<string, (value: string, read: (name: string) => string) => string>>,
): void {
  const prefix = 'Device.ManagementServer.'
  alterTreeClass(
    parts,
    (Base) =>
      class extends Base {
        override get(path: string) {
          const parameter = super.get(path)
          const change = path.startsWith(prefix) ? alter[path.slice(prefix.length)] : undefined
          if (!parameter || !change) return parameter
          const read = (name: string) => super.get(prefix + name)?.value ?? ''
          return { ...parameter, value: change(parameter.value, read) }
        }
      },
  )
}

/** Takes what fits for a connection request; the rest is judged properly. */
export function heeds(parts: AgentParts, fits: (message: string) => boolean): void {
  alterUdp(
    parts,
    (Base) =>
      class extends Base {
        protected override connectionRequested(octets: Buffer): void {
          if (fits(octets.toString('latin1'))) this.device.occurred('6 CONNECTION REQUEST')
          else super.connectionRequested(octets)
        }
      },
  )
}

/** Ignores what fits, though it may be proper. */
export function ignores(parts: AgentParts, fits: (message: string) => boolean): void {
  alterUdp(
    parts,
    (Base) =>
      class extends Base {
        protected override connectionRequested(octets: Buffer): void {
          if (!fits(octets.toString('latin1'))) super.connectionRequested(octets)
        }
      },
  )
}
