import { getServers } from 'node:dns'
import { lookup } from 'node:dns/promises'

/** Which kind of address a test wants, in the words of the data model. */
export type ProtocolVersion = 'Any' | 'IPv4' | 'IPv6'

export interface HostAddress {
  address: string
  family: 4 | 6
}

/** An address of a host, given by name or as an address. Rejects when it has none of that kind. */
export async function resolveHost(host: string, version: ProtocolVersion): Promise<HostAddress> {
  const { address, family } = await lookup(host, { family: FAMILIES[version] })
  // What is an address already comes back whatever its kind.
  if (version !== 'Any' && family !== FAMILIES[version]) throw new Error(`${host} has no ${version} address`)
  return { address, family: family === 6 ? 6 : 4 }
}

const FAMILIES = { Any: 0, IPv4: 4, IPv6: 6 } as const

/** The first name server that the machine is configured with. Throws when there is none. */
export function systemNameServer(): { address: string; port: number } {
  const [first] = getServers()
  if (first === undefined) throw new Error('no name server is configured')
  return splitPort(first, 53)
}

/** `address`, `address:port` or `[address]:port`, or the same with a name. */
export function splitPort(text: string, standardPort: number): { address: string; port: number } {
  const parts = /^(?:\[([^\]]+)\]|([^:]+))(?::(\d{1,5}))?$/.exec(text)
  return parts
    ? { address: parts[1] ?? parts[2] ?? '', port: Number(parts[3] ?? standardPort) }
    : { address: text, port: standardPort }
}
