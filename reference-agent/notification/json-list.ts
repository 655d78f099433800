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
  } catch {
    log.warning(`${file}:${lineOfMistake(text)}: no valid JSON; the file is ignored`)
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

/** The line of the first character that no JSON text can go on with; the last line for a text that ends too early. JSON.parse itself does not always tell the place. */
function lineOfMistake(text: string): number {
  let [good, bad] = [0, text.length]
  while (good < bad) {
    const middle = Math.floor((good + bad) / 2) + 1
    if (isBroken(text.slice(0, middle))) bad = middle - 1
    else good = middle
  }
  return text.slice(0, good + 1).split('\n').length
}

/** Whether no text that begins like this is JSON. */
function isBroken(start: string): boolean {
  try {
    JSON.parse(start)
    return false
  } catch (error) {
    const { message } = error as SyntaxError
    const position = /position (\d+)/.exec(message)?.[1]
    return (
      message.startsWith('Unexpected token') || (position !== undefined && Number(position) < start.length)
    )
  }
}
