/** Ways in which firmware gives up altogether. */

/** The program is gone at once, as after a fault of memory. */
export function crash(): never {
  process.exit(139)
}

/** Whoever waits for this goes on never. */
export function standstill(): Promise<never> {
  return new Promise(() => {})
}

/** Memory that is never given back: so many octets at a call, and `most` of them in all. */
export function hoard(most: number): (octets: number) => void {
  const kept: Buffer[] = []
  let held = 0
  return (octets) => {
    const taken = Math.min(octets, most - held)
    if (taken <= 0) return
    held += taken
    // Memory that nobody has written to is none yet.
    kept.push(Buffer.alloc(taken, 1))
  }
}
