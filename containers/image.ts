import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { ImageName } from 'testcontainers'
import { type Engine, PeerUnavailable, within } from './engine.ts'
import { baseImage } from './names.ts'

/** A registry that cannot be reached may leave a pull without any word. */
const PULL_MS = 90_000
/** Packages of a mirror may be just as silent. */
const BUILD_MS = 240_000

/** One line of what the engine says while it builds. */
interface BuildLine {
  readonly error?: string
}

/** Names under which an image is to be known. */
interface ImageNames {
  /** Repository, e.g. `cwmp-conformance/prosody`; the tag tells the content. */
  readonly name: string
  /** Another repository, for whoever wants to type the name. */
  readonly alias?: string
}

/**
 * Builds the image of a folder with a Dockerfile, unless the same content was built before, and returns its name. Pages and programs
 * that stand beside the Dockerfile are no part of it.
 * `BASE_IMAGE` of the environment replaces the base that the Dockerfile names.
 * @throws PeerUnavailable when the base image is not here and cannot be pulled, or when a step fails
 */
export async function provideImage(
  engine: Engine,
  { name, alias }: ImageNames,
  folder: string,
): Promise<string> {
  const base = baseImage()
  const { container, image } = engine.client
  await pullUnlessHere(engine, base, 'containers/base-image.sh makes it')
  const files = await filesOf(folder)
  const digest = createHash('sha256').update((await container.dockerode.getImage(base).inspect()).Id)
  for (const file of files) digest.update(file).update(await readFile(join(folder, file)))
  const tag = digest.digest('hex').slice(0, 16)
  const tagged = `${name}:${tag}`
  if (!(await image.exists(ImageName.fromString(tagged))))
    await build(engine, { name, tagged, base, folder, files })
  if (alias !== undefined) {
    await container.dockerode.getImage(tagged).tag({ repo: alias, tag: 'latest' })
  }
  return tagged
}

/**
 * Sees to it that an image is here.
 * @param advice what else could be done about it, for the reason
 * @throws PeerUnavailable when it is not here and cannot be pulled
 */
export async function pullUnlessHere({ client }: Engine, image: string, advice: string): Promise<void> {
  const name = ImageName.fromString(image)
  if (await client.image.exists(name)) return
  try {
    await within(PULL_MS, client.image.pull(name), 'the registry is silent')
  } catch {
    throw new PeerUnavailable(`image ${image} is not here and cannot be pulled (${advice})`)
  }
}

interface Build {
  readonly name: string
  readonly tagged: string
  readonly base: string
  readonly folder: string
  readonly files: readonly string[]
}

async function build(engine: Engine, { name, tagged, base, folder, files }: Build): Promise<void> {
  const { container } = engine.client
  // Not by testcontainers' builder, which keeps the reason of a failure to itself.
  const stream = await container.dockerode.buildImage(
    { context: folder, src: [...files] },
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
}

/** Relative to the folder, in a fixed order. */
async function filesOf(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile() && (entry.parentPath !== folder || !/\.(ts|md)$/.test(entry.name)))
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .sort()
}
