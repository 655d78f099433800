/** A file on its way in. */
import { closeSync, fstatSync, fsyncSync, ftruncateSync, mkdirSync, openSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { FileTransferError } from './failure.ts'

export class PartialFile {
  readonly path: string
  readonly #maximum: number
  #handle: number | undefined
  #size: number

  /** Opens a file, empties one that an earlier attempt left unless it `isKept`. `maximum` in octets. Throws what the disk refuses. */
  constructor(path: string, maximum: number, { isKept = false }: { isKept?: boolean } = {}) {
    this.path = path
    this.#maximum = maximum
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    this.#handle = openSync(path, isKept ? 'a' : 'w', 0o600)
    this.#size = fstatSync(this.#handle).size
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
      written += writeSync(this.#open, octets, written, octets.length - written)
    this.#size += octets.length
  }

  /** Forgets everything behind the first so many octets. */
  truncate(size: number): void {
    if (size >= this.#size) return
    closeSync(this.#open)
    this.#handle = openSync(this.path, 'r+')
    ftruncateSync(this.#open, size)
    closeSync(this.#open)
    this.#handle = openSync(this.path, 'a')
    this.#size = size
  }

  /** Makes the file durable and closes it. */
  finish(): void {
    fsyncSync(this.#open)
    this.close()
  }

  /** May be done twice. */
  close(): void {
    if (this.#handle !== undefined) closeSync(this.#handle)
    this.#handle = undefined
  }

  get #open(): number {
    if (this.#handle === undefined) throw new Error(`${this.path} is closed`)
    return this.#handle
  }
}
