import type { FuzzSummary } from '../../report/verdict.ts'
import type { Phase } from './field.ts'
import type { Budget, Shard } from './plan.ts'
import type { Repro } from './repro.ts'

export interface CampaignOptions<Case = never> {
  /** The fuzzing case, e.g. FUZZ-SOAP-001. */
  readonly id: string
  readonly phases: readonly Phase[]
  /** Of the whole run, all shards together, where it counts cases; of each shard where it is time. */
  readonly budget: Budget
  /** 32 bits, signed or not. */
  readonly seed: number
  /** The seed that was typed, from which `seed` was made; `seed` itself unless given. */
  readonly runSeed?: number
  readonly shard?: Shard
  /** Absolute path of the report folder. */
  readonly outDir: string
  readonly signal: AbortSignal
  /** A line every few seconds. */
  readonly onProgress?: (line: string) => void
  /** Cases for the phase `examples` besides those in `harness/fuzz/corpus/`. */
  readonly examples?: readonly Case[]
  /** In place of all phases: whether this file still shows what it shows. */
  readonly replay?: Repro
  /** How often a file is met, each time after a restart, before it counts as one that shows nothing any more; three times unless given. */
  readonly replayTries?: number
  /** Findings after which the campaign ends; 100 unless given. */
  readonly mostFindings?: number
  /** What making one finding smaller may take, in milliseconds; two minutes unless given. */
  readonly shrinkMs?: number
  /** The line that repeats a finding, for a repro file of this path; without the profile of the device unless given. */
  readonly reproduce?: (file: string) => string
  /** Gets what there is when the campaign ends, also where it is broken off. */
  readonly onEnd?: (summary: FuzzSummary) => void
  /** Called when the campaign ends well and has met nothing: no phase of the language, or none of its cases in this shard. */
  readonly onNothing?: () => void
  /** Milliseconds on a clock that never goes back; that of the process unless given. */
  readonly now?: () => number
}
