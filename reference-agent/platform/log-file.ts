/** A log file of limited size. */
import { closeSync, fstatSync, mkdirSync, openSync, renameSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'

/**
 * Appends lines to a file. One that would grow beyond `maximumOctets` is kept as `FILE.1`, in place of an older one, and a new one begun. Throws what the
 * disk says when the file cannot be opened; a line that cannot be written later is lost, which must not stop the agent.
 */
export class LogFile {
  readonly #path: string
  readonly #maximumOctets: number
  #file: number
  #octets: number

  constructor(path: string, maximumOctets: number) {
    this.#path = path
    this.#maximumOctets = maximumOctets
    mkdirSync(dirname(path), { recursive: true })
    this.#file = openSync(path, 'a', 0o600)
    this.#octets = fstatSync(this.#file).size
  }

  write(line: string): void {
    const octets = Buffer.from(`${line}\n`)
    try {
      if (this.#octets > 0 && this.#octets + octets.length > this.#maximumOctets) this.#turnOver()
      this.#octets += writeSync(this.#file, octets)
    } catch {
      // The disk is full or gone; stderr still has the line.
    }
  }

  close(): void {
    closeSync(this.#file)
  }

  #turnOver(): void {
    renameSync(this.#path, `${this.#path}.1`)
    closeSync(this.#file)
    this.#file = openSync(this.#path, 'a', 0o600)
    this.#octets = 0
  }
}
