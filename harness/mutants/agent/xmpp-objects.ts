import type { Element } from '@xmpp/client'
import type { XmppConnectionOptions } from '../../../reference-agent/xmpp/xmpp.ts'
import { alterParameter, alterValues } from './alter/definitions.ts'
import { alterConnection, alterConnections, alterStream } from './alter/xmpp.ts'
import type { Mutant } from './mutant.ts'

const ROW = 'Device.XMPP.Connection.{i}.'
const OWN_JID = 'Device.ManagementServer.ConnReqJabberID'

export const mutants: readonly Mutant[] = [
  {
    name: 'xmpp-server-table-read-only',
    cases: ['XMPP-OBJ-001'],
    breaks: 'does not let the ACS add servers to a connection',
    apply: (parts) => {
      parts.objects = parts.objects.map((each) => {
        const { access: _given, ...readOnly } = each
        return each.path === `${ROW}Server.{i}.` ? readOnly : each
      })
    },
  },
  {
    name: 'xmpp-password-readable',
    cases: ['XMPP-OBJ-002'],
    breaks: 'tells the password of a connection',
    apply: (parts) =>
      alterParameter(parts, `${ROW}Password`, (one) => ({ type: one.type, access: 'readWrite' })),
  },
  {
    name: 'xmpp-retry-defaults-of-its-own',
    cases: ['XMPP-OBJ-003'],
    breaks: 'begins with a multiplier of 1000, as the configuration of icwmp_xmppd does',
    apply: (parts) =>
      alterParameter(parts, `${ROW}ServerRetryIntervalMultiplier`, (one) => ({ ...one, default: '1000' })),
  },
  {
    name: 'xmpp-other-default-port',
    cases: ['XMPP-OBJ-004'],
    breaks: 'begins with port 5223 for a server',
    apply: (parts) => alterParameter(parts, `${ROW}Server.{i}.Port`, (one) => ({ ...one, default: '5223' })),
  },
  {
    name: 'xmpp-method-unlisted',
    cases: ['XMPP-OBJ-005'],
    breaks: 'does not list XMPP among its methods',
    apply: (parts) => alterValues(parts, /\.SupportedConnReqMethods$/, () => ({ value: 'HTTP,STUN' })),
  },
  {
    name: 'xmpp-reference-forgotten',
    cases: ['XMPP-OBJ-006'],
    breaks: 'does not tell which connection is the one for connection requests',
    apply: (parts) => alterValues(parts, /\.ConnReqXMPPConnection$/, () => ({ value: '' })),
  },
  {
    name: 'xmpp-allowed-list-cut',
    cases: ['XMPP-OBJ-007'],
    breaks: 'keeps the first of the JIDs alone',
    apply: (parts) =>
      alterValues(parts, /\.ConnReqAllowedJabberIDs$/, ({ value }) => ({ value: value.split(',')[0] ?? '' })),
  },
  {
    name: 'xmpp-allowed-list-without-end',
    cases: ['XMPP-OBJ-008'],
    breaks: 'takes a list of any length',
    apply: (parts) =>
      alterParameter(parts, 'Device.ManagementServer.ConnReqAllowedJabberIDs', (one) => ({
        ...one,
        list: {},
      })),
  },
  {
    name: 'xmpp-multiplier-without-range',
    cases: ['XMPP-OBJ-009'],
    breaks: 'takes a multiplier below 1000',
    apply: (parts) =>
      alterParameter(parts, `${ROW}ServerRetryIntervalMultiplier`, ({ range: _range, ...one }) => one),
  },
  {
    name: 'xmpp-status-writable',
    cases: ['XMPP-OBJ-010'],
    breaks: 'lets the ACS set the status',
    apply: (parts) => alterParameter(parts, `${ROW}Status`, (one) => ({ ...one, access: 'readWrite' })),
  },
  {
    name: 'xmpp-enable-ignored',
    cases: ['XMPP-OBJ-011', 'XMPP-OBJ-017'],
    breaks: 'connects whether the connection is enabled or not',
    apply: (parts) =>
      alterConnections(
        parts,
        (Base) =>
          class extends Base {
            protected override text(path: string): string {
              return /Connection\.\d+\.Enable$/.test(path) ? 'true' : super.text(path)
            }
          },
      ),
  },
  {
    name: 'xmpp-jid-untold',
    cases: ['XMPP-OBJ-012', 'XMPP-OBJ-015', 'INT-CR-004'],
    breaks: 'has notification of its JID off by default',
    apply: (parts) => alterParameter(parts, OWN_JID, ({ activeNotify: _forced, ...one }) => one),
  },
  {
    name: 'xmpp-jid-bare',
    cases: ['XMPP-OBJ-013'],
    breaks: 'tells the ACS its JID without the resource',
    apply: (parts) =>
      alterValues(parts, /\.ConnReqJabberID$/, ({ value }) => ({ value: value.split('/')[0] ?? '' })),
  },
  {
    name: 'xmpp-jid-made-up',
    cases: ['XMPP-OBJ-014', 'XMPP-LOGIN-010', 'XMPP-LOSS-019'],
    breaks: 'tells the JID that it wanted, whatever the server has bound',
    apply: (parts) =>
      alterStream(
        parts,
        (Base) =>
          class extends Base {
            protected override async bind(features: Element): Promise<string> {
              await super.bind(features)
              const { credentials, domain, resource } = this.options
              return `${credentials.username}@${domain}/${resource}`
            }
          },
      ),
  },
  {
    name: 'xmpp-jid-outlives-its-connection',
    cases: ['XMPP-OBJ-016', 'XMPP-OBJ-017'],
    breaks: 'goes on telling a JID under which it cannot be asked',
    apply: (parts) => {
      let last = ''
      alterValues(parts, /\.ConnReqJabberID$/, ({ value }) => {
        last = value || last
        return { value: last || 'cpe@gone.example/x' }
      })
    },
  },
  {
    name: 'xmpp-connection-lives-on',
    cases: ['XMPP-OBJ-017', 'XMPP-OBJ-018'],
    breaks: 'keeps a connection that the ACS has ended',
    apply: (parts) =>
      alterConnection(
        parts,
        (Base) =>
          class extends Base {
            override async stop(): Promise<void> {}
          },
      ),
  },
  {
    name: 'xmpp-change-date-unknown',
    cases: ['XMPP-OBJ-019'],
    breaks: 'never tells when the status changed',
    apply: (parts) => alterValues(parts, /\.LastChangeDate$/, () => ({ value: '0001-01-01T00:00:00Z' })),
  },
  {
    name: 'xmpp-account-remembered',
    cases: ['XMPP-OBJ-020', 'XMPP-LOGIN-012'],
    breaks: 'goes on with the account that it had first',
    apply: (parts) =>
      alterConnections(
        parts,
        (Base) =>
          class extends Base {
            readonly #first = new Map<string, XmppConnectionOptions['account']>()

            protected override account(row: string): XmppConnectionOptions['account'] | undefined {
              const account = super.account(row)
              if (!account) return undefined
              if (!this.#first.has(row)) this.#first.set(row, account)
              return this.#first.get(row)
            }
          },
      ),
  },
  {
    name: 'xmpp-two-connections',
    cases: ['XMPP-OBJ-021'],
    breaks: 'opens two connections at a time',
    apply: (parts) => {
      const { createXmppConnection } = parts
      parts.createXmppConnection = (options) => {
        const first = createXmppConnection(options)
        const second = createXmppConnection({ ...options, bound: () => {}, changed: () => {} })
        const start = first.start.bind(first)
        const stop = first.stop.bind(first)
        return Object.assign(first, {
          start: () => {
            start()
            second.start()
          },
          stop: async () => {
            await second.stop()
            await stop()
          },
        })
      }
    },
  },
]
