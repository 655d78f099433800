import { copyFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, extname, join, relative, resolve } from 'node:path'
import { shownPath } from '../fuzz/campaign/campaign.ts'
import type { CaseVerdict, Failure, FuzzFinding } from '../report/report.ts'
import type { Part, Sources } from './verdicts.ts'

/**
 * Brings transcripts and repro files of the merged cases into one folder. Where two parts have a file of one name, the second gets a number.
 * @returns the cases with the places where their files are now
 */
export async function gatherFiles(
  cases: readonly CaseVerdict[],
  sources: ReadonlyMap<CaseVerdict, Sources>,
  outDir: string,
): Promise<CaseVerdict[]> {
  const gathering = new Gathering(outDir)
  const moved: CaseVerdict[] = []
  for (const subject of cases) {
    const source = sources.get(subject)
    moved.push(source ? await gathering.take(subject, source) : subject)
  }
  return moved
}

/** Folders of a report with logs that no case points to: what real peers have logged, and the device itself. */
const logFolders = ['containers', 'device-logs']

/**
 * Brings the logs of the parts' containers and devices into one folder, those of each part below a folder of its own, such as
 * `containers/shard-2/genieacs.log`: each machine calls them the same. Throws what the file system throws.
 */
export async function gatherLogs(parts: readonly Part[], outDir: string): Promise<void> {
  for (const { folder, verdict } of parts) {
    for (const below of logFolders) {
      const target = join(outDir, below, `shard-${verdict.shard?.index}`)
      for (const name of await filesIn(join(folder, below))) {
        await mkdir(target, { recursive: true })
        await copyFile(join(folder, below, name), join(target, name))
      }
    }
  }
}

/** Names of the files in a folder; none where there is no such folder. */
async function filesIn(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true })
    return entries.filter((entry) => entry.isFile()).map(({ name }) => name)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}

class Gathering {
  readonly #outDir: string
  /** Where each file of a part is now, and the places that are taken. */
  readonly #moved = new Map<string, string>()
  readonly #taken = new Set<string>()

  constructor(outDir: string) {
    this.#outDir = outDir
  }

  async take(subject: CaseVerdict, { folder, findings: folders }: Sources): Promise<CaseVerdict> {
    const { transcript, failure, fuzz } = subject
    const findings: FuzzFinding[] = []
    for (const [at, finding] of (fuzz?.findings ?? []).entries())
      findings.push(await this.#finding(finding, folders[at] ?? folder))
    return {
      ...subject,
      ...(transcript !== undefined && { transcript: await this.#file(folder, transcript) }),
      ...(failure && {
        failure: await this.#failure(folder, renamed(failure, fuzz?.findings ?? [], findings)),
      }),
      ...(fuzz && { fuzz: { ...fuzz, findings } }),
    }
  }

  async #failure(folder: string, failure: Failure): Promise<Failure> {
    const { transcript } = failure
    if (!transcript) return failure
    return { ...failure, transcript: { ...transcript, file: await this.#file(folder, transcript.file) } }
  }

  async #finding(finding: FuzzFinding, folder: string): Promise<FuzzFinding> {
    const file = await this.#file(folder, finding.file)
    const place = join(this.#outDir, file)
    const shown = shownPath(place)
    const reproduce = finding.reproduce.replace(/--replay \S+/, () => `--replay ${shown}`)
    const repro = JSON.parse(await readFile(place, 'utf8'))
    await writeFile(place, `${JSON.stringify({ ...repro, reproduce }, null, 2)}\n`)
    return { ...finding, name: file.slice('fuzz/'.length, -'.json'.length), file, reproduce }
  }

  /** Copies a file of a part; one that is not there, or not inside the folder, keeps its name only. */
  async #file(folder: string, file: string): Promise<string> {
    const source = resolve(folder, file)
    const known = this.#moved.get(source)
    if (known !== undefined) return known
    if (relative(resolve(folder), source).startsWith('..')) return file
    let target = file
    const end = extname(file)
    for (let at = 2; this.#taken.has(target); at++)
      target = `${file.slice(0, -end.length || undefined)}-${at}${end}`
    try {
      await mkdir(dirname(join(this.#outDir, target)), { recursive: true })
      await copyFile(source, join(this.#outDir, target))
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return file
      throw error
    }
    this.#taken.add(target)
    this.#moved.set(source, target)
    return target
  }
}

/** The failure of a fuzzing case names its repro files. */
function renamed(failure: Failure, before: readonly FuzzFinding[], after: readonly FuzzFinding[]): Failure {
  const rename = (text: string): string =>
    before.reduce((rest, old, at) => {
      const { reproduce, file } = after[at] ?? old
      return rest.replaceAll(old.reproduce, reproduce).replaceAll(old.file, file)
    }, text)
  return { ...failure, actual: rename(failure.actual), message: rename(failure.message) }
}
