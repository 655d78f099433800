import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { VERDICTS } from './outcome.ts'
import type { VerdictFile } from './verdict.ts'

/** A path that leads to no report; the message is the one line that the user sees. Exit code 2. */
export class ReportError extends Error {
  override readonly name = 'ReportError'
}

// What is read from files that others may have made; the rest of the shape is as this or a near version wrote it.
const reportSchema = z.looseObject({
  format: z.literal(1),
  suiteVersion: z.string(),
  seed: z.number(),
  startedAt: z.string(),
  commandLine: z.array(z.string()),
  dut: z.looseObject({ manufacturer: z.string(), model: z.string(), firmware: z.string() }),
  cases: z.array(
    z.looseObject({
      id: z.string(),
      suite: z.string(),
      title: z.string(),
      level: z.enum(['MUST', 'SHOULD', 'MAY']),
      clause: z.string(),
      verdict: z.enum(VERDICTS as [string, ...string[]]),
      notes: z.array(z.string()),
    }),
  ),
  units: z.array(z.looseObject({ name: z.string(), file: z.string(), state: z.string() })),
  requirements: z.array(z.looseObject({ id: z.string(), state: z.string() })),
  interrupted: z.boolean(),
  exitCode: z.number(),
})

/**
 * The verdict of a run: `path` is its report folder, or the `verdict.json` in it.
 * @throws ReportError naming the file, and what in it is not as in a report of this suite
 */
export async function readReport(path: string): Promise<VerdictFile> {
  const file = await fileOf(path)
  let written: unknown
  try {
    written = JSON.parse(await readFile(file, 'utf8'))
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw new ReportError(
      `${file}: expected a report's verdict.json, got ${reasons[code ?? ''] ?? 'no JSON'}`,
    )
  }
  const { error } = reportSchema.safeParse(written)
  const [issue] = error?.issues ?? []
  if (issue)
    throw new ReportError(
      `${file} is no report of this suite: ${issue.path.join('.') || 'the whole'}: ${issue.message}`,
    )
  return written as VerdictFile
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'no such file',
  ENOTDIR: 'no such file',
  EISDIR: 'a folder',
  EACCES: 'a file that may not be read',
}

async function fileOf(path: string): Promise<string> {
  const found = await stat(path).catch(() => undefined)
  if (!found) throw new ReportError(`${path}: expected the folder of a report, got no such file or folder`)
  return found.isDirectory() ? join(path, 'verdict.json') : path
}
