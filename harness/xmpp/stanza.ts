import { attribute, type XmlElement } from '../cwmp/cwmp.ts'
import { escapeAttribute, escapeText } from '../cwmp/xml.ts'
import { CONNECTION_REQUEST } from './namespaces.ts'

/** Value of an attribute without a namespace. */
export function attr(element: XmlElement, name: string): string | undefined {
  return attribute(element, '', name)
}

/** A start tag's attributes; those that are undefined are left out. */
export function attributesText(attributes: Readonly<Record<string, string | undefined>>): string {
  return Object.entries(attributes)
    .filter((entry): entry is [string, string] => entry[1] !== undefined)
    .map(([name, value]) => ` ${name}="${escapeAttribute(value)}"`)
    .join('')
}

/** The payload of a connection request (Annex K); what is undefined is left out. */
export function connectionRequestPayload({
  username,
  password,
}: {
  username: string | undefined
  password: string | undefined
}): string {
  const member = (name: string, value: string | undefined) =>
    value === undefined ? '' : `<${name}>${escapeText(value)}</${name}>`
  return `<connectionRequest xmlns="${CONNECTION_REQUEST}">${member('username', username)}${member('password', password)}</connectionRequest>`
}

/** An element as text that means the same: each element states its namespace. Text comes before children. */
export function renderElement(element: XmlElement, other: Readonly<Record<string, string>> = {}): string {
  const own = Object.fromEntries(
    element.attributes.filter(({ uri }) => uri === '').map(({ name, value }) => [name, value]),
  )
  const start = `${element.name}${attributesText({ xmlns: element.uri, ...own, ...other })}`
  const content = escapeText(element.text) + element.children.map((one) => renderElement(one)).join('')
  return content === '' ? `<${start}/>` : `<${start}>${content}</${element.name}>`
}

/** A stanza in a few words, without its content. */
export function describeStanza(element: XmlElement): string {
  const type = attr(element, 'type')
  const payload = element.children.map(({ name }) => `<${name}/>`).join('')
  return `${element.name}${type === undefined ? '' : ` of type ${type}`}${payload === '' ? '' : ` with ${payload}`}`
}
