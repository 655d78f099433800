import { readFileSync, statSync } from 'node:fs'

/** Octets of a file that somebody wrote by hand, at most. */
const MOST_OCTETS = 1024 * 1024

/** A file cannot be read; the message is the reason alone, such as ENOENT. */
export class UnreadableFile extends Error {
  override readonly name = 'UnreadableFile'
}

/** The content of a regular file of limited size: neither a pipe, which may never end, nor a device. Throws UnreadableFile. */
export function readInputFile(path: string, mostOctets = MOST_OCTETS): Buffer {
  try {
    const found = statSync(path)
    if (found.isDirectory()) throw new UnreadableFile('EISDIR')
    if (!found.isFile()) throw new UnreadableFile('no regular file')
    if (found.size > mostOctets) throw new UnreadableFile(`larger than ${mostOctets} octets`)
    return readFileSync(path)
  } catch (error) {
    if (error instanceof UnreadableFile) throw error
    throw new UnreadableFile((error as NodeJS.ErrnoException).code)
  }
}
