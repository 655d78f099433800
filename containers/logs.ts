import { createWriteStream, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Readable } from 'node:stream'

/** Takes the log of a container, for `withLogConsumer`. */
type LogConsumer = (stream: Readable) => void

/**
 * Keeps a container's log in `folder` as `<name>.log`, as it comes; without a folder nothing is kept.
 * @param onText gets each piece as well
 */
export function keepLog(
  folder: string | undefined,
  name: string,
  onText: (text: string) => void = () => {},
): LogConsumer {
  if (folder !== undefined) mkdirSync(folder, { recursive: true })
  const file =
    folder === undefined ? undefined : createWriteStream(join(folder, `${name}.log`), { flags: 'a' })
  // A full disk takes the log, not the run.
  file?.on('error', () => {})
  return (stream) => {
    stream.on('data', (text: Buffer | string) => {
      file?.write(text)
      onText(String(text))
    })
    stream.on('end', () => file?.end())
  }
}
