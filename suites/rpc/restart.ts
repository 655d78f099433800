import type { AcsSession } from '../../harness/acs/acs.ts'
import { ConformanceFailure, DeviceSilent, granted } from '../../harness/conformance.ts'
import type { RequestOf } from '../../harness/cwmp/cwmp.ts'
import type { TestBed } from '../../harness/testbed/testbed.ts'
import { untilEither } from '../../harness/testbed/until-either.ts'

const RESTART_EVENTS = ['0 BOOTSTRAP', '1 BOOT', 'M Reboot']

/** Has the device reboot by the RPC, and returns the session that it opens when it is back. */
export async function reboot(
  cpe: TestBed,
  session: AcsSession,
  CommandKey = 'conformance',
): Promise<AcsSession> {
  granted(await session.call('Reboot', { CommandKey }))
  await session.end()
  return sessionAfterRestart(cpe)
}

/** Cuts the power, and returns the session that the device opens when it is back. */
export async function powerCycle(cpe: TestBed, session: AcsSession): Promise<AcsSession> {
  await session.end()
  await cpe.dut.powerCycle()
  return sessionAfterRestart(cpe)
}

/** Has the device reset itself by the RPC, and returns its first session afterwards. */
export async function factoryReset(cpe: TestBed, session: AcsSession): Promise<AcsSession> {
  granted(await session.call('FactoryReset', {}))
  return sessionAfterReset(cpe, session)
}

/**
 * Ends the session in which a factory reset was granted, and returns the first one after it. A device that lost the URL
 * of this ACS along with everything else is pointed at it anew.
 */
export async function sessionAfterReset(cpe: TestBed, session: AcsSession): Promise<AcsSession> {
  await session.end()
  try {
    return await sessionAfterRestart(cpe)
  } catch (error) {
    // What it told before it was reset says nothing of what it still knows afterwards.
    if (!(error instanceof ConformanceFailure)) throw error
    cpe.transcript.note('no session after the factory reset: pointing the device at the ACS anew')
    return cpe.provision()
  }
}

/**
 * The first session after one that ended with changes that were not in force (Status 1). The device may restart for them by
 * itself, or wait until it is called.
 * @param request how it is called, again and again
 * @throws DeviceSilent when none comes within the reboot time of the profile
 */
export async function sessionOnceApplied(
  cpe: TestBed,
  request: () => Promise<{ status: number }> = () => cpe.requestConnection(),
): Promise<AcsSession> {
  if (!cpe.profile.ics.HttpConnectionRequest) return cpe.openSession()
  const waiting = cpe.nextSession({ timeoutMs: cpe.profile.pixit.timing.rebootSeconds * 1000 })
  await untilEither(waiting, async () => {
    const { status } = await request()
    return status === 200 || status === 204
  })
  return waiting
}

/**
 * The session in which the device reports its restart. One that it opens for another reason meanwhile ends politely.
 * @throws DeviceSilent when none comes within the reboot time of the profile
 */
export async function sessionAfterRestart(cpe: TestBed): Promise<AcsSession> {
  const others: string[] = []
  const isRestart = ({ Event }: RequestOf<'Inform'>) => {
    const codes = Event.map(({ EventCode }) => EventCode)
    if (codes.some((code) => RESTART_EVENTS.includes(code))) return true
    others.push(codes.join(', '))
    return false
  }
  try {
    return await cpe.nextSession({
      timeoutMs: cpe.profile.pixit.timing.rebootSeconds * 1000,
      where: isRestart,
    })
  } catch (error) {
    if (!(error instanceof DeviceSilent) || others.length === 0) throw error
    throw new ConformanceFailure('an Inform that reports the restart', `Informs with ${others.join('; ')}`)
  }
}
