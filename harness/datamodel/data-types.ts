/** The data types of parameters (TR-106 3.2), as they stand in xsi:type and in values. */

/** Types that a parameter can have, by their names in XML Schema or in the SOAP encoding. */
export const allowedTypes: readonly string[] = [
  'string',
  'int',
  'unsignedInt',
  'long',
  'unsignedLong',
  'boolean',
  'dateTime',
  'base64',
  'hexBinary',
  'decimal',
]

/** `boolean` for xsd:boolean and soapenc:boolean; the unchanged text for a type of any other namespace. */
export function typeNamed(type: string): string {
  const name = /^(?:xsd|soapenc):(.+)$/.exec(type)?.[1] ?? type
  // XML Schema has no base64: xsd:base64Binary, xsd:base64 and soapenc:base64 are all in use.
  return name === 'base64Binary' ? 'base64' : name
}

/** Whether the text is a value of the type, white space around numbers, booleans and times put aside. */
export function isLexically(type: string, text: string): boolean {
  return forms[type]?.(type === 'string' ? text : text.trim()) ?? true
}

const forms: Record<string, (text: string) => boolean> = {
  int: within(-(2n ** 31n), 2n ** 31n - 1n),
  unsignedInt: within(0n, 2n ** 32n - 1n),
  long: within(-(2n ** 63n), 2n ** 63n - 1n),
  unsignedLong: within(0n, 2n ** 64n - 1n),
  decimal: (text) => /^[+-]?(\d+(\.\d*)?|\.\d+)$/.test(text),
  boolean: (text) => ['0', '1', 'false', 'true'].includes(text),
  dateTime: isDateTime,
  base64: (text) => /^[A-Za-z0-9+/\s]*={0,2}$/.test(text),
  hexBinary: (text) => /^([0-9A-Fa-f]{2})*$/.test(text),
}

function within(least: bigint, most: bigint): (text: string) => boolean {
  return (text) =>
    /^[+-]?\d{1,25}$/.test(text) &&
    BigInt(text.replace('+', '')) >= least &&
    BigInt(text.replace('+', '')) <= most
}

/** ISO 8601 as XML Schema writes it; years before 1000 are relative times (0001-01-01T00:00:00Z is the Unknown Time). */
function isDateTime(text: string): boolean {
  const parts = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d+)?(Z|[+-]\d\d:\d\d)?$/.exec(text)
  return parts !== null && !Number.isNaN(Date.parse(`${parts[1]}Z`))
}
