import { randomBytes } from 'node:crypto'
import { mkdir, open, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { renderJunit } from './junit.ts'
import type { VerdictFile } from './verdict.ts'

/**
 * Writes `verdict.json`, `junit.xml` and `index.html` into `outDir` (made if absent) and gives their paths. Each file is
 * replaced as a whole, so that an interrupted run leaves the old one or the new one, never half of either.
 * Throws what the file system throws, a full disk for example.
 */
export async function writeReports(verdict: VerdictFile, outDir: string): Promise<{ files: string[] }> {
  await mkdir(outDir, { recursive: true })
  const contents: readonly (readonly [string, string])[] = [
    ['verdict.json', `${JSON.stringify(verdict, null, 2)}\n`],
    ['junit.xml', renderJunit(verdict)],
  ]
  const files: string[] = []
  for (const [name, content] of contents) {
    const file = join(outDir, name)
    await replaceFile(file, content)
    files.push(file)
  }
  return { files }
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
