import { setTimeout } from 'node:timers/promises'
import type { TestBed } from '../../testbed/testbed.ts'
import type { FuzzArena, Outcome, Wrong } from '../campaign/field.ts'
import { localDescriptors, localMemoryMiB } from '../local-process.ts'

/** What a device holds. */
export interface Vitals {
  /** In MiB. */
  readonly memory: number
  /** Open files, sockets among them. */
  readonly descriptors: number
}

/** More than a device may grow by since its start: far more than what garbage and the code of an interpreter come to. */
const MOST_GROWTH: Vitals = { memory: 256, descriptors: 128 }

/** Milliseconds between two looks at a device that answers thousands of cases in a second. */
const INTERVAL_MS = 5
/** Cases after a start that are looked at one by one: an inquest has no more. */
const FIRST_CASES = 16
const POLL_MS = 50

const CLAUSE =
  'TR-069 3.2.2, 3.5: what anybody sends costs the device no more than a bounded part of what it has'

/** What a device on this machine holds now; undefined where the system does not tell. */
export function vitals(): Vitals | undefined {
  const memory = localMemoryMiB()
  const descriptors = localDescriptors()
  return memory === undefined || descriptors === undefined ? undefined : { memory, descriptors }
}

/** Puts an arena under watch: cases after which the device has grown, and does not shrink again in the time for an answer, are wrong. */
export function watched<Case>(
  arena: FuzzArena<Case>,
  { dut, profile }: Pick<TestBed, 'dut' | 'profile'>,
): FuzzArena<Case> {
  const renew = dut.supports('powerCycle') ? (signal: AbortSignal) => dut.powerCycle(signal) : undefined
  return new Watch(arena, vitals, profile.pixit.timing.responseSeconds * 1000, renew)
}

/** An arena whose device is looked at after its cases. */
export class Watch<Case> implements FuzzArena<Case> {
  readonly #arena: FuzzArena<Case>
  readonly #look: () => Vitals | undefined
  readonly #patience: number
  readonly #renew: ((signal: AbortSignal) => Promise<void>) | undefined
  #atStart: Vitals | undefined
  #met = 0
  #looked = 0

  /**
   * @param patience milliseconds that a device has to let go of what it holds
   * @param renew ends the process and starts another
   */
  constructor(
    arena: FuzzArena<Case>,
    look: () => Vitals | undefined,
    patience: number,
    renew?: (signal: AbortSignal) => Promise<void>,
  ) {
    this.#arena = arena
    this.#look = look
    this.#patience = patience
    this.#renew = renew
    this.#atStart = look()
  }

  get transcript() {
    return this.#arena.transcript
  }

  get state() {
    return this.#arena.state
  }

  async meet(one: Case, signal: AbortSignal): Promise<Outcome> {
    const outcome = await this.#arena.meet(one, signal)
    this.#met += 1
    const now = performance.now()
    if (outcome.wrong || (this.#met > FIRST_CASES && now - this.#looked < INTERVAL_MS)) return outcome
    this.#looked = now
    const growth = await this.#lastingGrowth(signal)
    return growth === undefined ? outcome : { ...outcome, wrong: wrongBy(growth) }
  }

  settle() {
    return this.#arena.settle()
  }

  async restart(signal: AbortSignal): Promise<void> {
    // What a process has taken it gives back when it ends, and a restart of the device need not be one of the process.
    if (this.#growth() !== undefined) await this.#renew?.(signal)
    await this.#arena.restart(signal)
    this.#atStart = this.#look()
    this.#met = 0
  }

  close(): Promise<void> {
    return this.#arena.close()
  }

  /** What is too much and stays too much. */
  async #lastingGrowth(signal: AbortSignal): Promise<string | undefined> {
    const until = performance.now() + this.#patience
    for (;;) {
      const growth = this.#growth()
      if (growth === undefined || performance.now() > until) return growth
      await setTimeout(POLL_MS, undefined, { signal })
    }
  }

  #growth(): string | undefined {
    const now = this.#look()
    const { memory, descriptors } = this.#atStart ?? now ?? MOST_GROWTH
    if (!now) return undefined
    if (now.descriptors - descriptors > MOST_GROWTH.descriptors)
      return `more than ${MOST_GROWTH.descriptors} open files and sockets more than at its start`
    return now.memory - memory > MOST_GROWTH.memory
      ? `more than ${MOST_GROWTH.memory} MiB of memory more than at its start`
      : undefined
  }
}

function wrongBy(growth: string): Wrong {
  const { memory, descriptors } = MOST_GROWTH
  return {
    kind: 'resources',
    expected: [`at most ${memory} MiB and ${descriptors} descriptors more than at its start`],
    actual: growth,
    clause: CLAUSE,
    level: 'SHOULD',
  }
}
