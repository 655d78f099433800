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

/**
 * Asks for the Docker engine that the environment names (`DOCKER_HOST`, else the local socket).
 * @throws PeerUnavailable when none answers
 */
export async function findEngine(): Promise<Engine> {
  // What testcontainers would start to clean up after us is an image of its own, which cannot be pulled everywhere: guard.ts does it.
  process.env.TESTCONTAINERS_RYUK_DISABLED ??= 'true'
  try {
    const client = await getContainerRuntimeClient()
    return { version: String(client.info.containerRuntime.serverVersion), client }
  } catch {
    throw new PeerUnavailable('no Docker engine answers')
  }
}
