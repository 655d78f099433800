import type { Exchange } from '../../acs/acs.ts'
import { isFault } from '../../cwmp/cwmp.ts'
import type { Transcript } from '../../cwmp/transcript.ts'
import { ConformanceFailure, DeviceDead, DeviceSilent } from '../../failure.ts'
import type { TestBed } from '../../testbed/testbed.ts'
import type { FuzzArena, Outcome, Wrong } from '../campaign/field.ts'
import { localMemoryMiB } from '../local-process.ts'
import { telling } from '../secrets.ts'
import type { SoapCase } from './case.ts'
import { Growth } from './growth.ts'
import { judge } from './judge.ts'
import { Keeper } from './keeper.ts'
import { expected } from './language.ts'
import { Ledger } from './ledger.ts'
import { SoapLine } from './line.ts'
import { render } from './render.ts'
import { survey } from './survey.ts'
import { PASSWORD, type SoapTarget } from './target.ts'
import type { Snapshot } from './watch.ts'
import { grown, leaked, misread, noSession } from './wrongs.ts'

/** A probe of something right after so many cases in a row after which nothing was read. */
const PROBE_EVERY = 8

/** Stands for a row where the device makes none: a number that no row has, so that none of its own is deleted. */
const NO_ROW = '987654321'

/** The path of the ACS under which nobody has a reason to ask. */
const LURE_PATH = '/lure'

/** The device in one session that is kept open for case after case. */
export class SoapArena implements FuzzArena<SoapCase> {
  readonly target: SoapTarget
  readonly state = 'in a session'
  readonly #bed: TestBed
  readonly #line: SoapLine
  readonly #keeper: Keeper
  readonly #ledger = new Ledger()
  readonly #growth = new Growth()
  readonly #secrets: readonly string[]
  readonly #lure: string
  /** The octets of the latest case, to say them again elsewhere. */
  said: string | Uint8Array = ''
  #asked = 0
  #unproven = 0
  /** After the latest case. */
  #memoryMiB = localMemoryMiB()

  private constructor(bed: TestBed, line: SoapLine, target: SoapTarget, keeper: Keeper) {
    this.#bed = bed
    this.#line = line
    this.target = target
    this.#keeper = keeper
    const { acsUsername, acsPassword, connectionRequestUsername, connectionRequestPassword } =
      bed.profile.pixit.credentials
    const known = [
      acsUsername,
      connectionRequestUsername,
      bed.acs.url,
      ...target.parameters,
      ...target.objects,
    ]
    this.#secrets = telling([PASSWORD, acsPassword, connectionRequestPassword], known)
    this.#lure = new URL(LURE_PATH, bed.acs.url).href
  }

  /**
   * Surveys the device.
   * @throws ConformanceFailure when it does not say what there is
   */
  static async open(bed: TestBed, signal: AbortSignal): Promise<SoapArena> {
    const line = new SoapLine(bed)
    const session = await line.session(signal)
    const target = await survey(session, bed.profile)
    const arena = new SoapArena(bed, line, target, await Keeper.open(bed, line, target, session))
    try {
      await arena.#ledger.calibrate(session, target)
    } catch (error) {
      // A device that an unknown name brings down is what the campaign is for: it meets that name soon enough.
      if (!(error instanceof ConformanceFailure)) throw error
      bed.transcript.note(`an unknown name: ${error.message}`)
      await arena.restart(signal)
    }
    return arena
  }

  get transcript(): Transcript {
    return this.#bed.transcript
  }

  async meet(one: SoapCase, signal: AbortSignal): Promise<Outcome> {
    try {
      return await this.#meet(one, signal)
    } catch (error) {
      if (!(error instanceof DeviceSilent)) throw error
      return { answer: 'no session', wrong: noSession(error) }
    } finally {
      this.#ledger.next()
    }
  }

  async #meet(one: SoapCase, signal: AbortSignal): Promise<Outcome> {
    await this.#keeper.prepare(one, await this.#line.session(signal))
    this.#asked += 1
    const id = `fuzz ${this.#asked % 10}`
    const message = render(one, this.target, { id, row: this.#keeper.row ?? NO_ROW, lure: this.#lure })
    this.said = message.body
    const said = await this.#line.say(message.body, signal)
    const wanted = this.#keeper.has(one) ? expected(one) : undefined
    const outcome = judge(one, wanted, message, said, this.#keeper.mayRestart)
    if (said.how === 'ended') this.#keeper.forget()
    if (said.how !== 'said') {
      this.#memoryMiB = localMemoryMiB()
      return outcome
    }
    const { exchange } = said
    this.#ledger.note(exchange)
    const octets = message.body.length + exchange.body.length
    const swollen = this.#memory(octets)
    const wrong =
      leaked(exchange, this.#secrets, this.target.hidden) ??
      outcome.wrong ??
      (await this.#follow(one, exchange, signal)) ??
      swollen
    return { answer: outcome.answer, ...(wrong && { wrong }) }
  }

  /** What a message of so many octets has cost a local device in memory. */
  #memory(octets: number): Wrong | undefined {
    const before = this.#memoryMiB
    this.#memoryMiB = localMemoryMiB()
    return grown(before, this.#memoryMiB, octets)
  }

  /** What shows only in what the device says next. */
  async #follow(one: SoapCase, exchange: Exchange, signal: AbortSignal): Promise<Wrong | undefined> {
    const { envelope } = exchange
    if (exchange.method !== 'POST' || envelope?.kind === 'request') {
      // Its own request is answered as it should be.
      await this.#line.end()
      this.#keeper.forget()
      return undefined
    }
    try {
      const before = this.#keeper.values
      const wrong = await this.#keeper.follow(one, exchange, signal)
      return wrong ?? (await this.#prove(before, signal))
    } catch (error) {
      if (error instanceof DeviceSilent || !(error instanceof ConformanceFailure)) throw error
      const clause = 'TR-069 3.7.1.3: each request is answered for itself'
      return { kind: 'state', expected: error.tolerated, actual: error.observed, clause, level: 'MUST' }
    }
  }

  /** What was read again after the case shows that the device heeds what is right; otherwise it is asked now and then. */
  async #prove(before: Snapshot | undefined, signal: AbortSignal): Promise<Wrong | undefined> {
    const { values, initial } = this.#keeper
    const { path } = this.target.readOnly
    if (values && values !== before) {
      this.#unproven = 0
      const shown = (snapshot: Snapshot) => `${path} = ${JSON.stringify(snapshot.get(path))}`
      return misread(shown(initial), shown(values))
    }
    this.#unproven += 1
    if (this.#unproven < PROBE_EVERY) return undefined
    this.#unproven = 0
    return await this.#probe(signal)
  }

  /** Whether a request that is right is heeded as if nothing had been. */
  async #probe(signal: AbortSignal): Promise<Wrong | undefined> {
    const { path, value } = this.target.readOnly
    const session = await this.#line.session(signal)
    const answer = await session.call('GetParameterValues', { ParameterNames: [path] })
    const actual = isFault(answer)
      ? `fault ${answer.faultCode}`
      : answer.ParameterList.map(({ Name, Value }) => `${Name} = ${JSON.stringify(Value)}`).join(', ')
    return misread(`${path} = ${JSON.stringify(value)}`, actual)
  }

  settle(): Promise<readonly { readonly met: number; readonly wrong: Wrong }[]> {
    const isLured = this.#bed.messages
      .take()
      .some(({ method, path }) => method !== 'POST' && path === LURE_PATH)
    this.#growth.look()
    return this.#ledger.settle(isLured)
  }

  /** @throws ConformanceFailure when a local device has grown all along a campaign of at least ten thousand cases */
  expectNoGrowth(): void {
    this.#growth.expectNone()
  }

  async restart(signal: AbortSignal): Promise<void> {
    this.#ledger.clear()
    this.#growth.restarted()
    this.#keeper.forget()
    const { dut } = this.#bed
    await this.#line.end()
    await this.#bed.acs.drain()
    // What a process has taken is given back when it starts anew; what it keeps on its disk is put back below.
    if (dut.supports('powerCycle')) await dut.powerCycle(signal)
    else if (dut.supports('factoryReset') && (await dut.alive(signal))) await dut.factoryReset(signal)
    await this.#bed.enrol()
    await this.#keeper.restore(await this.#line.session(signal))
    this.#bed.messages.take()
    this.#memoryMiB = localMemoryMiB()
  }

  /** Leaves the device as it was found. @throws DeviceDead when it opens no session any more */
  async close(): Promise<void> {
    try {
      await this.#keeper.restore(await this.#line.session())
    } catch (error) {
      if (error instanceof DeviceSilent) throw new DeviceDead(error.message)
      if (!(error instanceof ConformanceFailure)) throw error
      this.transcript.note(`could not be put back: ${error.message}`)
    }
    await this.#line.end()
    this.#bed.messages.take()
  }
}
