import { XmppServers } from '../../../reference-agent/xmpp/xmpp.ts'
import { alterConnection, alterStreamOptions } from './alter/xmpp.ts'
import type { Mutant } from './mutant.ts'

type XmppHost = Parameters<XmppServers['find']>[2][number]

/** Looks for the servers of a domain in another way. */
function alterServers(
  parts: Parameters<Mutant['apply']>[0],
  subclass: (base: typeof XmppServers) => typeof XmppServers,
): void {
  const Altered = subclass(XmppServers)
  parts.createXmppServers = (options) => new Altered(options)
}

export const mutants: readonly Mutant[] = [
  {
    name: 'xmpp-port-of-the-record-ignored',
    cases: ['XMPP-SRV-001'],
    breaks: 'goes to the usual port, whatever the service record says',
    apply: (parts) =>
      alterServers(
        parts,
        (Base) =>
          class extends Base {
            protected override async hosts(algorithm: string, domain: string, table: readonly XmppHost[]) {
              const hosts = await super.hosts(algorithm, domain, table)
              return algorithm === 'ServerTable' ? hosts : hosts.map((host) => ({ ...host, port: 5222 }))
            }
          },
      ),
  },
  {
    name: 'xmpp-weights-the-other-way-round',
    cases: ['XMPP-SRV-004', 'XMPP-RETRY-009'],
    breaks: 'prefers those without weight',
    apply: (parts) =>
      alterServers(
        parts,
        (Base) =>
          class extends Base {
            protected override drawn(hosts: readonly XmppHost[]) {
              return super.drawn(hosts).reverse()
            }
          },
      ),
  },
  {
    name: 'xmpp-no-records-no-server',
    cases: ['XMPP-SRV-005'],
    breaks: 'looks no further where there are no service records',
    apply: (parts) =>
      alterServers(
        parts,
        (Base) =>
          class extends Base {
            protected override async hosts(algorithm: string, domain: string, table: readonly XmppHost[]) {
              const hosts = await super.hosts(algorithm, domain, table)
              return hosts.filter(({ host }) => host !== domain)
            }
          },
      ),
  },
  {
    name: 'xmpp-certificate-of-the-record',
    cases: ['XMPP-SRV-006'],
    breaks: 'expects the host of the service record in the certificate, and not the domain',
    apply: (parts) => {
      let last = ''
      alterServers(
        parts,
        (Base) =>
          class extends Base {
            override at(host: string, port?: number) {
              last = host
              return super.at(host, port)
            }
          },
      )
      alterStreamOptions(parts, ({ secure }) => ({ secure: (plain) => secure(plain, last) }))
    },
  },
  {
    name: 'xmpp-records-kept-for-ever',
    cases: ['XMPP-SRV-007', 'XMPP-SRV-008'],
    breaks: 'asks for the service records once',
    apply: (parts) =>
      alterConnection(parts, (Base) => {
        return class extends Base {
          #known: ReturnType<XmppServers['find']> | undefined

          protected override find(): ReturnType<XmppServers['find']> {
            this.#known ??= super.find()
            return this.#known
          }
        }
      }),
  },
]
