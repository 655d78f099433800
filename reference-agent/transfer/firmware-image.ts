/**
 * Firmware of this device, which is simulated: a line `CWMP-REFERENCE-FIRMWARE 1`, lines `name: value` with version, sha256 (of the payload, hexadecimal) and
 * possibly product-class and signature, an empty line, and the payload. The signature, in base64, is that of the maker over all lines but its own, each with its end;
 * a device without a key of the maker does not look at it.
 */
import { createHash, createPublicKey, verify } from 'node:crypto'
import { closeSync, openSync, readSync } from 'node:fs'
import { FileTransferError } from './failure.ts'

const FIRST_LINE = 'CWMP-REFERENCE-FIRMWARE 1'
const LONGEST_HEADER = 4096
const BLOCK = 1024 * 1024

export interface FirmwareImage {
  /** 1 to 64 characters. */
  version: string
}

/** Whose images a device takes. */
export interface ImagePolicy {
  productClass: string
  /** Public key of the maker in PEM: RSA, ECDSA or Ed25519. Images need no signature without it. */
  makerKey?: string | undefined
}

/** What an image says of itself, once payload, class of product and signature are found right. Throws FileTransferError for a file that must not be installed. */
export function readFirmwareImage(path: string, { productClass, makerKey }: ImagePolicy): FirmwareImage {
  const file = openSync(path, 'r')
  try {
    const { fields, size, lines } = readHeader(file)
    const version = fields.get('version') ?? ''
    if (!/^[\x20-\x7e]{1,64}$/.test(version)) refuse('it has no version')
    const forClass = fields.get('product-class')
    if (forClass !== undefined && forClass !== productClass) refuse(`it is for product class ${forClass}`)
    if (fields.get('sha256')?.toLowerCase() !== digestFrom(file, size)) refuse('its payload is damaged')
    if (makerKey !== undefined && !isSigned(lines, fields.get('signature') ?? '', makerKey)) {
      throw new FileTransferError('unsigned', 'firmware image: it is not signed by the maker')
    }
    return { version }
  } finally {
    closeSync(file)
  }
}

function readHeader(file: number): { fields: Map<string, string>; size: number; lines: string[] } {
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
  return { fields, size: end + 2, lines: [first ?? '', ...lines] }
}

function isSigned(lines: readonly string[], signature: string, makerKey: string): boolean {
  const signed = lines.filter((line) => !line.startsWith('signature: ')).map((line) => `${line}\n`)
  const key = createPublicKey(makerKey)
  const digest = key.asymmetricKeyType === 'ed25519' ? null : 'sha256'
  return verify(digest, Buffer.from(signed.join(''), 'latin1'), key, Buffer.from(signature, 'base64'))
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
