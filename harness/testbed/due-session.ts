/** Milliseconds on one clock. */
interface Moments {
  /** When the request that was granted was sent. */
  readonly askedAtMs: number
  /** When it was granted. */
  readonly atMs: number
}

/** So often in a row a device must have opened its session before it granted it, for that to be its way. */
const ITS_WAY = 2

/**
 * Whether a session is due to a connection request, by when its Inform came. A device may still have been about to open one for something
 * else, and then owes one of its own to the request (TR-069 3.2.2), which would get in the way of whatever comes next.
 */
export class DueSession {
  #earlyInARow = 0

  /** Whether the session is taken for one that is due to something else. What came between question and answer may be either. */
  isOlder(informAtMs: number, request: Moments): boolean {
    if (informAtMs >= request.atMs) return false
    return informAtMs < request.askedAtMs || this.#earlyInARow < ITS_WAY
  }

  /** Takes note of whether a session followed the one that was taken for older. */
  followed(informAtMs: number, request: Moments, another: boolean): void {
    if (informAtMs < request.askedAtMs) return
    this.#earlyInARow = another ? 0 : this.#earlyInARow + 1
  }
}
