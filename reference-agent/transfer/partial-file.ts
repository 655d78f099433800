/** A file on its way in. */
import { closeSync, fsyncSync, ftruncateSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { FileTransferError } from './failure.ts'

export class PartialFile {
  readonly path: string
  readonly #maximum: number
  readonly #handle: number
  #size = 0

  /** Opens a new file, or empties one that an earlier attempt left. `maximum` in octets. Throws what the disk refuses. */
  constructor(path: string, maximum: number) {
    this.path = path
    this.#maximum = maximum
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    this.#handle = openSync(path, 'w', 0o600)
  }

  /** Octets so far. */
  get size(): number {
    return this.#size
  }

  /** Throws FileTransferError when a file of that many octets will not be taken. */
  expect(size: number): void {
    if (size > this.#maximum)
      throw new FileTransferError('too-large', `the file has more than ${this.#maximum} octets`)
  }

  /** Appends. Throws FileTransferError for more than the maximum, and what the disk refuses. */
  write(octets: Uint8Array): void {
    this.expect(this.#size + octets.length)
    for (let written = 0; written < octets.length; )
      written += writeSync(this.#handle, octets, written, octets.length - written, this.#size + written)
    this.#size += octets.length
  }

  /** Begins anew. */
  restart(): void {
    ftruncateSync(this.#handle, 0)
    this.#size = 0
  }

  /** Makes the file durable and closes it. */
  finish(): void {
    try {
      fsyncSync(this.#handle)
    } finally {
      closeSync(this.#handle)
    }
  }

  /** Closes and removes it. */
  discard(): void {
    closeSync(this.#handle)
    rmSync(this.path, { force: true })
  }
}
