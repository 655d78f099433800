import { DeviceSilent, HarnessError } from '../../failure.ts'
import type { TestBed } from '../../testbed/testbed.ts'
import type { FuzzArena, Outcome, Wrong } from '../campaign/field.ts'
import type { Script } from './commands.ts'
import type { DeviceLine } from './device-line.ts'
import type { Grounds } from './grounds.ts'
import { Model } from './model.ts'
import { Stage } from './script.ts'
import { wrong } from './verdict.ts'

/** So many sessions a device has for what scripts have left. */
const MOST_SESSIONS = 10

const QUIET: ReadonlySet<string> = new Set(['6 CONNECTION REQUEST', '2 PERIODIC'])

/** The device on its bench, and the model beside it. */
export class StatefulArena implements FuzzArena<Script> {
  state = 'between sessions'
  readonly #bed: TestBed
  readonly #line: DeviceLine
  readonly #grounds: Grounds
  #stage: Stage | undefined
  /** What was wrong before a script could begin. */
  #unready: Outcome | undefined

  private constructor(bed: TestBed, line: DeviceLine, grounds: Grounds) {
    this.#bed = bed
    this.#line = line
    this.#grounds = grounds
  }

  /** A device that cannot be brought into the state in which scripts begin is met in that state. */
  static async open(
    bed: TestBed,
    line: DeviceLine,
    grounds: Grounds,
    signal: AbortSignal,
  ): Promise<StatefulArena> {
    const arena = new StatefulArena(bed, line, grounds)
    if (grounds.missing.length > 0) bed.transcript.note(`left out: ${grounds.missing.join('; ')}`)
    await arena.#learn(signal, false)
    return arena
  }

  get transcript(): TestBed['transcript'] {
    return this.#bed.transcript
  }

  async meet(script: Script, signal: AbortSignal): Promise<Outcome> {
    try {
      if (!this.#stage && !this.#unready) await this.restart(signal)
      if (this.#unready) {
        const { answer, wrong: found } = this.#unready
        this.#unready = undefined
        return { answer, ...(found && { wrong: await this.#told(found, signal) }) }
      }
      if (!this.#stage) throw new HarnessError('there is no stage')
      const { answer, wrong: found, state } = await this.#stage.play(script, signal)
      this.state = state
      if (!found) return { answer }
      this.#stage = undefined
      return { answer, wrong: await this.#told(found, signal) }
    } catch (error) {
      // What the bench cannot do to a device that is gone is the device's fault.
      if (!(error instanceof HarnessError) || signal.aborted || (await this.#bed.dut.alive(signal)))
        throw error
      this.#stage = undefined
      return { answer: 'crash', wrong: wrong('crash', 'a device that runs', error.message, 'TR-069 3.7.1') }
    }
  }

  /** A device that fell silent and runs no more has crashed. */
  async #told(found: Wrong, signal: AbortSignal): Promise<Wrong> {
    const isCrash = found.kind === 'hang' && !(await this.#bed.dut.alive(signal))
    return isCrash ? { ...found, kind: 'crash' } : found
  }

  async settle(): Promise<readonly []> {
    return []
  }

  /** Reset where that can be done, pointed at its ACS again, and looked at anew. */
  async restart(signal: AbortSignal): Promise<void> {
    this.#stage = undefined
    const { acs, dut } = this.#bed
    this.#unready = undefined
    await acs.drain()
    if (!(await dut.alive(signal)) && dut.supports('powerCycle')) await dut.powerCycle(signal)
    try {
      await this.#enrol(signal)
    } catch (error) {
      if (!(error instanceof DeviceSilent)) throw error
      const silence = wrong('hang', error.tolerated, error.observed, 'TR-069 3.2.1')
      this.#unready = { answer: 'silence at the start', wrong: silence }
    }
  }

  close(): Promise<void> {
    return this.#line.close()
  }

  /** Lets a device that cannot be reset tell what the scripts before have left, until it has nothing but that it was called. */
  async #quieten(signal: AbortSignal): Promise<void> {
    for (let sessions = 0; sessions < MOST_SESSIONS; sessions++) {
      const session = await this.#bed.openSession(signal)
      await session.end({ signal })
      if (session.eventCodes.every((code) => QUIET.has(code))) return
    }
  }

  async #enrol(signal: AbortSignal): Promise<void> {
    const isReset = this.#grounds.kinds.has('resetLocally')
    if (isReset) await this.#bed.dut.factoryReset(signal)
    await this.#bed.enrol()
    if (!isReset) await this.#quieten(signal)
    await this.#learn(signal, isReset)
  }

  /** A device that misbehaves before any script is found by the script in which nothing happens. */
  async #learn(signal: AbortSignal, isReset: boolean): Promise<void> {
    const stage = new Stage(new Model(this.#grounds), this.#line)
    const { wrong: found, answer } = await stage.learn(signal, isReset)
    if (found) this.#unready = { answer: `${answer} at the start`, wrong: found }
    else this.#stage = stage
  }
}
