/** The canonical form of a part of a document (Canonical XML 1.0 and Exclusive XML Canonicalization 1.0, without comments). */
import type { OrderedElement } from './ordered-xml.ts'

export const INCLUSIVE = 'http://www.w3.org/TR/2001/REC-xml-c14n-20010315'
export const EXCLUSIVE = 'http://www.w3.org/2001/10/xml-exc-c14n#'

export type Canonicalization = typeof INCLUSIVE | typeof EXCLUSIVE

/** `written`: the namespaces that an element around it has declared in the output. */
export function canonical(
  element: OrderedElement,
  method: Canonicalization,
  written: ReadonlyMap<string, string> = new Map(),
): string {
  const declared = new Map(written)
  const declarations: string[] = []
  for (const prefix of [...prefixesOf(element, method)].toSorted()) {
    const uri = element.scope.get(prefix) ?? ''
    if (prefix === 'xml' || prefix === 'xmlns' || (declared.get(prefix) ?? '') === uri) continue
    declared.set(prefix, uri)
    declarations.push(` xmlns${prefix === '' ? '' : `:${prefix}`}="${escapeAttribute(uri)}"`)
  }
  const order = (a: { uri: string; name: string }, b: { uri: string; name: string }) =>
    a.uri === b.uri ? (a.name < b.name ? -1 : 1) : a.uri < b.uri ? -1 : 1
  const attributes = element.attributes
    .toSorted(order)
    .map(({ qualifiedName, value }) => ` ${qualifiedName}="${escapeAttribute(value)}"`)
  const content = element.content.map((each) =>
    typeof each === 'string' ? escapeText(each) : canonical(each, method, declared),
  )
  const { qualifiedName } = element
  return `<${qualifiedName}${declarations.join('')}${attributes.join('')}>${content.join('')}</${qualifiedName}>`
}

/** Prefixes whose declarations belong to an element: all in scope, or those that it uses itself. */
function prefixesOf(element: OrderedElement, method: Canonicalization): Set<string> {
  if (method === INCLUSIVE) return new Set(element.scope.keys())
  const used = element.attributes.map(({ prefix }) => prefix).filter((prefix) => prefix !== '')
  return new Set([element.prefix, ...used])
}

function escapeText(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('\r', '&#xD;')
}

function escapeAttribute(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('"', '&quot;')
    .replaceAll('\t', '&#x9;')
    .replaceAll('\n', '&#xA;')
    .replaceAll('\r', '&#xD;')
}
