import { randomBytes } from 'node:crypto'
import { mkdir, open, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join, relative, resolve } from 'node:path'
import { renderJunit } from './junit.ts'
import { outcomeOf } from './outcome.ts'
import { renderPage } from './page/page.ts'
import { embedTranscript, type PageTranscript, transcriptScript } from './page/transcripts.ts'
import type { CaseVerdict, VerdictFile } from './verdict.ts'

/** Of red cases the page carries so much by itself, in characters: who is sent nothing but the page sees why it is red. */
const PAGE_TRANSCRIPTS = 4 << 20

/**
 * Writes `verdict.json`, `junit.xml` and `index.html` into `outDir` (made if absent) and gives their paths. The page carries the
 * transcripts of red cases that the run left in `outDir`, up to 4 MiB of them; all others it loads on demand from `outDir/page/`, which
 * is written too. Each file is replaced as a whole, so that an interrupted run leaves the old one or the new one, never half of
 * either. Throws what the file system throws, a full disk for example.
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

/** The transcripts that cases point to, by file as they name it. A file that is not there is left out. */
async function readTranscripts(
  cases: readonly CaseVerdict[],
  outDir: string,
): Promise<ReadonlyMap<string, PageTranscript>> {
  const red = cases.filter((subject) => outcomeOf(subject) === 'failed')
  const transcripts = new Map<string, PageTranscript>()
  let room = PAGE_TRANSCRIPTS
  for (const subject of [...red, ...cases]) {
    const { failure, transcript } = subject
    const file = failure?.transcript?.file ?? transcript
    if (file === undefined || transcripts.has(file)) continue
    const text = await readInside(outDir, file)
    if (text === undefined) continue
    const source = {
      file,
      text,
      ...(failure?.transcript && { fault: { id: subject.id, line: failure.transcript.line } }),
    }
    if (outcomeOf(subject) === 'failed') {
      const embedded = embedTranscript(`transcript-${transcripts.size + 1}`, source)
      const size = embedded.embedded?.block.source.length ?? 0
      if (size <= room) {
        room -= size
        transcripts.set(file, embedded)
        continue
      }
    }
    const { entry, script } = transcriptScript(source)
    const beside = join(outDir, entry.beside?.file ?? '')
    await mkdir(dirname(beside), { recursive: true })
    await writeFile(beside, script)
    transcripts.set(file, entry)
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
