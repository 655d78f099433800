import { describe, expect, test } from 'vitest'
import {
  attribute,
  child,
  childText,
  escapeAttribute,
  escapeText,
  parseXml,
  resolveQName,
  XmlError,
} from './xml.ts'

function errorOf(source: string, limits = {}): XmlError {
  try {
    parseXml(source, limits)
  } catch (error) {
    if (error instanceof XmlError) return error
    throw error
  }
  throw new Error('parsed')
}

describe('a parsed document', () => {
  test('has local names, URIs, attributes and text', () => {
    const root = parseXml(
      '<p:a xmlns:p="urn:p" x="1" p:x="2"><b xmlns="urn:d">1<![CDATA[<2>]]>&amp;</b>t</p:a>',
    )

    expect(root).toMatchObject({ name: 'a', prefix: 'p', uri: 'urn:p', text: 't' })
    expect(attribute(root, '', 'x')).toBe('1')
    expect(attribute(root, 'urn:p', 'x')).toBe('2')
    expect(root.attributes).toHaveLength(2)
    expect(child(root, 'b')?.uri).toBe('urn:d')
    expect(childText(root, 'b')).toBe('1<2>&')
    expect(childText(root, 'c')).toBeUndefined()
  })

  test('knows the place of every start tag', () => {
    const root = parseXml('<?xml version="1.0"?>\n<a>\r\n  <b/><c\n x="1"/><d\r\n/></a>')

    const places = [root, ...root.children].map(({ name, line, column }) => [name, line, column])
    expect(places).toEqual([
      ['a', 2, 1],
      ['b', 3, 3],
      ['c', 3, 7],
      ['d', 4, 9],
    ])
  })

  test('resolves a QName where it stands', () => {
    const root = parseXml('<a xmlns:p="urn:1"><b xmlns:p="urn:2" xmlns="urn:d"/></a>')
    const inner = root.children[0] as typeof root

    expect(resolveQName(root, ' p:t ')).toEqual({ uri: 'urn:1', name: 't' })
    expect(resolveQName(inner, 'p:t')).toEqual({ uri: 'urn:2', name: 't' })
    expect(resolveQName(inner, 't')).toEqual({ uri: 'urn:d', name: 't' })
    expect(resolveQName(root, 't')).toEqual({ uri: '', name: 't' })
    expect(resolveQName(root, 'q:t')).toEqual({ uri: undefined, name: 't' })
  })

  test('gives back what was escaped', () => {
    const text = ' a\r\n\t<b> ]]> & "c" \' ü \u{1F600}'
    const root = parseXml(`<a x="${escapeAttribute(text)}">${escapeText(text)}</a>`)

    expect(root.text).toBe(text)
    expect(attribute(root, '', 'x')).toBe(text)
  })
})

describe('what is refused', () => {
  test.each([
    ['nothing', '', 1],
    ['blanks', ' \n ', 2],
    ['text', 'garbage', 1],
    ['an element that does not end', '<a>\n<b>', 2],
    ['tags that cross', '<a><b></a></b>', 1],
    ['two roots', '<a/>\n<b/>', 2],
    ['an attribute twice', '<a x="1" x="2"/>', 1],
    ['an undeclared prefix', '<a>\n\n<p:b/></a>', 3],
    ['an undeclared prefix of an attribute', '<a p:x="1"/>', 1],
    ['an undefined entity', '<a>&nbsp;</a>', 1],
    ['a character that XML does not have', '<a>\u0001</a>', 1],
    ['a document type', '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', 1],
    ['a processing instruction', '<a/><?php ?>', 1],
  ])('%s', (_name, source, line) => {
    expect(errorOf(source).line).toBe(line)
  })

  test('an XML bomb, before it goes off', () => {
    const entities = Array.from(
      { length: 30 },
      (_, index) => `<!ENTITY e${index + 1} "&e${index};&e${index};">`,
    )

    const error = errorOf(`<!DOCTYPE a [<!ENTITY e0 "boom">${entities.join('')}]><a>&e30;</a>`)

    expect(error.message).toContain('document type')
  })

  test('nesting beyond the limit, at the element that exceeds it', () => {
    expect(errorOf('<a>'.repeat(100_000))).toMatchObject({ line: 1, column: 301 })
    expect(errorOf('<a>\n<b>', { maxDepth: 1 })).toMatchObject({ line: 2, column: 1 })
  })

  test('a document beyond the size limit', () => {
    expect(errorOf(`<a>${'x'.repeat(100)}</a>`, { maxBytes: 100 }).message).toContain('100')
  })
})
