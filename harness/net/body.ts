import { setTimeout } from 'node:timers/promises'

/** How the octets of a file leave a server: all at once unless something is said here. */
export interface BodyScript {
  /** The connection is cut after so many octets. */
  readonly cutAfter?: number
  /** Nothing comes after so many octets until `goOn` settles (for ever without it). */
  readonly stallAfter?: number
  readonly goOn?: Promise<unknown>
  /** So many octets at a time, with a pause of so many milliseconds between them. */
  readonly pieces?: { readonly octets: number; readonly pauseMs: number }
}

/** What sendBody needs to know of a file: a Uint8Array, or one whose octets are made as they are asked for. */
export interface Octets {
  readonly length: number
  subarray(from: number, to: number): Uint8Array
}

/** A file of so many zeros, which takes no memory. */
export function zeros(length: number): Octets {
  return { length, subarray: (from, to) => new Uint8Array(to - from) }
}

/** How the sending of a file ended. */
export type BodyEnd = 'complete' | 'cut'

/**
 * Hands a file to `write` as the script says.
 * @param write resolves when the piece is on its way; rejects when the connection is gone
 * @param signal ends a stall or pause, when the connection is gone
 * @returns `cut` where the caller has to cut the connection now
 */
export async function sendBody(
  body: Octets,
  script: BodyScript,
  write: (piece: Uint8Array) => Promise<void>,
  signal: AbortSignal,
): Promise<BodyEnd> {
  const end = Math.min(body.length, script.cutAfter ?? body.length)
  const pieceSize = script.pieces?.octets ?? 65_536
  let hold = script.stallAfter
  for (let at = 0; at < end; ) {
    signal.throwIfAborted()
    if (hold !== undefined && at >= hold) {
      await interrupted(script.goOn ?? new Promise(() => {}), signal)
      hold = undefined
    }
    const to = Math.min(end, at + pieceSize, hold !== undefined && hold > at ? hold : end)
    await write(body.subarray(at, to))
    if (script.pieces && to < end) await setTimeout(script.pieces.pauseMs, undefined, { signal })
    at = to
  }
  return script.cutAfter === undefined ? 'complete' : 'cut'
}

function interrupted(promise: Promise<unknown>, signal: AbortSignal): Promise<unknown> {
  const { promise: ended, reject } = Promise.withResolvers<never>()
  const stop = () => reject(signal.reason)
  signal.addEventListener('abort', stop, { once: true })
  return Promise.race([promise, ended]).finally(() => signal.removeEventListener('abort', stop))
}
