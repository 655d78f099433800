import type { AcsSession, InformAnswer } from '../acs/acs.ts'
import { granted } from '../matchers.ts'
import type { TestBed } from './testbed.ts'

/** Seconds of the device's clock between periodic Informs. */
export const interval = 2

/** Sets those of PeriodicInformEnable, PeriodicInformInterval and PeriodicInformTime that are given, in one request. */
export async function setPeriod(
  { profile }: TestBed,
  session: AcsSession,
  period: { enable?: boolean; interval?: number; time?: string },
): Promise<void> {
  const name = `${profile.cwmp.root}ManagementServer.PeriodicInform`
  const ParameterList = [
    ...(period.interval === undefined
      ? []
      : [{ Name: `${name}Interval`, Value: String(period.interval), type: 'xsd:unsignedInt' }]),
    ...(period.time === undefined ? [] : [{ Name: `${name}Time`, Value: period.time, type: 'xsd:dateTime' }]),
    ...(period.enable === undefined
      ? []
      : [{ Name: `${name}Enable`, Value: period.enable ? '1' : '0', type: 'xsd:boolean' }]),
  ]
  granted(await session.call('SetParameterValues', { ParameterList, ParameterKey: 'period' }))
}

/** The next session that tells 2 PERIODIC. */
export function periodic(cpe: TestBed, timeoutMs?: number, inform?: InformAnswer): Promise<AcsSession> {
  return cpe.nextSession({
    where: ({ Event }) => Event.some(({ EventCode }) => EventCode === '2 PERIODIC'),
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
    ...(inform === undefined ? {} : { inform }),
  })
}
