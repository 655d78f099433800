import type { AcsSession } from '../../harness/acs/acs.ts'
import { granted, Untestable } from '../../harness/conformance.ts'
import { isFault } from '../../harness/cwmp/cwmp.ts'
import type { TestBed } from '../../harness/testbed/testbed.ts'

type Restore = (step: () => Promise<void>) => void
/** A parameter of ManagementServer.StandbyPolicy, and what it is set to. */
export type Setting = [name: string, value: string, type: string]

/** Sets what of StandbyPolicy a case needs; put back after the case. @throws Untestable when the device has none of it */
export async function setPolicy(
  { cpe, session, restore }: { cpe: TestBed; session: AcsSession; restore: Restore },
  ...settings: Setting[]
): Promise<void> {
  const policy = `${cpe.profile.cwmp.root}ManagementServer.StandbyPolicy.`
  const before = await session.call('GetParameterValues', {
    ParameterNames: settings.map(([name]) => policy + name),
  })
  if (isFault(before)) throw new Untestable(`the device has no ${policy}`)
  restore(async () => {
    const later = await cpe.openSession()
    const { ParameterList } = before
    granted(await later.call('SetParameterValues', { ParameterList, ParameterKey: 'put back' }))
    await later.end()
  })
  const ParameterList = settings.map(([name, Value, type]) => ({ Name: policy + name, Value, type }))
  granted(await session.call('SetParameterValues', { ParameterList, ParameterKey: 'standby' }))
}
