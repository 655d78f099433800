/** Lists in JSON files beside the configuration, of which one bad entry does not spoil the others. */
import {
  JsonMistake,
  type Log,
  lineOfValue,
  parseJson,
  readInputFile,
  UnreadableFile,
} from '../platform/platform.ts'

/** An entry that is not taken; the message says why. */
export class EntryRefused extends Error {
  override readonly name = 'EntryRefused'
}

/**
 * Gives each member of the array under `key` to `take`. What cannot be used, the whole file or an entry for which `take` throws EntryRefused, costs one line in the log
 * with the file, the entry and the reason, and nothing else.
 */
export function readJsonList(file: string, key: string, log: Log, take: (entry: unknown) => void): void {
  const { text, entries } = parseList(file, key, log)
  for (const [index, entry] of entries.entries()) {
    try {
      take(entry)
    } catch (error) {
      if (!(error instanceof EntryRefused)) throw error
      const line = lineOfValue(text, [key, index])
      log.warning(`${file}:${line}: entry ${index + 1} of ${key} is ignored: ${error.message}`)
    }
  }
}

function parseList(file: string, key: string, log: Log): { text: string; entries: unknown[] } {
  try {
    const text = readInputFile(file).toString()
    const content = parseJson(text)
    const list = isRecord(content) ? content[key] : undefined
    if (Array.isArray(list)) return { text, entries: list }
    log.warning(`${file}: an object with an array ${key} is expected; the file is ignored`)
  } catch (error) {
    if (error instanceof UnreadableFile)
      log.warning(`${file} cannot be read (${error.message}) and is ignored`)
    else if (error instanceof JsonMistake)
      log.warning(`${file}:${error.line}: no valid JSON; the file is ignored`)
    else throw error
  }
  return { text: '', entries: [] }
}

/** Whether a JSON value is an object. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
