/** What becomes of files that arrive, and where those come from that are sent. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Device } from '../services/service.ts'
import {
  applyConfigurationFile,
  readConfigurationFile,
  writeConfigurationFile,
} from './configuration-file.ts'
import { moveDurably } from './durable-file.ts'
import { contentOf, isLog } from './file-types.ts'
import type { Firmware } from './firmware.ts'
import type { TransferRecord } from './record.ts'
import type { Contents } from './runner.ts'

export class DeviceContents implements Contents {
  protected readonly device: Device
  protected readonly firmware: Firmware
  /** Where files are kept that only have to be there. */
  readonly #directory: string

  constructor(device: Device, firmware: Firmware, directory: string) {
    this.device = device
    this.firmware = firmware
    this.#directory = directory
  }

  check({ fileType }: TransferRecord, path: string): void {
    const content = contentOf(fileType)
    if (content === 'configuration') readConfigurationFile(readFileSync(path, 'utf8'))
    else if (content !== 'plain file') this.firmware.check(path)
  }

  isVerified({ fileType }: TransferRecord): boolean {
    return contentOf(fileType)?.includes('firmware') === true
  }

  install(record: TransferRecord, path: string): boolean {
    const content = contentOf(record.fileType)
    switch (content) {
      case 'configuration':
        applyConfigurationFile(
          readFileSync(path, 'utf8'),
          this.device.tree,
          this.device.log.about('transfer'),
        )
        return false
      case 'firmware':
      case 'stored firmware':
        this.firmware.install(path, record.targetFileName, content === 'firmware')
        return content === 'firmware'
      default:
        moveDurably(path, join(this.#directory, storedName(record)))
        return false
    }
  }

  read({ fileType }: TransferRecord): Buffer {
    const text = isLog(fileType)
      ? this.device.log.recent.map((line) => `${line}\n`).join('')
      : writeConfigurationFile(this.device.tree)
    return Buffer.from(text)
  }
}

/** A name that leads nowhere else, whatever the ACS has chosen. */
function storedName({ fileType, targetFileName }: TransferRecord): string {
  const name = targetFileName === '' ? 'unnamed' : encodeURIComponent(targetFileName.toWellFormed())
  return join(fileType.replaceAll(' ', '-'), name.replace(/^\.+/, '%2E').slice(0, 200))
}
