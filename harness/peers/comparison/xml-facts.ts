import type { XmlElement } from '../../cwmp/cwmp.ts'

/** What may be replaced before it is compared: what is new each time, and words for people. */
export interface XmlNormal {
  text(element: XmlElement): string
  attribute(element: XmlElement, name: string, value: string): string
  /** Children whose order means something; as they stand unless given. */
  children?(element: XmlElement): readonly XmlElement[]
}

/** Namespace, attributes and text of an element and of all in it, by path; prefixes do not matter. */
export function elementFacts(element: XmlElement, path: string, normal: XmlNormal): Record<string, string> {
  const facts: Record<string, string> = { [path]: element.uri }
  for (const { name, value } of element.attributes)
    facts[`${path} @${name}`] = normal.attribute(element, name, value)
  const text = normal.text(element)
  if (text !== '') facts[`${path} text`] = text
  const counts = new Map<string, number>()
  for (const child of normal.children?.(element) ?? element.children) {
    const count = (counts.get(child.name) ?? 0) + 1
    counts.set(child.name, count)
    const below = `${path}/${child.name}${count === 1 ? '' : ` ${count}`}`
    Object.assign(facts, elementFacts(child, below, normal))
  }
  return facts
}
