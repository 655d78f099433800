import { type Element, xml } from '@xmpp/client'
import { seenBy } from './alter/services.ts'
import {
  alterAnswers,
  alterConnections,
  alterRequests,
  isConnectionRequest,
  type Verdict,
} from './alter/xmpp.ts'
import type { Mutant } from './mutant.ts'

const CONNECTION_REQUEST = 'urn:broadband-forum-org:cwmp:xmppConnReq-1-0'

/** What a request is refused with, if it is. */
function conditionOf({ answer }: Verdict): Element | undefined {
  return answer?.getChild('error')?.getChildElements()[0]
}

const isRefusedFor = (verdict: Verdict, name: string) => conditionOf(verdict)?.name === name

/** A request with one element of the credentials added where it is missing. */
function completed(request: Element, name: string, value: string): Element {
  if (request.getChild(name)) return request
  const [first] = request.getChildElements()
  const added = xml(name, {}, value)
  const members = name === 'username' ? [added, first] : [first, added]
  return xml(
    'connectionRequest',
    { xmlns: CONNECTION_REQUEST },
    ...members.filter((one) => one !== undefined),
  )
}

export const mutants: readonly Mutant[] = [
  {
    name: 'xmpp-result-echoes-the-request',
    cases: ['XMPP-CR-001'],
    breaks: 'sends the request back in its result',
    apply: (parts) =>
      alterAnswers(parts, (stanza, properly) => {
        const verdict = properly(stanza)
        if (verdict.requested) verdict.answer?.append(xml('connectionRequest', { xmlns: CONNECTION_REQUEST }))
        return verdict
      }),
  },
  {
    name: 'xmpp-answer-to-the-server',
    cases: ['XMPP-CR-002', 'XMPP-IQ-013'],
    breaks: 'does not address its answers',
    apply: (parts) =>
      alterAnswers(parts, (stanza, properly) => {
        const verdict = properly(stanza)
        delete verdict.answer?.attrs.to
        return verdict
      }),
  },
  {
    name: 'xmpp-id-cleaned',
    cases: ['XMPP-CR-002'],
    breaks: 'leaves out what is no letter or digit in the id of its answer',
    apply: (parts) =>
      alterAnswers(parts, (stanza, properly) => {
        const verdict = properly(stanza)
        if (verdict.answer) verdict.answer.attrs.id = String(stanza.attrs.id).replace(/[^\w-]/g, '')
        return verdict
      }),
  },
  {
    name: 'xmpp-session-with-another-event',
    cases: ['XMPP-CR-003', 'XMPP-CR-017', 'INT-CR-005'],
    breaks: 'opens the session with 2 PERIODIC',
    apply: (parts) =>
      alterConnections(
        parts,
        (Base) =>
          class extends Base {
            constructor(device: ConstructorParameters<typeof Base>[0]) {
              super(seenBy(device, { occurred: () => device.occurred('2 PERIODIC') }))
            }
          },
      ),
  },
  {
    name: 'xmpp-session-before-answer',
    cases: ['XMPP-CR-004'],
    breaks: 'answers when the session has begun',
    apply: (parts) =>
      alterConnections(
        parts,
        (Base) =>
          class extends Base {
            protected override received(row: string, stanza: Element): void {
              const isRequest = isConnectionRequest(stanza)
              if (isRequest) this.device.occurred('6 CONNECTION REQUEST')
              setTimeout(() => super.received(row, stanza), isRequest ? 200 : 0)
            }
          },
      ),
  },
  {
    name: 'xmpp-serves-its-first-acs-only',
    cases: ['XMPP-CR-005'],
    breaks: 'opens no session for the ACS that came after its login',
    apply: (parts) =>
      alterConnections(parts, (Base) => {
        return class extends Base {
          #isStale = false

          bootstrapped(): void {
            this.#isStale = true
          }

          protected override received(row: string, stanza: Element): void {
            if (!this.#isStale) super.received(row, stanza)
          }
        }
      }),
  },
  {
    name: 'xmpp-password-unchecked',
    cases: ['XMPP-CR-006', 'XMPP-CR-008', 'XMPP-CR-015'],
    breaks: 'looks at the user name alone',
    apply: (parts) =>
      alterRequests(
        parts,
        (Base) =>
          class extends Base {
            override areCredentialsRight({ username }: { username: string; password: string }): boolean {
              return username === this.options.credentials().username
            }
          },
      ),
  },
  {
    name: 'xmpp-username-unchecked',
    cases: ['XMPP-CR-007'],
    breaks: 'looks at the password alone',
    apply: (parts) =>
      alterRequests(
        parts,
        (Base) =>
          class extends Base {
            override areCredentialsRight({ password }: { username: string; password: string }): boolean {
              return password === this.options.credentials().password
            }
          },
      ),
  },
  {
    name: 'xmpp-password-compared-in-part',
    cases: ['XMPP-CR-008'],
    breaks: 'looks at the password as far as the right one goes',
    apply: (parts) =>
      alterRequests(
        parts,
        (Base) =>
          class extends Base {
            override areCredentialsRight(given: { username: string; password: string }): boolean {
              const { username, password } = this.options.credentials()
              return given.username === username && given.password.startsWith(password)
            }
          },
      ),
  },
  {
    name: 'xmpp-empty-credentials-open-the-door',
    cases: ['XMPP-CR-009'],
    breaks: 'asks for no password where the user name is empty',
    apply: (parts) =>
      alterRequests(
        parts,
        (Base) =>
          class extends Base {
            override areCredentialsRight(given: { username: string; password: string }): boolean {
              return given.username === '' || super.areCredentialsRight(given)
            }
          },
      ),
  },
  {
    name: 'xmpp-not-autorized',
    cases: ['XMPP-CR-006', 'XMPP-CR-007', 'XMPP-CR-008', 'XMPP-CR-009', 'XMPP-CR-010', 'XMPP-IQ-017'],
    breaks: 'misspells not-authorized, as icwmp_xmppd does',
    apply: (parts) =>
      alterAnswers(parts, (stanza, properly) => {
        const verdict = properly(stanza)
        const condition = conditionOf(verdict)
        if (condition?.name === 'not-authorized') Object.assign(condition, { name: 'not-autorized' })
        return verdict
      }),
  },
  {
    name: 'xmpp-not-authorized-of-type-cancel',
    cases: ['XMPP-IQ-017'],
    breaks: 'gives every error the type cancel, as icwmp_xmppd does',
    apply: (parts) =>
      alterAnswers(parts, (stanza, properly) => {
        const verdict = properly(stanza)
        const error = verdict.answer?.getChild('error')
        if (error) error.attrs.type = 'cancel'
        return verdict
      }),
  },
  {
    name: 'xmpp-unavailable-for-now',
    cases: ['XMPP-IQ-018'],
    breaks: 'has the ACS ask again for what it never serves, by the type wait',
    apply: (parts) =>
      alterAnswers(parts, (stanza, properly) => {
        const verdict = properly(stanza)
        const error = verdict.answer?.getChild('error')
        if (error && isRefusedFor(verdict, 'service-unavailable')) error.attrs.type = 'wait'
        return verdict
      }),
  },
  {
    name: 'xmpp-not-authorized-of-type-modify',
    cases: ['XMPP-CR-010'],
    breaks: 'has the ACS ask again with other credentials by the type modify',
    apply: (parts) =>
      alterAnswers(parts, (stanza, properly) => {
        const verdict = properly(stanza)
        const error = verdict.answer?.getChild('error')
        if (error && isRefusedFor(verdict, 'not-authorized')) error.attrs.type = 'modify'
        return verdict
      }),
  },
  {
    name: 'xmpp-missing-password-is-right',
    cases: ['XMPP-CR-011', 'XMPP-CR-013'],
    breaks: 'compares the password only where there is one',
    apply: (parts) =>
      alterRequests(
        parts,
        (Base) =>
          class extends Base {
            protected override refusalOf(iq: Element, request: Element) {
              const { username, password } = this.options.credentials()
              const named =
                request.getChildElements().length === 0 ? completed(request, 'username', username) : request
              return super.refusalOf(iq, completed(named, 'password', password))
            }
          },
      ),
  },
  {
    name: 'xmpp-missing-username-is-right',
    cases: ['XMPP-CR-012'],
    breaks: 'compares the user name only where there is one',
    apply: (parts) =>
      alterRequests(
        parts,
        (Base) =>
          class extends Base {
            protected override refusalOf(iq: Element, request: Element) {
              return super.refusalOf(iq, completed(request, 'username', this.options.credentials().username))
            }
          },
      ),
  },
  {
    name: 'xmpp-credentials-echoed',
    cases: ['XMPP-CR-014'],
    breaks: 'sends the credentials back in its errors, as icwmp_xmppd does',
    apply: (parts) =>
      alterAnswers(parts, (stanza, properly) => {
        const verdict = properly(stanza)
        if (conditionOf(verdict)) for (const one of stanza.getChildElements()) verdict.answer?.append(one)
        return verdict
      }),
  },
  {
    name: 'xmpp-credentials-remembered',
    cases: ['XMPP-CR-015'],
    breaks: 'goes by the credentials that it read first',
    apply: (parts) => {
      const { createXmppConnectionRequests } = parts
      parts.createXmppConnectionRequests = (options) => {
        let first: ReturnType<typeof options.credentials> | undefined
        return createXmppConnectionRequests({
          ...options,
          credentials: () => {
            first ??= { ...options.credentials() }
            return first
          },
        })
      }
    },
  },
  {
    name: 'xmpp-namespace-ignored',
    cases: ['XMPP-CR-016'],
    breaks: 'goes by the name of the payload alone',
    apply: (parts) =>
      alterAnswers(parts, (stanza, properly) => {
        const [payload] = stanza.getChildElements()
        if (payload?.name === 'connectionRequest') payload.attrs.xmlns = CONNECTION_REQUEST
        return properly(stanza)
      }),
  },
  {
    name: 'xmpp-three-requests-a-login',
    cases: ['XMPP-CR-017'],
    breaks: 'serves three requests on a connection',
    apply: (parts) => {
      let requests = 0
      alterAnswers(parts, (stanza, properly) => {
        if (isConnectionRequest(stanza)) requests++
        return requests > 3 ? { requested: false } : properly(stanza)
      })
    },
  },
  {
    name: 'xmpp-session-for-each-request',
    cases: ['XMPP-CR-018', 'XMPP-CR-019', 'XMPP-CR-020'],
    breaks: 'opens as many sessions as it was asked for',
    apply: (parts) =>
      alterConnections(parts, (Base) => {
        return class extends Base {
          #owed = 0

          protected override received(row: string, stanza: Element): void {
            if (isConnectionRequest(stanza)) this.#owed += 2
            super.received(row, stanza)
          }

          sessionEnded(): void {
            if (this.#owed === 0) return
            this.#owed -= 1
            this.device.occurred('6 CONNECTION REQUEST')
          }
        }
      }),
  },
  {
    name: 'xmpp-deaf-in-session',
    cases: ['XMPP-CR-020'],
    breaks: 'answers nothing while a session runs',
    apply: (parts) =>
      alterConnections(
        parts,
        (Base) =>
          class extends Base {
            protected override received(row: string, stanza: Element): void {
              if (!this.device.inSession) super.received(row, stanza)
            }
          },
      ),
  },
  {
    name: 'xmpp-any-connection-will-do',
    cases: ['XMPP-REF-002', 'XMPP-CR-021'],
    breaks: 'takes connection requests on a connection that is not named for them',
    apply: (parts) =>
      alterConnections(
        parts,
        (Base) =>
          class extends Base {
            protected override isReferred(): boolean {
              return true
            }
          },
      ),
  },
]
