import { setTimeout } from 'node:timers/promises'

/** The first pause between two requests, and the longest, in milliseconds. */
const PAUSE_MS = { first: 10, longest: 1000 }

/**
 * Makes a connection request until it is not put off: a device that is still ending its last session may refuse it with 503
 * (TR-069 3.2.2), and nothing tells when it has ended. Pauses between the requests, longer each time.
 * Returns the first answer that is not 503, or the last 503 before `withinMs` are over.
 * @throws what `request` throws, and when `signal` fires during a pause.
 */
export async function askPatiently<Answer extends { readonly status: number | undefined }>(
  request: () => Promise<Answer>,
  { withinMs, signal }: { readonly withinMs: number; readonly signal?: AbortSignal | undefined },
): Promise<Answer> {
  const deadline = performance.now() + withinMs
  for (let pause = PAUSE_MS.first; ; pause = Math.min(pause * 2, PAUSE_MS.longest)) {
    const answer = await request()
    if (answer.status !== 503 || performance.now() + pause > deadline) return answer
    await setTimeout(pause, undefined, { signal })
  }
}
