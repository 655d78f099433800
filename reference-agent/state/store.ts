/** What the agent remembers over a power cut: one file of named sections, replaced as a whole. */
import { createHash } from 'node:crypto'
import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import type { Log } from '../platform/platform.ts'
import { makeDirectory, usable } from './unusable.ts'

export interface StateStore {
  /** The last committed value of a section. Shared with every other reader: not to be modified. */
  get<T>(section: string): T | undefined
  /**
   * Makes all these sections durable together, or none of them: once this returns they survive a power cut, and a cut before leaves the former
   * state. `undefined` removes a section. Values are JSON. Writes nothing when nothing changes. Throws when the disk refuses.
   */
  commit(changes: Record<string, unknown>): void
  /**
   * All commits during `work` become durable as one, when it ends; none of them when it throws. Readers see them at once. May be nested: the
   * outermost call makes them durable.
   */
  together<T>(work: () => T): T
  /** Has something taken back, latest first, if the `together` under way does not become durable. Nothing to do outside of one: a `commit` is durable once it returns. */
  onRollback(undo: () => void): void
  /** Removes, durably, every section that is not named. */
  clear(keep: readonly string[]): void
}

const FILE = 'state.json'
const TEMPORARY = 'state.json.new'
const FORMAT = 'cwmp-agent-state 1'

/** A section as it stands in the file. Readers get what a restart would give them, so its value is parsed from that, when first asked for. */
class Section {
  readonly json: string
  #value: { parsed: unknown } | undefined

  constructor(json: string) {
    this.json = json
  }

  get value(): unknown {
    this.#value ??= { parsed: JSON.parse(this.json) }
    return this.#value.parsed
  }
}

/**
 * A StateStore in one directory. A commit writes a temporary file, syncs it, renames it over the old one and syncs the directory, so that a kill at
 * any moment leaves the old or the new state. Only one process may use a directory (see lock.ts).
 */
export class FileStateStore implements StateStore {
  readonly #directory: string
  #sections: Map<string, Section>
  /** What stood before the outermost `together` under way. */
  #before: Map<string, Section> | undefined
  /** What is to be taken back when that fails. */
  #undo: (() => void)[] = []
  readonly #log: Log
  /** Whether the disk has refused the last write. */
  #isRefused = false

  /**
   * Opens the directory, making it if need be. A damaged file is set aside under a name of its own and reported in the log, never overwritten. Throws
   * StateUnusable.
   */
  constructor(directory: string, log: Log) {
    this.#directory = directory
    this.#log = log
    makeDirectory(directory)
    const temporary = join(directory, TEMPORARY)
    usable(temporary, () => rmSync(temporary, { force: true }))
    this.#sections = this.#load()
  }

  get<T>(section: string): T | undefined {
    return this.#sections.get(section)?.value as T | undefined
  }

  commit(changes: Record<string, unknown>): void {
    const next = new Map(this.#sections)
    let changed = false
    for (const [name, value] of Object.entries(changes)) {
      const json = JSON.stringify(value)
      if (json === this.#sections.get(name)?.json) continue
      changed = true
      if (json === undefined) next.delete(name)
      else next.set(name, new Section(json))
    }
    if (changed) this.#replace(next)
  }

  clear(keep: readonly string[]): void {
    this.#replace(new Map([...this.#sections].filter(([name]) => keep.includes(name))))
  }

  together<T>(work: () => T): T {
    if (this.#before) return work()
    const before = this.#sections
    this.#before = before
    try {
      const result = work()
      if (this.#sections !== before) this.#write(this.#sections)
      return result
    } catch (error) {
      this.#sections = before
      for (const undo of this.#undo.toReversed()) undo()
      throw error
    } finally {
      this.#before = undefined
      this.#undo = []
    }
  }

  onRollback(undo: () => void): void {
    if (this.#before) this.#undo.push(undo)
  }

  #replace(sections: Map<string, Section>): void {
    if (!this.#before) this.#write(sections)
    this.#sections = sections
  }

  /** The first refusal of a row of them is told in the log, and that it is over. */
  #write(sections: Map<string, Section>): void {
    const path = join(this.#directory, FILE)
    try {
      this.writeFile(encode(sections))
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException
      if (!this.#isRefused)
        this.#log.alert(`${path} cannot be written (${code ?? message}): nothing new is kept`)
      this.#isRefused = true
      throw error
    }
    if (this.#isRefused) this.#log.notice(`${path} can be written again`)
    this.#isRefused = false
  }

  /** The durable replacement of the state file. Public so that it can be overridden. */
  writeFile(content: string): void {
    const temporary = join(this.#directory, TEMPORARY)
    const file = openSync(temporary, 'w', 0o600)
    try {
      const octets = Buffer.from(content)
      for (let written = 0; written < octets.length; ) written += writeSync(file, octets, written)
      fsyncSync(file)
    } finally {
      closeSync(file)
    }
    renameSync(temporary, join(this.#directory, FILE))
    syncDirectory(this.#directory)
  }

  #load(): Map<string, Section> {
    const path = join(this.#directory, FILE)
    if (!existsSync(path)) return new Map()
    const content = usable(path, () => readFileSync(path, 'utf8'))
    try {
      return decode(content)
    } catch (error) {
      const aside = `${path}.damaged-${new Date().toISOString().replaceAll(':', '')}`
      renameSync(path, aside)
      syncDirectory(this.#directory)
      this.#log.alert(
        `${path} is damaged (${(error as Error).message}); kept as ${aside}, starting from factory defaults`,
      )
      return new Map()
    }
  }
}

/** The first line names the format and the digest of the second, which is one JSON object. */
function encode(sections: Map<string, Section>): string {
  const members = [...sections].map(([name, { json }]) => `${JSON.stringify(name)}:${json}`)
  const body = `{${members.join(',')}}`
  return `${FORMAT} ${digest(body)}\n${body}\n`
}

function decode(content: string): Map<string, Section> {
  const end = content.indexOf('\n')
  const body = content.slice(end + 1).trimEnd()
  const [head, expected] = [content.slice(0, FORMAT.length), content.slice(FORMAT.length + 1, end)]
  if (end < 0 || head !== FORMAT) throw new Error('it does not begin as a state file')
  if (expected !== digest(body)) throw new Error('its digest does not fit its content')
  const members = Object.entries(JSON.parse(body) as Record<string, unknown>)
  return new Map(members.map(([name, value]) => [name, new Section(JSON.stringify(value))]))
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

/** A rename is durable only once its directory is. */
function syncDirectory(directory: string): void {
  const handle = openSync(directory, 'r')
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}
