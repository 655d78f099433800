import type { TestBed } from '../../testbed/testbed.ts'
import type { SessionCounter } from './session-counter.ts'

/** Starts the device anew, by its power where the adapter can cut that, and takes the session that follows. */
export function startAnew(cpe: TestBed, counter: SessionCounter, signal: AbortSignal): Promise<void> {
  return counter.aside(async () => {
    const { dut, profile } = cpe
    if (dut.supports('powerCycle')) {
      await dut.powerCycle(signal)
      const timeoutMs = profile.pixit.timing.rebootSeconds * 1000
      await (await cpe.nextSession({ timeoutMs, signal })).end()
    } else await cpe.enrol()
  })
}
