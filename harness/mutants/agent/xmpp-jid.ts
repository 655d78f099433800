import { type Element, xml } from '@xmpp/client'
import { alterAllowed, alterRequests } from './alter/xmpp.ts'
import type { Mutant } from './mutant.ts'

const bareOf = (jid: string) => jid.split('/', 1)[0] ?? ''
const domainOf = (jid: string) => bareOf(jid).split('@').at(-1)

const lookAlikes: Readonly<Record<string, string>> = {
  '\u0430': 'a',
  '\u0441': 'c',
  '\u03bf': 'o',
  '\u200d': '',
  '\u2215': '/',
}

export const mutants: readonly Mutant[] = [
  {
    name: 'xmpp-jid-full-entries-never-match',
    cases: ['XMPP-JID-001'],
    breaks: 'compares every sender without its resource with the entries as they stand',
    apply: (parts) =>
      alterAllowed(
        parts,
        (from, entries, proper) => proper && (entries.length === 0 || entries.includes(bareOf(from))),
      ),
  },
  {
    name: 'xmpp-jid-ignores-resource',
    cases: ['XMPP-JID-002', 'XMPP-JID-009', 'XMPP-JID-014'],
    breaks: 'compares senders and entries without their resources',
    apply: (parts) =>
      alterAllowed(
        parts,
        (from, entries, proper) => proper || entries.some((entry) => bareOf(entry) === bareOf(from)),
      ),
  },
  {
    name: 'xmpp-jid-exact-only',
    cases: ['XMPP-JID-003', 'XMPP-JID-005'],
    breaks: 'takes a bare entry for the bare JID alone',
    apply: (parts) =>
      alterAllowed(
        parts,
        (from, entries, proper) => proper && (entries.length === 0 || entries.includes(from)),
      ),
  },
  {
    name: 'xmpp-jid-bare-refused',
    cases: ['XMPP-JID-004'],
    breaks: 'refuses senders without a resource',
    apply: (parts) => alterAllowed(parts, (from, _entries, proper) => proper && from.includes('/')),
  },
  {
    name: 'xmpp-jid-length-of-first-entry',
    cases: ['XMPP-JID-008'],
    breaks: 'uses the length of the first entry for all of the list, as icwmp_xmppd does',
    apply: (parts) =>
      alterAllowed(parts, (from, entries, proper) =>
        entries.length === 0
          ? proper
          : entries.some((entry) => {
              const length = entries[0]?.length ?? 0
              return from.slice(0, length) === entry.padEnd(length, '\0').slice(0, length)
            }),
      ),
  },
  {
    name: 'xmpp-jid-first-entry-only',
    cases: ['XMPP-JID-005'],
    breaks: 'lets in the first entry of the list alone',
    apply: (parts) =>
      alterAllowed(
        parts,
        (from, entries, proper) => proper && (entries.length === 0 || from.startsWith(entries[0] ?? '')),
      ),
  },
  {
    name: 'xmpp-jid-empty-list-is-nobody',
    cases: ['XMPP-JID-006'],
    breaks: 'refuses everybody while the list is empty',
    apply: (parts) => alterAllowed(parts, (_from, entries, proper) => proper && entries.length > 0),
  },
  {
    name: 'xmpp-jid-list-ignored',
    cases: ['XMPP-JID-007', 'XMPP-JID-010', 'XMPP-JID-016', 'XMPP-JID-017'],
    breaks: 'lets everybody ask',
    apply: (parts) => alterAllowed(parts, () => true),
  },
  {
    name: 'xmpp-jid-prefix',
    cases: ['XMPP-JID-008', 'XMPP-JID-009'],
    breaks: 'lets in whoever begins like an entry, as icwmp_xmppd does',
    apply: (parts) =>
      alterAllowed(
        parts,
        (from, entries, proper) => proper || entries.some((entry) => from.startsWith(entry)),
      ),
  },
  {
    name: 'xmpp-jid-domain-only',
    cases: ['XMPP-JID-010'],
    breaks: 'lets in everybody of a domain of the list',
    apply: (parts) =>
      alterAllowed(
        parts,
        (from, entries, proper) => proper || entries.some((entry) => domainOf(entry) === domainOf(from)),
      ),
  },
  {
    name: 'xmpp-jid-suffix',
    cases: ['XMPP-JID-010'],
    breaks: 'lets in names that end like the listed one',
    apply: (parts) =>
      alterAllowed(
        parts,
        (from, entries, proper) => proper || entries.some((entry) => bareOf(from).endsWith(entry)),
      ),
  },
  {
    name: 'xmpp-jid-anywhere',
    cases: ['XMPP-JID-011'],
    breaks: 'looks for the entry anywhere in the sender',
    apply: (parts) =>
      alterAllowed(parts, (from, entries, proper) => proper || entries.some((entry) => from.includes(entry))),
  },
  {
    name: 'xmpp-jid-look-alikes',
    cases: ['XMPP-JID-012'],
    breaks: 'takes letters that look the same for the same',
    apply: (parts) =>
      alterRequests(
        parts,
        (Base) =>
          class extends Base {
            override isAllowed(from: string | undefined): boolean {
              return super.isAllowed(from && [...from].map((letter) => lookAlikes[letter] ?? letter).join(''))
            }
          },
      ),
  },
  {
    name: 'xmpp-jid-case-counts',
    cases: ['XMPP-JID-013'],
    breaks: 'takes capital letters of user and domain for others',
    apply: (parts) =>
      alterAllowed(
        parts,
        (from, entries, proper) =>
          proper &&
          (entries.length === 0 || entries.some((entry) => entry === from || entry === bareOf(from))),
      ),
  },
  {
    name: 'xmpp-jid-resource-case-ignored',
    cases: ['XMPP-JID-014'],
    breaks: 'takes capital letters of the resource for the same',
    apply: (parts) =>
      alterAllowed(
        parts,
        (from, entries, proper) =>
          proper || entries.some((entry) => entry.toLowerCase() === from.toLowerCase()),
      ),
  },
  {
    name: 'xmpp-jid-nobody-is-allowed-in',
    cases: ['XMPP-JID-015'],
    breaks: 'lets in requests without a sender',
    apply: (parts) => alterAllowed(parts, (from, _entries, proper) => proper || from === ''),
  },
  {
    name: 'xmpp-jid-list-remembered',
    cases: ['XMPP-JID-016'],
    breaks: 'goes by the list that it read first',
    apply: (parts) => {
      const { createXmppConnectionRequests } = parts
      parts.createXmppConnectionRequests = (options) => {
        let first: readonly string[] | undefined
        return createXmppConnectionRequests({
          ...options,
          allowedJabberIds: () => {
            first ??= options.allowedJabberIds()
            return first
          },
        })
      }
    },
  },
  {
    name: 'xmpp-jid-credentials-first',
    cases: ['XMPP-JID-017'],
    breaks: 'judges the credentials before it looks who asks',
    apply: (parts) =>
      alterRequests(
        parts,
        (Base) =>
          class extends Base {
            protected override refusalOf(iq: Element, request: Element) {
              const [entry = ''] = this.options.allowedJabberIds()
              const asAllowed = xml('iq', { ...iq.attrs, from: entry.includes('/') ? entry : `${entry}/x` })
              const reason = super.refusalOf(asAllowed, request)
              return reason === 'not-authorized' ? reason : super.refusalOf(iq, request)
            }
          },
      ),
  },
]
