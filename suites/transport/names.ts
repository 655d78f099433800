import { isIP } from 'node:net'
import type { ScriptedAcs } from '../../harness/acs/acs.ts'
import { Untestable } from '../../harness/conformance.ts'
import { DnsServer } from '../../harness/net/net.ts'
import { anotherAcs } from '../../harness/testbed/another-acs.ts'
import type { TestBed } from '../../harness/testbed/testbed.ts'
import { comesHome } from './secure.ts'

type Restore = (step: () => Promise<void>) => void

/** A name that no network has (RFC 6761). */
export const ACS_NAME = 'acs.cwmp.test'

/** A DNS server that the device asks from the next time on that it is pointed at an ACS, until the case ends. */
export async function nameServer(cpe: TestBed, restore: Restore): Promise<DnsServer> {
  const { host, port } = cpe.profile.pixit.dnsServer
  const server = await DnsServer.listen({ host, port, note: (line) => void cpe.transcript.note(line) })
  comesHome(cpe, restore)
  restore(() => server.close())
  restore(() => cpe.dut.dnsServer(undefined))
  await cpe.dut.dnsServer(server.address)
  return server
}

/** A second ACS whose URL has a name, which the DNS server does not know yet. */
export function acsWithName(
  cpe: TestBed,
  restore: Restore,
  where: { host?: string; port?: number } = {},
): Promise<ScriptedAcs> {
  return anotherAcs(cpe, restore, { ...where, publicHost: ACS_NAME })
}

/**
 * The address at which the device finds the ACS.
 * @throws Untestable when the profile knows only its name
 */
export function addressOfAcs(cpe: TestBed): string {
  const host = new URL(cpe.acs.url).hostname.replace(/^\[|\]$/g, '')
  if (isIP(host) === 0) throw new Untestable(`the profile names the ACS ${host}, not its address`)
  return host
}

/**
 * Another address of this machine that the device can reach, on which nobody listens unless the case does.
 * @throws Untestable when there is none
 */
export function otherAddress(cpe: TestBed): string {
  if (addressOfAcs(cpe) !== '127.0.0.1')
    throw new Untestable('a second address of the ACS is known only on the loopback interface')
  return '127.0.0.2'
}
