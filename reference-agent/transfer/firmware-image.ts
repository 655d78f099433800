/**
 * Firmware of this device, which is simulated: a line `CWMP-REFERENCE-FIRMWARE 1`, lines `name: value` with version, sha256 (of the payload, hexadecimal) and
 * possibly product-class, an empty line, and the payload.
 */
import { createHash } from 'node:crypto'
import { closeSync, openSync, readSync } from 'node:fs'
import { FileTransferError } from './failure.ts'

const FIRST_LINE = 'CWMP-REFERENCE-FIRMWARE 1'
const LONGEST_HEADER = 4096
const BLOCK = 1024 * 1024

export interface FirmwareImage {
  /** 1 to 64 characters. */
  version: string
}

/** What an image says of itself, once its payload and the class of product are found right. Throws FileTransferError for a file that must not be installed. */
export function readFirmwareImage(path: string, productClass: string): FirmwareImage {
  const file = openSync(path, 'r')
  try {
    const { fields, size } = readHeader(file)
    const version = fields.get('version') ?? ''
    if (!/^[\x20-\x7e]{1,64}$/.test(version)) refuse('it has no version')
    const forClass = fields.get('product-class')
    if (forClass !== undefined && forClass !== productClass) refuse(`it is for product class ${forClass}`)
    if (fields.get('sha256')?.toLowerCase() !== digestFrom(file, size)) refuse('its payload is damaged')
    return { version }
  } finally {
    closeSync(file)
  }
}

function readHeader(file: number): { fields: Map<string, string>; size: number } {
  const start = Buffer.alloc(LONGEST_HEADER)
  const text = start.toString('latin1', 0, readSync(file, start, 0, LONGEST_HEADER, 0))
  const end = text.indexOf('\n\n')
  const [first, ...lines] = text.slice(0, Math.max(end, 0)).split('\n')
  if (first !== FIRST_LINE) refuse('it is no image for this device')
  const fields = new Map(
    lines.map((line) => {
      const [, name = '', value = ''] = /^([a-z0-9-]+): (.*)$/.exec(line) ?? refuse('its header is damaged')
      return [name, value]
    }),
  )
  return { fields, size: end + 2 }
}

/** SHA-256 of everything from a position on. */
function digestFrom(file: number, position: number): string {
  const hash = createHash('sha256')
  const block = Buffer.alloc(BLOCK)
  for (let at = position; ; ) {
    const count = readSync(file, block, 0, BLOCK, at)
    if (count === 0) return hash.digest('hex')
    hash.update(block.subarray(0, count))
    at += count
  }
}

function refuse(reason: string): never {
  throw new FileTransferError('corrupted', `firmware image: ${reason}`)
}
