/** Public face of transfer/. */
export { UNKNOWN_TIME } from './calls.ts'
export { type FailureKind, FileTransferError } from './failure.ts'
export type { FileClient, FileClientOptions } from './file-client.ts'
export { createFileClient } from './file-clients.ts'
export type { TransferWindow, WindowMode } from './record.ts'
export { afterDelay } from './schedule.ts'
export { Transfers } from './transfers.ts'
