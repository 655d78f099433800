/**
 * The part of a file that a Range field asks for (RFC 9110 14.2), as offsets from and to (not included); undefined for the whole file:
 * no field, several ranges, another unit, or nothing that the file has.
 */
export function partOf(
  file: Uint8Array,
  range: string | undefined,
): { from: number; to: number } | undefined {
  const asked = /^bytes=(\d*)-(\d*)$/.exec(range ?? '')
  if (!asked || (asked[1] === '' && asked[2] === '')) return undefined
  const last = asked[2] === '' ? file.length - 1 : Number(asked[2])
  const from = asked[1] === '' ? Math.max(0, file.length - last) : Number(asked[1])
  const to = asked[1] === '' ? file.length : Math.min(file.length, last + 1)
  return from < to ? { from, to } : undefined
}
