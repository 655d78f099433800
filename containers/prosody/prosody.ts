import { setTimeout } from 'node:timers/promises'
import { GenericContainer, Wait } from 'testcontainers'
import { type Engine, findEngine, PeerUnavailable } from '../engine.ts'
import { type Guard, startGuard } from '../guard.ts'
import { provideImage, pullUnlessHere } from '../image.ts'
import { keepLog } from '../logs.ts'
import { prosodyImage as givenImage } from '../names.ts'

const PORT = 5222
/** Characters of the log in which Prosody says its version. */
const LOG_READ = 100_000
/** Milliseconds in which the log says it that is read beside the one by which we know that Prosody is up; an image of somebody else's may log less. */
const GREETING_MS = 10_000

export interface ProsodyOptions {
  /** The one virtual host that it serves; its certificate has to name it. */
  readonly domain: string
  /** Certificate (leaf first) and private key of the virtual host, both PEM. */
  readonly certificate: { readonly cert: string; readonly key: string }
  /** Where its log is kept, if anywhere. */
  readonly logFolder?: string
}

/** Where a Prosody stands that is part of something larger. */
export interface ProsodyPlace {
  /** Watches over its container; the caller releases it. */
  readonly guard: Guard
  /** Name of the network; it is reached there under the name of its domain. */
  readonly network: string
}

/** A Prosody that accepts connections of clients. */
export interface StartedProsody {
  /** What it calls itself, e.g. `0.12.3`. */
  readonly version: string
  /** Where clients connect to from this machine: STARTTLS is required. */
  readonly host: string
  readonly port: number
  readonly containerId: string
  stop(): Promise<void>
}

/**
 * Sees to it that `startProsody` can work: builds the image unless it is there, which takes about fifteen seconds.
 * @throws PeerUnavailable when there is no Docker engine or no base image
 */
export async function prepareProsody(): Promise<{ engineVersion: string }> {
  const engine = await findEngine()
  await prosodyImage(engine)
  return { engineVersion: engine.version }
}

/**
 * Starts Prosody in a container of its own, ready in about a second once the image is built. It is removed by `stop`, or
 * when this process ends without having called it.
 * @throws PeerUnavailable when there is no Docker engine or no image, or when Prosody does not come up
 */
export async function startProsody(
  { domain, certificate, logFolder }: ProsodyOptions,
  place?: ProsodyPlace,
): Promise<StartedProsody> {
  const engine = await findEngine()
  const image = await prosodyImage(engine)
  const guard = place?.guard ?? (await startGuard(engine))
  const release = () => {
    if (place === undefined) guard.release()
  }
  const greeting = Promise.withResolvers<string>()
  let said = ''
  const definition = new GenericContainer(image)
  if (place) definition.withNetworkMode(place.network).withNetworkAliases(domain)
  try {
    const container = await definition
      .withLabels(guard.labels)
      .withEnvironment({ XMPP_DOMAIN: domain })
      .withCopyContentToContainer([
        { content: certificate.cert, target: '/etc/prosody/certs/bench.crt', mode: 0o644 },
        { content: certificate.key, target: '/etc/prosody/certs/bench.key', mode: 0o644 },
      ])
      .withExposedPorts(PORT)
      .withLogConsumer(
        keepLog(logFolder, 'prosody', (text) => {
          // In whatever pieces it comes.
          said += said.length < LOG_READ ? text : ''
          const version = /Prosody version (\S+)\s/.exec(said)?.[1]
          if (version !== undefined) greeting.resolve(version)
        }),
      )
      .withWaitStrategy(Wait.forLogMessage(/Activated service 'c2s' on/))
      .withStartupTimeout(30_000)
      .start()
    const host = container.getHost()
    return {
      version: await Promise.race([greeting.promise, setTimeout(GREETING_MS, '', { ref: false })]),
      host: host === 'localhost' ? '127.0.0.1' : host,
      port: container.getMappedPort(PORT),
      containerId: container.getId(),
      async stop() {
        await container.stop({ timeout: 0 })
        release()
      },
    }
  } catch (error) {
    release()
    throw new PeerUnavailable(`Prosody did not come up: ${(error as Error).message}`)
  }
}

/**
 * Makes an account; one that exists gets the password. Takes 0.1 s, from any process that reaches the engine.
 * @throws Error when prosodyctl refuses
 */
export async function registerUser(
  containerId: string,
  { domain, username, password }: { domain: string; username: string; password: string },
): Promise<void> {
  const { container } = (await findEngine()).client
  const { exitCode, output } = await container.exec(container.getById(containerId), [
    'prosodyctl',
    'register',
    username,
    domain,
    password,
  ])
  if (exitCode !== 0) throw new Error(`prosodyctl cannot register ${username}@${domain}: ${output}`)
}

/** The one that the environment names, else the one that is built here. */
export async function prosodyImage(engine: Engine): Promise<string> {
  const given = givenImage()
  if (given === undefined)
    return provideImage(engine, { name: 'cwmp-conformance/prosody' }, import.meta.dirname)
  await pullUnlessHere(engine, given, 'PROSODY_IMAGE names it')
  return given
}
