import type { ParameterChange } from '../../../reference-agent/datamodel/datamodel.ts'
import { alterParameter, alterValues } from './alter/definitions.ts'
import { alterConnections } from './alter/xmpp.ts'
import type { Mutant } from './mutant.ts'

const REFERENCE = 'Device.ManagementServer.ConnReqXMPPConnection'

export const mutants: readonly Mutant[] = [
  {
    name: 'xmpp-reference-read-once',
    cases: ['XMPP-REF-001', 'XMPP-OBJ-016'],
    breaks: 'does not notice that another connection is the one for connection requests',
    apply: (parts) =>
      alterConnections(
        parts,
        (Base) =>
          class extends Base {
            override changed(change: ParameterChange): void {
              if (change.path !== REFERENCE) super.changed(change)
            }
          },
      ),
  },
  {
    name: 'xmpp-first-reference-for-ever',
    cases: ['XMPP-REF-003'],
    breaks: 'takes requests on the connection that was the first one for them, and on no other',
    apply: (parts) =>
      alterConnections(parts, (Base) => {
        return class extends Base {
          #first = ''

          override changed(change: ParameterChange): void {
            if (change.path === REFERENCE) this.#first ||= `${this.text(REFERENCE)}.`
            super.changed(change)
          }

          protected override isReferred(row: string): boolean {
            return this.#first === row
          }
        }
      }),
  },
  {
    name: 'xmpp-reference-dangles',
    cases: ['XMPP-REF-004'],
    breaks: 'goes on to refer to a connection that was deleted',
    apply: (parts) =>
      alterParameter(parts, REFERENCE, ({ pathRef, ...definition }) => ({
        ...definition,
        ...(pathRef && { pathRef: { ...pathRef, refType: 'weak' as const } }),
      })),
  },
  {
    name: 'xmpp-reference-to-nowhere',
    cases: ['XMPP-REF-005'],
    breaks: 'takes a reference to a connection that there is not',
    apply: (parts) => alterParameter(parts, REFERENCE, ({ pathRef: _any, ...definition }) => definition),
  },
  {
    name: 'xmpp-any-algorithm',
    cases: ['XMPP-REF-006'],
    breaks: 'takes any value for ServerConnectAlgorithm',
    apply: (parts) =>
      alterParameter(
        parts,
        'Device.XMPP.Connection.{i}.ServerConnectAlgorithm',
        ({ enumeration: _some, enumerationRef: _others, ...definition }) => definition,
      ),
  },
  {
    name: 'xmpp-counts-no-rows',
    cases: ['XMPP-REF-007'],
    breaks: 'says that it has one connection and one server, whatever there is',
    apply: (parts) => alterValues(parts, /^Device\.XMPP\..*NumberOfEntries$/, () => ({ value: '1' })),
  },
  {
    name: 'xmpp-counts-no-servers',
    cases: ['XMPP-REF-007'],
    breaks: 'does not count its servers',
    apply: (parts) => alterValues(parts, /\.ServerNumberOfEntries$/, () => ({ value: '0' })),
  },
  {
    name: 'xmpp-counts-no-messages',
    cases: ['XMPP-REF-008'],
    breaks: 'counts nothing of what it transmits',
    apply: (parts) => alterValues(parts, /\.Stats\.TransmittedMessages$/, () => ({ value: '0' })),
  },
  {
    name: 'xmpp-disabled-for-ever',
    cases: ['XMPP-REF-009'],
    breaks: 'does not come back when its connection is enabled again',
    apply: (parts) =>
      alterConnections(parts, (Base) => {
        return class extends Base {
          #were = new Set<string>()
          #off = new Set<string>()

          protected override account(row: string) {
            const account = super.account(row)
            if (account) this.#were.add(row)
            else if (this.#were.has(row)) this.#off.add(row)
            return this.#off.has(row) ? undefined : account
          }
        }
      }),
  },
  {
    name: 'xmpp-resource-of-the-first-login',
    cases: ['XMPP-REF-010'],
    breaks: 'goes on with the resource that it had first',
    apply: (parts) =>
      alterConnections(parts, (Base) => {
        return class extends Base {
          #resources = new Map<string, string>()

          protected override account(row: string) {
            const account = super.account(row)
            if (!account) return undefined
            const resource = this.#resources.get(row) ?? account.resource
            this.#resources.set(row, resource)
            return { ...account, resource }
          }
        }
      }),
  },
  {
    name: 'xmpp-factory-reset-keeps-connections',
    cases: ['XMPP-REF-011'],
    breaks: 'keeps its connections over a factory reset',
    apply: (parts) => {
      const { createStore } = parts
      parts.createStore = (directory, log) => {
        const store = createStore(directory, log)
        const clear = store.clear.bind(store)
        store.clear = (keep) => {
          const tables = store.get<Record<string, unknown>>('datamodel.tables')
          const values = store.get<Record<string, string>>('datamodel.values')
          clear(keep)
          store.commit({
            'datamodel.tables': tables,
            'datamodel.values': Object.fromEntries(
              Object.entries(values ?? {}).filter(([path]) => path.startsWith('Device.XMPP.')),
            ),
          })
        }
        return store
      }
    },
  },
]
