/** Names of hosts to addresses. */
import { promises, Resolver } from 'node:dns'
import { isIP } from 'node:net'
import { promisify } from 'node:util'
import type { Clock } from '../platform/platform.ts'
import { TransportError } from './http.ts'

export interface NamesOptions {
  clock: Clock
  /** The DNS server for all names, as address and port such as `192.0.2.53:53`; without it the machine looks them up. */
  server?: string | undefined
  /** Whether IPv6 is switched off. */
  ipv4Only?: boolean | undefined
  /** Device milliseconds after which a name counts as unknown. */
  timeout: number
}

/** A host that offers a service (RFC 2782). */
export interface ServiceRecord {
  host: string
  port: number
  /** Lower ones are tried first. */
  priority: number
  /** Among records of the same priority: its share of the clients. */
  weight: number
}

/** The network's directory of hosts, as the device sees it. Nothing is kept: each look-up asks again. */
export class Names {
  protected readonly options: NamesOptions

  constructor(options: NamesOptions) {
    this.options = options
  }

  /** All addresses of a host, in the order in which they are to be tried; an address is its own. Throws TransportError when there is none. */
  async addressesOf(host: string): Promise<string[]> {
    const { server, ipv4Only } = this.options
    const known = isIP(host) === 0 ? await this.#ask(host, server) : [host]
    const addresses = ipv4Only ? known.filter((address) => isIP(address) === 4) : known
    if (addresses.length > 0) return addresses
    throw new TransportError(`${host} has no ${known.length > 0 ? 'IPv4 ' : ''}address`)
  }

  /** The hosts of a service such as `_xmpp-client._tcp.example.com`, in no order; none when the name has no records. Throws TransportError when nobody can tell. */
  async servicesOf(name: string): Promise<ServiceRecord[]> {
    const resolver = new Resolver()
    const { server } = this.options
    if (server !== undefined) resolver.setServers([server])
    const answer = promisify(resolver.resolveSrv.bind(resolver))(name).catch((error) => {
      if (error.code === 'ENOTFOUND' || error.code === 'ENODATA') return []
      throw error
    })
    const records = await this.#inTime(name, answer, () => resolver.cancel())
    return records.map(({ name: host, port, priority, weight }) => ({ host, port, priority, weight }))
  }

  #ask(host: string, server: string | undefined): Promise<string[]> {
    return server === undefined ? this.#askMachine(host) : this.#askServer(host, server)
  }

  async #askMachine(host: string): Promise<string[]> {
    const found = this.#inTime(host, promises.lookup(host, { all: true, order: 'verbatim' }), () => {})
    return (await found).map(({ address }) => address)
  }

  async #askServer(host: string, server: string): Promise<string[]> {
    const resolver = new Resolver()
    resolver.setServers([server])
    const families = Promise.allSettled([
      promisify(resolver.resolve4.bind(resolver))(host),
      promisify(resolver.resolve6.bind(resolver))(host),
    ])
    const answers = await this.#inTime(host, families, () => resolver.cancel())
    const addresses = answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []))
    const [first] = answers
    if (addresses.length === 0 && first?.status === 'rejected') throw this.#unknown(host, first.reason)
    return addresses
  }

  async #inTime<T>(host: string, answer: Promise<T>, giveUp: () => void): Promise<T> {
    const { clock, timeout } = this.options
    const late = Promise.withResolvers<never>()
    const timer = clock.after(timeout, () => {
      late.reject(new TransportError(`${host}: no answer from the DNS within ${timeout / 1000} s`))
      giveUp()
    })
    try {
      return await Promise.race([answer, late.promise])
    } catch (error) {
      throw error instanceof TransportError ? error : this.#unknown(host, error)
    } finally {
      timer.cancel()
    }
  }

  #unknown(host: string, error: unknown): TransportError {
    const { code, message } = error as NodeJS.ErrnoException
    return new TransportError(`${host} cannot be resolved (${code ?? message})`, { cause: error })
  }
}
