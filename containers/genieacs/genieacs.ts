import { GenericContainer, type StartedTestContainer, Wait } from 'testcontainers'
import { MONGO_PORT } from '../mongo/mongo.ts'
import type { PeerOptions } from '../peer-options.ts'

/** Ports inside of the container. */
const CWMP_PORT = 7547
const NBI_PORT = 7557
const FS_PORT = 7567

/** Where everybody finds the three services; the same after a restart. */
export interface GenieAcsPorts {
  readonly cwmp: number
  readonly nbi: number
  readonly fs: number
}

export interface GenieAcsOptions extends PeerOptions {
  /** Ports of this machine on which it is to be reached. */
  readonly ports: GenieAcsPorts
  /** Host in the URLs of files that devices are told to fetch. */
  readonly publicHost: string
  /** Its own account at the XMPP server, whose domain is an alias of the network. */
  readonly xmpp: { readonly jid: string; readonly password: string }
  /** PEM of the authority that vouches for the XMPP server. */
  readonly authority: string
}

/**
 * One service each, started again whenever it ends: the image's own supervisor keeps their logs in files, and we want them
 * in the container's. Each leaves its process number behind, so that one alone can be killed.
 */
const COMMAND = `
PATH="$PATH:/opt/genieacs/dist/bin:/opt/genieacs/bin"
for service in cwmp nbi fs; do
  while :; do
    genieacs-$service & echo $! >/tmp/$service.pid
    wait $!
    sleep 0.2
  done &
done
wait`

/** Starts GenieACS: the service for devices, the northbound interface and the file server, one worker each. */
export function startGenieAcs(options: GenieAcsOptions): Promise<StartedTestContainer> {
  const { image, network, labels, logs, ports, publicHost, xmpp, authority } = options
  return (
    new GenericContainer(image)
      .withLabels(labels)
      .withNetworkMode(network)
      .withNetworkAliases('genieacs')
      .withEntrypoint(['sh', '-c'])
      .withCommand([COMMAND])
      .withEnvironment({
        GENIEACS_MONGODB_CONNECTION_URL: `mongodb://mongo:${MONGO_PORT}/genieacs`,
        GENIEACS_CWMP_WORKER_PROCESSES: '1',
        GENIEACS_NBI_WORKER_PROCESSES: '1',
        GENIEACS_FS_WORKER_PROCESSES: '1',
        GENIEACS_FS_URL_PREFIX: `http://${publicHost}:${ports.fs}/`,
        GENIEACS_XMPP_JID: xmpp.jid,
        GENIEACS_XMPP_PASSWORD: xmpp.password,
        NODE_EXTRA_CA_CERTS: '/tmp/bench-authority.crt',
      })
      .withCopyContentToContainer([{ content: authority, target: '/tmp/bench-authority.crt', mode: 0o644 }])
      .withExposedPorts(
        { container: CWMP_PORT, host: ports.cwmp },
        { container: NBI_PORT, host: ports.nbi },
        { container: FS_PORT, host: ports.fs },
      )
      .withLogConsumer(logs)
      // One line from each service.
      .withWaitStrategy(Wait.forLogMessage(/Worker listening/, 3))
      .withStartupTimeout(60_000)
      .start()
  )
}
