import { describe, expect, test } from 'vitest'
import { ReferenceGuard } from './reference-guard.ts'

/** What comes out of pieces, or undefined as soon as one is refused. */
function passed(...pieces: string[]): string | undefined {
  const guard = new ReferenceGuard()
  let text = ''
  for (const piece of pieces) {
    text += guard.pass(piece)
    if (guard.isBroken) return undefined
  }
  return text
}

describe('references', () => {
  test.each([
    '<a>&amp;&lt;&gt;&apos;&quot;</a>',
    '<a b="&#65;&#x1F600;"/>',
    '<a>]]</a>',
    '<a><![CDATA[ & && &x; ]]></a>',
  ])('may be as in %s, in one piece and letter by letter', (text) => {
    expect(passed(text)).toBe(text)
    expect(passed(...text)).toBe(text)
  })

  test.each([
    '<a>this & that',
    '<a>&nobody;</a>',
    '<a>&;',
    '<a>&#;',
    '<a>&#xG;',
    '<a><![CDATA[ & ]]> & </a>',
  ])('may not be as in %s, in one piece or letter by letter', (text) => {
    expect(passed(text)).toBeUndefined()
    expect(passed(...text)).toBeUndefined()
  })

  test('that are none hide nothing that comes before them', () => {
    expect(new ReferenceGuard().pass('<!DOCTYPE x []>&e;')).toBe('<!DOCTYPE x []>')
  })

  test('are held back until they are whole, and not for ever', () => {
    expect(passed('<a>&am')).toBe('<a>')
    expect(passed('<a>&am', 'p;</a>')).toBe('<a>&amp;</a>')
    expect(passed('<a>&', 'abcdefgh')).toBeUndefined()
  })
})
