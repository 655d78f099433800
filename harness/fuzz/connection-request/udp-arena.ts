import type { Endpoint, StunServer } from '../../net/net.ts'
import type { TestBed } from '../../testbed/testbed.ts'
import type { BrokenMessage } from '../breakage/breakage.ts'
import type { BreakageLanguage } from '../breakage/language.ts'
import type { FuzzArena, Outcome, Settlement, Wrong } from '../campaign/field.ts'
import { SessionLedger } from './session-ledger.ts'
import { datagramOf, properUdp, type UdpDatagram, type UdpMessage, valuesOf } from './udp-message.ts'
import {
  answerOfUdp,
  combinedUdp,
  judgeUdp,
  mayBeHeeded,
  type UdpReaction,
  type UdpRule,
} from './udp-rules.ts'

/** A request that may be lost on its way is sent so often, as an ACS does. */
const TRIES = 3

/** Of datagrams of which nothing may come so many are sent, or so many octets, before it is awaited that nothing does. */
const MOST_AT_ONCE = 8
const MOST_OCTETS = 16_384

/** A datagram of which nothing may come, and how many cases were met before it since the last settlement. */
interface Held {
  readonly one: BrokenMessage
  readonly met: number
}

/** Where the device takes connection requests by UDP, and from where they come. */
export interface UdpLine {
  readonly server: StunServer
  readonly to: Endpoint
}

/**
 * A device between sessions that gets datagrams; after each it is called properly. Those that have to be ignored are sent by the handful, and
 * share the wait for what must not come and the proper call: `settle` tells what came of them. What was wrong with a handful is looked for by
 * sending each of it alone.
 */
export class UdpArena implements FuzzArena<BrokenMessage> {
  readonly state = 'between sessions'
  readonly #cpe: TestBed
  readonly #language: BreakageLanguage<UdpMessage, UdpRule>
  readonly #server: StunServer
  #to: Endpoint
  #ledger: SessionLedger
  /** Of the latest datagram. */
  #ts = now()
  /** Whether something with that time may have been heeded, so that only what is newer will be. */
  #isSpent = false
  #last: UdpDatagram
  #held: Held[] = []
  #heldOctets = 0
  /** Sessions that had ended, and datagrams that had come back, before those that are held. */
  #before = { ended: 0, strays: 0 }
  /** Since the last settlement. */
  #met = 0
  #told: Settlement[] = []
  #signal = new AbortController().signal

  /** Takes over the sessions of the device until it is closed. */
  constructor(cpe: TestBed, language: BreakageLanguage<UdpMessage, UdpRule>, { server, to }: UdpLine) {
    this.#cpe = cpe
    this.#language = language
    this.#server = server
    this.#to = to
    this.#ledger = new SessionLedger(cpe)
    this.#last = { text: '', values: valuesOf({ ...this.#account, ts: this.#ts }) }
  }

  get transcript() {
    return this.#cpe.transcript
  }

  async meet(one: BrokenMessage, signal: AbortSignal): Promise<Outcome> {
    this.#signal = signal
    const met = this.#met++
    const { message, rule } = this.#read(one)
    const isHeld = rule.effect === 'ignored' && message.copies <= MOST_AT_ONCE
    if (!isHeld) {
      await this.#release(signal)
      return { ...(await this.#meetAlone(one, signal)), isSuspect: this.#isSuspect }
    }
    const early = await this.#unready(signal)
    if (early) return early
    await this.#hold({ one, met }, message)
    if (this.#held.length >= MOST_AT_ONCE || this.#heldOctets > MOST_OCTETS) await this.#release(signal)
    return { answer: '', isSuspect: this.#isSuspect }
  }

  async settle(): Promise<readonly Settlement[]> {
    await this.#release(this.#signal)
    const told = this.#told.toSorted((a, b) => a.met - b.met)
    this.#forget()
    return told
  }

  async restart(signal: AbortSignal): Promise<void> {
    this.#signal = signal
    this.#forget()
    await this.#startAnew(signal)
  }

  async close(): Promise<void> {
    await this.#ledger.close()
  }

  get #isSuspect(): boolean {
    return this.#told.some(({ wrong }) => wrong !== undefined)
  }

  #read(one: BrokenMessage): { readonly message: UdpMessage; readonly rule: UdpRule } {
    const message = this.#language.build(one)
    return { message, rule: combinedUdp(message.password, this.#language.rulesOf(one)) }
  }

  async #hold(held: Held, message: UdpMessage): Promise<void> {
    if (this.#held.length === 0)
      this.#before = { ended: this.#ledger.ended, strays: this.#server.strays.length }
    this.#held.push(held)
    const { text } = this.#next(message)
    this.#heldOctets += text.length * message.copies
    for (let left = message.copies; left > 0; left -= 1) await this.#send(text)
  }

  /** Waits until nothing can come any more of the datagrams that are held, and calls the device properly. */
  async #release(signal: AbortSignal): Promise<void> {
    const held = this.#held
    this.#held = []
    this.#heldOctets = 0
    const last = held.at(-1)
    if (!last) return
    const { ended, strays } = this.#before
    const { rule } = this.#read(last.one)
    await this.#quiet(ended + 1, signal)
    const reaction = { sessions: this.#ledger.ended - ended, answers: this.#server.strays.length - strays }
    if (reaction.sessions > 0) this.#ledger.unasked = 0
    const { answer, wrong } = await this.#judged(rule, reaction, signal)
    const guilty = wrong && (await this.#guiltyOf(held, { met: last.met, answer, wrong }, signal))
    for (const { met } of held) this.#told.push(met === guilty?.met ? guilty : { met, answer: 'nothing' })
  }

  /** Which of several it was: the first that does it alone; else the last, which did it together with the others. */
  async #guiltyOf(held: readonly Held[], seen: Settlement, signal: AbortSignal): Promise<Settlement> {
    if (isBroken(seen.wrong)) await this.#startAnew(signal)
    for (const { one, met } of held) {
      const { answer, wrong } = await this.#meetAlone(one, signal)
      if (!wrong) continue
      if (isBroken(wrong)) await this.#startAnew(signal)
      return { met, answer, wrong }
    }
    return seen
  }

  #forget(): void {
    this.#held = []
    this.#heldOctets = 0
    this.#told = []
    this.#met = 0
  }

  async #meetAlone(one: BrokenMessage, signal: AbortSignal): Promise<Outcome> {
    const { message, rule } = this.#read(one)
    const early = await this.#unready(signal)
    return early ?? this.#judged(rule, await this.#put(message, rule, signal), signal)
  }

  /** What is sent once more needs something that was heeded before. */
  async #unready(signal: AbortSignal): Promise<Outcome | undefined> {
    if (this.#last.text !== '') return undefined
    const wrong = await this.#probe(signal)
    return wrong && { answer: 'nothing', wrong: await this.#named(wrong, signal) }
  }

  /** Judges what has come of a datagram, and what comes of a proper call after it. */
  async #judged(rule: UdpRule, reaction: UdpReaction, signal: AbortSignal): Promise<Outcome> {
    if (reaction.sessions > 0) this.#isSpent = true
    const probe = await this.#probe(signal)
    const late = this.#ledger.unasked
    this.#ledger.unasked = 0
    const seen = { ...reaction, sessions: reaction.sessions + late }
    const wrong = judgeUdp(rule, seen) ?? (probe && (await this.#named(probe, signal)))
    return { answer: answerOfUdp(seen), ...(wrong && { wrong }) }
  }

  async #startAnew(signal: AbortSignal): Promise<void> {
    await this.#ledger.close()
    const { dut, profile } = this.#cpe
    if (dut.supports('powerCycle')) {
      const earlier = new Set(this.#server.requests)
      const timeoutMs = profile.pixit.timing.rebootSeconds * 1000
      await dut.powerCycle(signal)
      await (await this.#cpe.nextSession({ timeoutMs, signal })).end()
      const where = (each: { readonly isOfConnectionRequests: boolean }) => each.isOfConnectionRequests
      const { from } = await this.#server.next({
        timeoutMs,
        where: (each) => where(each) && !earlier.has(each),
        signal,
      })
      this.#to = from
    } else await this.#cpe.enrol()
    this.#ledger = new SessionLedger(this.#cpe)
    this.#last = { ...this.#last, text: '' }
  }

  async #put(message: UdpMessage, rule: UdpRule, signal: AbortSignal): Promise<UdpReaction> {
    const { ended } = this.#ledger
    const strays = this.#server.strays.length
    const { text } = this.#next(message)
    if (mayBeHeeded(rule)) {
      this.#isSpent = true
      this.#ledger.expect()
    }
    for (let left = message.copies; left > 0; left -= 1) await this.#send(text)
    if (rule.effect !== 'heeded') await this.#quiet(ended + 1, signal)
    else if ((await this.#comes(ended + 1, text, signal)) && message.copies > 1)
      await this.#quiet(ended + 2, signal)
    // What has come by now came of it: nothing else is under way.
    const sessions = this.#ledger.ended - ended
    if (sessions > 0) this.#ledger.unasked = 0
    return { sessions, answers: this.#server.strays.length - strays }
  }

  /** A proper request; what is wrong when it brings no session. */
  async #probe(signal: AbortSignal): Promise<Wrong | undefined> {
    const { ended } = this.#ledger
    this.#ledger.settle()
    this.#ledger.expect()
    const datagram = this.#next(properUdp)
    this.#isSpent = true
    await this.#send(datagram.text)
    const came = await this.#comes(ended + 1, datagram.text, signal)
    this.#ledger.settle()
    if (came) {
      this.#last = datagram
      return undefined
    }
    return {
      kind: 'hang',
      expected: ['a session upon a genuine request after it'],
      actual: 'none',
      clause: 'TR-069 Annex G: a genuine request brings a session',
      level: 'MUST',
    }
  }

  /** Whether there are so many sessions in time; datagrams get lost, so that the same one is sent again. */
  async #comes(sessions: number, text: string, signal: AbortSignal): Promise<boolean> {
    const timeoutMs = (this.#cpe.profile.pixit.timing.informSeconds * 1000) / TRIES
    for (let left = TRIES - 1; left > 0; left -= 1) {
      if (await this.#ledger.reaches(sessions, { timeoutMs, signal })) return true
      await this.#send(text)
    }
    return this.#ledger.reaches(sessions, { timeoutMs, signal })
  }

  async #quiet(sessions: number, signal: AbortSignal): Promise<void> {
    await this.#ledger.reaches(sessions, { timeoutMs: this.#ledger.quietMs, signal })
  }

  /** Newer than all that may have been heeded, and no further ahead of the clock than that takes: a device ignores whatever is older. */
  #next(message: UdpMessage): UdpDatagram {
    this.#ts = Math.max(now(), this.#isSpent ? this.#ts + 1 : this.#ts)
    this.#isSpent = false
    const parts = { ...this.#account, to: this.#to, ts: this.#ts, last: this.#last }
    const isSameId = message.signed.id === 'last'
    const signed = isSameId ? { ...message.signed, id: this.#last.values.id } : message.signed
    return datagramOf({ ...message, signed }, parts)
  }

  async #send(text: string): Promise<void> {
    await this.#server.send(Buffer.from(text, 'latin1'), this.#to)
  }

  async #named(wrong: Wrong, signal: AbortSignal): Promise<Wrong> {
    return (await this.#cpe.dut.alive(signal)) ? wrong : { ...wrong, kind: 'crash' }
  }

  get #account() {
    const { connectionRequestUsername, connectionRequestPassword } = this.#cpe.profile.pixit.credentials
    return { username: connectionRequestUsername, password: connectionRequestPassword }
  }
}

/** In seconds, as datagrams tell it. */
function now(): number {
  return Math.floor(Date.now() / 1000)
}

/** Whether the device may be of no use after that. */
function isBroken(wrong: Wrong | undefined): boolean {
  return wrong?.kind === 'crash' || wrong?.kind === 'hang'
}
