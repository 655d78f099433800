/** A UCI file on the disk that the agent reads and changes. */
import {
  closeSync,
  copyFileSync,
  existsSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  statSync,
  writeSync,
} from 'node:fs'
import { UciFile } from './uci.ts'

/** The directory cannot be read as configuration; the message is one line with file and place. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
}

/** As it was before the first change, it is kept beside itself with `.factory` behind its name. */
export class KeptFile {
  readonly path: string
  readonly #warn: (message: string) => void
  #content: UciFile

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
      writeSync(handle, this.#content.toString())
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
    let content: string
    try {
      content = readFileSync(this.path, 'utf8')
    } catch (error) {
      throw new ConfigError(`${this.path}: ${(error as NodeJS.ErrnoException).code}`)
    }
    const file = new UciFile(content)
    for (const { line, message } of file.mistakes)
      this.complain(`line ${line}`, `${message}; the line is ignored`)
    return file
  }
}
