/** Takes files in. What was fetched of a file that tells whether it is whole need not be fetched again. */
import { readdirSync, rmSync } from 'node:fs'
import { basename, join } from 'node:path'
import { FileTransferError } from './failure.ts'
import type { FileClient, FileSink } from './file-client.ts'
import { PartialFile } from './partial-file.ts'
import type { TransferRecord, TransferRecords } from './record.ts'

export interface IncomingOptions {
  records: TransferRecords
  /** Directory of files on their way. */
  directory: string
  /** Octets. */
  maximumFileSize: number
  /** Whether the file can be used. Throws FileTransferError. */
  check(record: TransferRecord, path: string): void
  /** Whether `check` would find a file out that was put together of two. */
  isVerified(record: TransferRecord): boolean
}

export class Incoming {
  protected readonly options: IncomingOptions

  constructor(options: IncomingOptions) {
    this.options = options
  }

  /** Fetches and checks the file of a transfer, and gives its path. Rejects as FileClient does, and with FileTransferError for a file that cannot be used. */
  async fetch(record: TransferRecord, client: FileClient, signal: AbortSignal): Promise<string> {
    const { records, check } = this.options
    const sink = this.#sinkFor(record)
    const { file } = sink
    const isResumed = file.size > 0
    try {
      await client.fetch({ url: new URL(record.url), credentials: record }, sink, signal)
      signal.throwIfAborted()
      file.finish()
      records.update(record.id, { size: file.size })
      check(record, file.path)
      return file.path
    } catch (error) {
      const kind = error instanceof FileTransferError ? error.kind : undefined
      file.close()
      // The two parts do not fit, or a power cut has damaged the first one.
      if (isResumed && kind === 'corrupted') return this.fetch(this.#begunAnew(record), client, signal)
      if (kind !== 'interrupted' && !signal.aborted) this.discard(record.id)
      throw error
    }
  }

  /** Removes what is there of a file. */
  discard(id: number): void {
    rmSync(this.#pathOf(id), { force: true })
  }

  /** Removes what belongs to no transfer that may go on. */
  tidy(): void {
    const { directory, records } = this.options
    const kept = records.all
      .filter(({ validator }) => validator !== undefined)
      .map(({ id }) => basename(this.#pathOf(id)))
    for (const name of namesIn(directory))
      if (!kept.includes(name)) rmSync(join(directory, name), { recursive: true, force: true })
  }

  #sinkFor(record: TransferRecord): FileSink & { file: PartialFile } {
    const { records, maximumFileSize, isVerified } = this.options
    const { id, validator } = record
    const path = this.#pathOf(id)
    const file = new PartialFile(path, maximumFileSize, { isKept: validator !== undefined })
    let resumption = file.size > 0 && validator !== undefined ? { from: file.size, validator } : undefined
    return {
      file,
      get resumption() {
        return resumption
      },
      begin: (from, newValidator) => {
        resumption = undefined
        file.truncate(from)
        const next = isVerified(record) ? newValidator : undefined
        if (next !== validator) records.update(id, { validator: next })
      },
      expect: (size) => file.expect(size),
      write: (octets) => file.write(octets),
    }
  }

  #begunAnew(record: TransferRecord): TransferRecord {
    this.discard(record.id)
    this.options.records.update(record.id, { validator: undefined })
    return { ...record, validator: undefined }
  }

  #pathOf(id: number): string {
    return join(this.options.directory, `${id}.part`)
  }
}

function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}
