import type { Endpoint, StunServer } from '../../net/net.ts'
import type { TestBed } from '../../testbed/testbed.ts'
import type { BrokenMessage } from '../breakage/breakage.ts'
import type { BreakageLanguage } from '../breakage/language.ts'
import type { FuzzArena, Outcome, Wrong } from '../campaign/field.ts'
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

/** Where the device takes connection requests by UDP, and from where they come. */
export interface UdpLine {
  readonly server: StunServer
  readonly to: Endpoint
}

/** A device between sessions that gets datagrams; after each it is called properly. */
export class UdpArena implements FuzzArena<BrokenMessage> {
  readonly state = 'between sessions'
  readonly #cpe: TestBed
  readonly #language: BreakageLanguage<UdpMessage, UdpRule>
  readonly #server: StunServer
  #to: Endpoint
  #ledger: SessionLedger
  #ts = Math.floor(Date.now() / 1000)
  #last: UdpDatagram

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
    // What is sent once more needs something that was heeded before.
    const early = this.#last.text === '' ? await this.#probe(signal) : undefined
    if (early) return { answer: 'nothing', wrong: await this.#named(early, signal) }
    const message = this.#language.build(one)
    const rule = combinedUdp(message.password, this.#language.rulesOf(one))
    const reaction = await this.#put(message, rule, signal)
    const probe = await this.#probe(signal)
    const late = this.#ledger.unasked
    this.#ledger.unasked = 0
    const seen = { ...reaction, sessions: reaction.sessions + late }
    const wrong = judgeUdp(rule, seen) ?? (probe && (await this.#named(probe, signal)))
    return { answer: answerOfUdp(seen), ...(wrong && { wrong }) }
  }

  async settle() {
    return []
  }

  async restart(signal: AbortSignal): Promise<void> {
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

  async close(): Promise<void> {
    await this.#ledger.close()
  }

  async #put(message: UdpMessage, rule: UdpRule, signal: AbortSignal): Promise<UdpReaction> {
    const { ended } = this.#ledger
    const strays = this.#server.strays.length
    if (mayBeHeeded(rule)) this.#ledger.expect()
    const { text } = this.#next(message)
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

  #next(message: UdpMessage): UdpDatagram {
    this.#ts += 1
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
