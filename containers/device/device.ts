import { createInterface } from 'node:readline'
import { PassThrough, type Readable } from 'node:stream'
import { GenericContainer, type StartedTestContainer, StartupCheckStrategy } from 'testcontainers'
import { type Engine, findEngine } from '../engine.ts'
import { type Guard, startGuard } from '../guard.ts'
import { pullUnlessHere } from '../image.ts'
import { runInside, type ShellEnding } from './shell.ts'

/** A device that is an image. */
export interface DeviceImage {
  readonly image: string
  /** Arguments in place of those that the image has. */
  readonly command?: readonly string[] | undefined
  readonly environment: Readonly<Record<string, string>>
  /** In place of the user that the image names. */
  readonly user?: string | undefined
  readonly mounts: readonly { readonly source: string; readonly target: string; readonly writable: boolean }[]
  /** A network of the engine, or `host` for that of this machine. */
  readonly network: string
  readonly privileged: boolean
  readonly capabilities: readonly string[]
}

/** A file of the container: its absolute path there, and what is in it. */
export interface DeviceFile {
  readonly target: string
  readonly content: string
}

/** What a program may take to end before it is killed, where it is asked to end. */
const STOP_SECONDS = 5

/** A device shows by a session that it is ready; a container that has been started is enough here. */
class StartedIsEnough extends StartupCheckStrategy {
  override async checkStartupState() {
    return 'SUCCESS' as const
  }
}

/** One device in a container. Nothing of it outlives this process, however that ends: see guard.ts. */
export class DeviceContainer {
  readonly #engine: Engine
  readonly #guard: Guard
  readonly #image: DeviceImage
  readonly #log: (line: string) => void
  #container: StartedTestContainer | undefined

  private constructor(engine: Engine, guard: Guard, image: DeviceImage, log: (line: string) => void) {
    this.#engine = engine
    this.#guard = guard
    this.#image = image
    this.#log = log
  }

  /**
   * Finds the engine and sees to it that the image is there; no container is made yet.
   * @param log gets each line that the device writes to its standard output and error
   * @throws PeerUnavailable when there is no engine, or no image and no way to pull it
   */
  static async open(image: DeviceImage, log: (line: string) => void): Promise<DeviceContainer> {
    const engine = await findEngine()
    await pullUnlessHere(engine, image.image, 'docker build or docker load brings it here')
    return new DeviceContainer(engine, await startGuard(engine), image, log)
  }

  /** Whether there is a container, running or not. */
  get exists(): boolean {
    return this.#container !== undefined
  }

  /** Makes a container with these files in it and starts it. What an earlier one kept is gone. */
  async startAnew(files: readonly DeviceFile[]): Promise<void> {
    await this.remove()
    const { image, command, environment, user, mounts, network, privileged, capabilities } = this.#image
    const container = new GenericContainer(image)
      .withLabels({ ...this.#guard.labels })
      .withEnvironment({ ...environment })
      .withNetworkMode(network)
      .withAddedCapabilities(...capabilities)
      .withBindMounts(
        mounts.map(({ source, target, writable }) => ({ source, target, mode: writable ? 'rw' : 'ro' })),
      )
      .withCopyContentToContainer(files.map((file) => ({ ...file })))
      .withWaitStrategy(new StartedIsEnough())
    if (command) container.withCommand([...command])
    if (user !== undefined) container.withUser(user)
    if (privileged) container.withPrivilegedMode()
    // A container in this machine's own network is at home already.
    if (network !== 'host')
      container.withExtraHosts([{ host: 'host.docker.internal', ipAddress: 'host-gateway' }])
    this.#container = await container.start()
    await this.#follow(0)
  }

  /** Asks the program to end, and kills it when it does not. */
  async stop(): Promise<void> {
    await this.#given.stop({ t: STOP_SECONDS }).catch(unlessAlready)
  }

  /** Ends everything in it at once, as a power cut would. */
  async kill(): Promise<void> {
    await this.#given.kill().catch(unlessAlready)
  }

  /** Starts it again on what it has stored. */
  async start(): Promise<void> {
    // The clock of the engine, not ours; a program may have logged something before its start counts as one.
    const { FinishedAt } = (await this.#given.inspect()).State
    await this.#given.start().catch(unlessAlready)
    await this.#follow(Date.parse(FinishedAt) / 1000)
  }

  /** Puts files into it, running or not. */
  async write(files: readonly DeviceFile[]): Promise<void> {
    await this.#container?.copyContentToContainer(files.map((file) => ({ ...file })))
  }

  async isRunning(): Promise<boolean> {
    return this.exists && (await this.#given.inspect()).State.Running
  }

  /** Has a shell in it read a script. */
  async run(script: string, signal: AbortSignal): Promise<ShellEnding> {
    return await runInside(this.#given, script, signal)
  }

  /** Removes the container with its volumes. */
  async remove(): Promise<void> {
    if (!this.exists) return
    await this.#given.remove({ force: true, v: true }).catch(unlessAlready)
    this.#container = undefined
  }

  /** Removes the container; this object is of no use afterwards. */
  async close(): Promise<void> {
    await this.remove()
    this.#guard.release()
  }

  get #given() {
    if (!this.#container) throw new Error('the container has not been made')
    return this.#engine.client.container.getById(this.#container.getId())
  }

  /** Hands over what is logged from that moment on, in seconds of the engine's clock. */
  async #follow(since: number): Promise<void> {
    const container = this.#given
    const stream = await container.logs({ follow: true, stdout: true, stderr: true, since })
    const lines = new PassThrough()
    container.modem.demuxStream(stream, lines, lines)
    stream.on('end', () => lines.end())
    ;(stream as Readable).on('error', () => lines.end())
    createInterface({ input: lines }).on('line', this.#log)
  }
}

/** 304: it is what it shall be; 409: it does not run; 404: it has gone. */
function unlessAlready(error: { readonly statusCode?: number }): void {
  if (![304, 404, 409].includes(error.statusCode ?? 0)) throw error
}
