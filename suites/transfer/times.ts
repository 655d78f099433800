import { ConformanceFailure } from '../../harness/conformance.ts'

/** Whether a dateTime is the Unknown Time of TR-106. */
export function isUnknownTime(value: string): boolean {
  return /^0001-01-01T00:00:00(\.0+)?(Z|[+-]00:00)?$/.test(value.trim())
}

/** How many digits of a second a dateTime has. */
function digitsOf(value: string): number {
  return /\.(\d+)/.exec(value)?.[1]?.length ?? 0
}

/** The instants of these times in milliseconds, all as coarse as the coarsest of them: the others are cut. NaN for what is no time. */
function instantsOf(times: readonly string[]): number[] {
  const step = 10 ** Math.max(0, 3 - Math.min(...times.map(digitsOf)))
  return times.map((text) => Math.floor(new Date(text).getTime() / step) * step)
}

/**
 * Holds the times of a finished transfer against each other, and against that of the Inform where there is one. A device may state one of them
 * with fractions of a second and another without.
 * @throws ConformanceFailure when one is unknown or they run backwards
 */
export function assertTimes(start: string, complete: string, informed?: string): void {
  const all = [start, complete, ...(informed === undefined ? [] : [informed])]
  const instants = instantsOf(all)
  const isForward = instants.every(
    (instant, index) => index === 0 || instant >= (instants[index - 1] as number),
  )
  if (isForward && !isUnknownTime(start) && !isUnknownTime(complete)) return
  throw new ConformanceFailure(
    `known times, StartTime not after CompleteTime${informed === undefined ? '' : ', and this not after CurrentTime of the Inform'}`,
    all.join(', '),
  )
}
