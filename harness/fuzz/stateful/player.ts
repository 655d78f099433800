import { type CwmpFault, isFault, type RequestOf, type ResponseOf, type RpcName } from '../../cwmp/cwmp.ts'
import { ConformanceFailure, DeviceSilent } from '../../failure.ts'
import type { Wrong } from '../campaign/field.ts'
import type { Spoiling, WayToCall } from './commands.ts'
import { answerInWords, informInWords, requestInWords } from './dialogue.ts'
import type { Owed } from './events.ts'
import type { CallResult, Contact, CpeRequest, Line, RequestAnswer } from './line.ts'
import type { Model } from './model.ts'
import { wrong } from './verdict.ts'

/** The device did what the model does not permit: ends the script. */
export class Misbehaviour extends Error {
  override readonly name = 'Misbehaviour'
  readonly wrong: Wrong
  /** What was wrong: `Inform`, `SetParameterValues`, … */
  readonly answer: string

  constructor(found: Wrong, answer: string) {
    super(`expected ${found.expected.join(' or ')}; got ${found.actual}`)
    this.wrong = found
    this.answer = answer
  }
}

/** What came back for a connection request, in words. */
const answers = {
  heard: 'heard',
  busy: 'the answer that it is busy',
  unanswered: 'unanswered',
  lost: 'no answer',
} as const satisfies Readonly<Record<Extract<CallResult, string>, string>>

/** Plays the ACS in sessions with the device, tells the model of all that happens and holds the device to it. */
export class Player {
  readonly model: Model
  readonly line: Line
  readonly signal: AbortSignal
  /** What was said, one line each way. */
  readonly dialogue: string[] = []
  /** Called in the first session of a device that was reset, before anything else. */
  afterReset: () => Promise<void> = async () => {}
  /** The next request of the CPE is asked for again. */
  repeatsRequest = false
  #contact: Contact | undefined
  #calls = 0
  /** Found while the device asked; thrown when the ACS speaks again. */
  #found: Misbehaviour | undefined

  constructor(model: Model, line: Line, signal: AbortSignal) {
    this.model = model
    this.line = line
    this.signal = signal
  }

  get isInSession(): boolean {
    return this.#contact !== undefined
  }

  note(text: string): void {
    this.dialogue.push(text)
  }

  /** Ends the script if there is something wrong. */
  hold(found: Wrong | undefined, answer: string): void {
    if (!found) return
    this.note(`       expected ${found.expected.join(' or ')}`)
    throw new Misbehaviour(found, answer)
  }

  /** Has a session open: the one that is, the one that the device has to open, or one that it is asked for. */
  async session(): Promise<Contact> {
    if (this.#contact) return this.#contact
    const contact = await this.#arrival()
    await this.#accept(contact)
    return contact
  }

  /** Has a session that the device opens by itself. */
  async awaitedSession(): Promise<void> {
    await this.#accept(await this.#arrival(false))
  }

  /** Spoils the next Inform. */
  async spoil(how: Spoiling): Promise<void> {
    await this.end('properly')
    const contact = await this.#arrival()
    this.note(
      `ACS  → ${{ 500: 'HTTP status 500', cut: 'cuts the connection', 8002: 'fault 8002', 8005: 'fault 8005' }[how]}`,
    )
    contact.spoil(how)
    this.model.informSpoiled(how)
  }

  /** Calls an RPC in a session, and has its answer judged. */
  async call<N extends RpcName>(
    name: N,
    args: RequestOf<N>,
    judge: (answer: ResponseOf<N> | CwmpFault) => Wrong | undefined,
  ): Promise<ResponseOf<N> | CwmpFault> {
    const contact = await this.session()
    this.note(`ACS  → ${requestInWords(name, args)}`)
    this.#calls += 1
    const answer = await this.#guarded(name, () => contact.call(name, args))
    this.note(`CPE  → ${answerInWords(name, answer)}`)
    this.hold(judge(answer), name)
    return answer
  }

  /** Ends the session that is open, if there is one. One in which the device was asked to restart, or to go elsewhere, always ends properly. */
  async end(how: 'properly' | '500' | 'cut'): Promise<void> {
    const contact = this.#contact
    if (!contact) return
    const isProper = how === 'properly' || this.model.hasPlans
    if (!isProper && how === 'cut') {
      // The device has had its InformResponse for certain once it has answered something.
      if (this.#calls === 0) await this.#readKey()
      this.note('ACS  → cuts the connection')
      contact.cut()
      this.#contact = undefined
      this.model.sessionFailed(this.line.now())
      return
    }
    this.note(isProper ? 'ACS  → ends the session' : 'ACS  → HTTP status 500')
    await this.#guarded('the end of the session', () => contact.end(isProper ? 'properly' : '500'))
    this.#contact = undefined
    if (isProper) this.hold(this.model.sessionEnded(this.line.now()), 'the end of the session')
    else this.model.sessionFailed(this.line.now())
  }

  /** The device has gone down, and its session with it. */
  lost(): boolean {
    const wasInSession = this.#contact !== undefined
    this.#contact?.cut()
    this.#contact = undefined
    return wasInSession
  }

  /** Waits until the device is up, where it restarts. */
  async up(): Promise<void> {
    if (this.model.isBooting) await this.session()
  }

  /** The next Inform, asked for where the device owes none, and judged. */
  async #arrival(isAskedFor = true): Promise<Contact> {
    const patience = this.#patienceMs()
    const asks = isAskedFor && !this.model.mustCall && this.model.grounds.ways.includes('http')
    let contact = asks ? await this.#asked(patience) : await this.line.nextContact(patience, this.signal)
    if (!contact && this.model.isReset) {
      this.note('bench: points the device at the ACS anew')
      await this.line.provision(this.signal)
      contact = await this.line.nextContact(patience, this.signal)
    }
    if (!contact) {
      const expected = this.model.expectation
      const silence = wrong('hang', expected, `none within ${Math.round(patience)} ms`, 'TR-069 3.2.1')
      this.hold(silence, 'silence')
      throw new Misbehaviour(silence, 'silence')
    }
    return this.#judged(contact)
  }

  /** An Inform that the device is asked for, or that comes before the device is reached. */
  async #asked(patience: number): Promise<Contact | undefined> {
    const arrived = new AbortController()
    const coming = this.line.nextContact(patience, this.signal).finally(() => arrived.abort())
    const heardMs = await this.#askFor(AbortSignal.any([this.signal, arrived.signal]))
    const contact = await coming
    if (contact || heardMs === undefined) return contact
    // A device that was busy for a while has all its time from when it has heard the request.
    return this.line.nextContact(heardMs + patience - this.line.now(), this.signal)
  }

  /** Asks for a session by one of the ways there are, whatever the device is doing. */
  async askBy(way: WayToCall): Promise<void> {
    await this.up()
    const { model } = this
    const isQuiet = !this.isInSession && !model.mayCall
    const result = isQuiet
      ? await this.line.callPatiently(way, this.signal, this.#lost)
      : await this.line.call(way, this.signal)
    this.#noteCall(way, result)
    const isHeard = result === 'heard' || result === 'unanswered'
    if (isHeard) model.isCalled(result === 'heard' || isQuiet)
    else if (result === 'lost') model.isCalled(false)
    if (isQuiet && !isHeard)
      this.hold(
        wrong(
          'answer',
          'a connection request that is granted, as no session runs',
          typeof result === 'string' ? answers[result] : result.refused,
          'TR-069 3.2.2',
        ),
        'connection request',
      )
  }

  /** @returns when the device has heard it, by the clock of the line */
  async #askFor(signal: AbortSignal): Promise<number | undefined> {
    let result: CallResult
    try {
      result = await this.line.callPatiently('http', signal, this.#lost)
    } catch (error) {
      if (!signal.aborted || this.signal.aborted) throw error
      // An Inform came first: nobody knows whether the device has read the request.
      this.model.isCalled(false)
      return undefined
    }
    this.#noteCall('http', result)
    if (result === 'heard' || result === 'lost') this.model.isCalled(result === 'heard')
    return result === 'heard' ? this.line.now() : undefined
  }

  /** A request that got no answer may have been heard, and may bring a session of its own besides that of the next one. */
  readonly #lost = (): void => {
    this.note('ACS  → connection request without an answer')
    this.model.isCalled(false)
  }

  #noteCall(way: WayToCall, result: CallResult): void {
    const told = typeof result === 'string' ? answers[result] : `refused: ${result.refused}`
    this.note(`ACS  → connection request by ${way}: ${told}`)
  }

  #judged(contact: Contact): Contact {
    this.note(`CPE  → ${informInWords(contact.inform, this.model.values.parameters)}`)
    this.hold(this.model.judgeInform(contact.inform, contact.url, contact.atMs), 'Inform')
    return contact
  }

  async #accept(contact: Contact): Promise<void> {
    contact.accept((request) => this.#onRequest(request))
    this.model.informAcknowledged()
    this.#contact = contact
    this.#calls = 0
    if (!this.model.isReset) return
    this.model.isReset = false
    await this.afterReset()
  }

  #onRequest({ name, report }: CpeRequest): RequestAnswer {
    const answer = this.repeatsRequest ? '8005' : 'properly'
    this.repeatsRequest = false
    if (!report) {
      this.note(`CPE  → ${name}`)
      return 'properly'
    }
    const { CommandKey, FaultStruct } = report
    this.note(`CPE  → TransferComplete ${JSON.stringify(CommandKey)} ${FaultStruct.FaultCode}`)
    if (answer === '8005') this.note('ACS  → fault 8005')
    const found = this.model.transfers.judgeReport(report, answer === 'properly')
    if (found) this.#found ??= new Misbehaviour(found, 'TransferComplete')
    return answer
  }

  /** What the device does wrong while the ACS waits is a finding. */
  async #guarded<T>(what: string, step: () => Promise<T>): Promise<T> {
    try {
      const result = await step()
      if (this.#found) this.hold(this.#found.wrong, this.#found.answer)
      return result
    } catch (error) {
      if (this.#found && !(error instanceof Misbehaviour)) this.hold(this.#found.wrong, this.#found.answer)
      if (!(error instanceof ConformanceFailure)) throw error
      const kind = error instanceof DeviceSilent ? 'hang' : 'answer'
      this.note(`CPE  → ${error.observed}`)
      const found = wrong(kind, error.tolerated, error.observed, 'TR-069 3.7.1')
      this.hold(found, what)
      throw error
    }
  }

  async #readKey(): Promise<void> {
    const ParameterNames = [this.model.values.parameterKeyName]
    await this.call('GetParameterValues', { ParameterNames }, (answer) =>
      isFault(answer)
        ? wrong('answer', 'GetParameterValuesResponse', `fault ${answer.faultCode}`, 'TR-069 A.3.2.2')
        : answer.ParameterList.map((struct) => this.model.values.see(struct, 'TR-069 A.3.2.1')).find(Boolean),
    )
  }

  #patienceMs(): number {
    const { patience } = this.model.grounds
    const boot = this.model.isBooting ? patience.reboot : 0
    const now = this.line.now()
    // Of what comes about by itself only a transfer takes time.
    const takes = ({ code, notBeforeMs }: Owed) =>
      Math.max(0, notBeforeMs - now) + (code === 'M ScheduleInform' ? 0 : patience.transfer)
    const latest = Math.max(0, ...this.model.soon(now).map(takes))
    return patience.inform + boot + this.line.retryWaitMs(this.model.retry) + latest
  }
}
