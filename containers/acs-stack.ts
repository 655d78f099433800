import type { StartedTestContainer } from 'testcontainers'
import { referenceAgentImage, startAgentContainer } from './agent/agent.ts'
import { type Engine, findEngine, PeerUnavailable } from './engine.ts'
import { freePorts } from './free-ports.ts'
import { startGenieAcs } from './genieacs/genieacs.ts'
import { type Guard, startGuard } from './guard.ts'
import { pullUnlessHere } from './image.ts'
import { keepLog } from './logs.ts'
import { startMongo } from './mongo/mongo.ts'
import { genieAcsImage, mongoImage } from './names.ts'
import { type ContainerNetwork, layNetwork } from './network.ts'
import {
  type ProsodyOptions,
  prosodyImage,
  registerUser,
  type StartedProsody,
  startProsody,
} from './prosody/prosody.ts'
import { checkEngineIsHere, checkNetworkIsHere } from './reach.ts'

export interface AcsStackOptions {
  /** Virtual host of the XMPP server, and its name on the network. */
  readonly xmpp: Omit<ProsodyOptions, 'logFolder'>
  /** PEM of the authority that vouches for it. */
  readonly authority: string
  /** Host in the URLs of files that devices are told to fetch. */
  readonly publicHost: string
  /** Where the logs of all containers are kept. */
  readonly logFolder: string
}

/** An agent in a container of the stack. */
export interface AgentContainer {
  /** Its name on the network. */
  readonly alias: string
  readonly options: readonly string[]
  readonly environment?: Readonly<Record<string, string>>
}

/** Does something with the database from the container of the ACS, which brings the client along. */
function inDatabase(deed: string): string {
  return `
const { MongoClient } = require('mongodb')
const [name, value] = process.argv.slice(1)
const client = new MongoClient(process.env.GENIEACS_MONGODB_CONNECTION_URL)
client.connect()
  .then(() => client.db().${deed})
  .then(() => client.close())
  .catch((error) => { console.error(error.message); process.exitCode = 1 })`
}

/** The ACS looks for other settings only when it has forgotten what it took for the present state of them. */
const PUT_SETTING = inDatabase(`collection('config').replaceOne({ _id: name }, { value }, { upsert: true })
  .then(() => client.db().collection('cache').deleteMany({ _id: /local-cache-hash$/ }))`)
const PUT_PARAMETER = inDatabase(
  `collection('devices').updateOne({ _id: name }, { $set: { [value]: {
    _value: '', _type: 'xsd:string', _object: false, _writable: true, _timestamp: new Date(),
  } } })`,
)
const FORGET_SESSIONS = inDatabase(`collection('locks').deleteMany({ _id: /^cwmp_session/ })`)

/** Tries to connect by TCP, and says in a word why that failed. No longer than the ACS itself waits for a device. */
const TRY_CONNECT = `
const [host, port] = process.argv.slice(1)
const end = (why) => {
  process.stdout.write(why)
  process.exit()
}
require('net').connect({ host, port: Number(port), timeout: 2000 })
  .on('connect', () => end(''))
  .on('timeout', () => end('no answer'))
  .on('error', (error) => end(error.code || error.message))`

/** GenieACS with its database and an XMPP server, on a network of their own. */
export interface AcsStack {
  /** Where this machine finds the service for devices and the northbound interface, such as `http://127.0.0.1:7547`. */
  readonly origins: { readonly cwmp: string; readonly nbi: string }
  /** This machine's address on the network: what listens on it can be reached by the ACS. */
  readonly gateway: string
  readonly prosody: StartedProsody
  /** Names of the images, for the report. */
  readonly images: { readonly genieacs: string; readonly mongo: string }
  /** Kills the service for devices; another process takes its place within two seconds, and no session outlives the old one. */
  killAcs(): Promise<void>
  /** Changes a setting of the ACS for which it has no interface but its own pages; it knows within some seconds. */
  configure(name: string, value: string): Promise<void>
  /** Makes the ACS believe that a device has a writable string of that name. */
  pretend(device: string, path: string): Promise<void>
  /** Tries to connect by TCP from the container of the ACS. @returns why that failed, e.g. `ECONNREFUSED` */
  tryConnect(host: string, port: number): Promise<string | undefined>
  /** Holds the database still. */
  pauseMongo(): Promise<void>
  resumeMongo(): Promise<void>
  /** Starts the reference agent in a container; `stop` removes it. */
  startAgent(agent: AgentContainer): Promise<{ stop(): Promise<void> }>
  stop(): Promise<void>
}

/**
 * Sees to it that `startAcsStack` can work: pulls the images that are not here and builds our own.
 * @throws PeerUnavailable with the reason when there is no Docker engine on this machine, or an image cannot be had
 */
export async function prepareAcsStack(): Promise<{ engineVersion: string }> {
  const engine = await findEngine()
  await checkEngineIsHere(engine)
  const advice = (variable: string) => `${variable} may name another; see docs/air-gapped.md`
  await pullUnlessHere(engine, genieAcsImage(), advice('GENIEACS_IMAGE'))
  await pullUnlessHere(engine, mongoImage(), advice('MONGO_IMAGE'))
  await prosodyImage(engine)
  await referenceAgentImage(engine)
  return { engineVersion: engine.version }
}

/**
 * Starts the stack, ready in about five seconds. It is removed by `stop`, or when this process ends without having called it.
 * @throws PeerUnavailable with the reason when it cannot be had on this machine, or does not come up
 */
export async function startAcsStack(options: AcsStackOptions): Promise<AcsStack> {
  const engine = await findEngine()
  await checkEngineIsHere(engine)
  const guard = await startGuard(engine)
  let network: ContainerNetwork | undefined
  const started: (() => Promise<unknown>)[] = []
  const stop = async () => {
    await Promise.all(started.splice(0).map((stopOne) => stopOne()))
    await network?.remove()
    guard.release()
  }
  try {
    network = await layNetwork(engine, guard)
    await checkNetworkIsHere(network.gateway)
    return { ...(await startPeers(engine, guard, network, options, started)), stop }
  } catch (error) {
    await stop().catch(() => {})
    if (error instanceof PeerUnavailable) throw error
    throw new PeerUnavailable(`GenieACS did not come up: ${(error as Error).message}`)
  }
}

async function startPeers(
  engine: Engine,
  guard: Guard,
  network: ContainerNetwork,
  { xmpp, authority, publicHost, logFolder }: AcsStackOptions,
  started: (() => Promise<unknown>)[],
): Promise<Omit<AcsStack, 'stop'>> {
  const common = { network: network.name, labels: guard.labels }
  const logs = (name: string) => keepLog(logFolder, name)
  const images = { genieacs: genieAcsImage(), mongo: mongoImage() }
  const kept = async (starting: Promise<StartedTestContainer>): Promise<StartedTestContainer> => {
    const container = await starting
    started.push(() => container.stop({ timeout: 0 }))
    return container
  }
  const [prosody, mongo, [cwmp, nbi, fs]] = await Promise.all([
    startProsody({ ...xmpp, logFolder }, { guard, network: network.name }),
    kept(startMongo({ ...common, image: images.mongo, logs: logs('mongo') })),
    freePorts(3) as Promise<[number, number, number]>,
  ])
  started.push(() => prosody.stop())
  const ports = { cwmp, nbi, fs }
  const account = { username: 'genieacs', password: 'a password of the bench for the ACS' }
  await registerUser(prosody.containerId, { domain: xmpp.domain, ...account })
  const acs = await kept(
    startGenieAcs({
      ...common,
      image: images.genieacs,
      logs: logs('genieacs'),
      ports,
      publicHost,
      xmpp: { jid: `${account.username}@${xmpp.domain}`, password: account.password },
      authority,
    }),
  )
  const { dockerode } = engine.client.container
  const database = dockerode.getContainer(mongo.getId())
  const run = async (command: string[]): Promise<string> => {
    const { exitCode, output, stdout } = await acs.exec(command, {
      env: { NODE_PATH: '/opt/genieacs/node_modules:/opt/genieacs/dist/node_modules' },
    })
    if (exitCode !== 0) throw new Error(`in the container of GenieACS: ${output}`)
    return stdout
  }
  // An engine that is asked over TCP may publish ports on another address of this machine than the usual one.
  const host = acs.getHost() === 'localhost' ? '127.0.0.1' : acs.getHost()
  const originAt = (port: number) => `http://${host.includes(':') ? `[${host}]` : host}:${port}`
  return {
    origins: { cwmp: originAt(cwmp), nbi: originAt(nbi) },
    gateway: network.gateway,
    prosody,
    images,
    async killAcs() {
      // The worker ends with the process that has it, as nothing but that holds it.
      await run(['sh', '-c', 'kill -9 $(cat /tmp/cwmp.pid)'])
      // Else the device would be in session until the old one's time is over, a minute later.
      await run(['node', '-e', FORGET_SESSIONS])
    },
    async configure(name, value) {
      await run(['node', '-e', PUT_SETTING, name, value])
    },
    async pretend(device, path) {
      await run(['node', '-e', PUT_PARAMETER, device, path])
    },
    async tryConnect(host, port) {
      return (await run(['node', '-e', TRY_CONNECT, host, String(port)])).trim() || undefined
    },
    pauseMongo: () => database.pause().then(() => {}),
    resumeMongo: () => database.unpause().then(() => {}),
    async startAgent(agent) {
      const image = await referenceAgentImage(engine)
      const container = await startAgentContainer({ ...common, image, logs: logs(agent.alias), ...agent })
      let isGone = false
      const stop = async () => {
        if (isGone) return
        isGone = true
        await container.stop({ timeout: 0 })
      }
      started.push(stop)
      return { stop }
    },
  }
}
