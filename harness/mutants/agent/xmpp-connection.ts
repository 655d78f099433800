import type { Element } from '@xmpp/client'
import { XmppServers } from '../../../reference-agent/xmpp/xmpp.ts'
import { alterAnswers, alterConnection, alterConnections, alterRead, alterWaits } from './alter/xmpp.ts'
import type { Mutant } from './mutant.ts'

const longest = (attempt: number, initial: number, multiplier: number, max: number) =>
  Math.min(initial * (multiplier / 1000) ** (attempt - 1), max) * 1000

export const mutants: readonly Mutant[] = [
  {
    name: 'xmpp-second-connection-after-conflict',
    cases: ['XMPP-LOSS-012'],
    breaks: 'comes back after conflict with two connections',
    apply: (parts) => {
      let conflict = () => {}
      alterRead(parts, (text) => {
        if (text.includes('<conflict')) conflict()
        return text
      })
      const { createXmppConnection } = parts
      parts.createXmppConnection = (options) => {
        const second = createXmppConnection({ ...options, bound: () => {}, changed: () => {} })
        conflict = () => {
          conflict = () => {}
          second.start()
        }
        return createXmppConnection(options)
      }
    },
  },
  {
    name: 'xmpp-jid-lost-with-the-connection',
    cases: ['XMPP-LOSS-017', 'XMPP-LOSS-018'],
    breaks: 'has no JID while the connection is lost, and tells it anew',
    apply: (parts) =>
      alterConnection(
        parts,
        (Base) =>
          class extends Base {
            protected override async attempt(server: { address: string; port: number } | undefined) {
              const end = await super.attempt(server)
              this.options.bound('')
              return end
            }
          },
      ),
  },
  {
    name: 'xmpp-redirect-is-the-end',
    cases: ['XMPP-LOSS-021'],
    breaks: 'goes nowhere after see-other-host',
    apply: (parts) => {
      alterWaits(parts, () => 1e9)
      alterConnection(
        parts,
        (Base) =>
          class extends Base {
            protected override async redirected() {
              return []
            }
          },
      )
    },
  },
  {
    name: 'xmpp-waits-too-long',
    cases: ['XMPP-RETRY-001'],
    breaks: 'waits for three times as long as it may',
    apply: (parts) =>
      alterWaits(
        parts,
        (attempt, { initialInterval, intervalMultiplier, maxInterval }) =>
          longest(attempt, initialInterval, intervalMultiplier, maxInterval) * 3,
      ),
  },
  {
    name: 'xmpp-waits-not-random',
    cases: ['XMPP-RETRY-002'],
    breaks: 'waits for the same time before each retry',
    apply: (parts) => alterWaits(parts, () => 300),
  },
  {
    name: 'xmpp-waits-without-maximum',
    cases: ['XMPP-RETRY-003'],
    breaks: 'knows no longest wait',
    apply: (parts) =>
      alterWaits(parts, (attempt, { initialInterval, intervalMultiplier }) =>
        longest(attempt, initialInterval, intervalMultiplier, 65_535),
      ),
  },
  {
    name: 'xmpp-waits-do-not-grow',
    cases: ['XMPP-RETRY-004'],
    breaks: 'waits for the initial interval at most, whatever the multiplier',
    apply: (parts) =>
      alterWaits(parts, (_attempt, { initialInterval }) => Math.random() * initialInterval * 1000),
  },
  {
    name: 'xmpp-waits-grow-too-fast',
    cases: ['XMPP-RETRY-004'],
    breaks: 'multiplies its waits twice',
    apply: (parts) =>
      alterWaits(parts, (attempt, { initialInterval, intervalMultiplier }) =>
        longest(attempt * 2, initialInterval, intervalMultiplier, 400),
      ),
  },
  {
    name: 'xmpp-waits-never-begin-again',
    cases: ['XMPP-RETRY-005'],
    breaks: 'goes on with its long waits after it was logged in',
    apply: (parts) => {
      let attempts = 0
      alterWaits(parts, (_attempt, { initialInterval, intervalMultiplier, maxInterval }) => {
        attempts++
        return longest(attempts, initialInterval, intervalMultiplier, maxInterval)
      })
    },
  },
  {
    name: 'xmpp-highest-priority-first',
    cases: ['XMPP-SRV-002', 'XMPP-RETRY-006'],
    breaks: 'takes the highest number for the highest priority',
    apply: (parts) => {
      parts.createXmppServers = (options) =>
        new (class extends XmppServers {
          protected override ordered(hosts: Parameters<XmppServers['find']>[2]) {
            return super.ordered(hosts).reverse()
          }
        })(options)
    },
  },
  {
    name: 'xmpp-first-server-only',
    cases: ['XMPP-SRV-003', 'XMPP-RETRY-007'],
    breaks: 'never turns to the next server',
    apply: (parts) => {
      parts.createXmppServers = (options) =>
        new (class extends XmppServers {
          protected override ordered(hosts: Parameters<XmppServers['find']>[2]) {
            return super.ordered(hosts).slice(0, 1)
          }
        })(options)
    },
  },
  {
    name: 'xmpp-disabled-servers-too',
    cases: ['XMPP-RETRY-008'],
    breaks: 'connects to servers that are not enabled',
    apply: (parts) =>
      alterConnections(
        parts,
        (Base) =>
          class extends Base {
            protected override text(path: string): string {
              return /\.Server\.\d+\.Enable$/.test(path) ? 'true' : super.text(path)
            }
          },
      ),
  },
  {
    name: 'xmpp-no-sign-of-life',
    cases: ['XMPP-LAST-001'],
    breaks: 'never gives a sign of life',
    apply: (parts) =>
      alterConnection(
        parts,
        (Base) =>
          class extends Base {
            protected override keepAlive(): void {}
          },
      ),
  },
  {
    name: 'xmpp-signs-of-life-unasked',
    cases: ['XMPP-LAST-002'],
    breaks: 'gives signs of life although they are switched off',
    apply: (parts) => {
      const { createXmppConnection } = parts
      parts.createXmppConnection = (options) =>
        createXmppConnection({ ...options, keepAliveInterval: () => options.keepAliveInterval() || 60 })
    },
  },
  {
    name: 'xmpp-forgotten-at-boot',
    cases: ['XMPP-LAST-003', 'XMPP-LAST-004'],
    breaks: 'waits for the ACS to set its connection up again after a boot',
    apply: (parts) =>
      alterConnections(
        parts,
        (Base) =>
          class extends Base {
            override start(): void {}
          },
      ),
  },
  {
    name: 'xmpp-white-space-is-too-much',
    cases: ['XMPP-LAST-005'],
    breaks: 'leaves a server that sends much white space',
    apply: (parts) => alterRead(parts, (text) => (/\s{2000}/.test(text) ? undefined : text)),
  },
  {
    name: 'xmpp-deaf-after-a-hundred-stanzas',
    cases: ['XMPP-LAST-006'],
    breaks: 'hears nothing any more after a hundred stanzas',
    apply: (parts) => {
      let stanzas = 0
      alterAnswers(parts, (stanza, properly) => {
        stanzas++
        return stanzas > 100 ? { requested: false } : properly(stanza)
      })
    },
  },
  {
    name: 'xmpp-unknown-namespaces-are-the-end',
    cases: ['XMPP-LAST-007'],
    breaks: 'leaves a server that sends something unknown',
    apply: (parts) => alterRead(parts, (text) => (text.includes('nobody-knows') ? undefined : text)),
  },
  {
    name: 'xmpp-foreign-results-are-the-end',
    cases: ['XMPP-LAST-008'],
    breaks: 'leaves a server that answers what was not asked',
    apply: (parts) => alterRead(parts, (text) => (text.includes('never asked') ? undefined : text)),
  },
  {
    name: 'xmpp-dies-of-size',
    cases: ['XMPP-LAST-009', 'XMPP-LAST-010'],
    breaks: 'answers nothing any more after something large',
    apply: (parts) => {
      let ill = false
      alterAnswers(parts, (stanza, properly) => {
        ill ||= depthOf(stanza) > 50 || stanza.toString().length > 100_000
        return ill ? { requested: false } : properly(stanza)
      })
    },
  },
  {
    name: 'xmpp-a-segment-is-a-stanza',
    cases: ['XMPP-LAST-011'],
    breaks: 'takes what comes at once for a whole stanza',
    apply: (parts) => alterRead(parts, (text) => (text.length < 3 ? '' : text)),
  },
  {
    name: 'xmpp-silent-under-load',
    cases: ['XMPP-LAST-012'],
    breaks: 'leaves requests unanswered when many come',
    apply: (parts) => {
      let requests = 0
      alterAnswers(parts, (stanza, properly) => {
        requests++
        return requests > 20 ? { requested: false } : properly(stanza)
      })
    },
  },
]

function depthOf(element: Element): number {
  return 1 + Math.max(0, ...element.getChildElements().map(depthOf))
}
