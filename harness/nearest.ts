/** "Did you mean …?" for names that people type: suites, profile keys, mutants. */

/**
 * The candidate that `name` most likely meant, or `undefined` when nothing is near enough to be worth suggesting.
 * Letters' case does not count. One slip (insert, drop, change, swap of neighbours) is forgiven for every three letters;
 * failing that, the only candidate that begins with `name` is taken. The first candidate wins a tie.
 */
export function nearest(name: string, candidates: Iterable<string>): string | undefined {
  const typed = name.toLowerCase()
  if (typed === '') return undefined
  const known = [...candidates]
  let best: string | undefined
  let bestDistance = Math.ceil(typed.length / 3) + 1
  for (const candidate of known) {
    const distance = editDistance(typed, candidate.toLowerCase())
    // A name with nothing in common is no suggestion, however short both are.
    if (distance < bestDistance && distance < Math.max(typed.length, candidate.length)) {
      best = candidate
      bestDistance = distance
    }
  }
  if (best !== undefined) return best
  const begun = known.filter((candidate) => candidate.toLowerCase().startsWith(typed))
  return begun.length === 1 ? begun[0] : undefined
}

/** Insertions, deletions, changes and swaps of neighbours that turn `a` into `b`, no letter being edited twice. */
function editDistance(a: string, b: string): number {
  let beforePrevious: number[] = []
  let previous = Array.from({ length: b.length + 1 }, (_, column) => column)
  for (let row = 1; row <= a.length; row++) {
    const current = [row]
    for (let column = 1; column <= b.length; column++) {
      const change = (previous[column - 1] ?? 0) + (a[row - 1] === b[column - 1] ? 0 : 1)
      const dropOrInsert = Math.min(previous[column] ?? 0, current[column - 1] ?? 0) + 1
      const swapped = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]
      const swap = swapped ? (beforePrevious[column - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY
      current.push(Math.min(change, dropOrInsert, swap))
    }
    beforePrevious = previous
    previous = current
  }
  return previous[b.length] ?? 0
}
