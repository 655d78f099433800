import { setTimeout } from 'node:timers/promises'
import type { WaitOptions } from '../../acs/acs.ts'
import type { XmlElement } from '../../cwmp/cwmp.ts'
import type { Transcript } from '../../cwmp/transcript.ts'
import { DeviceSilent, HarnessError } from '../../failure.ts'
import type { FuzzArena, Outcome, Settlement, Wrong } from '../campaign/field.ts'
import { type FuzzTarget, genuine } from './arbitraries.ts'
import { factsOf } from './facts.ts'
import { heeded } from './heeded.ts'
import { judge } from './judge.ts'
import { ruleFor } from './oracle.ts'
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
  /** Sessions with 6 CONNECTION REQUEST so far. */
  sessions(): number
  /** Resolves when there are so many. @throws DeviceSilent */
  sessionsReach(count: number): Promise<void>
  /** Something that is the same for as long as the device keeps its connection with the server. */
  connection(): Promise<string>
  alive(signal: AbortSignal): Promise<boolean>
  /** Starts the device anew; it need not be logged in yet. */
  restart(signal: AbortSignal): Promise<void>
  close(): Promise<void>
}

/** A stanza, and how many cases were met before it since the last settlement. */
interface Sent {
  readonly one: FuzzStanza
  readonly met: number
}

/** What was wrong with one of these. */
interface Fault {
  readonly among: readonly Sent[]
  readonly wrong: Wrong
}

/** Stanzas between two looks at the answers. */
const CHUNK = 200

/** So few stanzas are over before a session that one of them has opened can have come. */
const FEW = 20

/** A device that is to open no session is watched for so many times what sessions take, and for that long at least. */
const QUIET_TIMES = 4
/** What a slow session still counts when the next one comes. */
const FADING = 0.8
const LEAST_QUIET_MS = 20

const SESSIONS =
  'TR-069 Annex K: a session opens for a request that is genuine, allowed and authorized, and for no other'
const GENUINE = 'TR-069 Annex K: a genuine request is heeded, whatever came before'
const LASTS = 'TR-069 Annex K: the device keeps its connection'

/**
 * A device that is logged in, an ACS that it lets in and a stranger whom it does not. Stanzas are sent by the hundred, without waiting for
 * answers, so that a case costs no round trip: `meet` sends, `settle` tells what was wrong. Those that may start no session are sent apart
 * from the others, so that one session is one too many. After each chunk a genuine request has to be heeded. What is wrong with a
 * chunk as a whole is narrowed down by sending halves of it again.
 */
export class StanzaArena implements FuzzArena<FuzzStanza> {
  readonly state = 'online'
  readonly #peers: FuzzPeers
  readonly #silent: Sent[] = []
  readonly #heeded: Sent[] = []
  /** All since the last settlement. */
  #all: Sent[] = []
  #found: { readonly met: number; readonly wrong: Wrong }[] = []
  /** What each of them was answered with. */
  #answers: string[] = []
  /** The most sessions that there may have been. */
  #most: number
  /** What a session took of late. */
  #sessionMs = 0
  #connection: string | undefined
  #signal = new AbortController().signal

  constructor(peers: FuzzPeers) {
    this.#peers = peers
    this.#most = peers.sessions()
  }

  get transcript(): Transcript {
    return this.#peers.transcript
  }

  /** Sends, and leaves the answer to `settle`. */
  async meet(one: FuzzStanza, signal: AbortSignal): Promise<Outcome> {
    this.#signal = signal
    this.#connection ??= await this.#peers.connection()
    const sent = { one, met: this.#all.length }
    this.#all.push(sent)
    const { session } = ruleFor(factsOf(one, this.#peers.target))
    const chunk = session === 'no' ? this.#silent : this.#heeded
    chunk.push(sent)
    if (chunk.length >= CHUNK) await this.#flush(chunk)
    return { answer: '' }
  }

  async settle(): Promise<readonly Settlement[]> {
    await this.#flush(this.#silent)
    await this.#flush(this.#heeded)
    if (this.#all.length > 0) await this.#expectConnection()
    const answers = this.#all.map(({ met }) => ({ met, answer: this.#answers[met] ?? 'no answer' }))
    const found = this.#found.toSorted((a, b) => a.met - b.met)
    this.#forget()
    return [...answers, ...found.map(({ met, wrong }) => ({ ...(answers[met] as Settlement), wrong }))]
  }

  async restart(signal: AbortSignal): Promise<void> {
    this.#signal = signal
    this.#silent.length = 0
    this.#heeded.length = 0
    this.#forget()
    await this.#startAnew()
  }

  close(): Promise<void> {
    return this.#peers.close()
  }

  #forget(): void {
    this.#all = []
    this.#found = []
    this.#answers = []
  }

  async #startAnew(): Promise<void> {
    const { restart, target } = this.#peers
    await restart.call(this.#peers, this.#signal)
    const name = await this.#genuine()
    if (name !== 'result')
      throw new HarnessError(`${target.cpe} heeds no request after a restart, but answers with ${name}`)
    await this.#idle()
    this.#most = this.#peers.sessions()
    this.#connection = await this.#peers.connection()
  }

  async #flush(chunk: Sent[]): Promise<void> {
    const all = chunk.splice(0)
    if (all.length === 0) return
    for (const fault of await this.#trial(all)) await this.#attribute(fault)
  }

  /** Finds out which of several it was: the half in which it shows again, and so on. */
  async #attribute(
    { among, wrong }: Fault,
    trial = (some: readonly Sent[]) => this.#trial(some),
  ): Promise<void> {
    let suspects = among
    let seen = wrong
    while (suspects.length > 1) {
      const middle = suspects.length >> 1
      let guilty: readonly Sent[] | undefined
      for (const half of [suspects.slice(0, middle), suspects.slice(middle)]) {
        if (isBroken(seen)) await this.#startAnew()
        const [fault] = await trial(half)
        if (!fault) continue
        guilty = half
        seen = fault.wrong
        break
      }
      if (!guilty) break
      suspects = guilty
    }
    if (isBroken(seen)) await this.#startAnew()
    const last = suspects.at(-1)
    if (last) this.#found.push({ met: last.met, wrong: seen })
  }

  /** Sends these and holds what comes against the table. */
  async #trial(some: readonly Sent[]): Promise<Fault[]> {
    this.#signal.throwIfAborted()
    const peers = this.#peers
    const faults: Fault[] = []
    const together = (wrong: Wrong): Fault[] => [...faults, { among: some, wrong }]
    const before = peers.sessions()
    for (const { one } of some) peers[one.sender].send(render(one.element))
    let promised = 0
    for (const sender of ['allowed', 'foreign'] as const) {
      const own = some.filter(({ one }) => one.sender === sender)
      const answers = await this.#answersTo(sender)
      if (!answers) return together(await this.#gone('an answer to a request behind the others'))
      const verdict = judge(
        own.map(({ one }) => one),
        answers,
        peers.target,
      )
      for (const [at, answer] of verdict.answers.entries()) this.#answers[(own[at] as Sent).met] = answer
      for (const { of, wrong } of verdict.findings)
        faults.push({ among: of.length === 0 ? own : of.map((at) => own[at] as Sent), wrong })
      promised += verdict.promised
      this.#most += verdict.promised + verdict.possible
    }
    const began = performance.now()
    if (promised > 0 && !(await this.#reached(before + 1, began)))
      return together(wrongState(['a session for a request that was answered with a result'], 'none'))
    if (some.length < FEW) await this.#idle()
    const tooMany = this.#tooMany()
    if (tooMany) return together(tooMany)
    const served = await this.#expectGenuine()
    if (served) return together(served)
    if (this.#most > peers.sessions()) await this.#idle()
    this.#most = peers.sessions()
    return faults
  }

  /**
   * Stanzas between two JIDs stay in order (RFC 6120 10.1): once a last request is answered, nothing more comes for those before it.
   * Its credentials are wrong, so that it starts nothing. Undefined when it gets no answer.
   */
  async #answersTo(sender: Sender): Promise<XmlElement[] | undefined> {
    const { [sender]: client, target, timeoutMs } = this.#peers
    const last = render(genuine({ ...target, password: 'the last of these' }))
    try {
      await client.ask(target.cpe, last, { timeoutMs, signal: this.#signal })
    } catch (error) {
      if (error instanceof DeviceSilent) return undefined
      throw error
    }
    const came = client.received
    client.received = []
    return came.filter(({ name }) => name === 'iq')
  }

  async #gone(expected: string): Promise<Wrong> {
    const isAlive = await this.#peers.alive(this.#signal)
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

  async #expectGenuine(): Promise<Wrong | undefined> {
    const settled = this.#peers.sessions()
    const name = await this.#genuine()
    if (name === 'no answer') return this.#gone('a result for a genuine request')
    if (name !== 'result') return { ...wrongState(['a result for a genuine request'], name), clause: GENUINE }
    this.#most += 1
    if (!(await this.#reached(settled + 1, performance.now())))
      return { ...wrongState(['a session for a genuine request'], 'none'), clause: GENUINE }
    return this.#tooMany()
  }

  #genuine(): Promise<string> {
    const { allowed, target, timeoutMs } = this.#peers
    const wait = { timeoutMs, signal: this.#signal }
    return heeded(() => allowed.ask(target.cpe, render(genuine(target)), wait), wait)
  }

  async #reached(count: number, began: number): Promise<boolean> {
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

  async #expectConnection(): Promise<void> {
    const lost = await this.#lost()
    if (!lost) return
    await this.#attribute({ among: this.#all, wrong: lost }, async (some) => {
      await this.#trial(some)
      const wrong = await this.#lost()
      return wrong ? [{ among: some, wrong }] : []
    })
  }

  async #lost(): Promise<Wrong | undefined> {
    const before = this.#connection
    this.#connection = await this.#peers.connection()
    if (this.#connection === before) return undefined
    return { ...wrongState(['a connection that lasts'], 'one that was lost'), clause: LASTS }
  }
}

/** Whether the device may be of no use after that. */
function isBroken({ kind }: Wrong): boolean {
  return kind === 'crash' || kind === 'hang'
}

function wrongState(expected: readonly string[], actual: string): Wrong {
  return { kind: 'state', level: 'MUST', expected, actual, clause: SESSIONS }
}
