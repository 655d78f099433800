import { randomBytes } from 'node:crypto'
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises'
import { join, relative, resolve } from 'node:path'
import { renderJunit } from './junit.ts'
import { outcomeOf } from './outcome.ts'
import { renderPage } from './page/page.ts'
import { type EmbeddedTranscript, embedTranscript } from './page/transcripts.ts'
import type { CaseVerdict, VerdictFile } from './verdict.ts'

// Beyond this the page only links to the files: a browser must still open it. Failed cases come first.
const PAGE_TRANSCRIPTS = 48 * 1024 * 1024

/**
 * Writes `verdict.json`, `junit.xml` and `index.html` into `outDir` (made if absent) and gives their paths. The page
 * carries the transcripts that the run left in `outDir`, as far as they are there and not beyond 48 MiB. Each file is
 * replaced as a whole, so that an interrupted run leaves the old one or the new one, never half of either.
 * Throws what the file system throws, a full disk for example.
 */
export async function writeReports(verdict: VerdictFile, outDir: string): Promise<{ files: string[] }> {
  await mkdir(outDir, { recursive: true })
  const files: string[] = []
  const write = async (name: string, content: string) => {
    const file = join(outDir, name)
    await replaceFile(file, content)
    files.push(file)
  }
  // The truth first: if a view of it should fail, it is there.
  await write('verdict.json', `${JSON.stringify(verdict, null, 2)}\n`)
  await write('junit.xml', renderJunit(verdict))
  await write('index.html', renderPage(verdict, await readTranscripts(verdict.cases, outDir)))
  return { files }
}

/** The transcripts that cases point to, by file as they name it. A file that is not there is not carried. */
async function readTranscripts(
  cases: readonly CaseVerdict[],
  outDir: string,
): Promise<ReadonlyMap<string, EmbeddedTranscript>> {
  const red = cases.filter((subject) => outcomeOf(subject) === 'failed')
  const transcripts = new Map<string, EmbeddedTranscript>()
  let room = PAGE_TRANSCRIPTS
  for (const { failure, transcript } of [...red, ...cases]) {
    const file = failure?.transcript?.file ?? transcript
    if (file === undefined || transcripts.has(file)) continue
    const text = await readInside(outDir, file)
    if (text === undefined) continue
    const embedded = embedTranscript(`transcript-${transcripts.size + 1}`, text, failure?.transcript?.line)
    room -= embedded.block.source.length
    if (room < 0) break
    transcripts.set(file, embedded)
  }
  return transcripts
}

/** The file's text, or nothing when it is absent or not inside the folder. */
async function readInside(folder: string, file: string): Promise<string | undefined> {
  const path = resolve(folder, file)
  if (relative(resolve(folder), path).startsWith('..')) return undefined
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

/** Written beside the target, flushed, then renamed over it. */
async function replaceFile(file: string, content: string): Promise<void> {
  const beside = `${file}.${randomBytes(4).toString('hex')}.tmp`
  try {
    const handle = await open(beside, 'wx')
    try {
      await handle.writeFile(content)
      await handle.sync()
    } finally {
      await handle.close()
    }
    await rename(beside, file)
  } catch (error) {
    await rm(beside, { force: true })
    throw error
  }
}
