/** Why a file did not arrive, and the fault codes that say so (TR-069 A.5). */
import { firstCharacters } from '../platform/platform.ts'
import { LONGEST_FAULT_STRING } from '../soap/soap.ts'
import type { TransferFault } from './record.ts'

export type FailureKind =
  /** No connection, or no answer. */
  | 'unreachable'
  /** The server refuses the credentials, or cannot prove who it is. */
  | 'authentication'
  /** The server has no such file or does not give it. */
  | 'no-access'
  /** It began and did not come to its end. */
  | 'interrupted'
  | 'too-large'
  /** The device has no room for it. */
  | 'no-room'
  /** It arrived and cannot be used. */
  | 'corrupted'
  /** It arrived whole, and its maker cannot be proven. */
  | 'unsigned'
  | 'out-of-windows'
  /** Anything else. */
  | 'failed'

const DOWNLOAD_CODES: Readonly<Record<FailureKind, number>> = {
  unreachable: 9015,
  authentication: 9012,
  'no-access': 9016,
  interrupted: 9017,
  'too-large': 9010,
  'no-room': 9010,
  corrupted: 9018,
  unsigned: 9019,
  'out-of-windows': 9020,
  failed: 9010,
}

const UPLOAD_FAILURE = 9011

export class FileTransferError extends Error {
  override readonly name = 'FileTransferError'
  readonly kind: FailureKind

  constructor(kind: FailureKind, message: string, options?: ErrorOptions) {
    super(message, options)
    this.kind = kind
  }
}

/** The code for a failure. The codes 9014 to 9020 tell of downloads alone. */
function faultCodeOf(kind: FailureKind, isDownload: boolean): number {
  const code = DOWNLOAD_CODES[kind]
  return isDownload || code === DOWNLOAD_CODES.authentication ? code : UPLOAD_FAILURE
}

/** The fault for whatever was thrown. */
export function faultOf(error: unknown, isDownload: boolean): TransferFault {
  const kind = error instanceof FileTransferError ? error.kind : isFull(error) ? 'no-room' : 'failed'
  // It may tell of what stands in a file, and that may be anything; it is kept until the ACS has heard of it.
  const text = firstCharacters((error as Error).message, LONGEST_FAULT_STRING)
  return { code: faultCodeOf(kind, isDownload), text }
}

function isFull(error: unknown): boolean {
  return ['ENOSPC', 'EDQUOT', 'EFBIG'].includes((error as NodeJS.ErrnoException).code ?? '')
}
