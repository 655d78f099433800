import { expect, test } from 'vitest'
import { buildRequest, buildResponse } from './encode.ts'
import { MESSAGES, type RpcName } from './messages.ts'
import { readPlainXml } from './plain-xml.ts'
import { SAMPLES } from './samples.ts'
import { parseXml, type XmlElement } from './xml.ts'

const messages = (Object.keys(MESSAGES) as RpcName[]).flatMap((name) => [
  buildRequest(name, SAMPLES[name].request as never, { id: '1', holdRequests: true }),
  buildResponse(name, SAMPLES[name].response as never, { xmlDeclaration: false }),
])

/** What mutations put in: the marks of XML, and what is one step beside the plain part of it. */
const PIECES = [
  ...`<>/&;:='"?![]-# \t\n\r\u0000\u0001\u007f\u0085é😀\ud800\uFEFF\uFFFE1.a_`,
  ...['xmlns', 'xmlns:', ' xmlns=""', ' xmlns:p="urn:p"', ' xmlns:xml="urn:p"', ' xmlns:xmlns="urn:p"'],
  ...[' xmlns:p=""', ' xmlns:p=" "', ' xmlns:p=" urn:p "', ' xmlns:p="http://www.w3.org/2000/xmlns/"'],
  ...[' xmlns:xml="http://www.w3.org/XML/1998/namespace"', ' xmlns="http://www.w3.org/XML/1998/namespace"'],
  ...[' a="1"', ' a="1" a="2"', ' cwmp:a="1" p:a="2"', ' xml:space="default"', ' xsi:nil="1"', 'cwmp:', 'p:'],
  ...['<a>', '</a>', '<a/>', '<a />', '</a >', '<p:a>', '<:a/>', '<a:/>', '<1/>', '<a:1/>', '<a:b:c/>', '</'],
  ...['<!---->', '<!-- -- -->', '<![CDATA[', ']]>', ']]', '<?x?>', '<?xml version="1.0"?>', '<!DOCTYPE a>'],
  ...[
    'version="1.1"',
    'encoding="utf-8"',
    "encoding='UTF-8'",
    ' standalone="yes"',
    '&amp;',
    '&#1;',
    '&#x41;',
  ],
]

/** Numbers that look like chance and are the same in every run. */
function* numbers(): Generator<number> {
  for (let state = 1; ; state = (Math.imul(state, 1103515245) + 12345) >>> 0) yield state >>> 8
}

test('reads every message that is plain as the full parser does', () => {
  const plain = messages.filter((source) => {
    const root = readPlainXml(source, 100)
    if (root) expect(shown(root)).toBe(shown(parseFully(source)))
    return root !== undefined
  })

  expect(plain.length).toBeGreaterThan(messages.length * 0.9)
})

test('accepts nothing that the full parser refuses, and reads nothing in another way', () => {
  const chance = numbers()
  const below = (limit: number) => (chance.next().value as number) % limit
  let plain = 0
  for (let round = 0; round < 20_000; round++) {
    let source = messages[round % messages.length] as string
    for (let edits = 1 + below(3); edits > 0; edits--) {
      const at = below(source.length)
      const piece =
        below(4) === 0 ? source.slice(at, at + below(40)) : (PIECES[below(PIECES.length)] as string)
      const dropped = below(2) * below(12)
      // Half of them where markup is, for most of a message is text.
      const place = below(2) === 0 ? at : Math.max(0, source.indexOf('<', at) + below(2))
      source = source.slice(0, place) + piece + source.slice(place + dropped)
    }
    const root = readPlainXml(source, 100)
    if (!root) continue
    plain += 1
    const full = attempt(source)
    if (shown(root) !== full) expect.fail(`${JSON.stringify(source)}\nplain: ${shown(root)}\nfull: ${full}`)
  }

  expect(plain).toBeGreaterThan(1000)
})

test('leaves what is too deep or has too many attributes', () => {
  const attributes = Array.from({ length: 50 }, (_, index) => ` a${index}=""`).join('')

  expect(readPlainXml('<a><b/></a>', 2)).toBeDefined()
  expect(readPlainXml('<a><b/></a>', 1)).toBeUndefined()
  expect(readPlainXml(`<a${attributes}/>`, 100)).toBeUndefined()
  expect(parseXml(`<a${attributes}/>`).attributes).toHaveLength(50)
})

/** The comment is one thing that is not plain. */
function parseFully(source: string): XmlElement {
  return parseXml(`${source}<!-- -->`)
}

function attempt(source: string): string {
  try {
    return shown(parseFully(source))
  } catch (error) {
    return String(error)
  }
}

/** Everything of a tree, the inherited declarations among it, as text. */
function shown(element: XmlElement): string {
  const scope: Record<string, string> = {}
  for (const prefix in element.namespaces) scope[prefix] = element.namespaces[prefix] as string
  const { name, prefix, uri, attributes, text, line, column } = element
  const own = { name, prefix, uri, attributes, text, line, column, scope: Object.entries(scope).sort() }
  return `${JSON.stringify(own)}(${element.children.map(shown).join(' ')})`
}
