import type { Readable } from 'node:stream'
import { StringDecoder } from 'node:string_decoder'

/** Longer lines than this are cut: nobody means to write them, and they must not fill the memory. */
const maxLine = 1 << 20

/**
 * Hands over each line of a stream without its end (`\n` or `\r\n`); a last line without an end counts too. A line of more
 * than a mebibyte is handed over in pieces.
 */
export function readLines(stream: Readable, take: (line: string) => void): void {
  const decoder = new StringDecoder('utf8')
  let rest = ''
  stream.on('data', (chunk: Buffer) => {
    const lines = (rest + decoder.write(chunk)).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) take(line.endsWith('\r') ? line.slice(0, -1) : line)
    if (rest.length > maxLine) {
      take(rest)
      rest = ''
    }
  })
  stream.on('end', () => {
    const last = rest + decoder.end()
    rest = ''
    if (last !== '') take(last)
  })
  stream.on('error', () => {})
}
