import { setTimeout } from 'node:timers/promises'
import type { XmlElement } from '../../cwmp/cwmp.ts'
import { DeviceSilent } from '../../failure.ts'
import { answerName } from './answer-name.ts'

/** A device that was busy for a while is asked again soon after it is not any more; milliseconds. */
const LONGEST_PAUSE = 500

/**
 * Asks with a genuine connection request. A device that has had too many requests may say so for a while, so it is asked again.
 * @param ask throws DeviceSilent when no answer comes
 * @returns `result`, or what there was in its place until the deadline
 */
export async function heeded(
  ask: () => Promise<XmlElement>,
  { timeoutMs, signal }: { readonly timeoutMs: number; readonly signal?: AbortSignal | undefined },
): Promise<string> {
  const deadline = performance.now() + timeoutMs
  for (let pause = 10; ; pause = Math.min(pause * 2, LONGEST_PAUSE)) {
    const name = await ask().then(answerName, silence)
    if (name !== 'service-unavailable' || performance.now() + pause > deadline) return name
    await setTimeout(pause, undefined, { signal })
  }
}

function silence(error: unknown): string {
  if (error instanceof DeviceSilent) return 'no answer'
  throw error
}
