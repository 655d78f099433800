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
  /** Whether `now` is the absolute time; otherwise it is the time since the start, counted from the year 1. */
  readonly isSet: boolean
  /** Sets `now`; timers and `monotonic` go on undisturbed. */
  set(milliseconds: number): void
  /** Calls back once, after that many device milliseconds (any length; 0 or less: as soon as possible). */
  after(milliseconds: number, callback: () => void): Timer
}

/** setTimeout takes 31 bits of milliseconds; longer waits are made of several. */
const LONGEST_TIMEOUT = 0x7fff_ffff

/** What a clock that nobody has set shows at its start: the year 1, which in CWMP says that only the time since then is known (TR-106 3.2). */
const UNKNOWN_TIME = Date.parse('0001-01-01T00:00:00Z')

const YEAR_TWO = Date.parse('0002-01-01T00:00:00Z')

/** A clock in which `rate` device seconds pass in one second of the machine. */
export class SystemClock implements Clock {
  readonly rate: number
  #epoch: number
  #isSet: boolean
  readonly #origin = performance.now()

  /** `start` is the device time of now, if the device knows it. */
  constructor(rate = 1, start: number | 'unknown' = Date.now()) {
    this.rate = rate
    this.#epoch = start === 'unknown' ? UNKNOWN_TIME : start
    this.#isSet = start !== 'unknown'
  }

  get isSet(): boolean {
    return this.#isSet
  }

  set(milliseconds: number): void {
    this.#epoch = milliseconds - this.monotonic()
    this.#isSet = true
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
    const left = () => Math.ceil((due - this.monotonic()) / this.rate)
    const arm = (wait: number) => {
      handle = setTimeout(
        () => {
          // Timers may fire a moment early, which is long in device time.
          const rest = left()
          if (rest > 0) arm(rest)
          else callback()
        },
        Math.min(wait, LONGEST_TIMEOUT),
      )
    }
    arm(left())
    return { cancel: () => clearTimeout(handle) }
  }
}

/** A moment as CWMP's dateTime with the offset of the device's time zone, to the second, such as 2026-03-01T12:00:00+01:00; in UTC while the time is unknown. */
export function localDateTime(milliseconds: number): string {
  if (milliseconds < YEAR_TWO) return `${new Date(milliseconds).toISOString().slice(0, 19)}Z`
  const offset = -new Date(milliseconds).getTimezoneOffset()
  const local = new Date(milliseconds + offset * 60_000).toISOString().slice(0, 19)
  if (offset === 0) return `${local}Z`
  const size = Math.abs(offset)
  const two = (value: number) => String(value).padStart(2, '0')
  return `${local}${offset < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`
}
