import type { Level } from './report/verdict.ts'

/** What a case can end with besides passing. The kind of error decides the verdict, so each has a class of its own. */

/**
 * The device broke a requirement: FAIL for a MUST, WARN for a SHOULD.
 * `tolerated` lists every answer that would have been right, so that a reader sees at once whether the case or the device is wrong.
 */
export class ConformanceFailure extends Error {
  override readonly name = 'ConformanceFailure'
  // Not `expected` and `actual`: vitest turns own properties of those names into strings for its diff.
  readonly tolerated: readonly string[]
  readonly observed: string
  /** `seq` of the transcript entry at fault, where the thrower knows it. */
  transcriptSeq?: number
  /** The level of what was broken, where it is not that of the case's own requirement. */
  level?: Level
  /** Whether it says nothing but what the findings of the campaign say. */
  ofFindings?: boolean

  constructor(expected: string | readonly string[], actual: string) {
    const tolerated = typeof expected === 'string' ? [expected] : expected
    super(`expected ${tolerated.join(' or ')}; got ${actual}`)
    this.tolerated = tolerated
    this.observed = actual
  }
}

/** The device did not answer within its time: a ConformanceFailure that also makes the test bed ask whether the device is alive. */
export class DeviceSilent extends ConformanceFailure {}

/** Our own fault or that of the machine (a port in use, an adapter that broke its contract): verdict ERROR, never FAIL. */
export class HarnessError extends Error {
  override readonly name: string = 'HarnessError'
}

/** The device never came up, or died and stayed dead: verdict ERROR for this and every later case, exit code 3. */
export class DeviceDead extends HarnessError {
  override readonly name = 'DeviceDead'
}

/** The bench lacks an ability that the case needs: verdict UNTESTABLE with this reason. */
export class Untestable extends Error {
  override readonly name = 'Untestable'
}
