/** Where the XMPP server of a connection may be reached, in the order in which it is to be tried (ServerConnectAlgorithm). */
import { isIP } from 'node:net'
import type { Random } from '../platform/platform.ts'
import type { Names } from '../transport/transport.ts'

/** An address with a port. */
export interface XmppServer {
  address: string
  port: number
}

/** A host that offers the service. */
export interface XmppHost {
  host: string
  port: number
  priority: number
  /** Negative: as small as can be. */
  weight: number
}

export interface XmppServersOptions {
  names: Names
  random: Random
}

const PORT = 5222

export class XmppServers {
  protected readonly options: XmppServersOptions

  constructor(options: XmppServersOptions) {
    this.options = options
  }

  /** All addresses, of which there is at least one. `table` holds the enabled rows of Server.{i}. Throws TransportError or RangeError. */
  async find(algorithm: string, domain: string, table: readonly XmppHost[]): Promise<XmppServer[]> {
    const hosts = await this.hosts(algorithm, domain, table)
    const found = await Promise.allSettled(hosts.map((each) => this.at(each.host, each.port)))
    const servers = found.flatMap((each) => (each.status === 'fulfilled' ? each.value : []))
    const [first] = found
    if (servers.length === 0)
      throw first?.status === 'rejected' ? first.reason : new RangeError('no server is named')
    return servers
  }

  /** The addresses of one host. Throws TransportError. */
  async at(host: string, port = PORT): Promise<XmppServer[]> {
    const addresses = await this.options.names.addressesOf(host.replace(/^\[|\]$/g, ''))
    return addresses.map((address) => ({ address, port }))
  }

  protected async hosts(algorithm: string, domain: string, table: readonly XmppHost[]): Promise<XmppHost[]> {
    if (algorithm === 'ServerTable') return this.ordered(table)
    const itself = [{ host: domain, port: PORT, priority: 0, weight: 0 }]
    if (algorithm === 'DNS' || isIP(domain.replace(/^\[|\]$/g, '')) !== 0) return itself
    // A DNS that does not know of services may still know the host (RFC 6120 3.2.2).
    const records = await this.options.names.servicesOf(`_xmpp-client._tcp.${domain}`).catch(() => [])
    if (records.length === 0) return itself
    // A single record with a dot for its host says that there is no such service (RFC 2782).
    return this.ordered(records.filter(({ host }) => host !== '' && host !== '.'))
  }

  /** The lowest priority first; among equals by lot, to which each comes with its weight (RFC 2782). */
  protected ordered(hosts: readonly XmppHost[]): XmppHost[] {
    const priorities = [...new Set(hosts.map(({ priority }) => priority))].toSorted((a, b) => a - b)
    return priorities.flatMap((wanted) => this.drawn(hosts.filter(({ priority }) => priority === wanted)))
  }

  protected drawn(hosts: readonly XmppHost[]): XmppHost[] {
    // Those without weight stand first, which gives them a small chance.
    const left = hosts.toSorted((a, b) => shareOf(a) - shareOf(b))
    const order: XmppHost[] = []
    while (left.length > 0) {
      const total = left.reduce((sum, host) => sum + shareOf(host), 0)
      const lot = this.options.random.fraction() * total
      let sum = 0
      const index = left.findIndex((host) => {
        sum += shareOf(host)
        return sum >= lot
      })
      order.push(...left.splice(index, 1))
    }
    return order
  }
}

function shareOf({ weight }: XmppHost): number {
  return Math.max(weight, 0)
}
