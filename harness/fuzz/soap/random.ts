/** Where arbitrary choices come from. */
export interface Choices {
  /** 0 to n - 1. */
  below(n: number): number
  pick<T>(list: readonly T[]): T
}

/** As many choices as one likes out of one number (the generator mulberry32): far cheaper than an arbitrary for each. */
export function choicesOf(seed: number): Choices {
  let state = seed | 0
  const below = (n: number): number => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296) * n)
  }
  return { below, pick: (list) => list[below(list.length)] as (typeof list)[number] }
}
