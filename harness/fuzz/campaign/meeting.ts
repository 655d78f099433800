import fc from 'fast-check'
import { HarnessError } from '../../failure.ts'
import type { FuzzSummary } from '../../report/verdict.ts'
import { corpusOf } from './corpus.ts'
import { leaveEvidence } from './evidence.ts'
import { type FuzzArena, type FuzzLanguage, type Phase, phases, type Wrong } from './field.ts'
import { Findings, type Symptom } from './findings.ts'
import {
  type Attempt,
  attemptAt,
  confirm,
  type Exhibit,
  LONGEST_HISTORY,
  type Origin,
  type Suspect,
} from './inquest.ts'
import type { CampaignOptions } from './options.ts'
import { BATCH, inRounds, isOurs, type Plan, planOf, randomPhaseOf } from './plan.ts'
import { Progress } from './progress.ts'
import { scriptOf } from './replay.ts'
import { shrink } from './shrink.ts'
import { Tally } from './tally.ts'

/** Cases between two calls of `settle`: what is judged together costs little for each, and is still near when it was wrong. */
const SETTLE_EVERY = 1000

/** A device with more than these is not worth more of the budget. */
const MOST_FINDINGS = 100

/** What making one finding smaller may take, and how much of that after the budget is spent, in milliseconds. */
const SHRINK_MS = 120_000
const OVERTIME_MS = 20_000

/** What may have left the device in a state of which later cases would be the victims. */
const UNSETTLING: ReadonlySet<Wrong['kind']> = new Set(['crash', 'hang', 'state', 'resources'])

/** A case that was met, kept until it is settled and may be needed as the history of another. */
interface Met<Case> {
  readonly one: Case
  readonly origin: Origin
  readonly answer: string
  readonly state: string
  /** Where it begins in the transcript. */
  readonly mark: number
}

/** One device and one language, from the first case to the last. */
export class Meeting<Case> {
  readonly #language: FuzzLanguage<Case>
  readonly #arena: FuzzArena<Case>
  readonly #options: CampaignOptions<Case>
  readonly #progress: Progress
  readonly #findings = new Findings()
  readonly #tally = new Tally()
  readonly #met: Record<Phase, number> = { examples: 0, coverage: 0, mutation: 0, stateful: 0 }
  readonly #now: () => number
  #plan: Plan = { coverage: 0, rounds: 1, random: 0, coverageShare: 1 }
  #due = Infinity
  /** The unsettled cases, and what came right before them. */
  #recent: Met<Case>[] = []
  #unsettled = 0

  constructor(language: FuzzLanguage<Case>, arena: FuzzArena<Case>, options: CampaignOptions<Case>) {
    this.#language = language
    this.#arena = arena
    this.#options = options
    this.#now = options.now ?? (() => performance.now())
    this.#progress = new Progress(options.id, options.budget, this.#now, options.onProgress)
  }

  get summary(): FuzzSummary {
    const wanted = this.#options.phases
    return {
      met: this.#total,
      perPhase: Object.fromEntries(
        phases.filter((each) => wanted.includes(each)).map((each) => [each, this.#met[each]]),
      ),
      ms: Math.round(this.#progress.ms),
      findings: this.#findings.all,
      unreproduced: this.#findings.doubts.map((doubt) => ({
        ...doubt,
        expected: doubt.expected.map((text) => this.#arena.transcript.masked(text)),
        actual: this.#arena.transcript.masked(doubt.actual),
      })),
      matrix: this.#tally.matrix(),
      gaps: this.#tally.gaps(this.#language.cells()),
    }
  }

  /** @throws HarnessError, or what aborted the signal */
  async hold(): Promise<void> {
    const { phases: wanted, budget, seed, shard } = this.#options
    const examples = wanted.includes('examples') ? this.#examples() : []
    this.#plan = planOf(this.#language, wanted, budget, examples.length)
    this.#due = Math.ceil((examples.length + this.#plan.coverage + this.#plan.random) / (shard?.of ?? 1))
    if ('ms' in budget) this.#due = Infinity

    for (const [at, one] of examples.entries())
      if (isOurs(at, shard)) await this.#meet(one, { phase: 'examples' })
    let at = 0
    for (const one of inRounds(this.#language, this.#plan.rounds, seed)) {
      if (at >= this.#plan.coverage || this.#isSpent(this.#plan.coverageShare)) break
      if (isOurs(at++, shard)) await this.#meet(one, { phase: 'coverage' })
    }
    await this.#random()
    await this.#settle()
  }

  get #total(): number {
    return phases.reduce((sum, phase) => sum + this.#met[phase], 0)
  }

  get #hasEnough(): boolean {
    return this.#findings.all.length >= (this.#options.mostFindings ?? MOST_FINDINGS)
  }

  #isSpent(share = 1): boolean {
    const { budget } = this.#options
    if (this.#hasEnough) return true
    return 'ms' in budget && this.#progress.ms >= budget.ms * share
  }

  #examples(): Case[] {
    const kept = corpusOf(this.#language.name)
    const scripts = kept.map((repro) => scriptOf(repro, this.#language, this.#arena.transcript))
    return [...scripts.flat(), ...(this.#options.examples ?? [])]
  }

  /** Batches of a few cases, each with a seed of its own: fast-check prefers edges in the first cases of a seed, and shards share them out. */
  async #random(): Promise<void> {
    const { seed: first, shard } = this.#options
    const phase = randomPhaseOf(this.#language)
    for (let batch = 0; batch * BATCH < this.#plan.random && !this.#isSpent(); batch++) {
      if (!isOurs(batch, shard)) continue
      const seed = (first + batch) | 0
      let at = 0
      const property = fc.asyncProperty(this.#language.mutation, async (one) => {
        const path = String(at++)
        if (!this.#isSpent()) await this.#meet(one, { phase, seed, path })
      })
      const numRuns = Math.min(BATCH, this.#plan.random - batch * BATCH)
      // What the device does wrong never fails the property: it is looked into at once, and the batch goes on.
      const { failed, errorInstance } = await fc.check(property, { seed, numRuns, endOnFailure: true })
      if (failed) throw errorInstance
    }
  }

  async #meet(one: Case, origin: Origin): Promise<void> {
    const { signal } = this.#options
    signal.throwIfAborted()
    const mark = this.#arena.transcript.mark()
    const { answer, wrong, isSuspect = false } = await this.#arena.meet(one, signal)
    const { state } = this.#arena
    this.#recent.push({ one, origin, answer, state, mark })
    this.#unsettled += 1
    this.#met[origin.phase] += 1
    const cell = this.#language.cellOf(one)
    const cells = this.#language.cellsOf?.(one) ?? [cell]
    if (answer !== '') for (const each of cells) this.#tally.count(each, answer)
    if (wrong && !this.#findings.isKnown({ cell, wrong, answer, state })) await this.#settle(wrong)
    else if (wrong && UNSETTLING.has(wrong.kind)) await this.#settleAndRestart()
    else if (isSuspect || this.#unsettled >= SETTLE_EVERY) await this.#settle()
    this.#progress.at(origin.phase, this.#total, this.#due, this.#findings.all.length)
  }

  /** Looks into all that was wrong since the last time, and last into what was wrong with the latest case. */
  async #settle(wrong?: Wrong): Promise<void> {
    const recent = this.#recent
    const first = recent.length - this.#unsettled
    const late = await this.#arena.settle()
    this.#recent = recent.slice(-LONGEST_HISTORY)
    this.#unsettled = 0
    for (const { met, wrong: fault, answer } of late) {
      const one = recent[first + met]?.one
      if (one !== undefined && answer !== undefined && !fault)
        this.#tally.count(this.#language.cellOf(one), answer)
    }
    const suspects = late.flatMap(({ met, wrong: fault, answer }) =>
      fault ? [suspectAt(recent, first + met, fault, true, answer)] : [],
    )
    if (wrong) suspects.push(suspectAt(recent, recent.length - 1, wrong, false))
    let isRestarted = false
    for (const suspect of suspects) {
      const symptom = this.#symptomOf(suspect.one, suspect)
      if (this.#hasEnough || this.#findings.isKnown(symptom)) continue
      await this.#lookInto(suspect, symptom)
      isRestarted = true
    }
    if (isRestarted) await this.#startAfresh()
  }

  async #settleAndRestart(): Promise<void> {
    await this.#settle()
    await this.#startAfresh()
  }

  async #startAfresh(): Promise<void> {
    await this.#arena.restart(this.#options.signal)
    this.#recent = []
    this.#unsettled = 0
  }

  async #lookInto(suspect: Suspect<Case>, symptom: Symptom): Promise<void> {
    const { signal, budget, shrinkMs = SHRINK_MS } = this.#options
    this.#findings.doubt(symptom)
    const attempt = attemptAt(this.#arena, suspect, signal)
    const found = await this.#confirm(suspect, symptom, attempt)
    if (!found) return
    const spent = 'ms' in budget ? Math.max(0, budget.ms - this.#progress.ms) + OVERTIME_MS : shrinkMs
    const until = this.#now() + Math.min(shrinkMs, spent)
    const { exhibit, origin } = await shrink(
      this.#language,
      found,
      suspect.origin,
      attempt,
      () => this.#now() > until,
    )
    await this.#keep(exhibit, origin, symptom)
  }

  /** A device that does not come back from an inquest is the last that there is to find: it is kept as it was seen. */
  async #confirm(
    suspect: Suspect<Case>,
    symptom: Symptom,
    attempt: Attempt<Case>,
  ): Promise<Exhibit<Case> | undefined> {
    try {
      return await confirm(suspect, attempt)
    } catch (error) {
      if (!this.#options.signal.aborted) {
        const { one, before, wrong, answer, state, mark } = suspect
        const wire = this.#arena.transcript.since(mark)
        await this.#keep({ script: [...before, one], wrong, answer, state, wire }, suspect.origin, symptom)
      }
      throw error
    }
  }

  async #keep(exhibit: Exhibit<Case>, origin: Origin, seen: Symptom): Promise<void> {
    const smallest = this.#symptomOf(exhibit.script.at(-1) as Case, exhibit)
    if (this.#findings.folds(seen, smallest)) return
    const { transcript } = this.#arena
    const finding = await leaveEvidence(this.#language, transcript, exhibit, origin, this.#options)
    this.#findings.add(finding, seen, smallest)
  }

  #symptomOf(one: Case, { wrong, answer, state }: Pick<Symptom, 'wrong' | 'answer' | 'state'>): Symptom {
    return { cell: this.#language.cellOf(one), wrong, answer, state }
  }
}

/** @throws HarnessError for an arena that judges what was not met */
function suspectAt<Case>(
  recent: readonly Met<Case>[],
  at: number,
  wrong: Wrong,
  isSettled: boolean,
  answer = recent[at]?.answer,
): Suspect<Case> {
  const met = recent[at]
  if (!met) throw new HarnessError('the arena settled a case that it has not met')
  const before = recent.slice(Math.max(0, at - LONGEST_HISTORY), at)
  return {
    ...met,
    answer: answer ?? met.answer,
    before: before.map(({ one }) => one),
    wrong,
    isSettled,
    mark: before[0]?.mark ?? met.mark,
  }
}
