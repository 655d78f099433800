import { setTimeout } from 'node:timers/promises'
import { DeviceSilent } from '../failure.ts'

/** The first pause between two attempts, and the longest, in milliseconds. */
const PAUSE_MS = { first: 50, longest: 2000 }

/**
 * Tries again and again, with pauses that grow, until what is tried succeeds or the promise is settled. An attempt that the device leaves
 * unanswered is one that did not succeed.
 * @throws what `attempt` throws otherwise
 */
export async function untilEither(settled: Promise<unknown>, attempt: () => Promise<boolean>): Promise<void> {
  const isSettled = settled.then(
    () => true,
    () => true,
  )
  for (let pauseMs = PAUSE_MS.first; ; pauseMs = Math.min(pauseMs * 2, PAUSE_MS.longest)) {
    if (await Promise.race([isSettled, setTimeout(pauseMs, false)])) return
    try {
      if (await attempt()) return
    } catch (error) {
      if (!(error instanceof DeviceSilent)) throw error
    }
  }
}
