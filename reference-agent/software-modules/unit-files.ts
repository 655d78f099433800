/** The files of deployment units: fetched from their servers, kept in a directory of the device. */
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import type { Device } from '../services/service.ts'
import { type FailureKind, FileTransferError } from '../transfer/transfer.ts'
import { DuFault } from './operation.ts'

export interface UnitLocation {
  url: string
  username: string
  password: string
}

const LONGEST_URL = 1024
const PROTOCOLS = ['http:', 'https:', 'ftp:']
/** Octets of the largest file that is taken. */
const LARGEST_FILE = 32 * 1024 * 1024

/** The fault that a result may carry for each way in which a file does not arrive. */
const CODES: Readonly<Record<FailureKind, number>> = {
  unreachable: 9015,
  authentication: 9012,
  'no-access': 9016,
  interrupted: 9017,
  'too-large': 9027,
  'no-room': 9027,
  corrupted: 9018,
  unsigned: 9018,
  'out-of-windows': 9017,
  failed: 9017,
}

/** A URL as an operation may give it. Throws DuFault 9003 for one that is none or holds credentials, 9013 for a protocol that is not spoken here. */
export function checkedUrl(text: string): URL {
  if (text.length > LONGEST_URL || !/^[\x21-\x7e]+$/.test(text) || !URL.canParse(text))
    throw new DuFault(9003, 'URL is no URL')
  const url = new URL(text)
  if (!PROTOCOLS.includes(url.protocol)) throw new DuFault(9013, `URL begins with ${url.protocol}`)
  if (url.username !== '' || url.password !== '') throw new DuFault(9003, 'URL holds credentials')
  return url
}

export class UnitFiles {
  readonly #device: Device
  readonly #directory: string

  constructor(device: Device) {
    this.#device = device
    this.#directory = join(device.options.stateDirectory, 'units')
  }

  /** Rejects with DuFault, or with the reason of the signal. */
  async fetch({ url: text, username, password }: UnitLocation, signal: AbortSignal): Promise<Buffer> {
    const url = checkedUrl(text)
    const { parts, clock, options } = this.#device
    const client = parts.createFileClient(url.protocol, {
      clock,
      random: parts.random,
      patience: options.responseTimeout * 1000,
      dialer: this.#device.createDialer(),
    })
    const chunks: Buffer[] = []
    let size = 0
    const expect = (octets: number) => {
      if (octets > LARGEST_FILE) throw new FileTransferError('too-large', 'the file is too large')
    }
    const write = (octets: Uint8Array) => {
      size += octets.length
      expect(size)
      chunks.push(Buffer.from(octets))
    }
    try {
      await client.fetch({ url, credentials: { username, password } }, { expect, write }, signal)
    } catch (error) {
      signal.throwIfAborted()
      const kind = error instanceof FileTransferError ? error.kind : 'failed'
      throw new DuFault(CODES[kind], (error as Error).message)
    }
    signal.throwIfAborted()
    return Buffer.concat(chunks)
  }

  /** Keeps a file, durably. Throws DuFault 9027 when the disk refuses. */
  keep(duid: string, content: Buffer): void {
    try {
      mkdirSync(this.#directory, { recursive: true, mode: 0o700 })
      writeDurably(join(this.#directory, duid), content)
    } catch (error) {
      throw new DuFault(9027, (error as Error).message)
    }
  }

  /** Removes every file but those of the units named. */
  keepOnly(duids: readonly string[]): void {
    if (!existsSync(this.#directory)) return
    try {
      for (const name of readdirSync(this.#directory)) {
        if (!duids.includes(name)) rmSync(join(this.#directory, name), { force: true })
      }
    } catch (error) {
      this.#device.log.about('software modules').warning((error as Error).message)
    }
  }
}

/** Leaves the old file, if there was one, when the disk refuses, and throws what it says. */
function writeDurably(path: string, content: Buffer): void {
  const partial = `${path}.part`
  const file = openSync(partial, 'w', 0o600)
  try {
    try {
      for (let written = 0; written < content.length; ) written += writeSync(file, content, written)
      fsyncSync(file)
    } finally {
      closeSync(file)
    }
    renameSync(partial, path)
  } catch (error) {
    rmSync(partial, { force: true })
    throw error
  }
}
