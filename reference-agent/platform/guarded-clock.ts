import type { Clock, Timer } from './clock.ts'
import type { Log } from './log.ts'

/** A clock whose callbacks may fail, such as on a full disk, without taking the program along: that costs a line in the log. */
export function guardedClock(clock: Clock, log: Log): Clock {
  return {
    now: () => clock.now(),
    monotonic: () => clock.monotonic(),
    get isSet() {
      return clock.isSet
    },
    set: (milliseconds) => clock.set(milliseconds),
    after: (milliseconds, callback): Timer => clock.after(milliseconds, () => guarded(callback, log)),
  }
}

/** Does something that may fail, which costs a line in the log and nothing else. */
export function guarded(action: () => void, log: Log): void {
  try {
    action()
  } catch (error) {
    log.error((error as Error).stack ?? String(error))
  }
}
