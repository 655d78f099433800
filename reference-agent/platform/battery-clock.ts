import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

interface Reading {
  /** The machine's time in milliseconds since the Unix epoch, and what the device's clock showed then. */
  machine: number
  device: number
  /** Device seconds in one second of the machine from then on. */
  rate: number
}

/** The clock of a device that goes on while the device is off, so that a fast one does not fall back to the machine's time with each start. */
export class BatteryClock {
  readonly #path: string

  /** Keeps its reading in a directory. */
  constructor(directory: string) {
    this.#path = join(directory, 'clock.json')
  }

  /** Device time now in milliseconds; the machine's where there is no older reading. From now on it goes at that rate. */
  start(rate: number): number {
    const machine = Date.now()
    const last = this.#last()
    const device = last ? last.device + (machine - last.machine) * last.rate : machine
    if (last?.rate !== rate && (last || rate !== 1)) this.#write({ machine, device, rate })
    return device
  }

  /** Somebody has set the clock. */
  set(device: number, rate: number): void {
    this.#write({ machine: Date.now(), device, rate })
  }

  #last(): Reading | undefined {
    try {
      const { machine, device, rate } = JSON.parse(readFileSync(this.#path, 'utf8')) as Reading
      return [machine, device, rate].every(Number.isFinite) ? { machine, device, rate } : undefined
    } catch {
      // No reading, or none that makes sense: the clock begins anew.
      return undefined
    }
  }

  #write(reading: Reading): void {
    writeFileSync(`${this.#path}.new`, JSON.stringify(reading), { mode: 0o600 })
    renameSync(`${this.#path}.new`, this.#path)
  }
}
