import { escapeAttribute, escapeText } from '../../cwmp/xml.ts'

/** Who sends a stanza: a JID that ConnReqAllowedJabberIDs has, or one that it has not. */
export type Sender = 'allowed' | 'foreign'

export interface FuzzElement {
  readonly name: string
  /** Default namespace declared on this element; the one around it unless given. */
  readonly xmlns?: string
  readonly attributes: Readonly<Record<string, string>>
  readonly content: readonly (FuzzElement | string)[]
}

export interface FuzzStanza {
  readonly sender: Sender
  readonly element: FuzzElement
}

/** The element as it goes over the wire. */
export function render({ name, xmlns, attributes, content }: FuzzElement): string {
  const all = xmlns === undefined ? attributes : { xmlns, ...attributes }
  const start = Object.entries(all).map(([key, value]) => ` ${key}="${escapeAttribute(value)}"`)
  const inside = content.map((part) => (typeof part === 'string' ? escapeText(part) : render(part)))
  return inside.length === 0
    ? `<${name}${start.join('')}/>`
    : `<${name}${start.join('')}>${inside.join('')}</${name}>`
}

export function childrenOf({ content }: FuzzElement): readonly FuzzElement[] {
  return content.filter((part) => typeof part !== 'string')
}

export function textOf({ content }: FuzzElement): string {
  return content.filter((part) => typeof part === 'string').join('')
}

const senders: Readonly<Record<Sender, string>> = { allowed: 'an allowed JID', foreign: 'a foreign JID' }

/** One line for people; a long stanza in part. */
export function describeStanza({ sender, element }: FuzzStanza): string {
  const text = render(element)
  return `${text.length > 600 ? `${text.slice(0, 600)}… (${text.length} characters)` : text} from ${senders[sender]}`
}
