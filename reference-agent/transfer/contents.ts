/** What becomes of files that arrive, and where those come from that are sent. */
import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Device } from '../services/service.ts'
import { applyConfiguration, readConfigurationFile } from './configuration-file.ts'
import { contentOf } from './file-types.ts'
import type { TransferRecord } from './record.ts'
import type { Contents } from './runner.ts'

export class DeviceContents implements Contents {
  protected readonly device: Device
  /** Where files are kept that only have to be there. */
  readonly #directory: string

  constructor(device: Device, directory: string) {
    this.device = device
    this.#directory = directory
  }

  check({ fileType }: TransferRecord, path: string): void {
    if (contentOf(fileType) === 'configuration') readConfigurationFile(readFileSync(path, 'utf8'), () => {})
  }

  install(record: TransferRecord, path: string): boolean {
    if (contentOf(record.fileType) === 'configuration') {
      applyConfiguration(this.device, readFileSync(path, 'utf8'))
    } else moveDurably(path, join(this.#directory, storedName(record)))
    return false
  }

  read(_record: TransferRecord): Buffer {
    return Buffer.alloc(0)
  }
}

/** A name that leads nowhere else, whatever the ACS has chosen. */
function storedName({ fileType, targetFileName }: TransferRecord): string {
  const name = targetFileName === '' ? 'unnamed' : encodeURIComponent(targetFileName.toWellFormed())
  return join(fileType.replaceAll(' ', '-'), name.replace(/^\.+/, '%2E').slice(0, 200))
}

/** Gives a file its place in one step that a power cut does not undo. */
function moveDurably(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true, mode: 0o700 })
  renameSync(from, to)
  const directory = openSync(dirname(to), 'r')
  try {
    fsyncSync(directory)
  } finally {
    closeSync(directory)
  }
}
