import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { GenericContainer, type StartedTestContainer, Wait } from 'testcontainers'
import { type Engine, findEngine } from '../engine.ts'
import { provideImage } from '../image.ts'
import type { PeerOptions } from '../peer-options.ts'
import { layContext } from './context.ts'

/** What users call the image. */
const ALIAS = 'cwmp-reference-agent'

interface ReferenceAgentOptions extends PeerOptions {
  /** Its name on the network, under which its ACS can ask it for a session. */
  readonly alias: string
  /** Further options of its command line. */
  readonly options: readonly string[]
  readonly environment?: Readonly<Record<string, string>>
}

/**
 * Builds the image of the reference agent, `cwmp-reference-agent`, and returns the name that tells its content.
 * @throws PeerUnavailable when there is no base image, or when a step fails
 */
export async function referenceAgentImage(engine: Engine): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'cwmp-reference-agent-'))
  try {
    await layContext(folder)
    return await provideImage(engine, { name: 'cwmp-conformance/reference-agent', alias: ALIAS }, folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Builds the image for users, who need no more than its name. */
export async function provideReferenceAgent(): Promise<string> {
  await referenceAgentImage(await findEngine())
  return ALIAS
}

/** Starts an agent in a container of its own; ready when it says that it is. */
export function startAgentContainer(agent: ReferenceAgentOptions): Promise<StartedTestContainer> {
  const { image, network, labels, logs, alias, options, environment = {} } = agent
  return new GenericContainer(image)
    .withLabels(labels)
    .withNetworkMode(network)
    .withNetworkAliases(alias)
    .withCommand(['--connection-request-host', alias, ...options])
    .withEnvironment(environment)
    .withLogConsumer(logs)
    .withWaitStrategy(Wait.forLogMessage(/Starting with PID/))
    .withStartupTimeout(30_000)
    .start()
}
