/** What vitest tells of an assertion that did not hold. */
interface AssertionWords {
  readonly message: string
  readonly expected?: unknown
}

/** How the value should have stood to the expected one, as vitest says it between both. */
const RELATION =
  / (?:to be ((?:greater|less) than(?: or equal to)?)|(not) to (?:be|equal|strictly equal|deeply equal|match|include|contain)|to (match|include|contain)) /

/**
 * What was expected, in a few words: `expect(value, 'what it is')` puts its words before vitest's own, since a bare value says little to
 * whoever reads a failure, and "RetryCount: 0" says the opposite of what was meant where more than 0 was expected.
 */
export function assertionExpected({ message, expected }: AssertionWords): string {
  const [line = ''] = message.split('\n', 1)
  if (expected === undefined) return line
  const [, compared, not, has] = RELATION.exec(line) ?? []
  const relation = compared ?? not ?? has
  const wanted = relation === undefined ? String(expected) : `${relation} ${expected}`
  const words = /^(.*?): expected /s.exec(message)?.[1]
  return words === undefined ? wanted : `${words}: ${wanted}`
}
