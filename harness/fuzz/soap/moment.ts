/** The moment that an xsd:dateTime names, in milliseconds since 1970, UTC where it has no zone (TR-106 3.2); NaN for what is none. */
export function momentOf(text: string): number {
  const trimmed = text.trim()
  return Date.parse(/(Z|[+-]\d\d:\d\d)$/.test(trimmed) ? trimmed : `${trimmed}Z`)
}
