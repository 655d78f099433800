import { rm, symlink } from 'node:fs/promises'
import { basename, resolve } from 'node:path'

/** Absolute path of the folder that was asked for, or of one that is named after the time. */
export function reportFolder(asked: string | undefined, startedAt: Date): string {
  return resolve(asked ?? `reports/${startedAt.toISOString().replace(/[:.]/g, '-')}`)
}

/** `reports/latest` leads to the newest report, for people and for scripts. */
export async function linkLatest(outDir: string): Promise<void> {
  const link = resolve('reports/latest')
  await rm(link, { force: true })
  await symlink(basename(outDir), link)
}
