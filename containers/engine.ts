import { type ContainerRuntimeClient, getContainerRuntimeClient } from 'testcontainers'

/** A peer that cannot be had on this machine: no Docker engine, or an image that is not here. The message is the reason. */
export class PeerUnavailable extends Error {
  override readonly name = 'PeerUnavailable'
}

/** A Docker engine that answers. */
export interface Engine {
  /** As the engine tells it, e.g. `20.10.24`. */
  readonly version: string
  readonly client: ContainerRuntimeClient
}

/** An engine answers at once; whatever listens at its address and says nothing is none. */
const ANSWER_MS = 10_000

/**
 * Asks for the Docker engine: the one that `DOCKER_HOST` names and no other, else that of this machine.
 * @throws PeerUnavailable when it does not answer
 */
export async function findEngine(): Promise<Engine> {
  // What testcontainers would start to clean up after us is an image of its own, which cannot be pulled everywhere: guard.ts does it.
  process.env.TESTCONTAINERS_RYUK_DISABLED ??= 'true'
  const wanted = process.env.DOCKER_HOST
  const where = wanted ? ` at ${wanted}` : ''
  const client = await within(
    ANSWER_MS,
    getContainerRuntimeClient().catch(() => undefined),
    `no Docker engine answers${where}: it is silent`,
  )
  // testcontainers goes on to the usual places when the one that was named is dead.
  if (!client || (wanted && !isAt(client, wanted)))
    throw new PeerUnavailable(`no Docker engine answers${where}`)
  return { version: String(client.info.containerRuntime.serverVersion), client }
}

/**
 * Waits for work of the engine, but not for ever.
 * @throws PeerUnavailable with the reason when it takes longer
 */
export async function within<T>(ms: number, work: Promise<T>, reason: string): Promise<T> {
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(() => late.reject(new PeerUnavailable(reason)), ms)
  return Promise.race([work, late.promise]).finally(() => clearTimeout(timer))
}

function isAt({ container }: ContainerRuntimeClient, wanted: string): boolean {
  const { protocol, pathname, hostname } = new URL(wanted)
  const modem = container.dockerode.modem as { readonly socketPath?: string; readonly host?: string }
  return protocol === 'unix:' ? modem.socketPath === pathname : modem.host === hostname
}
