import { createHash } from 'node:crypto'
import type { Profile } from './dut/dut.ts'
import type { Budget, Repro, Shard } from './fuzz/campaign/campaign.ts'
import type { Phase } from './fuzz/campaign/field.ts'
import type { PeerPlan } from './peers/peers.ts'
import type { FuzzSummary, Level } from './report/verdict.ts'

/** What the launcher hands to every worker; plain data, because it crosses a process boundary. */
export interface RunContext {
  readonly profile: Profile
  readonly seed: number
  /** Absolute path of the report folder. */
  readonly outDir: string
  readonly selection: Selection
  /** In the mutant lane: the mutant that each case meets, by case id. Empty in an ordinary run. */
  readonly mutants: Readonly<Record<string, string>>
  /** Which peers play; only the embedded ones unless said. */
  readonly peers?: PeerPlan
  /** Why there is no real ACS although cases with one were asked for: each is UNTESTABLE. */
  readonly noRealAcs?: string
  /** Of each fuzzing case; each has its own default. */
  readonly budget?: Budget
  /** Phases of fuzzing; all unless given. */
  readonly phases?: readonly Phase[]
  /** The part of the run that this machine has; all of it unless given. */
  readonly shard?: Shard
  /** Only this repro file is met, by the case that it names. */
  readonly replay?: Repro
  /** Whether the device's own logs belong to the report: after each failed case and at the end. */
  readonly deviceLogs?: boolean
  /** Path of the profile as it was typed, for lines that repeat something. */
  readonly dut?: string
}

/** Which cases were asked for, besides whole suites. */
export interface Selection {
  /** Source of a regular expression over `ID title`. */
  readonly grep?: string
  /** The lowest level that still runs. */
  readonly level: Level
  /** In the mutant lane only the cases that have a mutant run. */
  readonly ids?: readonly string[]
}

/** Whether a case of this id fuzzes: it has a part of the budget, and a part of each shard. */
export function isFuzzing(id: string): boolean {
  return id.split('-').includes('FUZZ')
}

/** Whether a shard has a case of this id: fuzzing cases are everywhere, each other case is in one. */
export function isInShard(id: string, shard: Shard | undefined): boolean {
  if (shard === undefined || isFuzzing(id)) return true
  const digest = createHash('sha256').update(id).digest()
  return digest.readUInt32BE() % shard.of === shard.index - 1
}

const weight: Record<Level, number> = { MUST: 2, SHOULD: 1, MAY: 0 }

/** Whether a case of this id, title and level was asked for. */
export function isSelected(id: string, title: string, level: Level, selection: Selection): boolean {
  if (weight[level] < weight[selection.level]) return false
  if (selection.ids && !selection.ids.includes(id)) return false
  return selection.grep === undefined || new RegExp(selection.grep).test(`${id} ${title}`)
}

/** What the launcher reads back from each case besides vitest's own result. */
export interface CaseMeta {
  /** The case's id, written as a literal in the test file. */
  id?: string
  /** `any`: every good peer can serve the case, a real one too. Else it needs one that does as the script says. */
  peers?: 'any'
  /** Not asked for by `--grep`, `--level` or `--peers`; leaves no trace in the report. */
  deselected?: boolean
  /** Why the case does not apply: the ICS expression that is false, or what the adapter does not claim. */
  notApplicable?: string
  /** Transcript file relative to the report folder. */
  transcript?: string
  /** Line of the message at fault in that file, 1-based. */
  transcriptLine?: number
  /** Things worth a look that do not change the verdict. */
  notes?: string[]
  /** What came of a fuzzing case, passed or failed. */
  fuzz?: FuzzSummary
}

declare module 'vitest' {
  interface TaskMeta extends CaseMeta {}
  interface ProvidedContext {
    run: RunContext
  }
}
