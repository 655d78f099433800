import type { Vitest } from 'vitest/node'

/**
 * Ctrl-C: the first lets vitest cut the running cases short, so that a partial report can be written; the second ends the
 * process at once.
 */
export class Interrupt {
  happened = false
  #vitest: Vitest | undefined
  readonly #onSignal = (): void => {
    if (this.happened) process.exit(130)
    this.happened = true
    // A terminal shows the progress in a line that has not ended.
    const lineEnd = process.stdout.isTTY === true ? '\n' : ''
    console.error(`${lineEnd}interrupted: writing the partial report (Ctrl-C again to end at once)`)
    void this.#vitest?.cancelCurrentRun('keyboard-input')
  }

  constructor() {
    process.on('SIGINT', this.#onSignal)
    process.on('SIGTERM', this.#onSignal)
  }

  /** From now on an interrupt cancels this run; one that came before cancels it at once. */
  watch(vitest: Vitest): void {
    this.#vitest = vitest
    // vitest's own listeners end the process before any report is written.
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.removeAllListeners(signal)
      process.on(signal, this.#onSignal)
    }
    if (this.happened) void vitest.cancelCurrentRun('keyboard-input')
  }

  stop(): void {
    process.off('SIGINT', this.#onSignal)
    process.off('SIGTERM', this.#onSignal)
  }
}
