import { DeviceSilent, granted, Untestable } from '../../harness/conformance.ts'
import type { TestBed } from '../../harness/testbed/testbed.ts'

/** How long one has to wait before one can say that a device has not told a boot. */

/**
 * Has the device restart once where it may tell so, and measures how long it takes from the end of `restart` to its Inform with 1 BOOT.
 * @throws Untestable when it does not tell that one
 * @returns how long such an Inform has to be waited for, in milliseconds: twice that, no less than `leastMs` and no more than the profile allows
 */
export async function bootWaitMs(
  cpe: TestBed,
  restart: () => Promise<void>,
  { leastMs, signal }: { readonly leastMs: number; readonly signal: AbortSignal },
): Promise<number> {
  const mostMs = cpe.profile.pixit.timing.rebootSeconds * 1000
  await restart()
  const restartedMs = cpe.transcript.now()
  const booted = await cpe
    .nextSessionWith('1 BOOT', { timeoutMs: mostMs, signal })
    .catch((error: unknown) => {
      if (!(error instanceof DeviceSilent)) throw error
      throw new Untestable(`the device tells no boot where it should: ${error.message}`)
    })
  await booted.end()
  const tookMs = booted.informExchange.atMs - restartedMs
  return Math.min(mostMs, Math.max(leastMs, 2 * tookMs))
}

/** Has the device restart by the RPC, once the session in which it asks for that is over. */
export async function rebootByRpc(cpe: TestBed, signal: AbortSignal): Promise<void> {
  const session = await cpe.openSession(signal)
  granted(await session.call('Reboot', { CommandKey: 'boot time' }))
  await session.end()
}
