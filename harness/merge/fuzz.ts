import { keyOf } from '../fuzz/campaign/campaign.ts'
import type { FuzzCell, FuzzDoubt, FuzzFinding, FuzzMatrixRow, FuzzSummary } from '../report/report.ts'

/** What one shard's part of a fuzzing case came to, and the folder of its repro files. */
interface FuzzPart {
  readonly folder: string
  readonly fuzz: FuzzSummary
}

interface MergedFuzz {
  readonly summary: FuzzSummary
  /** Where the repro file of each finding is. */
  readonly folders: readonly string[]
}

/** The campaigns of all shards as one: what two of them found is one finding, and a gap is what none of them has met. */
export function mergeFuzz(parts: readonly FuzzPart[]): MergedFuzz {
  const all = parts.map(({ fuzz }) => fuzz)
  const kept = foldFindings(parts)
  const summary: FuzzSummary = {
    met: sum(all.map(({ met }) => met)),
    perPhase: addUp(all.map(({ perPhase }) => perPhase)),
    ms: Math.max(...all.map(({ ms }) => ms)),
    findings: kept.map(({ finding }) => finding),
    unreproduced: foldDoubts(all.flatMap(({ unreproduced }) => unreproduced)),
    matrix: addRows(all.flatMap(({ matrix }) => matrix)),
    gaps: inAll(all.map(({ gaps }) => gaps)),
  }
  return { summary, folders: kept.map(({ folder }) => folder) }
}

function foldFindings(parts: readonly FuzzPart[]): { folder: string; finding: FuzzFinding }[] {
  const found = parts.flatMap(({ folder, fuzz }) => fuzz.findings.map((finding) => ({ folder, finding })))
  const groups = Map.groupBy(found, ({ finding }) => keyOf({ ...finding, wrong: finding }))
  return [...groups.values()].map((group) => {
    const [smallest] = group.toSorted((a, b) => a.finding.requests - b.finding.requests)
    const { folder, finding } = smallest as (typeof group)[number]
    return { folder, finding: { ...finding, times: sum(group.map((each) => each.finding.times)) } }
  })
}

function foldDoubts(doubts: readonly FuzzDoubt[]): FuzzDoubt[] {
  const groups = Map.groupBy(doubts, ({ cell, kind, answer }) =>
    JSON.stringify([cell.requestClass, kind, answer]),
  )
  return [...groups.values()].map((group) => ({
    ...(group[0] as FuzzDoubt),
    times: sum(group.map(({ times }) => times)),
  }))
}

function addRows(rows: readonly FuzzMatrixRow[]): FuzzMatrixRow[] {
  return [...Map.groupBy(rows, cellKey).values()].map((group) => ({
    ...(group[0] as FuzzMatrixRow),
    cases: sum(group.map(({ cases }) => cases)),
    answers: addUp(group.map(({ answers }) => answers)),
  }))
}

function inAll(lists: readonly (readonly FuzzCell[])[]): FuzzCell[] {
  const [first = [], ...others] = lists
  const known = others.map((cells) => new Set(cells.map(cellKey)))
  return first.filter((cell) => known.every((keys) => keys.has(cellKey(cell))))
}

function cellKey({ requestClass, element, breakage }: FuzzCell): string {
  return JSON.stringify([requestClass, element, breakage])
}

function addUp(counts: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const total: Record<string, number> = {}
  for (const [name, count] of counts.flatMap((each) => Object.entries(each)))
    total[name] = (total[name] ?? 0) + count
  return total
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}
