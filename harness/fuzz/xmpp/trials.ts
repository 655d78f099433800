import { setTimeout } from 'node:timers/promises'
import type { WaitOptions } from '../../acs/acs.ts'
import type { XmlElement } from '../../cwmp/cwmp.ts'
import type { Transcript } from '../../cwmp/transcript.ts'
import { DeviceSilent } from '../../failure.ts'
import type { Wrong } from '../campaign/field.ts'
import { type FuzzTarget, genuine } from './arbitraries.ts'
import { heeded } from './heeded.ts'
import { judge } from './judge.ts'
import { type FuzzStanza, render, type Sender } from './stanza.ts'

/** Somebody who is logged in at the server of the device. */
export interface Sending {
  send(text: string): void
  /** Sends an iq of type get. @throws DeviceSilent */
  ask(to: string, payload: string, wait: WaitOptions & { timeoutMs: number }): Promise<XmlElement>
  /** What came, but for what `ask` returned; emptied here. */
  received: XmlElement[]
}

/** All that meets the device while it is fuzzed. */
export interface FuzzPeers extends Readonly<Record<Sender, Sending>> {
  readonly transcript: Transcript
  readonly target: FuzzTarget
  /** Milliseconds that the device may take for an answer, and that it has to be quiet before nothing more is expected of it, at the most. */
  readonly timeoutMs: number
  readonly quietMs: number
  /** Milliseconds until a device that was started anew is logged in again, at the most. */
  readonly returnMs: number
  /** Sessions with 6 CONNECTION REQUEST so far. */
  sessions(): number
  /** Resolves when there are so many. @throws DeviceSilent */
  sessionsReach(count: number): Promise<void>
  /** Something that is the same for as long as the device keeps its connection with the server. */
  connection(): Promise<string>
  /**
   * Whether the device is logged in, as soon as it is or the time is over; undefined where the server does not tell. What a server says for
   * a device that is not there looks like an answer of the device (RFC 6120 8.4, RFC 6121 8.5.3).
   */
  online(timeoutMs: number, signal: AbortSignal): Promise<boolean | undefined>
  alive(signal: AbortSignal): Promise<boolean>
  /** Starts the device anew; it need not be logged in yet. */
  restart(signal: AbortSignal): Promise<void>
  close(): Promise<void>
}

/** A stanza, and how many cases were met before it since the last settlement. */
export interface Sent {
  readonly one: FuzzStanza
  readonly met: number
}

/** What was wrong with one of these. */
export interface Fault {
  readonly among: readonly Sent[]
  readonly wrong: Wrong
}

/** A device that is to open no session is watched for so many times what sessions take, and for that long at least. */
const QUIET_TIMES = 4
const LEAST_QUIET_MS = 20
/** What a slow answer or session still counts when the next one comes. */
const FADING = 0.8
/** Whoever is looked for among many is not waited for as long as the verdict about him: so many times what answers take, and that long at least. */
const HASTE_TIMES = 20
const LEAST_HASTE_MS = 1000

const SESSIONS =
  'TR-069 Annex K: a session opens for a request that is genuine, allowed and authorized, and for no other'
const GENUINE = 'TR-069 Annex K: a genuine request is heeded, whatever came before'

/** Sends stanzas to a device, and holds what comes of them against the table. */
export class Trials {
  readonly #peers: FuzzPeers
  /** The most sessions that there may have been. */
  #most: number
  /** What the answer to all of a chunk took of late, and what a session took. */
  #answerMs = 0
  #sessionMs = 0
  #signal = new AbortController().signal

  constructor(peers: FuzzPeers) {
    this.#peers = peers
    this.#most = peers.sessions()
  }

  /** Aborts whatever is under way. */
  set signal(signal: AbortSignal) {
    this.#signal = signal
  }

  /** Milliseconds for an answer where it is only asked which of several stanzas it was. */
  get hasteMs(): number {
    return Math.min(this.#peers.timeoutMs, Math.max(LEAST_HASTE_MS, this.#answerMs * HASTE_TIMES))
  }

  /** All of it: what these are answered with, and what comes of them. */
  async meet(
    some: readonly Sent[],
    timeoutMs: number,
    tell: (met: number, answer: string) => void,
  ): Promise<Fault[]> {
    const faults = await this.exchange(some, timeoutMs, tell)
    return faults.some(({ wrong }) => isBroken(wrong))
      ? faults
      : [...faults, ...(await this.aftermath(some, timeoutMs))]
  }

  /** Sends these, without waiting in between, and judges the answers. */
  async exchange(
    some: readonly Sent[],
    timeoutMs: number,
    tell: (met: number, answer: string) => void,
  ): Promise<Fault[]> {
    this.#signal.throwIfAborted()
    const peers = this.#peers
    const faults: Fault[] = []
    const before = peers.sessions()
    for (const { one } of some) peers[one.sender].send(render(one.element))
    let promised = 0
    for (const sender of ['allowed', 'foreign'] as const) {
      const own = some.filter(({ one }) => one.sender === sender)
      const answers = await this.#answersTo(sender, timeoutMs)
      if (!answers || (await this.#isAway()))
        return [
          ...faults,
          { among: some, wrong: await this.#gone('an answer to a request behind the others') },
        ]
      const verdict = judge(
        own.map(({ one }) => one),
        answers,
        peers.target,
      )
      for (const [at, answer] of verdict.answers.entries()) tell((own[at] as Sent).met, answer)
      for (const { of, wrong } of verdict.findings)
        faults.push({ among: of.length === 0 ? own : of.map((at) => own[at] as Sent), wrong })
      promised += verdict.promised
      this.#most += verdict.promised + verdict.possible
    }
    if (promised > 0 && !(await this.#reached(before + 1)))
      faults.push({
        among: some,
        wrong: wrongState(['a session for a request that was answered with a result'], 'none'),
      })
    return faults
  }

  /** What comes of stanzas once they are answered: no session too many, and a genuine request is heeded. */
  async aftermath(some: readonly Sent[], timeoutMs: number): Promise<Fault[]> {
    await this.#idle()
    const wrong = this.#tooMany() ?? (await this.#expectGenuine(timeoutMs))
    if (this.#most > this.#peers.sessions()) await this.#idle()
    this.#most = this.#peers.sessions()
    return wrong ? [{ among: some, wrong }] : []
  }

  /** Asks a device that was started anew until it is there and heeds. @returns `result`, or what came in its place */
  async begin(): Promise<string> {
    const { returnMs, timeoutMs } = this.#peers
    const isThere = await this.#peers.online(returnMs, this.#signal)
    const settled = this.#peers.sessions()
    // Until it is logged in, its server refuses in its place.
    const name = await this.#genuine(isThere === undefined ? returnMs : timeoutMs)
    if (name === 'result') await this.#reached(settled + 1)
    await this.#idle()
    this.#most = this.#peers.sessions()
    return name
  }

  /**
   * Stanzas between two JIDs stay in order (RFC 6120 10.1): once a last request is answered, nothing more comes for those before it.
   * Its credentials are wrong, so that it starts nothing. Undefined when it gets no answer.
   */
  async #answersTo(sender: Sender, timeoutMs: number): Promise<XmlElement[] | undefined> {
    const { [sender]: client, target } = this.#peers
    const last = render(genuine({ ...target, password: 'the last of these' }))
    try {
      const began = performance.now()
      await client.ask(target.cpe, last, { timeoutMs, signal: this.#signal })
      this.#answerMs = Math.max(this.#answerMs * FADING, performance.now() - began)
    } catch (error) {
      if (error instanceof DeviceSilent) return undefined
      throw error
    }
    const came = client.received
    client.received = []
    return came.filter(({ name }) => name === 'iq')
  }

  async #gone(expected: string): Promise<Wrong> {
    const isAlive = await this.#isAlive()
    // What did come is no answer to what is sent next.
    this.#peers.allowed.received = []
    this.#peers.foreign.received = []
    this.#most = this.#peers.sessions()
    return {
      kind: isAlive ? 'hang' : 'crash',
      level: 'MUST',
      expected: [expected],
      actual: isAlive ? 'none' : 'a device that does not run any more',
      clause: GENUINE,
    }
  }

  async #expectGenuine(timeoutMs: number): Promise<Wrong | undefined> {
    const settled = this.#peers.sessions()
    const name = await this.#genuine(timeoutMs)
    const isGone =
      name === 'no answer' || (name !== 'result' && ((await this.#isAway()) || !(await this.#isAlive())))
    if (isGone) return this.#gone('a result for a genuine request')
    if (name !== 'result') return { ...wrongState(['a result for a genuine request'], name), clause: GENUINE }
    this.#most += 1
    if (!(await this.#reached(settled + 1)))
      return { ...wrongState(['a session for a genuine request'], 'none'), clause: GENUINE }
    return this.#tooMany()
  }

  #isAlive(): Promise<boolean> {
    return this.#peers.alive(this.#signal)
  }

  /** Whether it was the server that has answered, because the device is not there; not every server tells. */
  async #isAway(): Promise<boolean> {
    return (await this.#peers.online(0, this.#signal)) === false
  }

  #genuine(timeoutMs: number): Promise<string> {
    const { allowed, target } = this.#peers
    const wait = { timeoutMs, signal: this.#signal }
    return heeded(() => allowed.ask(target.cpe, render(genuine(target)), wait), wait)
  }

  async #reached(count: number): Promise<boolean> {
    const began = performance.now()
    try {
      await this.#peers.sessionsReach(count)
      this.#sessionMs = Math.max(this.#sessionMs * FADING, performance.now() - began)
      return true
    } catch (error) {
      if (!(error instanceof DeviceSilent)) throw error
      this.#most = this.#peers.sessions()
      return false
    }
  }

  #tooMany(): Wrong | undefined {
    const most = this.#most
    const count = this.#peers.sessions()
    if (count <= most) return undefined
    this.#most = count
    return wrongState(
      ['no session but for requests that are genuine, allowed and answered with a result'],
      `${count - most} more with 6 CONNECTION REQUEST`,
    )
  }

  /** Waits until no session has come for a while. */
  async #idle(): Promise<void> {
    const { quietMs } = this.#peers
    const quiet = Math.min(quietMs, Math.max(LEAST_QUIET_MS, this.#sessionMs * QUIET_TIMES))
    for (let count = -1; count !== this.#peers.sessions(); ) {
      count = this.#peers.sessions()
      await setTimeout(quiet, undefined, { signal: this.#signal })
    }
  }
}

/** Whether the device may be of no use after that. */
export function isBroken({ kind }: Wrong): boolean {
  return kind === 'crash' || kind === 'hang'
}

function wrongState(expected: readonly string[], actual: string): Wrong {
  return { kind: 'state', level: 'MUST', expected, actual, clause: SESSIONS }
}
