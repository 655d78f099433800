import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ImageName } from 'testcontainers'
import { type Engine, PeerUnavailable, within } from './engine.ts'

/** A registry that cannot be reached may leave a pull without any word. */
const PULL_MS = 90_000
/** Packages of a mirror may be just as silent. */
const BUILD_MS = 240_000

/** One line of what the engine says while it builds. */
interface BuildLine {
  readonly error?: string
}

/**
 * Builds the image of a folder with a Dockerfile, unless the same content was built before, and returns its name.
 * `BASE_IMAGE` of the environment replaces the base that the Dockerfile names.
 * @param name repository of the image, e.g. `cwmp-conformance/prosody`; the tag tells the content
 * @throws PeerUnavailable when the base image is not here and cannot be pulled, or when a step fails
 */
export async function provideImage(engine: Engine, name: string, folder: string): Promise<string> {
  const base = process.env.BASE_IMAGE || 'debian:bookworm-slim'
  const { container, image } = engine.client
  await provideBase(engine, base)
  const files = (await readdir(folder))
    .filter((file) => file === 'Dockerfile' || !/\.(ts|md)$/.test(file))
    .sort()
  const digest = createHash('sha256').update((await container.dockerode.getImage(base).inspect()).Id)
  for (const file of files) digest.update(file).update(await readFile(join(folder, file)))
  const tagged = `${name}:${digest.digest('hex').slice(0, 16)}`
  if (await image.exists(ImageName.fromString(tagged))) return tagged

  // Not by testcontainers' builder, which keeps the reason of a failure to itself.
  const stream = await container.dockerode.buildImage(
    { context: folder, src: files },
    { t: tagged, buildargs: { BASE_IMAGE: base } },
  )
  const built = new Promise<BuildLine[]>((resolve, reject) => {
    container.dockerode.modem.followProgress(stream, (error, all: BuildLine[]) =>
      error ? reject(new PeerUnavailable(`image ${name} cannot be built: ${error.message}`)) : resolve(all),
    )
  })
  const lines = await within(
    BUILD_MS,
    built,
    `image ${name} cannot be built: not done after ${BUILD_MS / 1000} s`,
  )
  const failed = lines.find(({ error }) => error !== undefined)
  if (failed) throw new PeerUnavailable(`image ${name} cannot be built: ${failed.error}`)
  return tagged
}

async function provideBase({ client }: Engine, base: string): Promise<void> {
  const name = ImageName.fromString(base)
  if (await client.image.exists(name)) return
  try {
    await within(PULL_MS, client.image.pull(name), 'the registry is silent')
  } catch {
    throw new PeerUnavailable(
      `image ${base} is not here and cannot be pulled (containers/base-image.sh makes it)`,
    )
  }
}
