import { hash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** The list of sums, in the format of sha256sum(1), and its signature: 64 octets. */
export const sumsFile = 'SHA256SUMS'
export const signatureFile = 'SHA256SUMS.sig'

/** Something that cannot be certified, sealed or checked; a line for each reason. Exit code 2. */
export class BundleError extends Error {
  override readonly name = 'BundleError'
}

/** What lies in a folder, below it too: paths with slashes, relative and sorted. */
export interface Contents {
  readonly files: readonly string[]
  /** Links, sockets and other things that are neither file nor folder. */
  readonly others: readonly string[]
}

/** @throws BundleError when the folder cannot be read */
export async function contentsOf(folder: string): Promise<Contents> {
  const files: string[] = []
  const others: string[] = []
  const walk = async (below: string): Promise<void> => {
    const entries = await readdir(join(folder, below), { withFileTypes: true })
    for (const entry of entries) {
      const path = below === '' ? entry.name : `${below}/${entry.name}`
      if (entry.isDirectory()) await walk(path)
      else (entry.isFile() ? files : others).push(path)
    }
  }
  try {
    await walk('')
  } catch (error) {
    throw new BundleError(
      `${folder}: expected a folder, got ${(error as NodeJS.ErrnoException).code ?? String(error)}`,
    )
  }
  return { files: files.sort(), others: others.sort() }
}

/** SHA-256 of a file, in hexadecimal digits. */
export async function sumOf(file: string): Promise<string> {
  // Whole: the largest files of a report, its page and a fuzzer's transcript, have some megabytes.
  return hash('sha256', await readFile(file), 'hex')
}

/** A line for each file, as sha256sum(1) writes and `sha256sum -c` reads them. */
export function formatSums(sums: ReadonlyMap<string, string>): string {
  return [...sums].map(([path, sum]) => `${sum}  ${path}\n`).join('')
}

interface ParsedSums {
  readonly sums: ReadonlyMap<string, string>
  /** The first line that is not as `formatSums` writes it, 1-based. */
  readonly badLine?: number
}

/** Reads the list strictly: each path once, sorted, and inside the folder. */
export function parseSums(text: string): ParsedSums {
  const sums = new Map<string, string>()
  const lines = text.split('\n')
  let last = ''
  for (const [at, line] of lines.entries()) {
    if (at === lines.length - 1 && line === '' && at > 0) return { sums }
    const [, sum, path] = /^([0-9a-f]{64}) {2}([^\n]+)$/.exec(line) ?? []
    if (sum === undefined || path === undefined || path <= last || !isInside(path))
      return { sums, badLine: at + 1 }
    sums.set(path, sum)
    last = path
  }
  return { sums, badLine: lines.length }
}

function isInside(path: string): boolean {
  return path.split('/').every((part) => part !== '' && part !== '.' && part !== '..') && !path.includes('\\')
}
