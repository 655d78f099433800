/** A UCI file on the disk that the agent reads and changes. */

import { isUtf8 } from 'node:buffer'
import {
  closeSync,
  copyFileSync,
  existsSync,
  fsyncSync,
  openSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { readInputFile } from '../platform/platform.ts'
import { UciFile } from './uci.ts'

/** The directory cannot be read as configuration; the message is one line with file and place. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
}

/** Complaints about a file; one that is something else altogether has no end of them. */
const MOST_COMPLAINTS = 20

/** As it was before the first change, it is kept beside itself with `.factory` behind its name. */
export class KeptFile {
  readonly path: string
  readonly #warn: (message: string) => void
  #content: UciFile
  /** Other octets than those of UTF-8 stay what they were when the file is written. */
  #encoding: 'utf8' | 'latin1' = 'utf8'

  /** `warn` gets a line with file and place for each mistake in it. Throws ConfigError when the file cannot be read. */
  constructor(path: string, warn: (message: string) => void) {
    this.path = path
    this.#warn = warn
    this.#content = this.#read()
  }

  get content(): UciFile {
    return this.#content
  }

  /** Says what is wrong with something in the file. */
  complain(where: string, what: string): void {
    this.#warn(`${this.path}: ${where}: ${what}`)
  }

  /** Writes the content as it is now, wholly or not at all, with the rights that the file had: it may hold passwords. Throws what the disk says. */
  save(): void {
    if (!existsSync(this.#factory)) copyFileSync(this.path, this.#factory)
    const temporary = `${this.path}.new`
    const { mode } = statSync(this.path)
    const handle = openSync(temporary, 'w', mode & 0o777)
    try {
      writeFileSync(handle, octetsOf(this.#content.toString(), this.#encoding))
      fsyncSync(handle)
    } finally {
      closeSync(handle)
    }
    renameSync(temporary, this.path)
  }

  /** Reads the file again, in which somebody has changed something. Throws ConfigError, and goes on with what it had. */
  reload(): void {
    this.#content = this.#read()
  }

  /** Brings the file back to what it was from the factory. */
  reset(): void {
    if (!existsSync(this.#factory)) return
    renameSync(this.#factory, this.path)
    this.reload()
  }

  get #factory(): string {
    return `${this.path}.factory`
  }

  #read(): UciFile {
    let octets: Buffer
    try {
      octets = readInputFile(this.path)
    } catch (error) {
      throw new ConfigError(`${this.path}: ${(error as Error).message}`)
    }
    this.#encoding = isUtf8(octets) ? 'utf8' : 'latin1'
    if (this.#encoding === 'latin1') this.#warn(`${this.path}: not in UTF-8; read as Latin-1`)
    const file = new UciFile(octets.toString(this.#encoding))
    for (const { line, message } of file.mistakes.slice(0, MOST_COMPLAINTS))
      this.complain(`line ${line}`, `${message}; the line is ignored`)
    const more = file.mistakes.length - MOST_COMPLAINTS
    if (more > 0) this.#warn(`${this.path}: ${more} more lines are ignored`)
    return file
  }
}

/** In a file of Latin-1, what that does not have is written as UTF-8 would have it. */
function octetsOf(text: string, encoding: 'utf8' | 'latin1'): Buffer {
  if (encoding === 'utf8') return Buffer.from(text)
  const spelled = text.replace(/[^\0-\xff]/gu, (character) => Buffer.from(character).toString('latin1'))
  return Buffer.from(spelled, 'latin1')
}
