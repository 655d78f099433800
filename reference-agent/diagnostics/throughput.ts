/** What transfers of test files are measured by (TR-143), whatever protocol carries them. */
import type { Clock, Timer } from '../platform/platform.ts'
import type { HostAddress } from './name-resolution.ts'

/** Moments in device milliseconds, with fractions. */
export interface Measured {
  /** The connection that carries the data was asked for, and was there. */
  openRequest: number
  openResponse: number
  /** The transfer was asked for. */
  requested: number
  /** First and last packet. */
  began: number
  ended: number
  /** Octets between the two, those of the protocol included. */
  octets: number
}

export interface TestTransfer {
  url: URL
  host: HostAddress
  clock: Clock
  signal: AbortSignal
}

/** Carries test files by one protocol. Both reject with ThroughputError. */
export interface TestCarrier {
  download(transfer: TestTransfer): Promise<Measured>
  /** Sends that many octets. */
  upload(transfer: TestTransfer, length: number): Promise<Measured>
}

/** A test that came to no end; `state` is the DiagnosticsState that says why. */
export class ThroughputError extends Error {
  override readonly name = 'ThroughputError'
  readonly state: string

  constructor(state: string, message = state) {
    super(message)
    this.state = state
  }
}

/** What a connection that could not be made says. */
export function connectionError(error: Error): ThroughputError {
  const { code = '' } = error as NodeJS.ErrnoException
  const isUnreachable = ['EHOSTUNREACH', 'ENETUNREACH', 'EADDRNOTAVAIL'].includes(code)
  return new ThroughputError(
    isUnreachable ? 'Error_NoRouteToHost' : 'Error_InitConnectionFailed',
    error.message,
  )
}

/** Device milliseconds without a sign of life after which a server is given up. */
const PATIENCE = 30_000

/** Calls back when nothing has been heard for a while, or nobody wants to know. */
export class Watch {
  readonly #clock: Clock
  readonly #signal: AbortSignal
  readonly #silent: () => void
  #timer: Timer | undefined

  constructor({ clock, signal }: TestTransfer, silent: () => void) {
    this.#clock = clock
    this.#signal = signal
    this.#silent = silent
    signal.addEventListener('abort', silent)
    this.alive()
  }

  alive(): void {
    this.#timer?.cancel()
    this.#timer = this.#clock.after(PATIENCE, this.#silent)
  }

  end(): void {
    this.#timer?.cancel()
    this.#signal.removeEventListener('abort', this.#silent)
  }
}

const CHUNK = Buffer.alloc(65_536)

/** Test data of some length, piece by piece. */
export function* testData(length: number): Generator<Buffer> {
  for (let left = length; left > 0; left -= CHUNK.length)
    yield left < CHUNK.length ? CHUNK.subarray(0, left) : CHUNK
}
