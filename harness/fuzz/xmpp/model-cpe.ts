import { attribute, childText, type XmlElement } from '../../cwmp/cwmp.ts'
import { CONNECTION_REQUEST, type FuzzTarget } from './arbitraries.ts'
import type { Sender } from './stanza.ts'

/** A device that does all of it right, as far as stanzas go; what the tests of this folder fuzz. */
export class ModelCpe {
  sessions = 0
  logins = 1
  isDead = false
  readonly target: FuzzTarget

  constructor(target: FuzzTarget) {
    this.target = target
  }

  /** The answer to a stanza: `result`, an error's condition, or nothing. */
  answer(iq: XmlElement, sender: Sender): string | undefined {
    const type = attribute(iq, '', 'type')
    if (iq.name !== 'iq' || type === 'result' || type === 'error') return undefined
    if (!this.isGetOrSet(type) || iq.children.length !== 1) return 'bad-request'
    const [payload] = iq.children as [XmlElement]
    if (attribute(iq, '', 'to') !== this.target.cpe) return 'service-unavailable'
    if (payload.uri !== CONNECTION_REQUEST || payload.name !== 'connectionRequest' || type === 'set')
      return 'service-unavailable'
    if (!this.isAllowed(sender)) return 'service-unavailable'
    if (!this.isAuthorized(payload)) return 'not-authorized'
    this.sessions += 1
    return 'result'
  }

  isGetOrSet(type: string | undefined): boolean {
    return type === 'get' || type === 'set'
  }

  isAllowed(sender: Sender): boolean {
    return sender === 'allowed'
  }

  isAuthorized(payload: XmlElement): boolean {
    return (
      childText(payload, 'username') === this.target.username &&
      childText(payload, 'password') === this.target.password
    )
  }

  render(iq: XmlElement, answer: string): string {
    const id = attribute(iq, '', 'id') ?? ''
    const error = `<error type="cancel"><${answer} xmlns="urn:ietf:params:xml:ns:xmpp-stanzas"/></error>`
    return answer === 'result'
      ? `<iq type="result" id="${escaped(id)}"/>`
      : `<iq type="error" id="${escaped(id)}">${error}</iq>`
  }
}

export function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')
}
