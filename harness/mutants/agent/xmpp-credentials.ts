import { type Element, xml } from '@xmpp/client'
import type { AgentParts } from '../../../reference-agent/agent.ts'
import type { Device } from '../../../reference-agent/services/services.ts'
import { alterConnections, alterRead, alterRequests } from './alter/xmpp.ts'
import type { Mutant } from './mutant.ts'

const CONNECTION_REQUEST = 'urn:broadband-forum-org:cwmp:xmppConnReq-1-0'

interface Credentials {
  username: string
  password: string
}

/** Compares credentials in another way; `properly` is the right one. */
function alterCredentials(
  parts: AgentParts,
  judge: (given: Credentials, own: Credentials, properly: (given: Credentials) => boolean) => boolean,
): void {
  alterRequests(
    parts,
    (Base) =>
      class extends Base {
        override areCredentialsRight(given: Credentials): boolean {
          return judge(given, this.options.credentials(), (one) => super.areCredentialsRight(one))
        }
      },
  )
}

/** Reads other credentials out of a request than it has by its schema; what is undefined is read as usual. */
function alterReading(
  parts: AgentParts,
  read: (request: Element) => { username: string | undefined; password: string | undefined },
): void {
  alterRequests(
    parts,
    (Base) =>
      class extends Base {
        protected override refusalOf(iq: Element, request: Element) {
          const { username, password } = read(request)
          if (username === undefined || password === undefined) return super.refusalOf(iq, request)
          return super.refusalOf(
            iq,
            xml(
              'connectionRequest',
              { xmlns: CONNECTION_REQUEST },
              xml('username', {}, username),
              xml('password', {}, password),
            ),
          )
        }
      },
  )
}

/** The element of that name, however deep. */
function found(element: Element, name: string): Element | undefined {
  const children = element.getChildElements()
  return children.find((one) => one.name === name) ?? children.map((one) => found(one, name)).find(Boolean)
}

/** All text of an element and of what is in it. */
function allText(element: Element | undefined): string | undefined {
  return element && element.getText() + element.getChildElements().map(allText).join('')
}

export const mutants: readonly Mutant[] = [
  {
    name: 'xmpp-password-compared-as-xml',
    cases: ['XMPP-CRED-001'],
    breaks: 'compares the password as it is written in XML',
    apply: (parts) =>
      alterCredentials(parts, (given, _own, properly) =>
        properly({ ...given, password: given.password.replaceAll('&', '&amp;') }),
      ),
  },
  {
    name: 'xmpp-credentials-in-latin-1',
    cases: ['XMPP-CRED-001'],
    breaks: 'takes UTF-8 for Latin-1',
    apply: (parts) =>
      alterCredentials(parts, (given, _own, properly) =>
        properly({ ...given, password: Buffer.from(given.password).toString('latin1') }),
      ),
  },
  {
    name: 'xmpp-no-character-references',
    cases: ['XMPP-CRED-002'],
    breaks: 'knows the five named entities only',
    apply: (parts) => alterRead(parts, (text) => text.replace(/&#/g, '&amp;#')),
  },
  {
    name: 'xmpp-no-cdata',
    cases: ['XMPP-CRED-003'],
    breaks: 'passes over CDATA sections',
    apply: (parts) => alterRead(parts, (text) => text.replace(/<!\[CDATA\[.*?\]\]>/gs, '')),
  },
  {
    name: 'xmpp-last-password-counts',
    cases: ['XMPP-CRED-004'],
    breaks: 'takes the last of several passwords',
    apply: (parts) =>
      alterReading(parts, (request) => ({
        username: request.getChildText('username') ?? undefined,
        password: request.getChildren('password').at(-1)?.getText(),
      })),
  },
  {
    name: 'xmpp-first-password-counts',
    cases: ['XMPP-CRED-004'],
    breaks: 'takes the first of several passwords',
    apply: (parts) =>
      alterReading(parts, (request) => ({
        username: request.getChildText('username') ?? undefined,
        password: request.getChildText('password') ?? undefined,
      })),
  },
  {
    name: 'xmpp-credentials-in-attributes',
    cases: ['XMPP-CRED-005'],
    breaks: 'takes credentials in attributes, too',
    apply: (parts) =>
      alterReading(parts, ({ attrs }) => ({ username: attrs.username, password: attrs.password })),
  },
  {
    name: 'xmpp-credentials-anywhere',
    cases: ['XMPP-CRED-006'],
    breaks: 'looks for the credentials anywhere in the request',
    apply: (parts) =>
      alterReading(parts, (request) => ({
        username: found(request, 'username')?.getText(),
        password: found(request, 'password')?.getText(),
      })),
  },
  {
    name: 'xmpp-text-of-all-elements',
    cases: ['XMPP-CRED-007'],
    breaks: 'takes the text of everything that is in an element',
    apply: (parts) =>
      alterReading(parts, (request) => ({
        username: allText(found(request, 'username')),
        password: allText(found(request, 'password')),
      })),
  },
  {
    name: 'xmpp-credentials-in-any-order',
    cases: ['XMPP-CRED-008'],
    breaks: 'does not care which of the credentials is which',
    apply: (parts) =>
      alterCredentials(
        parts,
        ({ username, password }, _own, properly) =>
          properly({ username, password }) || properly({ username: password, password: username }),
      ),
  },
  {
    name: 'xmpp-credentials-by-place',
    cases: ['XMPP-CRED-012'],
    breaks: 'takes the first element for the user name and the second for the password',
    apply: (parts) =>
      alterReading(parts, (request) => {
        const [first, second] = request.getChildElements()
        return { username: first?.getText(), password: second?.getText() }
      }),
  },
  {
    name: 'xmpp-any-credentials-of-the-device',
    cases: ['XMPP-CRED-009'],
    breaks: 'takes the credentials of any account that the device has',
    apply: (parts) => {
      let owner: Device | undefined
      alterConnections(
        parts,
        (Base) =>
          class extends Base {
            constructor(device: Device) {
              super(device)
              owner = device
            }
          },
      )
      const value = (path: string) => owner?.tree.get(path)?.value
      alterCredentials(
        parts,
        ({ username, password }, _own, properly) =>
          properly({ username, password }) ||
          (value('Device.ManagementServer.Username') === username &&
            value('Device.ManagementServer.Password') === password),
      )
    },
  },
  {
    name: 'xmpp-no-credentials-needed',
    cases: ['XMPP-CRED-010'],
    breaks: 'takes empty credentials where it has none itself',
    apply: (parts) =>
      alterCredentials(
        parts,
        (given, { username, password }) => given.username === username && given.password === password,
      ),
  },
  {
    name: 'xmpp-cut-off-by-long-stanzas',
    cases: ['XMPP-CRED-011'],
    breaks: 'gives the connection up when a stanza has more than eight thousand letters',
    apply: (parts) => alterRead(parts, (text) => (text.length > 8000 ? undefined : text)),
  },
  {
    name: 'xmpp-remembers-who-was-right',
    cases: ['XMPP-CRED-013'],
    breaks: 'asks a JID for its credentials once',
    apply: (parts) => {
      const known = new Set<unknown>()
      alterRequests(
        parts,
        (Base) =>
          class extends Base {
            protected override refusalOf(iq: Element, request: Element) {
              const reason = super.refusalOf(iq, request)
              if (reason === undefined) known.add(iq.attrs.from)
              return known.has(iq.attrs.from) ? undefined : reason
            }
          },
      )
    },
  },
]
