/** Time as the device sees it. Every wait and every time stamp of the agent comes from here. */
import { performance } from 'node:perf_hooks'

export interface Timer {
  cancel(): void
}

export interface Clock {
  /** Device time in milliseconds since the Unix epoch. */
  now(): number
  /** Device milliseconds since some fixed moment; never steps back. */
  monotonic(): number
  /** Calls back once, after that many device milliseconds (any length; 0 or less: as soon as possible). */
  after(milliseconds: number, callback: () => void): Timer
}

/** setTimeout takes 31 bits of milliseconds; longer waits are made of several. */
const LONGEST_TIMEOUT = 0x7fff_ffff

/** The machine's clock, in which `rate` device seconds pass in one second of the machine. */
export class SystemClock implements Clock {
  readonly rate: number
  readonly #epoch = Date.now()
  readonly #origin = performance.now()

  constructor(rate = 1) {
    this.rate = rate
  }

  now(): number {
    return this.#epoch + this.monotonic()
  }

  monotonic(): number {
    return (performance.now() - this.#origin) * this.rate
  }

  after(milliseconds: number, callback: () => void): Timer {
    const due = this.monotonic() + Math.max(0, milliseconds)
    let handle: NodeJS.Timeout
    const arm = () => {
      const wait = Math.ceil((due - this.monotonic()) / this.rate)
      if (wait > LONGEST_TIMEOUT) handle = setTimeout(arm, LONGEST_TIMEOUT)
      else handle = setTimeout(callback, wait)
    }
    arm()
    return { cancel: () => clearTimeout(handle) }
  }
}

/** A moment as CWMP's dateTime with the offset of the device's time zone, to the second, such as 2026-03-01T12:00:00+01:00. */
export function localDateTime(milliseconds: number): string {
  const offset = -new Date(milliseconds).getTimezoneOffset()
  const local = new Date(milliseconds + offset * 60_000).toISOString().slice(0, 19)
  if (offset === 0) return `${local}Z`
  const size = Math.abs(offset)
  const two = (value: number) => String(value).padStart(2, '0')
  return `${local}${offset < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`
}
