import type { Exchange } from '../../harness/acs/acs.ts'

/** An HTTP answer octet by octet: status line, header lines as given, and the body. */
export function httpAnswer(body: string, lines: readonly string[], status = 'HTTP/1.1 200 OK'): string {
  return [status, ...lines, '', body].join('\r\n')
}

/** The header lines that go with a body. */
export function bodyLines(body: string): string[] {
  return ['Content-Type: text/xml; charset=utf-8', `Content-Length: ${Buffer.byteLength(body)}`]
}

/** Answers with pieces that each go into a write of their own. */
export async function respondInPieces(turn: Exchange, pieces: readonly string[]): Promise<void> {
  for (const [index, piece] of pieces.entries()) {
    await turn.respondRaw(piece, { more: index < pieces.length - 1 })
    // The next write leaves after whatever the event loop has to do, and not in the same segment.
    await new Promise<void>((resolve) => {
      setImmediate(resolve)
    })
  }
}
