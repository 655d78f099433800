import type { Budget } from '../fuzz/campaign/campaign.ts'

/**
 * What each of these fuzzing cases has of a budget that all of them share. Cases count once, whoever meets them. Time passes for several
 * workers at once, but the cases of one file come one after the other: with these shares all of them together take no longer than was
 * said, and at least half of it, in whatever order their files fall to the workers; on one worker that is the budget divided.
 * @param files the file of each case; at least one case
 * @param workers how many files run at a time
 */
export function shareOf(budget: Budget, files: readonly string[], workers: number): Budget {
  if ('cases' in budget) return { cases: Math.ceil(budget.cases / files.length) }
  const sizes = [...Map.groupBy(files, (file) => file).values()].map(({ length }) => length)
  const lanes = Math.min(workers, sizes.length)
  // Work that is handed out file by file ends at the latest after so many cases (R. L. Graham, 1966).
  const longest = (files.length + (lanes - 1) * Math.max(...sizes)) / lanes
  return { ms: Math.floor(budget.ms / longest) }
}
