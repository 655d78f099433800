import type { AgentParts } from '../../../reference-agent/agent.ts'
import { Names, TransportError } from '../../../reference-agent/transport/transport.ts'
import type { Mutant } from './mutant.ts'

type Look = (host: string, properly: (host: string) => Promise<string[]>) => Promise<string[]>

/** Has names looked up in another way. */
function alterNames(parts: AgentParts, look: Look): void {
  parts.createNames = (options) =>
    new (class extends Names {
      override addressesOf(host: string): Promise<string[]> {
        return look(host, (name) => super.addressesOf(name))
      }
    })(options)
}

const isName = (host: string) => /[a-z]/.test(host)

export const mutants: readonly Mutant[] = [
  {
    name: 'dns-addresses-alone',
    cases: ['DNS-001', 'DNS-005'],
    breaks: 'knows no names, only addresses',
    apply: (parts) =>
      alterNames(parts, async (host, properly) => {
        if (isName(host)) throw new TransportError('no address')
        return properly(host)
      }),
  },
  {
    name: 'dns-host-header-with-address',
    cases: ['DNS-001', 'DNS-005'],
    breaks: 'puts the address of the ACS into Host, not the name that its URL has',
    apply: (parts) => {
      const { exchange } = parts
      parts.exchange = (request, connection) => {
        if (!isName(request.url.hostname)) return exchange(request, connection)
        const url = new URL(request.url)
        url.hostname = '127.0.0.1'
        return exchange({ ...request, url }, connection)
      }
    },
  },
  {
    name: 'dns-first-address-alone',
    cases: ['DNS-002'],
    breaks: 'tries the first address of a name and no other',
    apply: (parts) => alterNames(parts, async (host, properly) => (await properly(host)).slice(0, 1)),
  },
  {
    name: 'dns-asks-once',
    cases: ['DNS-003'],
    breaks: 'keeps the address of a name for as long as it runs',
    apply: (parts) => {
      const known = new Map<string, Promise<string[]>>()
      alterNames(parts, (host, properly) => {
        const addresses = known.get(host) ?? properly(host)
        known.set(host, addresses)
        return addresses
      })
    },
  },
  {
    name: 'dns-unknown-for-good',
    cases: ['DNS-004', 'DNS-006'],
    breaks: 'looks a name up no more that had no address once',
    apply: (parts) => {
      const unknown = new Set<string>()
      alterNames(parts, async (host, properly) => {
        if (unknown.has(host)) throw new TransportError('no address')
        try {
          return await properly(host)
        } catch (error) {
          unknown.add(host)
          throw error
        }
      })
    },
  },
  {
    name: 'dns-failure-not-counted',
    cases: ['DNS-004'],
    breaks: 'does not count a session for which the ACS was not found',
    apply: (parts) => {
      const { buildInform } = parts
      parts.buildInform = (inform) => buildInform({ ...inform, retryCount: 0 })
    },
  },
  {
    name: 'dns-failure-kills',
    cases: ['DNS-006'],
    breaks: 'dies when the DNS server fails',
    apply: (parts) =>
      alterNames(parts, async (host, properly) => {
        try {
          return await properly(host)
        } catch {
          process.exit(1)
        }
      }),
  },
]
