/** How long a wait may take, and what may end it earlier. */
export interface WaitOptions {
  timeoutMs?: number
  signal?: AbortSignal
}

/** The promise itself; a rejection that nobody waits for any more (a case that ended by its own time-out) does not end the run. */
export function handled<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => {})
  return promise
}

/** A promise with a deadline and an abort signal. It settles once; timer and listener are gone then. */
export class Waiting<T> {
  readonly promise: Promise<T>
  #settle: { resolve: (value: T) => void; reject: (reason: unknown) => void } | undefined
  #timer: NodeJS.Timeout | undefined
  readonly #signal: AbortSignal | undefined
  readonly #onTimeout: (afterMs: number) => Error
  #onSettled: (() => void) | undefined
  readonly #began = performance.now()
  #deadline = Infinity

  /**
   * @param onTimeout makes the error of a missed deadline; is told how long the wait was
   * @param onSettled called before the promise settles, however it does, but not for a signal that was aborted before
   */
  constructor(
    { timeoutMs, signal }: WaitOptions & { timeoutMs: number },
    onTimeout: (afterMs: number) => Error,
    onSettled?: () => void,
  ) {
    this.#signal = signal
    this.#onTimeout = onTimeout
    this.promise = handled(
      new Promise((resolve, reject) => {
        this.#settle = { resolve, reject }
      }),
    )
    if (signal?.aborted) this.reject(signal.reason)
    else {
      this.#onSettled = onSettled
      signal?.addEventListener('abort', this.#onAbort)
      this.expireWithin(timeoutMs)
    }
  }

  get settled(): boolean {
    return this.#settle === undefined
  }

  resolve(value: T): void {
    this.#end()?.resolve(value)
  }

  reject(reason: unknown): void {
    this.#end()?.reject(reason)
  }

  /** Brings the deadline forward; never puts it off. */
  expireWithin(ms: number): void {
    const deadline = performance.now() + ms
    if (!this.#settle || deadline >= this.#deadline) return
    this.#deadline = deadline
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.reject(this.#onTimeout(performance.now() - this.#began)), ms)
  }

  readonly #onAbort = () => this.reject(this.#signal?.reason)

  #end(): { resolve: (value: T) => void; reject: (reason: unknown) => void } | undefined {
    const settle = this.#settle
    if (!settle) return undefined
    this.#settle = undefined
    clearTimeout(this.#timer)
    this.#signal?.removeEventListener('abort', this.#onAbort)
    this.#onSettled?.()
    return settle
  }
}
