import { getServers } from 'node:dns'
import { lookupService, Resolver } from 'node:dns/promises'
import { isIP } from 'node:net'
import type { Clock } from '../platform/platform.ts'
import type { Names } from '../transport/transport.ts'

/** Which kind of address a test wants, in the words of the data model. */
export type ProtocolVersion = 'Any' | 'IPv4' | 'IPv6'

export interface HostAddress {
  address: string
  family: 4 | 6
}

/** An address of a host, given by name or as an address. Rejects when it has none of that kind. */
export async function resolveHost(
  host: string,
  version: ProtocolVersion,
  names: Names,
): Promise<HostAddress> {
  const addresses = await names.addressesOf(host)
  const address = addresses.find((each) => version === 'Any' || isIP(each) === FAMILIES[version])
  if (address === undefined) throw new Error(`${host} has no ${version} address`)
  return { address, family: isIP(address) === 6 ? 6 : 4 }
}

const FAMILIES = { IPv4: 4, IPv6: 6 } as const

/** Device milliseconds that a name is waited for; an address alone is good enough. */
const NAME_PATIENCE = 2_000

/** The name of the host with an address, from a DNS server if one is given, or from the machine; undefined when nobody tells one in time. */
export async function hostNameOf(
  address: string,
  clock: Clock,
  server?: string,
): Promise<string | undefined> {
  const late = Promise.withResolvers<undefined>()
  const timer = clock.after(NAME_PATIENCE, () => late.resolve(undefined))
  const asked = server === undefined ? askMachine(address) : askServer(address, server)
  const named = asked.then(
    (hostname) => (hostname === address ? undefined : hostname),
    () => undefined,
  )
  const name = await Promise.race([named, late.promise])
  timer.cancel()
  return name
}

async function askMachine(address: string): Promise<string> {
  return (await lookupService(address, 0)).hostname
}

async function askServer(address: string, server: string): Promise<string | undefined> {
  const resolver = new Resolver()
  resolver.setServers([server])
  return (await resolver.reverse(address))[0]
}

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
