import { ConformanceFailure } from '../../harness/conformance.ts'

/** Whether a dateTime is the Unknown Time of TR-106. */
export function isUnknownTime(value: string): boolean {
  return /^0001-01-01T00:00:00(\.0+)?(Z|[+-]00:00)?$/.test(value.trim())
}

/**
 * Holds the times of a finished transfer against each other, and against that of the Inform where there is one.
 * @throws ConformanceFailure when one is unknown or they run backwards
 */
export function assertTimes(start: string, complete: string, informed?: string): void {
  const all = [start, complete, ...(informed === undefined ? [] : [informed])]
  const instants = all.map((text) => new Date(text).getTime())
  const isForward = instants.every(
    (instant, index) => index === 0 || instant >= (instants[index - 1] as number),
  )
  if (isForward && !isUnknownTime(start) && !isUnknownTime(complete)) return
  throw new ConformanceFailure(
    `known times, StartTime not after CompleteTime${informed === undefined ? '' : ', and this not after CurrentTime of the Inform'}`,
    all.join(', '),
  )
}
