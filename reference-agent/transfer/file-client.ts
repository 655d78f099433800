/** What fetches and stores files over a network. */
import type { Clock, Random } from '../platform/platform.ts'
import type { Credentials, Dialer } from '../transport/transport.ts'

/** Takes in a file. What it throws ends the transfer with that error. */
export interface FileSink {
  /** What is there of the file already, for a client that can ask for the rest. Absent once `begin` was called. */
  readonly resumption?: { from: number; validator: string } | undefined
  /** The server sends the file from that octet on. `validator` names exactly this file, if anything does. */
  begin?(from: number, validator: string | undefined): void
  /** Told beforehand, where the server says it: the octets of the whole file. */
  expect(size: number): void
  write(octets: Uint8Array): void
}

export interface RemoteFile {
  url: URL
  /** With an empty user name none are offered. */
  credentials: Credentials
}

export interface FileClientOptions {
  clock: Clock
  random: Random
  /** Device milliseconds without an octet after which a server is given up. */
  patience: number
  /** Finds servers, and judges what they show over TLS. */
  dialer: Dialer
}

/** Speaks one protocol. Both methods reject with FileTransferError, with what the sink throws, or with the reason of the signal. */
export interface FileClient {
  fetch(file: RemoteFile, sink: FileSink, signal: AbortSignal): Promise<void>
  /** Replaces or makes the file there. */
  store(file: RemoteFile, content: Buffer, signal: AbortSignal): Promise<void>
}
