/** The UCI file `cwmp` and the data model say the same: what the file says is set at a boot, what the ACS sets is written into the file. */
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
import { join } from 'node:path'
import { CONFIGURED_PARAMETERS, fromOption, toOption } from './parameters.ts'
import { UciFile } from './uci.ts'

/** The directory cannot be read as configuration; the message is one line with file and place. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
}

export class Configuration {
  readonly path: string
  readonly #warn: (message: string) => void
  #file: UciFile

  /**
   * Reads `cwmp` in a directory; `warn` gets a line with file and place for each mistake in it. Throws ConfigError when the file cannot be read.
   */
  constructor(directory: string, warn: (message: string) => void) {
    this.path = join(directory, 'cwmp')
    this.#warn = warn
    this.#file = this.#read()
  }

  /** The value of `section.option`; undefined when it is absent or empty. */
  get(key: string): string | undefined {
    const [section = '', option = ''] = key.split('.')
    return this.#file.get(section, option) || undefined
  }

  /** What the file says of parameters, by path, in the order in which they are to be set. Options that are empty say nothing. */
  parameters(): Record<string, string> {
    const said: Record<string, string> = {}
    for (const { option, path, form } of CONFIGURED_PARAMETERS) {
      const text = this.get(option)
      if (text === undefined) continue
      const value = fromOption(form, text)
      if (value === undefined) this.#warn(`${this.path}: ${option}: 0 or 1 is expected`)
      else said[path] = value
    }
    return said
  }

  /**
   * Puts values of parameters into the file; those that have no option there are passed over. Throws what the disk says. The file as it was before the
   * first change is kept beside it as `cwmp.factory`.
   */
  write(values: Readonly<Record<string, string>>): void {
    let changed = false
    for (const { option, path, form } of CONFIGURED_PARAMETERS) {
      const value = values[path]
      if (value === undefined) continue
      const [section = '', name = ''] = option.split('.')
      const text = toOption(form, value)
      if ((this.#file.get(section, name) ?? '') === text) continue
      if (this.#file.set(section, name, text)) changed = true
      else this.#warn(`${this.path}: ${option}: a value with a line break cannot be written`)
    }
    if (!changed) return
    if (!existsSync(this.#factory)) copyFileSync(this.path, this.#factory)
    this.#save()
  }

  /** Whether the file has an option for a parameter, be it an empty one. */
  names(path: string): boolean {
    return CONFIGURED_PARAMETERS.some((each) => {
      const [section = '', option = ''] = each.option.split('.')
      return each.path === path && this.#file.get(section, option) !== undefined
    })
  }

  /** Reads the file again, in which somebody has changed something. Throws ConfigError, and goes on with what it had. */
  reload(): void {
    this.#file = this.#read()
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
      this.#warn(`${this.path}: line ${line}: ${message}; the line is ignored`)
    return file
  }

  /** Wholly or not at all, with the rights that the file had: it may hold passwords. */
  #save(): void {
    const temporary = `${this.path}.new`
    const { mode } = statSync(this.path)
    const handle = openSync(temporary, 'w', mode & 0o777)
    try {
      writeSync(handle, this.#file.toString())
      fsyncSync(handle)
    } finally {
      closeSync(handle)
    }
    renameSync(temporary, this.path)
  }
}
