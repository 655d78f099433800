import { HarnessError } from '../failure.ts'
import { jsonText } from './json-text.ts'
import { readLines } from './lines.ts'
import type { Ending, ProcessGroup } from './process-group.ts'

/** One answer of the adapter; which keys it has depends on the request. */
export type Answer = Readonly<Record<string, unknown>> & { readonly answer: string }

interface Pending {
  readonly id: number
  readonly request: string
  readonly resolve: (answer: Answer) => void
  readonly reject: (error: unknown) => void
}

/** Requests and answers as JSON lines over an adapter's stdin and stdout, one at a time. */
export class Channel {
  readonly #process: ProcessGroup
  readonly #name: string
  readonly #log: (line: string) => void
  #lastId = 0
  #pending: Pending | undefined
  /** Requests that nobody waits for any longer; an answer to one of them is late, not wrong. */
  readonly #abandoned = new Set<number>()
  /** A breach of the contract while nothing was asked: the next request fails with it. */
  #grievance: HarnessError | undefined
  #turn: Promise<unknown> = Promise.resolve()

  constructor(process: ProcessGroup, name: string, log: (line: string) => void) {
    this.#process = process
    this.#name = name
    this.#log = log
    if (process.stdout) readLines(process.stdout, (line) => this.#take(line))
    process.drained.then((ending) => this.#settle(this.#died(ending)))
  }

  /**
   * Sends a request and waits for its answer. All arguments are texts, so that an adapter needs no JSON library.
   * @throws {HarnessError} when the adapter breaks the contract or dies; the signal's reason when that fires
   */
  request(request: string, args: Readonly<Record<string, string>>, signal: AbortSignal): Promise<Answer> {
    const answer = this.#turn.then(() => this.#send(request, args, signal))
    this.#turn = answer.catch(() => {})
    return answer
  }

  async #send(request: string, args: Readonly<Record<string, string>>, signal: AbortSignal): Promise<Answer> {
    signal.throwIfAborted()
    if (this.#process.ending) throw this.#died(await this.#process.drained)
    const grievance = this.#grievance
    this.#grievance = undefined
    if (grievance) throw grievance
    const id = ++this.#lastId
    const { promise, resolve, reject } = Promise.withResolvers<Answer>()
    this.#pending = { id, request, resolve, reject }
    const abandon = () => this.#settle(signal.reason)
    signal.addEventListener('abort', abandon, { once: true })
    this.#process.stdin?.write(`{"id":${id},${pairs({ request, ...args })}}\n`)
    try {
      return await promise
    } finally {
      signal.removeEventListener('abort', abandon)
    }
  }

  #take(line: string): void {
    const answer = asAnswer(line)
    if (typeof answer === 'string') {
      this.#breach(`wrote ${answer}: ${shown(line)}`)
    } else if (answer.id === this.#pending?.id) {
      const { resolve } = this.#pending
      this.#pending = undefined
      resolve(answer)
    } else if (this.#abandoned.delete(answer.id)) {
      this.#log(`late answer, not counted: ${shown(line)}`)
    } else {
      const asked = this.#pending ? `not ${this.#pending.id}` : 'and nothing was asked'
      this.#breach(`answered with id ${answer.id}, ${asked}: ${shown(line)}`)
    }
  }

  #breach(what: string): void {
    const asked = this.#pending ? `in answer to ${this.#pending.request} ` : ''
    const error = new HarnessError(`adapter ${this.#name}: ${asked}${what}`)
    if (this.#pending) this.#settle(error)
    else this.#grievance ??= error
  }

  #settle(error: unknown): void {
    if (!this.#pending) return
    const { id, reject } = this.#pending
    this.#abandoned.add(id)
    this.#pending = undefined
    reject(error)
  }

  #died(ending: Ending): HarnessError {
    const how = ending.signal ? `was ended by ${ending.signal}` : `ended with exit code ${ending.code}`
    const words =
      this.#process.lastLine === '' ? '' : `; last line on stderr: ${shown(this.#process.lastLine)}`
    const asked = this.#pending ? ` before it answered ${this.#pending.request}` : ''
    return new HarnessError(`adapter ${this.#name}: ${how}${asked}${words}`)
  }
}

function pairs(texts: Readonly<Record<string, string>>): string {
  return Object.entries(texts)
    .map(([key, text]) => `"${key}":"${jsonText(text)}"`)
    .join(',')
}

/** The answer in the line, or what the line is instead. */
function asAnswer(line: string): (Answer & { readonly id: number }) | string {
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch {
    return 'a line that is no JSON to stdout'
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return 'a line that is no JSON object'
  const { id, answer } = value as Record<string, unknown>
  if (typeof id !== 'number') return 'an answer without a numeric "id"'
  if (typeof answer !== 'string') return 'an answer without a text "answer"'
  return value as Answer & { readonly id: number }
}

function shown(line: string): string {
  return line.length > 200
    ? `${line.slice(0, 200)}… (${line.length} characters)`
    : line === ''
      ? '(an empty line)'
      : line
}
