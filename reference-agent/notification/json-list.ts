/** Lists in JSON files beside the configuration, of which one bad entry does not spoil the others. */
import { readFileSync } from 'node:fs'
import type { Log } from '../platform/platform.ts'

/** An entry that is not taken; the message says why. */
export class EntryRefused extends Error {
  override readonly name = 'EntryRefused'
}

/**
 * Gives each member of the array under `key` to `take`. What cannot be used, the whole file or an entry for which `take` throws EntryRefused, costs one line in the log
 * with the file, the entry and the reason, and nothing else.
 */
export function readJsonList(file: string, key: string, log: Log, take: (entry: unknown) => void): void {
  const entries = parseList(file, key, log)
  for (const [index, entry] of entries.entries()) {
    try {
      take(entry)
    } catch (error) {
      if (!(error instanceof EntryRefused)) throw error
      log.warning(`${file}: entry ${index + 1} of ${key} is ignored: ${error.message}`)
    }
  }
}

function parseList(file: string, key: string, log: Log): unknown[] {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    log.warning(`${file} cannot be read (${(error as NodeJS.ErrnoException).code}) and is ignored`)
    return []
  }
  let content: unknown
  try {
    content = JSON.parse(text)
  } catch (error) {
    log.warning(`${file}:${lineOf(error as SyntaxError, text)}: no valid JSON; the file is ignored`)
    return []
  }
  const list = isRecord(content) ? content[key] : undefined
  if (Array.isArray(list)) return list
  log.warning(`${file}: an object with an array ${key} is expected; the file is ignored`)
  return []
}

/** Whether a JSON value is an object. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Where JSON.parse stopped; it tells the place in words only, and none for a text that ends too early. */
function lineOf({ message }: SyntaxError, text: string): number {
  const position = /position (\d+)/.exec(message)?.[1]
  return text.slice(0, position === undefined ? text.length : Number(position)).split('\n').length
}
