import { closeSync, openSync } from 'node:fs'
import { createInterface, type Interface } from 'node:readline'
import { ReadStream, WriteStream } from 'node:tty'
import { HarnessError } from '../failure.ts'
import type { Asker } from './manual-adapter.ts'

/** The terminal of whoever started the run. Workers have no standard input, and what is asked is nothing for a file that takes the output. */
const path = '/dev/tty'

/** Whether somebody can be asked. */
export function hasTerminal(): boolean {
  try {
    closeSync(openSync(path, 'r'))
    return true
  } catch {
    return false
  }
}

/** A terminal at which a person is asked, one question at a time. */
export class Terminal implements Asker {
  readonly #input: ReadStream
  readonly #output: WriteStream
  readonly #lines: Interface
  /** Gets the next line. */
  #take: ((line: string) => void) | undefined
  #refuse: ((error: Error) => void) | undefined

  private constructor(input: ReadStream, output: WriteStream) {
    this.#input = input
    this.#output = output
    // The terminal itself lets a line be mended before Enter.
    this.#lines = createInterface({ input, terminal: false })
    this.#lines.on('line', (line) => this.#take?.(line.trim()))
    this.#lines.on('close', () => this.#refuse?.(new HarnessError('the terminal was closed')))
    input.on('error', () => this.#lines.close())
    output.on('error', () => this.#lines.close())
  }

  /** @throws {HarnessError} where there is none */
  static open(): Terminal {
    try {
      return new Terminal(new ReadStream(openSync(path, 'r')), new WriteStream(openSync(path, 'w')))
    } catch (error) {
      throw new HarnessError(`there is no terminal to ask at: ${(error as Error).message}`)
    }
  }

  async ask(lines: readonly string[], prompt: string, signal: AbortSignal): Promise<string> {
    const { promise, resolve, reject } = Promise.withResolvers<string>()
    const abandon = () => {
      this.#output.write('\n(too late)\n')
      reject(signal.reason)
    }
    signal.addEventListener('abort', abandon, { once: true })
    this.#take = resolve
    this.#refuse = reject
    this.#output.write(`\n── the device ──\n${lines.join('\n')}\n${prompt}`)
    return await promise.finally(() => {
      this.#take = undefined
      this.#refuse = undefined
      signal.removeEventListener('abort', abandon)
    })
  }

  close(): void {
    this.#lines.close()
    this.#input.destroy()
    this.#output.destroy()
  }
}
