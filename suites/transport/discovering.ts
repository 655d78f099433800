import type { AcsSession, ScriptedAcs } from '../../harness/acs/acs.ts'
import { ConformanceFailure, granted, Untestable } from '../../harness/conformance.ts'
import { isFault } from '../../harness/cwmp/cwmp.ts'
import type { DhcpOffer } from '../../harness/dut/dut.ts'
import type { TestBed } from '../../harness/testbed/testbed.ts'
import { type Discovery, decodeHex } from './dhcp-options.ts'

type Restore = (step: () => Promise<void>) => void
type SessionChoice = NonNullable<Parameters<ScriptedAcs['nextSession']>[0]>['where']
type Options = Omit<DhcpOffer, 'discover'>

/** Brings the device back after the case, as it is when it is new at this ACS. */
export function enrolsAgain(cpe: TestBed, restore: Restore): void {
  restore(() => cpe.enrol())
}

/** A URL of an ACS that the device has not had before. */
export function urlOffered(acs: ScriptedAcs, path = '/by-dhcp'): string {
  return new URL(path, acs.url).href
}

/** Has the device look for its ACS by DHCP, and returns the session that it opens at `acs`, its own first one unless given. */
export async function discover(
  cpe: TestBed,
  restore: Restore,
  options: Options,
  acs: ScriptedAcs = cpe.acs,
): Promise<AcsSession> {
  enrolsAgain(cpe, restore)
  // A session that began before is none of those that DHCP makes.
  await cpe.acs.drain()
  const timeoutMs = cpe.profile.pixit.timing.rebootSeconds * 1000
  const where: SessionChoice = ({ Event }) =>
    Event.some(({ EventCode }) => ['0 BOOTSTRAP', '1 BOOT'].includes(EventCode))
  const [session] = await Promise.all([
    acs.nextSession({ timeoutMs, where }),
    cpe.dut.dhcpOptions({ ...options, discover: true }),
  ])
  return session
}

/** Gives the device a new lease, and returns the session that it opens. */
export async function renewLease(cpe: TestBed, options: Options): Promise<AcsSession> {
  await cpe.acs.drain()
  const timeoutMs = cpe.profile.pixit.timing.bootSeconds * 1000
  const [session] = await Promise.all([
    cpe.acs.nextSession({ timeoutMs }),
    cpe.dut.dhcpOptions({ ...options, discover: false }),
  ])
  return session
}

/** Holds an Inform to have come to this URL. */
export function assertAt({ informExchange }: AcsSession, url: string): void {
  const { pathname, search } = new URL(url)
  if (informExchange.path === pathname + search) return
  const failure = new ConformanceFailure(`an Inform at ${pathname}`, `an Inform at ${informExchange.path}`)
  failure.transcriptSeq = informExchange.transcriptSeq
  throw failure
}

/** Holds the ProvisioningCode of the device to be the one that DHCP gave. */
export async function assertProvisioningCode(session: AcsSession, root: string, code: string): Promise<void> {
  const name = `${root}DeviceInfo.ProvisioningCode`
  const { ParameterList } = granted(await session.call('GetParameterValues', { ParameterNames: [name] }))
  const value = ParameterList[0]?.Value
  if (value !== code) throw new ConformanceFailure(`${name} ${code}`, value ?? 'no value')
}

/**
 * Holds the retry parameters of the device to be those that DHCP gave.
 * @throws Untestable when its data model does not show them
 */
export async function assertRetries(
  session: AcsSession,
  root: string,
  { minimumWait, multiplier }: Required<Pick<Discovery, 'minimumWait' | 'multiplier'>>,
): Promise<void> {
  const names = ['CWMPRetryMinimumWaitInterval', 'CWMPRetryIntervalMultiplier']
  const answer = await session.call('GetParameterValues', {
    ParameterNames: names.map((name) => `${root}ManagementServer.${name}`),
  })
  if (isFault(answer) && answer.faultCode === 9005)
    throw new Untestable('the data model of the device does not show how it retries')
  const shown = granted(answer).ParameterList.map(({ Name, Value }) => `${Name.split('.').at(-1)} ${Value}`)
  const wanted = [`${names[0]} ${minimumWait}`, `${names[1]} ${multiplier}`]
  if (wanted.some((one) => !shown.includes(one)))
    throw new ConformanceFailure(wanted.join(', '), shown.join(', '))
}

/**
 * Holds an option that the device has sent to contain the vendor class of CWMP.
 * @throws Untestable when the adapter could not see the option
 */
export function assertVendorClass(option: string | undefined, number: number): void {
  if (option === undefined) throw new Untestable(`the adapter cannot see option ${number} of the device`)
  const text = decodeHex(option)
  if (!text.includes('dslforum.org'))
    throw new ConformanceFailure(`dslforum.org in option ${number}`, JSON.stringify(text))
}
