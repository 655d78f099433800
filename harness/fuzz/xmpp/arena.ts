import type { Transcript } from '../../cwmp/transcript.ts'
import { HarnessError } from '../../failure.ts'
import type { FuzzArena, Outcome, Settlement, Wrong } from '../campaign/field.ts'
import { factsOf } from './facts.ts'
import { ruleFor } from './oracle.ts'
import type { FuzzStanza } from './stanza.ts'
import { type Fault, type FuzzPeers, isBroken, type Sent, Trials } from './trials.ts'

/** Stanzas between two looks at the answers. */
const CHUNK = 200

/**
 * A device that is logged in, an ACS that it lets in and a stranger whom it does not. Stanzas are sent by the hundred, without waiting for
 * answers, so that a case costs no round trip: `meet` sends, `settle` tells what they were answered with and what was wrong. Those that
 * may start no session are sent apart from the others and before them, so that one session is one too many. What is wrong with many
 * together is narrowed down by sending halves of them again.
 */
export class StanzaArena implements FuzzArena<FuzzStanza> {
  readonly state = 'online'
  readonly #peers: FuzzPeers
  readonly #trials: Trials
  /** Those that may start no session: not sent yet, and since the last settlement. */
  #silent: Sent[] = []
  #allSilent: Sent[] = []
  /** Those that may, not sent yet. */
  #others: Sent[] = []
  /** All since the last settlement. */
  #all: Sent[] = []
  #found: { readonly met: number; readonly wrong: Wrong }[] = []
  /** What each of them was answered with. */
  #answers: string[] = []
  #connection: string | undefined
  #signal = new AbortController().signal

  constructor(peers: FuzzPeers) {
    this.#peers = peers
    this.#trials = new Trials(peers)
  }

  get transcript(): Transcript {
    return this.#peers.transcript
  }

  /** Sends, and leaves the answer to `settle`. */
  async meet(one: FuzzStanza, signal: AbortSignal): Promise<Outcome> {
    this.#heed(signal)
    this.#connection ??= await this.#peers.connection()
    const sent = { one, met: this.#all.length }
    this.#all.push(sent)
    const isSilent = ruleFor(factsOf(one, this.#peers.target)).session === 'no'
    if (isSilent) this.#silent.push(sent)
    else this.#others.push(sent)
    if (this.#silent.length >= CHUNK) await this.#sendSilent()
    return { answer: '' }
  }

  async settle(): Promise<readonly Settlement[]> {
    if (this.#all.length === 0) return []
    const { timeoutMs } = this.#peers
    await this.#sendSilent()
    const silent = this.#allSilent
    if (silent.length > 0) await this.#attributeAll(await this.#trials.aftermath(silent, timeoutMs))
    for (let at = 0; at < this.#others.length; at += CHUNK)
      await this.#attributeAll(await this.#trial(this.#others.slice(at, at + CHUNK), timeoutMs))
    await this.#expectConnection()
    const answers = this.#all.map(({ met }) => ({ met, answer: this.#answers[met] ?? 'no answer' }))
    const found = this.#found.toSorted((a, b) => a.met - b.met)
    this.#forget()
    return [...answers, ...found.map(({ met, wrong }) => ({ ...(answers[met] as Settlement), wrong }))]
  }

  async restart(signal: AbortSignal): Promise<void> {
    this.#heed(signal)
    this.#forget()
    await this.#startAnew()
  }

  close(): Promise<void> {
    return this.#peers.close()
  }

  #heed(signal: AbortSignal): void {
    this.#signal = signal
    this.#trials.signal = signal
  }

  #forget(): void {
    this.#silent = []
    this.#allSilent = []
    this.#others = []
    this.#all = []
    this.#found = []
    this.#answers = []
  }

  async #startAnew(): Promise<void> {
    const { target } = this.#peers
    await this.#peers.restart(this.#signal)
    const name = await this.#trials.begin()
    if (name !== 'result')
      throw new HarnessError(`${target.cpe} heeds no request after a restart, but answers with ${name}`)
    this.#connection = await this.#peers.connection()
  }

  async #sendSilent(): Promise<void> {
    const chunk = this.#silent
    this.#silent = []
    if (chunk.length === 0) return
    this.#allSilent.push(...chunk)
    await this.#attributeAll(await this.#trials.exchange(chunk, this.#peers.timeoutMs, this.#tell))
  }

  readonly #tell = (met: number, answer: string): void => {
    this.#answers[met] = answer
  }

  #trial(some: readonly Sent[], timeoutMs: number): Promise<Fault[]> {
    return this.#trials.meet(some, timeoutMs, this.#tell)
  }

  async #attributeAll(faults: readonly Fault[]): Promise<void> {
    for (const fault of faults) await this.#attribute(fault)
  }

  /** Finds out which of several it was: the half in which it shows again, and so on. */
  async #attribute(
    { among, wrong }: Fault,
    trial = (some: readonly Sent[]) => this.#trial(some, this.#trials.hasteMs),
  ): Promise<void> {
    let suspects = among
    let seen = wrong
    while (suspects.length > 1) {
      const middle = suspects.length >> 1
      let guilty: readonly Sent[] | undefined
      for (const half of [suspects.slice(0, middle), suspects.slice(middle)]) {
        if (isBroken(seen)) await this.#startAnew()
        const fault = (await trial(half)).find((each) => isAlike(each.wrong, wrong))
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

  async #expectConnection(): Promise<void> {
    const lost = await this.#lost()
    if (!lost) return
    await this.#attribute({ among: this.#all, wrong: lost }, async (some) => {
      await this.#trial(some, this.#trials.hasteMs)
      const wrong = await this.#lost()
      return wrong ? [{ among: some, wrong }] : []
    })
  }

  async #lost(): Promise<Wrong | undefined> {
    const before = this.#connection
    this.#connection = await this.#peers.connection()
    if (this.#connection === before) return undefined
    return {
      kind: 'state',
      level: 'MUST',
      expected: ['a connection that lasts'],
      actual: 'one that was lost',
      clause: 'TR-069 Annex K: the device keeps its connection',
    }
  }
}

/** Whether it may be the same: how the end of a device looks is a matter of chance. */
function isAlike(one: Wrong, other: Wrong): boolean {
  return one.kind === other.kind || (isBroken(one) && isBroken(other))
}
