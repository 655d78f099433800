import { type SchemaIssue, type ValidationOptions, validateEnvelopes } from './schema.ts'

/** Finds what the schema of its namespace says against each of the envelopes; those without an issue need not be in the answer. */
export type JudgeBySchema = (
  sources: readonly string[],
  options?: Pick<ValidationOptions, 'officialDir'>,
) => Promise<ReadonlyMap<string, readonly SchemaIssue[]>>

/** At once, with an xmllint for these envelopes alone. */
export const judgeBySchema: JudgeBySchema = async (sources, options) => {
  const files = sources.map((content) => ({ name: content, content }))
  // A Map, as the text of an envelope is anything, `__proto__` too.
  return Map.groupBy(await validateEnvelopes(files, options), ({ file }) => file)
}

interface Request {
  readonly sources: readonly string[]
  readonly officialDir: string | undefined
  readonly answered: PromiseWithResolvers<ReadonlyMap<string, readonly SchemaIssue[]>>
}

interface BatchOptions {
  /** So many requests are answered together. */
  readonly requests: number
  /** So many characters are kept waiting at most. */
  readonly characters: number
  readonly judge?: JudgeBySchema
}

/**
 * Judges the envelopes of several cases with one xmllint: it takes a tenth of a second of a processor to start, and a
 * thousandth of that for an envelope. Nothing is answered before enough has come, or `finish` was called.
 */
export class SchemaBatch {
  readonly #options: Required<BatchOptions>
  #waiting: Request[] = []
  #characters = 0
  #finished = false

  constructor(options: BatchOptions) {
    this.#options = { judge: judgeBySchema, ...options }
  }

  /** As judgeBySchema, later. @throws what that throws, to each whose envelopes were among them */
  readonly judge: JudgeBySchema = (sources, { officialDir } = {}) => {
    const answered = Promise.withResolvers<ReadonlyMap<string, readonly SchemaIssue[]>>()
    this.#waiting.push({ sources, officialDir, answered })
    for (const { length } of sources) this.#characters += length
    const { requests, characters } = this.#options
    if (this.#finished || this.#waiting.length >= requests || this.#characters >= characters) this.#start()
    return answered.promise
  }

  /** Nobody is kept waiting any longer: what waits is judged now, and what still comes at once. */
  finish(): void {
    this.#finished = true
    this.#start()
  }

  #start(): void {
    const taken = this.#waiting
    this.#waiting = []
    this.#characters = 0
    for (const [officialDir, requests] of Map.groupBy(taken, (request) => request.officialDir)) {
      const sources = [...new Set(requests.flatMap((request) => request.sources))]
      const judged = this.#options.judge(sources, officialDir === undefined ? {} : { officialDir })
      for (const { answered } of requests) judged.then(answered.resolve, answered.reject)
    }
  }
}
