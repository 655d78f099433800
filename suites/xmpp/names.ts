import { isIP } from 'node:net'
import { Untestable } from '../../harness/conformance.ts'
import { DnsServer } from '../../harness/net/net.ts'
import {
  addConnection,
  type Bench,
  domain,
  managementServer,
  set,
  text,
  under,
  usualConnection,
  valueIn,
} from '../../harness/testbed/xmpp-connection.ts'
import type { XmppServer } from '../../harness/xmpp/xmpp.ts'

/** The name under which a client looks for the servers of the domain (RFC 6120 3.2.1). */
export const serviceName = `_xmpp-client._tcp.${domain}`

/** A DNS server that the device asks until the case ends. Names that it was not told do not exist. */
export async function nameServer({ cpe, restore, signal }: Bench): Promise<DnsServer> {
  const { host, port } = cpe.profile.pixit.dnsServer
  const server = await DnsServer.listen({ host, port, note: (line) => void cpe.transcript.note(line) })
  restore(async () => (await cpe.provision()).end())
  restore(() => server.close())
  restore(() => cpe.dut.dnsServer(undefined))
  await cpe.dut.dnsServer(server.address)
  // The device goes by it from the next time on that it is pointed at an ACS.
  await (await cpe.provision({ signal })).end()
  return server
}

/** One server among those of the domain. */
interface Host {
  readonly name: string
  readonly server: XmppServer
  readonly priority?: number
  readonly weight?: number
}

/** Has the DNS server name these as the servers of the domain. */
export function announce({ cpe }: Bench, names: DnsServer, hosts: readonly Host[]): void {
  const { acs } = cpe.profile.pixit
  const address = acs.publicHost ?? acs.host
  if (isIP(address) === 0) throw new Untestable(`the profile names the bench ${address}, not its address`)
  for (const { name } of hosts) names.answer(name, { addresses: [address] })
  const services = hosts.map(({ name, server, priority = 0, weight = 0 }) => ({
    target: name,
    port: server.port,
    priority,
    weight,
  }))
  names.answer(serviceName, { addresses: [], services })
}

/** Has the ACS make a connection whose servers the device finds by DNS. */
export async function setUpByName(
  bench: Bench,
  connection: Parameters<typeof under>[1] = {},
): Promise<{ row: string }> {
  const { cpe, signal } = bench
  const session = await cpe.openSession(signal)
  const row = await addConnection(bench, session)
  const name = `${cpe.profile.cwmp.root}XMPP.SupportedServerConnectAlgorithms`
  const algorithms = (await valueIn(session, name)).split(',').map((one) => one.trim())
  if (!algorithms.includes('DNS-SRV')) throw new Untestable(`${name} lists no DNS-SRV`)
  await set(session, {
    ...under(row, { ...usualConnection, ServerConnectAlgorithm: text('DNS-SRV'), ...connection }),
    [managementServer(cpe, 'ConnReqAllowedJabberIDs')]: text(`acs@${domain}`),
    [managementServer(cpe, 'ConnReqXMPPConnection')]: text(row.slice(0, -1)),
  })
  await session.end()
  return { row }
}
