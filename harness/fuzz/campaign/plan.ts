import type { FuzzLanguage, Phase } from './field.ts'

/** How long a campaign lasts: so many cases, or so many milliseconds. */
export type Budget = { readonly cases: number } | { readonly ms: number }

/** One part of a run over many machines: `index` counts from 1. */
export interface Shard {
  readonly index: number
  readonly of: number
}

/** Cases of the random phase that share a seed. */
export const BATCH = 100

/** What coverage may take of a budget when a random phase follows: a grammar of any size leaves something for it. */
const COVERAGE_SHARE = 0.8

/** In a budget of time nobody knows how far it goes: the grammar is walked in so many rounds, each of which touches all of its parts. */
const ROUNDS = 8

/** How many cases there are in each phase of the whole run, all shards together; Infinity where time alone decides. */
export interface Plan {
  readonly coverage: number
  readonly rounds: number
  readonly random: number
  /** In a budget of time: the part of it after which coverage ends. */
  readonly coverageShare: number
}

/** The phase in which a language's random cases are met. */
export function randomPhaseOf<Case>(language: FuzzLanguage<Case>): Phase {
  return language.randomPhase ?? 'mutation'
}

/** Pure: every shard makes the same plan and takes its own part of it. */
export function planOf<Case>(
  language: FuzzLanguage<Case>,
  phases: readonly Phase[],
  budget: Budget,
  examples: number,
): Plan {
  const hasCoverage = phases.includes('coverage')
  const hasRandom = phases.includes(randomPhaseOf(language))
  const share = hasRandom ? COVERAGE_SHARE : 1
  const boundaries = hasCoverage ? count(language.coverage()) : 0
  if ('ms' in budget)
    return { coverage: boundaries, rounds: ROUNDS, random: hasRandom ? Infinity : 0, coverageShare: share }
  const left = Math.max(0, budget.cases - examples)
  const coverage = Math.min(boundaries, Math.ceil(left * share))
  return {
    coverage,
    rounds: Math.max(1, Math.ceil(boundaries / Math.max(1, coverage))),
    random: hasRandom ? left - coverage : 0,
    coverageShare: share,
  }
}

/** The boundaries of the grammar in rounds of every n-th, so that a budget that ends early has touched all parts alike. */
export function* inRounds<Case>(language: FuzzLanguage<Case>, rounds: number, seed: number): Generator<Case> {
  for (let round = 0; round < rounds; round++) {
    const wanted = ((seed >>> 0) + round) % rounds
    let at = 0
    for (const one of language.coverage()) if (at++ % rounds === wanted) yield one
  }
}

/** Whether the n-th of something, counted from 0, is this shard's. */
export function isOurs(at: number, shard: Shard | undefined): boolean {
  return shard === undefined || at % shard.of === shard.index - 1
}

function count(all: Iterable<unknown>): number {
  let size = 0
  for (const _one of all) size += 1
  return size
}
