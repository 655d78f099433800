import type { AgentParts } from '../../../../reference-agent/agent.ts'
import type { CpeService, Device } from '../../../../reference-agent/services/services.ts'

/** Means to break one feature of the reference agent from outside, and nothing else of it. */

/** Members of a class that are no private ones, to be replaced on an instance. */
// biome-ignore lint/suspicious/noExplicitAny: protected members have no type from outside
type Members = Record<string, (...args: any[]) => unknown>

/**
 * Replaces members of a service, named or not public; `members` gets the service, whose own ones still do what is proper, and the device.
 */
export function alterService<Service extends CpeService>(
  parts: AgentParts,
  name: string,
  members: (proper: Members, service: Service, device: Device) => Members,
): void {
  const create = parts.services.get(name)
  if (!create) throw new Error(`the reference agent has no ${name}`)
  parts.services.set(name, (device) => {
    const service = create(device) as Service
    const proper = new Proxy({} as Members, {
      get: (_, member: string) => {
        const method = (Object.getPrototypeOf(service) as Members)[member]
        return method?.bind(service)
      },
    })
    return Object.assign(service, members(proper, service, device))
  })
}

/** Shows one service another device than all the others see: some members are replaced. */
export function alterDeviceOf(
  parts: AgentParts,
  name: string,
  members: (device: Device) => Partial<Device>,
): void {
  const create = parts.services.get(name)
  if (!create) throw new Error(`the reference agent has no ${name}`)
  parts.services.set(name, (device) => {
    const replaced = members(device)
    const altered = new Proxy(device, {
      get: (target, member) => {
        if (Object.hasOwn(replaced, member)) return replaced[member as keyof Device]
        const value: unknown = Reflect.get(target, member, target)
        return typeof value === 'function' ? value.bind(target) : value
      },
    })
    return create(altered)
  })
}
