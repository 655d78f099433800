import type { AcsSession } from '../../harness/acs/acs.ts'
import { DeviceSilent, granted, Untestable } from '../../harness/conformance.ts'
import { isFault } from '../../harness/cwmp/cwmp.ts'
import { type LightweightNotification, LightweightReceiver } from '../../harness/net/net.ts'
import type { Bench } from './watching.ts'

type Settings = Readonly<Record<string, readonly [value: string, type: string]>>

/**
 * Starts a receiver on the machine of the ACS and has the device send its lightweight notifications there.
 * Everything is put back after the case.
 * @param host what UDPLightweightNotificationHost is set to, the receiver's address unless given
 */
export async function receiveLightweight(
  bench: Bench,
  { host, more = {} }: { host?: string; more?: Settings } = {},
): Promise<LightweightReceiver> {
  const { cpe, restore, signal } = bench
  const { acs } = cpe.profile.pixit
  const receiver = await LightweightReceiver.listen({ host: acs.host, transcript: cpe.transcript })
  restore(() => receiver.close())
  const session = await cpe.openSession(signal)
  await configure(bench, session, {
    UDPLightweightNotificationHost: [host ?? acs.publicHost ?? acs.host, 'xsd:string'],
    UDPLightweightNotificationPort: [String(receiver.port), 'xsd:unsignedInt'],
    LightweightNotificationProtocolsUsed: ['UDP', 'xsd:string'],
    ...more,
  })
  await session.end()
  return receiver
}

/**
 * Sets parameters of ManagementServer and puts them back after the case.
 * @throws Untestable when the device lacks one of them
 */
async function configure(
  { cpe, restore }: Pick<Bench, 'cpe' | 'restore'>,
  session: AcsSession,
  settings: Settings,
): Promise<void> {
  const path = (name: string) => `${cpe.profile.cwmp.root}ManagementServer.${name}`
  const ParameterNames = Object.keys(settings).map(path)
  const before = await session.call('GetParameterValues', { ParameterNames })
  if (isFault(before)) throw new Untestable(`the device lacks one of ${ParameterNames.join(', ')}`)
  restore(async () => {
    const later = await cpe.openSession()
    const { ParameterList } = before
    granted(await later.call('SetParameterValues', { ParameterList, ParameterKey: '' }))
    await later.end()
  })
  const ParameterList = Object.entries(settings).map(([name, [Value, type]]) => ({
    Name: path(name),
    Value,
    type,
  }))
  granted(await session.call('SetParameterValues', { ParameterList, ParameterKey: 'lightweight' }))
}

/** The next notification that tells a parameter. */
export function told(
  { cpe, signal }: Pick<Bench, 'cpe' | 'signal'>,
  receiver: LightweightReceiver,
  path: string,
): Promise<LightweightNotification> {
  return receiver.next({
    timeoutMs: cpe.profile.pixit.timing.informSeconds * 1000,
    where: ({ parameters }) => parameters.has(path),
    signal,
  })
}

/** Resolves to what came within a while, undefined for nothing. */
export async function anyWithin(
  receiver: LightweightReceiver,
  timeoutMs: number,
): Promise<LightweightNotification | undefined> {
  try {
    return await receiver.next({ timeoutMs })
  } catch (error) {
    if (error instanceof DeviceSilent) return undefined
    throw error
  }
}
