/** What a case can end with besides passing. The kind of error decides the verdict, so each has a class of its own. */

/**
 * The device broke a requirement: FAIL for a MUST, WARN for a SHOULD.
 * `expected` lists every tolerated answer, so that a reader sees at once whether the case or the device is wrong.
 */
export class ConformanceFailure extends Error {
  override readonly name = 'ConformanceFailure'
  readonly expected: readonly string[]
  readonly actual: string

  constructor(expected: string | readonly string[], actual: string) {
    const tolerated = typeof expected === 'string' ? [expected] : expected
    super(`expected ${tolerated.join(' or ')}; got ${actual}`)
    this.expected = tolerated
    this.actual = actual
  }
}

/** The device did not answer within its time: a ConformanceFailure that also makes the bench ask whether the device is alive. */
export class DeviceSilent extends ConformanceFailure {}

/** Our own fault or that of the machine (a port in use, an adapter that broke its contract): verdict ERROR, never FAIL. */
export class HarnessError extends Error {
  override readonly name = 'HarnessError'
}

/** The bench lacks an ability that the case needs: verdict UNTESTABLE with this reason. */
export class Untestable extends Error {
  override readonly name = 'Untestable'
}
