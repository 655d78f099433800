import { type AuthenticationField, parseAuthentication } from '../../acs/acs.ts'
import { DeviceSilent, HarnessError } from '../../failure.ts'
import type { TestBed } from '../../testbed/testbed.ts'
import type { BrokenMessage } from '../breakage/breakage.ts'
import type { BreakageLanguage } from '../breakage/language.ts'
import type { FuzzArena, Outcome, Wrong } from '../campaign/field.ts'
import { telling } from '../secrets.ts'
import { type Addressee, type CrMessage, octetsOf, plainRequest } from './message.ts'
import { isLast, type RawAnswer, RawCall } from './raw-call.ts'
import {
  answerOf,
  type CrRule,
  type CrVerdictRule,
  combined,
  judge,
  promises,
  type Reaction,
} from './rules.ts'
import { SessionLedger } from './session-ledger.ts'

const CLAUSE = 'TR-069 3.2.2: a proper connection request is granted and brings a session'

/** What came of a case besides the reaction: whether a new try may have better luck. */
interface Put {
  readonly reaction: Reaction
  /** The device only wants a new nonce (RFC 7616 3.3). */
  readonly isStale: boolean
}

/** A device between sessions whose connection request server gets octets; after each case it is called properly. */
export class ConnectionRequestArena implements FuzzArena<BrokenMessage> {
  readonly state = 'between sessions'
  readonly #cpe: TestBed
  readonly #language: BreakageLanguage<CrMessage, CrRule>
  #ledger: SessionLedger
  /** Connections that stay until the device was called again. */
  #left: RawCall[] = []

  private constructor(cpe: TestBed, language: BreakageLanguage<CrMessage, CrRule>) {
    this.#cpe = cpe
    this.#language = language
    this.#ledger = new SessionLedger(cpe)
  }

  /** Takes over the sessions of the device until it is closed. */
  static async open(
    cpe: TestBed,
    language: BreakageLanguage<CrMessage, CrRule>,
    signal: AbortSignal,
  ): Promise<ConnectionRequestArena> {
    await (await cpe.openSession(signal)).end()
    return new ConnectionRequestArena(cpe, language)
  }

  get transcript() {
    return this.#cpe.transcript
  }

  async meet(one: BrokenMessage, signal: AbortSignal): Promise<Outcome> {
    const message = this.#language.build(one)
    const rule = combined(message.credentials, this.#language.rulesOf(one))
    try {
      let { reaction, isStale } = await this.#put(message, rule, signal)
      if (isStale && rule.effect === 'proper') ({ reaction } = await this.#put(message, rule, signal))
      let probe = await this.#probe(signal, mayBringMore(reaction))
      if (reaction.statuses.includes(503) && probe.wasBusy) {
        // It was nothing about the request: the device had had too many.
        ;({ reaction } = await this.#put(message, rule, signal))
        probe = await this.#probe(signal, mayBringMore(reaction))
      }
      const unasked = this.#ledger.unasked
      this.#ledger.unasked = 0
      const seen = { ...reaction, sessions: reaction.sessions + unasked }
      const wrong = judge(rule, seen) ?? probe.wrong
      return { answer: answerOf(seen), ...(wrong && { wrong: await this.#named(wrong, signal) }) }
    } finally {
      for (const call of this.#left.splice(0)) call.close()
    }
  }

  async settle() {
    return []
  }

  async restart(signal: AbortSignal): Promise<void> {
    await this.#ledger.close()
    const { dut, profile } = this.#cpe
    if (dut.supports('powerCycle')) {
      await dut.powerCycle(signal)
      const timeoutMs = profile.pixit.timing.rebootSeconds * 1000
      await (await this.#cpe.nextSession({ timeoutMs, signal })).end()
    } else await this.#cpe.enrol()
    this.#ledger = new SessionLedger(this.#cpe)
    // Who still ends the session in which it has come back makes one of all that is asked for meanwhile, asked for properly or not.
    await this.#probe(signal, true)
  }

  async close(): Promise<void> {
    await this.#ledger.close()
  }

  /** Sends the message and waits for what comes of it. */
  async #put(message: CrMessage, rule: CrVerdictRule, signal: AbortSignal): Promise<Put> {
    for (let left = message.idle; left > 0; left -= 1) await this.#keep(signal)
    const begun = await this.#challenged(message, signal)
    if (!begun.call) return { reaction: { ...nothing, ending: 'closed' }, isStale: false }
    const octets = octetsOf(message, this.#addressee(begun.challenge))
    let first: RawCall | undefined = begun.call
    if (message.isRepeated) {
      await this.#sendFirst(first, message, octets, rule, signal)
      first = await this.#connect(signal)
    }
    if (!first) return { reaction: { ...nothing, ending: 'closed' }, isStale: false }
    const before = this.#ledger.ended
    const { answers, live, known } = await this.#exchange(first, message, octets, { rule, signal })
    const statuses = answers.map(({ status }) => status)
    const { username, password } = this.#account
    const reaction: Reaction = {
      statuses,
      ending: live.gone ? 'closed' : 'open',
      sessions: 0,
      leaks: telling([password], [username]).some((secret) => live.received.slice(known).includes(secret)),
    }
    const isStale = answers.some(({ status, head }) => status === 401 && /\bstale="?true\b/i.test(head))
    if (promises(reaction) === 0) return { reaction, isStale }
    // Several grants before the session bring one (3.2.2).
    await this.#ledger.reaches(before + 1, { timeoutMs: this.#timing.informSeconds * 1000, signal })
    return { reaction: { ...reaction, sessions: this.#ledger.ended - before }, isStale }
  }

  /** Sends what is to be sent once more, and waits for what comes of it. */
  async #sendFirst(
    call: RawCall,
    message: CrMessage,
    octets: Buffer,
    { maySilent, clause }: CrVerdictRule,
    signal: AbortSignal,
  ): Promise<void> {
    const { ended } = this.#ledger
    const rule: CrVerdictRule = { effect: 'open', maySilent, clause }
    const { answers } = await this.#exchange(call, message, octets, { rule, signal })
    const isGranted = promises({ statuses: answers.map(({ status }) => status) }) > 0
    if (isGranted)
      await this.#ledger.reaches(ended + 1, { timeoutMs: this.#timing.informSeconds * 1000, signal })
    else await this.#quiet(signal)
    this.#ledger.settle()
  }

  /**
   * Sends the message and waits for its answers, which stand behind the first `known` octets that came over `live`. A server may close a
   * connection that has carried a request whenever it likes: who gets no answer there asks over another one (RFC 9112 9.3.1, 9.5).
   */
  async #exchange(
    first: RawCall,
    message: CrMessage,
    octets: Buffer,
    how: { rule: CrVerdictRule; signal: AbortSignal },
  ): Promise<{ answers: readonly RawAnswer[]; live: RawCall; known: number }> {
    const known = first.received.length
    const answers = await this.#sent(first, message, octets, { known, ...how })
    const isCut = known > 0 && answers.length === 0 && first.gone && message.ending === 'await'
    const live = isCut ? await this.#connect(how.signal) : undefined
    if (!live) return { answers, live: first, known }
    this.#ledger.settle()
    return { answers: await this.#sent(live, message, octets, { known: 0, ...how }), live, known: 0 }
  }

  async #sent(
    call: RawCall,
    message: CrMessage,
    octets: Buffer,
    { known, rule, signal }: { known: number; rule: CrVerdictRule; signal: AbortSignal },
  ): Promise<readonly RawAnswer[]> {
    const all = Buffer.concat(Array.from({ length: message.copies }, () => octets))
    if (mayBeGranted(rule)) this.#ledger.expect()
    await deliver(call, message, all)
    if (message.ending === 'reset') call.reset()
    if (message.ending === 'half-close') call.halfClose()
    const patienceMs = this.#timing.responseSeconds * (rule.maySilent ? 10 : 1000)
    const timeoutMs = message.ending === 'leave' ? 0 : patienceMs
    const answers = await call.answersAfter(known, message.copies, message.method, { timeoutMs, signal })
    if (message.ending === 'leave') this.#left.push(call)
    else call.close()
    // Who closed before the answer does not know what it was.
    const isRefused = answers.length > 0 && promises({ statuses: answers.map(({ status }) => status) }) === 0
    if (isRefused) this.#ledger.settle()
    // Who says nothing may have taken it for a request all the same.
    if (answers.length === 0 && !mayBeGranted(rule)) await this.#quiet(signal)
    return answers
  }

  /** A connection for the message, and the challenge that its credentials answer. A device that has had too many is asked again for a while. */
  async #challenged(
    message: CrMessage,
    signal: AbortSignal,
  ): Promise<{ call: RawCall | undefined; challenge?: AuthenticationField | undefined }> {
    if (message.credentials === 'none') return { call: await this.#connect(signal) }
    const { call, answer } = await this.#cpe.askPatiently(() => this.#asked(message, signal), signal)
    const challenge = challengeIn(answer)
    if (call && !call.gone && !isLast(answer)) return { call, challenge }
    call?.close()
    return { call: await this.#connect(signal), challenge }
  }

  /** What a request without credentials is answered with. */
  async #asked(
    message: CrMessage,
    signal: AbortSignal,
  ): Promise<{ status: number | undefined; call?: RawCall | undefined; answer?: RawAnswer | undefined }> {
    const call = await this.#connect(signal)
    if (!call) return { status: undefined }
    await deliver(call, message, octetsOf(plainRequest, this.#addressee(undefined)))
    const timeoutMs = this.#timing.responseSeconds * 1000
    const [answer] = await call.answersAfter(0, 1, 'GET', { timeoutMs, signal })
    if (answer?.status === 503) call.close()
    return { status: answer?.status, call, answer }
  }

  /** A proper connection request, which a device that has had too many may refuse for a while. */
  async #probe(signal: AbortSignal, moreMayCome: boolean): Promise<{ wrong?: Wrong; wasBusy: boolean }> {
    const { ended } = this.#ledger
    let wasBusy = false
    try {
      const { status } = await this.#cpe.askPatiently(async () => {
        this.#ledger.expect()
        const answer = await this.#cpe.requestConnection(signal)
        wasBusy ||= answer.status === 503
        return answer
      }, signal)
      if (status !== 200 && status !== 204) return { wrong: lost(`HTTP status ${status}`), wasBusy }
    } catch (error) {
      if (!(error instanceof DeviceSilent)) throw error
      return { wrong: lost(error.observed), wasBusy }
    }
    const timeoutMs = this.#timing.informSeconds * 1000
    const came = await this.#ledger.reaches(ended + 1, { timeoutMs, signal })
    if (came && moreMayCome) await this.#quiet(signal)
    this.#ledger.settle()
    return came ? { wasBusy } : { wrong: lost(`no session within ${timeoutMs} ms`), wasBusy }
  }

  /** Until one more session has come, or none will. */
  async #quiet(signal: AbortSignal): Promise<void> {
    const timeoutMs = Math.min(this.#timing.informSeconds * 1000, this.#ledger.quietMs)
    await this.#ledger.reaches(this.#ledger.ended + 1, { timeoutMs, signal })
  }

  /** Says of what looks like silence whether the device is gone. */
  async #named(wrong: Wrong, signal: AbortSignal): Promise<Wrong> {
    if (wrong.kind !== 'hang' || (await this.#cpe.dut.alive(signal))) return wrong
    return { ...wrong, kind: 'crash' }
  }

  async #keep(signal: AbortSignal): Promise<void> {
    const call = await this.#connect(signal)
    if (call) this.#left.push(call)
  }

  #connect(signal: AbortSignal): Promise<RawCall | undefined> {
    const timeoutMs = this.#timing.responseSeconds * 1000
    return RawCall.connect(this.#url, this.#cpe.transcript, { timeoutMs, signal })
  }

  #addressee(challenge: AuthenticationField | undefined): Addressee {
    return { ...this.#account, url: this.#url, challenge }
  }

  get #account() {
    const { connectionRequestUsername, connectionRequestPassword } = this.#cpe.profile.pixit.credentials
    return { username: connectionRequestUsername, password: connectionRequestPassword }
  }

  get #timing() {
    return this.#cpe.profile.pixit.timing
  }

  /** @throws HarnessError when the device never said where to call it */
  get #url(): URL {
    const url = URL.parse(this.#cpe.connectionRequestUrl)
    if (!url) throw new HarnessError(`no URL to call: ${JSON.stringify(this.#cpe.connectionRequestUrl)}`)
    return url
  }
}

/** What is delivered in pieces comes so from its first octet on. */
async function deliver(call: RawCall, { delivery }: CrMessage, octets: Buffer): Promise<void> {
  if (delivery === 'octets') return call.sendInPieces([...octets].map((octet) => Buffer.of(octet)))
  if (delivery === 'whole') return call.send(octets)
  const half = Math.floor(octets.length / 2)
  return call.sendInPieces([octets.subarray(0, half), octets.subarray(half)])
}

/** The challenge that credentials answer: of MD5 where there are several. */
function challengeIn(answer: RawAnswer | undefined): AuthenticationField | undefined {
  const lines = [...(answer?.head.matchAll(/^www-authenticate: *(.*?)\r$/gim) ?? [])]
  const challenges = lines.flatMap(([, value = '']) => parseAuthentication(value))
  const digests = challenges.filter(({ scheme }) => scheme.toLowerCase() === 'digest')
  const algorithmOf = (one: AuthenticationField) => one.parameters.get('algorithm')?.toUpperCase() ?? 'MD5'
  return digests.find((one) => algorithmOf(one) === 'MD5') ?? digests[0]
}

/** Whether a session may come of it at all. */
function mayBeGranted({ effect }: CrVerdictRule): boolean {
  return effect === 'proper' || effect === 'open'
}

/** Whether a session may yet come of a case whose reaction is known, rightly or wrongly: the one that was promised has come by then. */
function mayBringMore(reaction: Reaction): boolean {
  return promises(reaction) !== 1
}

const nothing: Reaction = { statuses: [], ending: 'open', sessions: 0, leaks: false }

function lost(actual: string): Wrong {
  return {
    kind: 'hang',
    expected: ['200 or 204 to a proper connection request after it, and a session'],
    actual,
    clause: CLAUSE,
    level: 'MUST',
  }
}
