import { GenericContainer, type StartedTestContainer, Wait } from 'testcontainers'
import type { PeerOptions } from '../peer-options.ts'

export const MONGO_PORT = 27_017

/** Starts a MongoDB that other containers of the network reach as `mongo`. */
export function startMongo({ image, network, labels, logs }: PeerOptions): Promise<StartedTestContainer> {
  return (
    new GenericContainer(image)
      .withLabels(labels)
      .withNetworkMode(network)
      .withNetworkAliases('mongo')
      // Nothing of a run is worth a disk.
      .withTmpFs({ '/data/db': 'rw', '/data/configdb': 'rw' })
      .withLogConsumer(logs)
      .withWaitStrategy(Wait.forLogMessage(/Waiting for connections/))
      .withStartupTimeout(60_000)
      .start()
  )
}
