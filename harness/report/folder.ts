import { randomBytes } from 'node:crypto'
import { mkdir, open, rename, rm, symlink } from 'node:fs/promises'
import { basename, join, relative, resolve } from 'node:path'
import { isSystemError } from '../system-error.ts'
import { ReportError } from './read.ts'

/** Absolute path of the folder that was asked for, or of one that is named after the time. */
export function reportFolder(asked: string | undefined, startedAt: Date): string {
  return resolve(asked ?? `reports/${startedAt.toISOString().replace(/[:.]/g, '-')}`)
}

/** What is wrong with a path, not with the machine. */
const wrongPath: Readonly<Record<string, string>> = {
  EEXIST: 'a file',
  ENOTDIR: 'a path through a file',
  ENOENT: 'a path through a link that leads nowhere',
  ELOOP: 'links that lead in a circle',
  ENAMETOOLONG: 'a name that is too long',
  EACCES: 'one that must not be written',
  EPERM: 'one that must not be written',
  EROFS: 'one that must not be written',
}

/**
 * Makes the folder, and tries whether a report can be written into it, before anything runs for one.
 * @throws ReportError when this cannot be the folder of a report
 */
export async function makeReportFolder(outDir: string): Promise<void> {
  const trial = join(outDir, `.${randomBytes(4).toString('hex')}.tmp`)
  try {
    await mkdir(outDir, { recursive: true })
    await (await open(trial, 'wx')).close()
    await rm(trial)
  } catch (error) {
    const what = isSystemError(error) ? wrongPath[error.code] : undefined
    if (what === undefined) throw error
    throw new ReportError(`--out ${shown(outDir)}: expected a folder that can be written, got ${what}`)
  }
}

/**
 * Carries out what writes a report. Where the file system does not take it (a full disk), one line on stderr says so, and nothing is
 * thrown: what the run has found is still to be told.
 * @returns whether all of it was written
 */
export async function keepReport(outDir: string, write: () => Promise<unknown>): Promise<boolean> {
  try {
    await write()
    return true
  } catch (error) {
    if (!isSystemError(error)) throw error
    console.error(`${shown(outDir)}: the report could not be written: ${error.message}`)
    return false
  }
}

/**
 * `reports/latest` leads to the newest report, for people and for scripts; of two runs that end together, to one of theirs. It is a
 * comfort: where it cannot be had, one line on stderr says so.
 */
export async function linkLatest(outDir: string): Promise<void> {
  const link = resolve('reports/latest')
  const beside = `${link}.${randomBytes(4).toString('hex')}.tmp`
  try {
    await symlink(basename(outDir), beside)
    // Takes the place of an older link at once: there is no moment without one.
    await rename(beside, link)
  } catch (error) {
    await rm(beside, { force: true }).catch(() => {})
    if (!isSystemError(error)) throw error
    const why = error.code === 'EISDIR' ? 'it is a folder of its own' : error.message
    console.error(`reports/latest does not lead to this report: ${why}`)
  }
}

/** As people type it: below the working directory without what leads there. */
function shown(path: string): string {
  const short = relative('', path)
  return short === '' || short.startsWith('..') ? path : short
}
