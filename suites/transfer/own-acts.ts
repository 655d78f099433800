import type { AcsSession, CpeRequestHandler } from '../../harness/acs/acs.ts'
import { DeviceSilent, expect, granted, Untestable } from '../../harness/conformance.ts'
import { decodeRequest, isFault, type RequestOf, type RpcName } from '../../harness/cwmp/cwmp.ts'
import type { HttpFileServer } from '../../harness/net/net.ts'
import type { TestBed } from '../../harness/testbed/testbed.ts'
import { keepValues } from '../rpc/values.ts'
import type { Bench, Restore } from './bench.ts'

/** So long nothing may come that must not come; a device that breaks the rule does so at once. */
const quietMs = 1500

/** What a case needs to have the device fetch something of its own accord. */
export interface OwnBench {
  readonly cpe: TestBed
  readonly signal: AbortSignal
  readonly web: HttpFileServer
}

type Settings = Readonly<Record<string, string>>

/** All transfers with files of that type. */
export function everything(fileType: string): Settings {
  return { Enable: '1', TransferTypeFilter: 'Both', ResultTypeFilter: 'Both', FileTypeFilter: fileType }
}

/**
 * Sets a policy of ManagementServer and ends the session; put back after the case.
 * @throws Untestable when the device has no such policy
 */
export async function setPolicy(
  { cpe, session, restore }: Pick<Bench, 'cpe' | 'session'> & { readonly restore: Restore },
  name: 'AutonomousTransferCompletePolicy' | 'DUStateChangeComplPolicy',
  settings: Settings,
): Promise<void> {
  const policy = `${cpe.profile.cwmp.root}ManagementServer.${name}.`
  if (isFault(await session.call('GetParameterValues', { ParameterNames: [policy] })))
    throw new Untestable(`the device has no ${policy}`)
  await keepValues({ cpe, session, restore }, ...Object.keys(settings).map((each) => policy + each))
  const ParameterList = Object.entries(settings).map(([each, Value]) => ({
    Name: policy + each,
    Value,
    type: each === 'Enable' ? 'xsd:boolean' : 'xsd:string',
  }))
  granted(await session.call('SetParameterValues', { ParameterList, ParameterKey: 'policy' }))
  await session.end()
}

function tells(code: string) {
  return ({ Event }: RequestOf<'Inform'>): boolean => Event.some(({ EventCode }) => EventCode === code)
}

/** The session in which the device tells an event, ended, and the calls of a method in it; `onCpeRequest` answers them unless they are to be granted. */
export async function told<N extends RpcName>(
  { cpe, signal }: Pick<Bench, 'cpe' | 'signal'>,
  code: string,
  method: N,
  onCpeRequest?: CpeRequestHandler,
): Promise<{ session: AcsSession; calls: RequestOf<N>[] }> {
  const timeoutMs = cpe.profile.pixit.timing.transferSeconds * 1000
  const session = await cpe.nextSession({
    where: tells(code),
    timeoutMs,
    signal,
    ...(onCpeRequest && { onCpeRequest }),
  })
  await session.end()
  const calls = session.cpeRequests
    .filter(({ name }) => name === method)
    .map((request) => decodeRequest(request, method))
  return { session, calls }
}

/** Holds the device to tell no such event for a while. */
export async function untold({ acs }: TestBed, code: string): Promise<void> {
  const session = acs.nextSession({ where: tells(code), timeoutMs: quietMs })
  await expect(session, `a session with ${code}`).rejects.toBeInstanceOf(DeviceSilent)
}

/** Waits for a request at the file server. @throws DeviceSilent when none comes in the time of a transfer */
export async function comesForIt({ cpe, signal, web }: OwnBench): Promise<void> {
  const timeoutMs = cpe.profile.pixit.timing.transferSeconds * 1000
  await web.next('a GET of the file', { timeoutMs, signal })
}
