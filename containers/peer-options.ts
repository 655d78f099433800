import type { Readable } from 'node:stream'

/** What every peer of a stack is started with. */
export interface PeerOptions {
  readonly image: string
  /** Name of the network. */
  readonly network: string
  readonly labels: Readonly<Record<string, string>>
  readonly logs: (stream: Readable) => void
}
