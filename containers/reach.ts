import { once } from 'node:events'
import { createServer } from 'node:net'
import { type Engine, PeerUnavailable } from './engine.ts'

/** Whether an address or name belongs to this machine: whether one can listen there. A name that nobody knows does not. */
async function isOwn(host: string): Promise<boolean> {
  const server = createServer()
  try {
    server.listen(0, host)
    await once(server, 'listening')
    server.close()
    return true
  } catch {
    return false
  }
}

/** As much of an engine as tells where it is. */
type Place = { readonly client: { readonly info: { readonly containerRuntime: { readonly host: string } } } }

/**
 * Sees to it that the engine is on this machine: an ACS in a container elsewhere would not reach what listens here.
 * @throws PeerUnavailable naming the engine when it is on another one
 */
export async function checkEngineIsHere({ client }: Engine | Place): Promise<void> {
  const { host } = client.info.containerRuntime
  if (!(await isOwn(host)))
    throw new PeerUnavailable(
      `the Docker engine at ${process.env.DOCKER_HOST || host} is on another machine, from which a device here cannot be called`,
    )
}

/**
 * The same of a network of the engine, which may be in a machine of its own although the engine answers here, as that of a tunnel, of Docker
 * Desktop or of a rootless engine is.
 * @param gateway address of the engine's machine on that network
 * @throws PeerUnavailable when this machine is no part of it
 */
export async function checkNetworkIsHere(gateway: string): Promise<void> {
  if (!(await isOwn(gateway)))
    throw new PeerUnavailable(
      `this machine is no part of the networks of its Docker engine (${gateway} is no address of it): containers cannot call a device here`,
    )
}
