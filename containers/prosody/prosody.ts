import { GenericContainer, Wait } from 'testcontainers'
import { type Engine, findEngine, PeerUnavailable } from '../engine.ts'
import { startGuard } from '../guard.ts'
import { provideImage } from '../image.ts'

const PORT = 5222

export interface ProsodyOptions {
  /** The one virtual host that it serves; its certificate has to name it. */
  readonly domain: string
  /** Certificate (leaf first) and private key of the virtual host, both PEM. */
  readonly certificate: { readonly cert: string; readonly key: string }
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
export async function startProsody({ domain, certificate }: ProsodyOptions): Promise<StartedProsody> {
  const engine = await findEngine()
  const image = await prosodyImage(engine)
  const guard = await startGuard(engine)
  let greeting = ''
  try {
    const container = await new GenericContainer(image)
      .withLabels(guard.labels)
      .withEnvironment({ XMPP_DOMAIN: domain })
      .withCopyContentToContainer([
        { content: certificate.cert, target: '/etc/prosody/certs/bench.crt', mode: 0o644 },
        { content: certificate.key, target: '/etc/prosody/certs/bench.key', mode: 0o644 },
      ])
      .withExposedPorts(PORT)
      .withLogConsumer((stream) => {
        stream.on('data', (line: Buffer | string) => {
          if (greeting === '') greeting = /Prosody version (\S+)/.exec(String(line))?.[1] ?? ''
        })
      })
      .withWaitStrategy(Wait.forLogMessage(/Activated service 'c2s' on/))
      .withStartupTimeout(30_000)
      .start()
    const host = container.getHost()
    return {
      version: greeting,
      host: host === 'localhost' ? '127.0.0.1' : host,
      port: container.getMappedPort(PORT),
      containerId: container.getId(),
      async stop() {
        await container.stop({ timeout: 0 })
        guard.release()
      },
    }
  } catch (error) {
    guard.release()
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

function prosodyImage(engine: Engine): Promise<string> {
  return provideImage(engine, 'cwmp-conformance/prosody', import.meta.dirname)
}
