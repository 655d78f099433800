import { setImmediate } from 'node:timers/promises'
import type { Exchange } from '../../acs/acs.ts'
import { ConformanceFailure, DeviceSilent } from '../../failure.ts'
import { quickRetries, type Restore } from '../../testbed/session-retries.ts'
import type { TestBed } from '../../testbed/testbed.ts'
import type { BrokenMessage } from '../breakage/breakage.ts'
import type { BreakageLanguage } from '../breakage/language.ts'
import type { FuzzArena, Outcome, Wrong } from '../campaign/field.ts'
import { localMemoryMiB } from '../local-process.ts'
import { type AnswerMessage, octetsOf, plainAnswer, type Stage } from './answer.ts'
import { Dialogue, informOf } from './dialogue.ts'
import { type AnswerRule, combined, judge, type Reaction } from './rules.ts'

/** Octets that go in a segment each; the rest follows at once. */
const MOST_PIECES = 2000

/** What a device may take more of than before, for an answer that is worth less than a megabyte to it; MiB. */
const MOST_GROWTH = 512

/** Events that need not be told again (TR-069 3.7.1.5). */
const FLEETING = ['5 KICKED', '6 CONNECTION REQUEST', '9 REQUEST DOWNLOAD', '13 WAKEUP', '14 HEARTBEAT']

/** The id of a request that stands behind an answer, where nobody looks for one. */
const SECOND = 'fuzz-second'

/** What came of one answer: what the device did, and the request by which it shows. */
interface Seen {
  readonly reaction: Reaction
  readonly next: Exchange
}

/** A device in a session with an ACS whose answers are broken; after each it has to be able to hold a session. */
export class HttpArena implements FuzzArena<BrokenMessage> {
  state = 'in a session'
  readonly #cpe: TestBed
  readonly #language: BreakageLanguage<AnswerMessage, AnswerRule>
  readonly #dialogue: Dialogue
  /** The POST that waits for its answer, in a session that is open. */
  #turn: Exchange | undefined
  /** An Inform that waits for its answer. */
  #inform: Exchange | undefined
  #keys = 0
  #memoryMiB = localMemoryMiB() ?? 0

  private constructor(cpe: TestBed, language: BreakageLanguage<AnswerMessage, AnswerRule>) {
    this.#cpe = cpe
    this.#language = language
    this.#dialogue = new Dialogue(cpe)
  }

  /** Sets short waits before retries, where the device lets it, and takes over all of its requests until it is closed. */
  static async open(
    cpe: TestBed,
    language: BreakageLanguage<AnswerMessage, AnswerRule>,
    restore: Restore,
    signal: AbortSignal,
  ): Promise<HttpArena> {
    await quickRetries(cpe, restore, signal)
    return new HttpArena(cpe, language)
  }

  get transcript() {
    return this.#cpe.transcript
  }

  async meet(one: BrokenMessage, signal: AbortSignal): Promise<Outcome> {
    const message = this.#language.build(one)
    const rule = combined(this.#language.rulesOf(one))
    this.state = message.stage === 'Inform' ? 'at its Inform' : 'in a session'
    let reaction: Reaction | undefined
    try {
      const prior = await this.#at(message.stage, signal)
      const before = informOf(prior)?.Event.map(({ EventCode }) => EventCode) ?? []
      const seen = await this.#put(message, rule, prior, signal)
      reaction = seen.reaction
      const found =
        judge(rule, { reaction, isEnd: message.stage === 'end' }) ??
        this.#wrongNext(seen, message, rule) ??
        this.#lostEvents(before, seen, rule) ??
        this.#swollen(rule)
      const later = await this.#goOn(seen, message, signal)
      const wrong = found ?? later
      return { answer: reaction, ...(wrong && { wrong }) }
    } catch (error) {
      if (!(error instanceof ConformanceFailure)) throw error
      this.#turn = undefined
      this.#inform = undefined
      const wrong: Wrong = {
        kind: (await this.#cpe.dut.alive(signal)) ? 'hang' : 'crash',
        expected: [error.tolerated.join(' or ')],
        actual: error.observed,
        clause: 'TR-069 3.2.1.1: the device never gives up to call, whatever came of a session',
        level: 'MUST',
      }
      return { answer: reaction === undefined ? 'gone' : `${reaction}, gone`, wrong }
    }
  }

  async settle() {
    return []
  }

  async restart(signal: AbortSignal): Promise<void> {
    this.#turn = undefined
    this.#inform = undefined
    const { dut, profile } = this.#cpe
    await this.#dialogue.aside(async () => {
      if (!dut.supports('powerCycle')) return this.#cpe.enrol()
      await dut.powerCycle(signal)
      const timeoutMs = profile.pixit.timing.rebootSeconds * 1000
      await (await this.#cpe.nextSession({ timeoutMs, signal })).end()
    })
    this.#memoryMiB = localMemoryMiB() ?? 0
  }

  async close(): Promise<void> {
    this.#leave()
    this.#inform?.destroy()
    await this.#dialogue.close()
  }

  /** The request of the device that is answered at this stage. @throws DeviceSilent when it does not get there */
  async #at(stage: Stage, signal: AbortSignal): Promise<Exchange> {
    if (stage === 'Inform') return await this.#undelivered(signal)
    if (stage === 'empty POST' && (this.#turn?.body.length ?? 0) > 0) this.#leave()
    let turn = this.#turn ?? (await this.#dialogue.enter(await this.#nextInform(0, signal), signal))
    if (stage === 'response' && turn.body.length === 0)
      turn = await this.#dialogue.say(turn, this.#dialogue.probe().body, signal)
    this.#turn = undefined
    return turn
  }

  /** The Inform that is there already, or of the next session. */
  async #nextInform(patienceMs: number, signal: AbortSignal): Promise<Exchange> {
    const inform = this.#inform ?? (await this.#dialogue.inform(patienceMs, signal))
    this.#inform = undefined
    return inform
  }

  /** An Inform with an event that has to be told again until it is heard, where the device knows one that can be ordered. */
  async #undelivered(signal: AbortSignal): Promise<Exchange> {
    const { ics, pixit } = this.#cpe.profile
    if (!ics.ScheduleInform || this.#inform) return await this.#nextInform(0, signal)
    this.#keys += 1
    const turn = this.#turn ?? (await this.#dialogue.enter(await this.#nextInform(0, signal), signal))
    this.#turn = await this.#dialogue.say(turn, this.#dialogue.schedule(`fuzz-${this.#keys}`), signal)
    this.#leave()
    return await this.#nextInform(2000 / pixit.clockRate + this.#quickMs, signal)
  }

  /** Ends the session that is open. */
  #leave(): void {
    this.#turn?.respondQuietly({ status: 204 })
    this.#turn = undefined
  }

  /** Answers so, as often as there are redirects, and says what the device does. */
  async #put(message: AnswerMessage, rule: AnswerRule, prior: Exchange, signal: AbortSignal): Promise<Seen> {
    let { seen, id } = await this.#answered(message, rule, prior, signal)
    for (let left = message.redirects - 1; left > 0 && seen.reaction === 'follows'; left -= 1)
      ({ seen, id } = await this.#answered(message, rule, seen.next, signal))
    if (seen.reaction !== 'follows') return seen
    const { next } = seen
    const proper = next.isInform ? { id, body: this.#dialogue.informResponse(next) } : this.#dialogue.probe()
    const after =
      message.stage === 'end'
        ? await this.#ended(next, signal)
        : await this.#dialogue.say(next, proper.body, signal)
    const came = this.#reactionOf(next, after, { ...message, redirects: 0 }, rule, proper.id)
    return { reaction: came === 'goes on' || came === 'ends' ? 'follows' : came, next: after }
  }

  /** Ends a session, and waits for the Inform of the next. @throws DeviceSilent */
  async #ended(turn: Exchange, signal: AbortSignal): Promise<Exchange> {
    turn.respondQuietly({ status: 204 })
    return await this.#dialogue.inform(this.#quickMs, signal)
  }

  async #answered(
    message: AnswerMessage,
    rule: AnswerRule,
    prior: Exchange,
    signal: AbortSignal,
  ): Promise<{ seen: Seen; id: string }> {
    const probe = this.#dialogue.probe()
    const envelope =
      message.stage === 'end'
        ? ''
        : message.stage === 'Inform'
          ? this.#dialogue.informResponse(prior)
          : probe.body
    const second = plainAnswer(probe.body.replaceAll(probe.id, SECOND))
    await this.#send(message, prior, octetsOf(message, { acs: new URL(this.#cpe.acs.url), envelope, second }))
    const next = await this.#awaited(message, rule, prior, signal)
    return { seen: { reaction: this.#reactionOf(prior, next, message, rule, probe.id), next }, id: probe.id }
  }

  /** What the device says next; where nothing can be due any more it is called. @throws DeviceSilent */
  async #awaited(
    message: AnswerMessage,
    rule: AnswerRule,
    prior: Exchange,
    signal: AbortSignal,
  ): Promise<Exchange> {
    const isDue = (rule.effect === 'read' && message.stage !== 'end') || rule.effect === 'follow'
    const { responseSeconds } = this.#cpe.profile.pixit.timing
    const next = await this.#dialogue.next(isDue ? responseSeconds * 1000 : this.#quickMs, signal)
    if (next) return next
    // Whoever waits for the rest of an answer waits no longer.
    prior.destroy()
    await this.#dialogue.rouse(signal)
    const { informSeconds } = this.#cpe.profile.pixit.timing
    const late = await this.#dialogue.next(informSeconds * 1000, signal)
    if (!late)
      throw new DeviceSilent('a session after a connection request', `none within ${informSeconds} s`)
    return late
  }

  async #send({ delivery, ending }: AnswerMessage, turn: Exchange, octets: Buffer): Promise<void> {
    const close = ending === 'close'
    try {
      if (delivery === 'octets') {
        const most = Math.min(octets.length, MOST_PIECES)
        for (let at = 0; at < most - 1; at += 1) await sendPiece(turn, octets.subarray(at, at + 1))
        await turn.respondRaw(octets.subarray(Math.max(0, most - 1)), { close })
      } else if (delivery === 'halves') {
        const half = Math.floor(octets.length / 2)
        await sendPiece(turn, octets.subarray(0, half))
        await turn.respondRaw(octets.subarray(half), { close })
      } else await turn.respondRaw(octets, { close })
    } catch (error) {
      // The device has closed before it had all: what it does next tells what it made of it.
      if (!(error instanceof ConformanceFailure)) throw error
    }
    if (ending === 'cut') turn.destroy()
  }

  #reactionOf(
    prior: Exchange,
    next: Exchange,
    message: AnswerMessage,
    rule: AnswerRule,
    id: string,
  ): Reaction {
    if (next.method !== 'POST') return 'asks otherwise'
    if (next.body.equals(prior.body)) {
      if (message.redirects > 0) return 'follows'
      if (next.header('authorization') !== prior.header('authorization')) return 'shows credentials'
      // An empty POST may come after an answer that could be taken for empty.
      return prior.body.length === 0 && rule.effect === 'open' ? 'takes it for empty' : 'repeats'
    }
    if (next.isInform) return (informOf(next)?.RetryCount ?? 0) > 0 ? 'gives up' : 'ends'
    if (message.stage === 'Inform') return 'goes on'
    if (next.envelope?.kind === 'fault') return 'refuses'
    return next.envelope?.kind === 'response' && next.envelope.id === id ? 'goes on' : 'takes it for empty'
  }

  /** What is wrong with the request by which the reaction shows. */
  #wrongNext({ reaction, next }: Seen, message: AnswerMessage, rule: AnswerRule): Wrong | undefined {
    if (next.envelope?.kind === 'response' && next.envelope.id === SECOND)
      return {
        kind: 'state',
        expected: ['no heed of octets that came before anything was asked'],
        actual: 'an answer to them',
        clause: 'RFC 9112 9.3.2: what nobody has asked for is no answer',
        level: 'SHOULD',
      }
    if (reaction === 'gives up' || reaction === 'ends') return this.#wrongBeginning(next)
    if (reaction !== 'goes on' || !message.cookies || rule.effect !== 'read') return undefined
    const pairs = (next.header('cookie') ?? '').split('; ')
    const missing = message.cookies.returned.filter((pair) => !pairs.includes(pair))
    const shown = message.cookies.keptBack.filter((name) => pairs.some((pair) => pair.startsWith(`${name}=`)))
    if (missing.length === 0 && shown.length === 0) return undefined
    return {
      kind: 'answer',
      expected: [...message.cookies.returned, ...message.cookies.keptBack.map((name) => `no ${name}`)],
      actual: `Cookie: ${next.header('cookie') ?? '(none)'}`,
      clause: rule.clause,
      level: rule.level ?? 'MUST',
    }
  }

  /** A session begins at the configured URL, and knows nothing of the cookies of the last one. */
  #wrongBeginning(inform: Exchange): Wrong | undefined {
    const { pathname, search } = new URL(this.#cpe.acs.url)
    const wrong = (expected: string, actual: string, clause: string): Wrong => ({
      kind: 'state',
      expected: [expected],
      actual,
      clause,
      level: 'MUST',
    })
    if (inform.path !== pathname + search)
      return wrong(
        `the next session at ${pathname + search}`,
        inform.path,
        'TR-069 3.4.6: a redirect is good for one session',
      )
    const cookie = inform.header('cookie')
    if (cookie === undefined) return undefined
    return wrong('no Cookie in the next session', cookie, 'TR-069 3.4.2: cookies end with their session')
  }

  /** Events whose InformResponse cannot have been read. */
  #lostEvents(
    before: readonly string[],
    { reaction, next }: Seen,
    { effect }: AnswerRule,
  ): Wrong | undefined {
    if (reaction !== 'gives up' || effect === 'open' || effect === 'follow') return undefined
    const now = informOf(next)?.Event.map(({ EventCode }) => EventCode) ?? []
    const lost = before.filter((code) => !FLEETING.includes(code) && !now.includes(code))
    if (lost.length === 0) return undefined
    return {
      kind: 'state',
      expected: [`${before.join(', ')} in the next Inform, too`],
      actual: now.join(', '),
      clause: 'TR-069 3.7.1.5: an event is told again until an InformResponse has come',
      level: 'MUST',
    }
  }

  #swollen({ isHeavy }: AnswerRule): Wrong | undefined {
    const now = isHeavy ? localMemoryMiB() : undefined
    if (now === undefined || now - this.#memoryMiB < MOST_GROWTH) return undefined
    return {
      kind: 'resources',
      expected: [`at most ${MOST_GROWTH} MiB more memory than before`],
      actual: `${Math.round(now - this.#memoryMiB)} MiB`,
      clause: 'RFC 9110 17.5: a recipient bounds what it takes',
      level: 'SHOULD',
    }
  }

  /** Brings the device into a session again; what is wrong with the beginning of a new one. @throws DeviceSilent when it does not get there */
  async #goOn(
    { reaction, next }: Seen,
    message: AnswerMessage,
    signal: AbortSignal,
  ): Promise<Wrong | undefined> {
    if (next.isInform) this.#inform = next
    else if (next.method === 'POST') this.#turn = await this.#dialogue.yielded(next, signal)
    else next.respondQuietly({ status: 405, close: true })
    if (reaction === 'shows credentials' || reaction === 'repeats' || message.cookies) this.#leave()
    if (this.#turn?.isInform) {
      this.#inform = this.#turn
      this.#turn = undefined
    }
    if (this.#turn) return undefined
    const inform = await this.#nextInform(0, signal)
    this.#turn = await this.#dialogue.enter(inform, signal)
    // The one by which the reaction showed was looked at, or is the same once more.
    return inform === next ? undefined : this.#wrongBeginning(inform)
  }

  /** After how long nothing more comes of itself, for all that this device has shown. */
  get #quickMs(): number {
    const { responseSeconds } = this.#cpe.profile.pixit.timing
    return Math.min(responseSeconds * 1000, 20 + 3 * this.#dialogue.slowestMs)
  }
}

async function sendPiece(turn: Exchange, piece: Buffer): Promise<void> {
  await turn.respondRaw(piece, { more: true })
  // The next write leaves after whatever the event loop has to do, and not in the same segment.
  await setImmediate()
}
