import { describe, expect, test } from 'vitest'
import { buildEnvelope } from './envelope.ts'
import { parsePlainXml } from './plain-xml.ts'
import { parseXml, type XmlElement } from './xml.ts'

const LIMITS = { maxDepth: 64, maxLength: 1 << 20, maxNodes: 100_000 }

const ENVELOPE = buildEnvelope(
  '<cwmp:GetParameterValues><ParameterNames soap-enc:arrayType="xsd:string[1]"><string/></ParameterNames></cwmp:GetParameterValues>',
  { version: '1.4', id: '17' },
)

/** Everything that is plain, in short. */
const DOCUMENT = [
  '<?xml version="1.0" encoding="UTF-8"?>\n<p:a xmlns:p="urn:p" xmlns:q="urn:p" p:b="1">',
  '<b xmlns="urn:d" b="2" p:b="3">x > (y)\n\t<c q:d="it\'s"/></b><p:a>[1 </p:a></p:a>\n',
].join('')

/** The same document as the parser proper reads it, which alone knows comments. */
function properly(source: string): XmlElement {
  return parseXml(`${source}<!-- -->`, LIMITS)
}

function outcome(read: () => XmlElement): string {
  const inherited = (_key: string, value: unknown) =>
    typeof value === 'object' && value && !Array.isArray(value) ? everythingOf(value) : value
  try {
    return JSON.stringify(read(), inherited)
  } catch (error) {
    return String(error)
  }
}

/** Properties with the inherited ones, as in scopes of namespaces. */
function everythingOf(object: object): object {
  const all: [string, unknown][] = []
  for (const key in object) all.push([key, (object as Record<string, unknown>)[key]])
  return Object.fromEntries(all.sort(([a], [b]) => (a < b ? -1 : 1)))
}

describe('parsePlainXml', () => {
  test.each([ENVELOPE, DOCUMENT])('reads %j as the parser proper does', (source) => {
    const root = parsePlainXml(source, LIMITS)

    expect(root).toBeDefined()
    expect(outcome(() => root as XmlElement)).toBe(outcome(() => properly(source)))
  })

  test.each([
    '<a>1 &lt; 2</a>',
    '<a><!-- no --></a>',
    '<a><![CDATA[b]]></a>',
    "<a b='1'/>",
    '<a  b="1"/>',
    '<a>é</a>',
    '<a>\r\n</a>',
    '<?xml version="1.1"?><a/>',
    '<?xml version="1.0" encoding="ISO-8859-1"?><a/>',
    '<?php?><a/>',
    '<!DOCTYPE a><a/>',
    '<a xml:lang="en"/>',
    '<a>]]></a>',
    '',
  ])('leaves %j to the parser proper', (source) => {
    expect(parsePlainXml(source, LIMITS)).toBeUndefined()
  })

  test('counts the depth of elements', () => {
    expect(parsePlainXml('<a><b/></a>', { ...LIMITS, maxDepth: 2 })).toBeDefined()
    expect(parsePlainXml('<a><b/></a>', { ...LIMITS, maxDepth: 1 })).toBeUndefined()
  })

  test('never reads a damaged document in a way of its own', () => {
    const pieces = [
      ...[
        '<',
        '>',
        '/',
        '</',
        '/>',
        '"',
        "'",
        '=',
        ':',
        '&',
        ']',
        ' ',
        '\n',
        '\r',
        '\t',
        '\u0000',
        '\u007f',
        'é',
        '1',
        '.',
        'a',
      ],
      ...[
        ' a="1"',
        ' p:a="1"',
        ' xmlns=""',
        ' xmlns:p=""',
        ' xmlns:p="urn:q"',
        ' xmlns:p=" "',
        ' xmlns:xmlp="urn:q"',
      ],
      ...[
        ' xmlns:xml="urn:q"',
        ' xmlns:xmlns="urn:q"',
        ` xmlns:q="http://www.w3.org/2000/xmlns/"`,
        '<a/>',
        '<p:a/>',
      ],
      ...[
        ` xmlns:q="http://www.w3.org/XML/1998/namespace"`,
        'xmlns:',
        'xml:',
        'q:',
        '<a>',
        '</a>',
        '<a:b:c/>',
        '<1/>',
        '<p:1/>',
      ],
      ...[']]>', '<!---->', '<?p?>', '<?xml version="1.0"?>', '&lt;', '<![CDATA[ ]]>', ' encoding="UTF-8"'],
    ]
    let read = 0
    // Every piece at every place, once inserted and once instead of a character.
    for (let at = 0; at <= DOCUMENT.length; at++) {
      for (const piece of pieces) {
        for (const rest of [at, at + 1]) {
          const source = DOCUMENT.slice(0, at) + piece + DOCUMENT.slice(rest)
          const root = parsePlainXml(source, LIMITS)
          if (!root) continue
          read++
          const expected = outcome(() => properly(source))
          if (outcome(() => root) !== expected) expect.fail(`${source} instead of ${expected}`)
        }
      }
    }

    expect(read).toBeGreaterThan(1000)
  })
})
