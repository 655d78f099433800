import type { AgentParts } from '../../../../reference-agent/agent.ts'
import {
  Heartbeat,
  ScheduledInforms,
  ScheduledReboot,
} from '../../../../reference-agent/scheduling/scheduling.ts'
import type { Device } from '../../../../reference-agent/services/services.ts'

/** Means to break one feature of the reference agent, from outside. */

type Made<T> = new (device: Device) => T

/** Puts a subclass in place of what carries out ScheduleInform. */
export function alterScheduledInforms(
  parts: AgentParts,
  subclass: (base: typeof ScheduledInforms) => Made<ScheduledInforms>,
): void {
  const Altered = subclass(ScheduledInforms)
  parts.services.set('ScheduledInforms', (device) => new Altered(device))
}

/** Puts a subclass in place of the heartbeat. */
export function alterHeartbeat(
  parts: AgentParts,
  subclass: (base: typeof Heartbeat) => Made<Heartbeat>,
): void {
  const Altered = subclass(Heartbeat)
  parts.services.set('Heartbeat', (device) => new Altered(device))
}

/** Puts a subclass in place of what carries out ScheduleReboot and DelayReboot. */
export function alterScheduledReboot(
  parts: AgentParts,
  subclass: (base: typeof ScheduledReboot) => Made<ScheduledReboot>,
): void {
  const Altered = subclass(ScheduledReboot)
  parts.services.set('ScheduledReboot', (device) => new Altered(device))
}

/** Gives a feature another view of the device. */
export function seenBy(device: Device, other: Partial<Device>): Device {
  return Object.assign(Object.create(device), other)
}
