/** The UCI file `cwmp` and the data model say the same: what the file says is set at a boot, what the ACS sets is written into the file. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { KeptFile } from './kept-file.ts'
import { CONFIGURED_PARAMETERS, fromOption, toOption } from './parameters.ts'

export { ConfigError } from './kept-file.ts'

/** The edition of TR-069 that brought XMPP. */
const FIRST_WITH_XMPP = 5

export class Configuration {
  /** The file `cwmp_xmpp` of the same directory, if there is one. */
  readonly xmpp: KeptFile | undefined
  readonly #file: KeptFile
  /** Parameters of which the file says what they cannot be. */
  readonly #refused = new Set<string>()
  #warn: (message: string) => void

  /**
   * Reads `cwmp` in a directory; `warn` gets a line with file and place for each mistake in it. Throws ConfigError when the file cannot be read.
   */
  constructor(directory: string, warn: (message: string) => void) {
    this.#warn = warn
    const tell = (message: string) => this.#warn(message)
    this.#file = new KeptFile(join(directory, 'cwmp'), tell)
    const xmpp = join(directory, 'cwmp_xmpp')
    const isTooOld = Number(this.get('cpe.amd_version') ?? FIRST_WITH_XMPP) < FIRST_WITH_XMPP
    if (existsSync(xmpp) && isTooOld)
      this.complain('cpe.amd_version', 'there is no XMPP before 5: cwmp_xmpp is left alone')
    this.xmpp = existsSync(xmpp) && !isTooOld ? new KeptFile(xmpp, tell) : undefined
  }

  /** From now on mistakes are told to `warn`. */
  warnBy(warn: (message: string) => void): void {
    this.#warn = warn
  }

  /** Says what is wrong with `section.option`, and in which line it stands. */
  complain(key: string, what: string): void {
    const [section = '', option = ''] = key.split('.')
    const line = this.#file.content.lineOf(section, option)
    this.#file.complain(line === undefined ? key : `line ${line}: ${key}`, what)
  }

  /** What the file says of a parameter cannot be: complains of it and leaves it to whoever wrote it, until the parameter changes. */
  refuse(path: string, what: string): void {
    this.#refused.add(path)
    this.complain(CONFIGURED_PARAMETERS.find((each) => each.path === path)?.option ?? path, what)
  }

  get path(): string {
    return this.#file.path
  }

  /** The value of `section.option`; undefined when it is absent or empty. */
  get(key: string): string | undefined {
    const [section = '', option = ''] = key.split('.')
    return this.#file.content.get(section, option) || undefined
  }

  /** What the file says of parameters, by path, in the order in which they are to be set. Options that are empty say nothing. */
  parameters(): Record<string, string> {
    const said: Record<string, string> = {}
    this.#refused.clear()
    for (const { option, path, form } of CONFIGURED_PARAMETERS) {
      const text = this.get(option)
      if (text === undefined) continue
      const value = fromOption(form, text)
      if (value === undefined) this.refuse(path, '0 or 1 is expected')
      else said[path] = value
    }
    return said
  }

  /**
   * Puts values of parameters into the file; those that have no option there are passed over. Throws what the disk says. The file as it was before the
   * first change is kept beside it as `cwmp.factory`.
   */
  write(values: Readonly<Record<string, string>>): void {
    const options = CONFIGURED_PARAMETERS.flatMap(({ option, path, form }) => {
      const value = values[path]
      return value === undefined ? [] : [[option, toOption(form, value)] as const]
    })
    this.#set(options)
  }

  /** Changes an option that is no parameter. Throws what the disk says. */
  writeOption(key: string, value: string): void {
    this.#set([[key, value]])
  }

  /** Whether the file has an option for a parameter, be it an empty one, that says nothing impossible. */
  names(path: string): boolean {
    if (this.#refused.has(path)) return false
    return CONFIGURED_PARAMETERS.some((each) => {
      const [section = '', option = ''] = each.option.split('.')
      return each.path === path && this.#file.content.get(section, option) !== undefined
    })
  }

  /** Reads the files again, in which somebody has changed something. Throws ConfigError, and goes on with what it had. */
  reload(): void {
    this.#file.reload()
    this.xmpp?.reload()
  }

  /** Brings the files back to what they were from the factory. */
  reset(): void {
    this.#file.reset()
    this.xmpp?.reset()
  }

  #set(options: readonly (readonly [key: string, text: string])[]): void {
    const { content } = this.#file
    let changed = false
    for (const [key, text] of options) {
      const [section = '', name = ''] = key.split('.')
      if ((content.get(section, name) ?? '') === text) continue
      if (content.set(section, name, text)) changed = true
      else this.complain(key, 'a value with a line break cannot be written')
    }
    if (changed) this.#file.save()
  }
}
