import { describe, expect, test } from 'vitest'
import { childNamed, escapeXml, isXmlText, parseXml, resolveQName, XmlError, xmlText } from './xml.ts'

describe('parseXml', () => {
  test('tells elements by namespace, whatever their prefixes', () => {
    const root = parseXml('<a:x xmlns:a="urn:one"><y xmlns="urn:two" a:k="1" k="2"/><a:z/></a:x>')

    expect(root.uri).toBe('urn:one')
    expect(root.children.map(({ name, uri }) => [name, uri])).toEqual([
      ['y', 'urn:two'],
      ['z', 'urn:one'],
    ])
    expect(root.children[0]?.attributes.map(({ uri, name, value }) => [uri, name, value])).toEqual([
      ['urn:one', 'k', '1'],
      ['', 'k', '2'],
    ])
  })

  test('joins text, references and CDATA, and drops comments', () => {
    expect(parseXml('<a>1 &lt; <!-- no -->2<![CDATA[ & <b>]]>&#x20AC;</a>').text).toBe('1 < 2 & <b>€')
  })

  test('keeps the declarations in scope for QNames in content', () => {
    const root = parseXml('<a xmlns:p="urn:outer"><b xmlns:p="urn:inner"/><c/></a>')
    const [b, c] = root.children

    expect(b && resolveQName(b, ' p:int ')).toEqual({ uri: 'urn:inner', name: 'int' })
    expect(c && resolveQName(c, 'p:int')).toEqual({ uri: 'urn:outer', name: 'int' })
    expect(c && resolveQName(c, 'q:int').uri).toBeUndefined()
  })

  test.each([
    ['a document type', '<!DOCTYPE a><a/>'],
    ['an entity bomb', '<!DOCTYPE a [<!ENTITY b "x">]><a>&b;</a>'],
    ['a processing instruction', '<a><?php x?></a>'],
    ['an undeclared prefix', '<p:a/>'],
    ['an undeclared entity', '<a>&b;</a>'],
    ['a doubled attribute', '<a b="1" b="2"/>'],
    ['two roots', '<a/><b/>'],
    ['an open element', '<a><b></b>'],
    ['a wrong end tag', '<a></b>'],
    ['a control character', '<a>\u0001</a>'],
    ['a reference to a control character', '<a>&#1;</a>'],
    ['another encoding', '<?xml version="1.0" encoding="ISO-8859-1"?><a/>'],
    ['XML 1.1', '<?xml version="1.1"?><a/>'],
    ['nothing', ''],
    ['text alone', 'hello'],
  ])('refuses %s', (_what, source) => {
    expect(() => parseXml(source)).toThrow(XmlError)
  })

  test('says where the document is wrong', () => {
    let thrown: unknown
    try {
      parseXml('<a>\n  <b></c>\n</a>')
    } catch (error) {
      thrown = error
    }

    expect(thrown).toMatchObject({ line: 2 })
  })

  test('bounds depth, length and number', () => {
    const limits = { maxDepth: 3, maxLength: 45, maxNodes: 4 }

    expect(parseXml('<a><b><c/></b></a>', limits).children).toHaveLength(1)
    expect(() => parseXml('<a><b><c><d/></c></b></a>', limits)).toThrow(/deeper than 3/)
    expect(() => parseXml(`<a>${' '.repeat(45)}</a>`, limits)).toThrow(/longer than 45/)
    expect(parseXml('<a b="1"><c d="2"/></a>', limits).children).toHaveLength(1)
    expect(() => parseXml('<a><b/><b/><b/><b/></a>', limits)).toThrow(/more than 4/)
    expect(() => parseXml('<a b="1" c="2" d="3" e="4"/>', limits)).toThrow(/more than 4/)
    expect(() => parseXml('<a xmlns:p="u:p"><!-- --><b/><b/><b/></a>', limits)).toThrow(/more than 4/)
  })
})

describe('escapeXml', () => {
  test.each(['plain', 'a < b && c > "d"', "it's", 'tab\tfeed\nreturn\r', 'Grüße, 世界, 😀'])(
    'writes %j so that it is read back',
    (text) => {
      const root = parseXml(`<a b="${escapeXml(text.replace(/[\t\n]/g, ' '))}"><c>${escapeXml(text)}</c></a>`)

      expect(childNamed(root, 'c')?.text).toBe(text)
      expect(root.attributes[0]?.value).toBe(text.replace(/[\t\n]/g, ' '))
    },
  )

  test('writes nothing but printable ASCII', () => {
    expect(escapeXml('ü\u007f😀')).toBe('&#252;&#127;&#128512;')
  })

  test.each(['\u0000', '\u001f', '\ufffe', '\ud800', 'a\udc00b'])(
    'refuses %j, which XML 1.0 cannot hold',
    (text) => {
      expect(isXmlText(text)).toBe(false)
      expect(() => escapeXml(text)).toThrow(RangeError)
    },
  )
})

test('replaces in a text what no XML can hold', () => {
  const text = `a\u0000b\u001f\uffff\ud800\u00fc\u{1f600}\n`

  expect(xmlText(text)).toBe('a\ufffdb\ufffd\ufffd\ufffd\u00fc\u{1f600}\n')
  expect(isXmlText(xmlText(text))).toBe(true)
})
