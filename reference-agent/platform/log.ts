/** Log lines with the severities of syslog. Secrets that were made known never appear in one. */
import { firstCharacters } from './text.ts'

export const LOG_LEVELS = ['EMERG', 'ALERT', 'CRIT', 'ERROR', 'WARNING', 'NOTICE', 'INFO', 'DEBUG'] as const
export type LogLevel = (typeof LOG_LEVELS)[number]

export type LogWriter = (line: string) => void

/** Replacing shorter texts would make the log unreadable and show where they occur. */
const SHORTEST_SECRET = 4

/** Characters of a message that are shown; traces of the stack are shorter. */
const LONGEST_LINE = 4000

/** Lines that a log can still show when asked for them. */
const LINES_REMEMBERED = 2000

export class Log {
  readonly #threshold: number
  readonly #write: LogWriter
  readonly #secrets: Set<string>
  readonly #topic: string
  readonly #recent: string[]

  constructor(
    level: LogLevel,
    write: LogWriter,
    secrets = new Set<string>(),
    topic = '',
    recent: string[] = [],
  ) {
    this.#threshold = LOG_LEVELS.indexOf(level)
    this.#write = write
    this.#secrets = secrets
    this.#topic = topic
    this.#recent = recent
  }

  /** The same log for one part of the agent: its lines begin with `topic:`, and it may show fewer or more of them. */
  about(topic: string, level = LOG_LEVELS[this.#threshold] ?? 'INFO'): Log {
    return new Log(level, this.#write, this.#secrets, `${topic}: `, this.#recent)
  }

  /** From now on this text is replaced by asterisks in every line. */
  mask(secret: string): void {
    if (secret.length >= SHORTEST_SECRET) this.#secrets.add(secret)
  }

  /** The last lines of the whole log, oldest first. */
  get recent(): readonly string[] {
    return this.#recent
  }

  alert(message: string): void {
    this.#line('ALERT', message)
  }

  error(message: string): void {
    this.#line('ERROR', message)
  }

  warning(message: string): void {
    this.#line('WARNING', message)
  }

  notice(message: string): void {
    this.#line('NOTICE', message)
  }

  info(message: string): void {
    this.#line('INFO', message)
  }

  debug(message: string): void {
    this.#line('DEBUG', message)
  }

  /** Whether a line of that level would be written: for messages that are costly to compose. */
  shows(level: LogLevel): boolean {
    return LOG_LEVELS.indexOf(level) <= this.#threshold
  }

  #line(level: LogLevel, message: string): void {
    if (!this.shows(level)) return
    let text = message
    for (const secret of this.#secrets) text = text.replaceAll(secret, '***')
    text = plain(text)
    const line = `${timestamp(new Date())} ${`[${level}]`.padEnd(10)}${this.#topic}${text}`
    this.#recent.push(line)
    if (this.#recent.length > LINES_REMEMBERED) this.#recent.shift()
    this.#write(line)
  }
}

/** One line without what would move the cursor of whoever reads it. */
function plain(text: string): string {
  const line = text.replace(/\p{Cc}+/gu, ' ')
  const head = firstCharacters(line, LONGEST_LINE)
  return head === line ? line : `${head} … (${text.length} characters)`
}

/** Local time as in the logs that operators of OpenWrt devices read: `24-12-2019, 10:21:18`. */
function timestamp(time: Date): string {
  const two = (number: number) => String(number).padStart(2, '0')
  const day = [two(time.getDate()), two(time.getMonth() + 1), time.getFullYear()].join('-')
  return `${day}, ${[time.getHours(), time.getMinutes(), time.getSeconds()].map(two).join(':')}`
}
