/** So many seconds from now, as adapters are told the time. */
export function iso(seconds: number): string {
  return new Date(Date.now() + seconds * 1000).toISOString().replace(/\.\d+/, '')
}
