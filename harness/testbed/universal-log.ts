import { mkdirSync } from 'node:fs'
import { appendFile, readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { type JudgeBySchema, SchemaBatch } from '../cwmp/schema-batch.ts'

/** What the universal checks saw in one case. One line of JSON each, left by each worker at the latest when it ends. */
export interface UniversalEntry {
  readonly caseId: string
  readonly suite: string
  /** How many messages each universal requirement was held against. */
  readonly checked: Readonly<Record<string, number>>
  readonly violations: readonly UniversalViolation[]
}

export interface UniversalViolation {
  readonly requirement: string
  readonly expected: string
  readonly actual: string
  /** Transcript relative to the report folder, and the message's line there. */
  readonly transcript: string
  readonly line: number
}

/** Some seconds of a worker: what a worker that dies takes with it, and its last case is an ERROR then. */
const together = { requests: 20, characters: 4 << 20 }

/** Where the workers of a run leave what the universal checks saw. */
export class UniversalLog {
  readonly #file: string
  readonly #schemas = new SchemaBatch(together)
  #pending: Promise<void> = Promise.resolve()

  constructor(outDir: string) {
    const folder = universalFolder(outDir)
    mkdirSync(folder, { recursive: true })
    this.#file = join(folder, `${process.pid}.jsonl`)
  }

  /** Validates envelopes for the entries: those of several cases together, the last ones in `close`. */
  get judge(): JudgeBySchema {
    return this.#schemas.judge
  }

  /** Takes the entry as soon as it is known; the case need not wait for it. */
  add(entry: Promise<UniversalEntry>): void {
    this.#pending = Promise.all([this.#pending, entry]).then(([, known]) =>
      appendFile(this.#file, `${JSON.stringify(known)}\n`),
    )
    // Awaited in close(); until then a rejection must not count as unhandled.
    this.#pending.catch(() => {})
  }

  /** Waits until everything is written. @throws what a check or the file system threw. */
  close(): Promise<void> {
    this.#schemas.finish()
    return this.#pending
  }
}

/** Reads back what all workers left, and clears it away. */
export async function takeUniversalEntries(outDir: string): Promise<UniversalEntry[]> {
  const folder = universalFolder(outDir)
  const files = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    throw error
  })
  const texts = await Promise.all(files.sort().map((file) => readFile(join(folder, file), 'utf8')))
  await rm(folder, { recursive: true, force: true })
  return texts.flatMap((text) =>
    text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as UniversalEntry),
  )
}

function universalFolder(outDir: string): string {
  return join(outDir, '.universal')
}
