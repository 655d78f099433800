/** Which of two versions is the newer one: numbers count as numbers, anything else as text. Positive when it is the first one, zero for the same. */
export function compareVersions(first: string, second: string): number {
  const [one, other] = [first, second].map((version) => version.split(/[.\-_+]/)) as [string[], string[]]
  for (let index = 0; index < Math.max(one.length, other.length); index++) {
    const order = comparePart(one[index] ?? '0', other[index] ?? '0')
    if (order !== 0) return order
  }
  return 0
}

function comparePart(one: string, other: string): number {
  if (/^\d+$/.test(one) && /^\d+$/.test(other)) {
    const [first, second] = [BigInt(one), BigInt(other)]
    return first === second ? 0 : first > second ? 1 : -1
  }
  return one === other ? 0 : one > other ? 1 : -1
}
