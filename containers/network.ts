import { randomBytes } from 'node:crypto'
import type { Engine } from './engine.ts'
import type { Guard } from './guard.ts'

/** A network on which containers find each other by their aliases, and which this machine is a part of. */
export interface ContainerNetwork {
  readonly name: string
  /** This machine's address there: containers reach what listens on it. */
  readonly gateway: string
  /** All containers must have left it. */
  remove(): Promise<void>
}

/** Lays a network of its own, removed by `remove` or by the guard. */
export async function layNetwork({ client }: Engine, guard: Guard): Promise<ContainerNetwork> {
  const { dockerode } = client.container
  const name = `cwmp-conformance-${randomBytes(6).toString('hex')}`
  const network = await dockerode.createNetwork({ Name: name, Driver: 'bridge', Labels: guard.labels })
  const { IPAM } = await network.inspect()
  const gateway = IPAM?.Config?.[0]?.Gateway
  if (gateway === undefined) {
    await network.remove()
    throw new Error(`the network ${name} has no gateway`)
  }
  return { name, gateway, remove: () => network.remove() }
}
