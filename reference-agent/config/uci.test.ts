import { describe, expect, test } from 'vitest'
import { parseUci, UciError, UciFile } from './uci.ts'

const FILE = `package cwmp
# what the operator wrote
config acs 'acs'
\toption url 'http://acs.example.com/?a=b#c' # the old one
\toption userid "a \\"quoted\\" name"
  option plain a#b
\toption joined 'it'"'"'s'
\tlist server 'one'
\tlist server two

config cpe
\toption empty ''
`

describe('UciFile', () => {
  test('reads sections, names, options and lists with and without quotation marks', () => {
    const { sections, mistakes } = new UciFile(FILE.replaceAll('\n', '\r\n'))

    expect(mistakes).toEqual([])
    expect(sections.map(({ type, name }) => [type, name])).toEqual([
      ['acs', 'acs'],
      ['cpe', ''],
    ])
    expect(Object.fromEntries(sections[0]?.options ?? [])).toEqual({
      url: 'http://acs.example.com/?a=b#c',
      userid: 'a "quoted" name',
      plain: 'a#b',
      joined: "it's",
    })
    expect(sections[0]?.lists.get('server')).toEqual(['one', 'two'])
    expect(sections[1]?.options.get('empty')).toBe('')
  })

  test('changes a value in its line and leaves everything else as it is', () => {
    const file = new UciFile(FILE)

    file.set('acs', 'url', "http://new/it's")
    file.set('acs', 'plain', 'x y')

    expect(String(file)).toBe(
      FILE.replace("'http://acs.example.com/?a=b#c'", "'http://new/it'\\''s'").replace('a#b', "'x y'"),
    )
    expect(new UciFile(String(file)).get('acs', 'url')).toBe("http://new/it's")
  })

  test('puts a new option at the end of its section, and a new section at the end of the file', () => {
    const file = new UciFile("config acs 'acs'\n\toption url 'u'\n# about cpe\n\nconfig cpe 'cpe'\n")

    file.set('acs', 'userid', 'me')
    file.set('lwn', 'enable', '1')

    expect(String(file)).toBe(
      "config acs 'acs'\n\toption url 'u'\n\toption userid 'me'\n# about cpe\n\nconfig cpe 'cpe'\n\nconfig lwn 'lwn'\n\toption enable '1'\n",
    )
  })

  test('begins an empty file without an empty line', () => {
    const file = new UciFile('')

    file.set('acs', 'url', 'u')

    expect(String(file)).toBe("config acs 'acs'\n\toption url 'u'\n")
  })

  test('changes the last of several lines for one option, which is the one that holds', () => {
    const file = new UciFile('config acs acs\noption a 1\noption a 2\n')

    file.set('acs', 'a', '3')

    expect(String(file)).toBe("config acs acs\noption a 1\noption a '3'\n")
  })

  test('refuses a value that no line can hold', () => {
    const file = new UciFile(FILE)

    expect(file.set('acs', 'url', 'a\nb')).toBe(false)
    expect(String(file)).toBe(FILE)
  })

  test.each([
    ["config acs 'acs\n", 1, 'quotation'],
    ['option url x', 1, 'before the first config'],
    ['config', 1, 'too few'],
    ['config acs\noption url', 2, 'no value'],
    ['config acs\noption url a b', 2, 'too many'],
    ['config acs\n\nsetting url a', 3, 'expected config'],
  ])('names the line of a mistake in %j, keeps it and reads on', (text, line, message) => {
    const file = new UciFile(`${text.replace(/\n$/, '')}\nconfig cpe cpe\noption port 1\n`)

    expect(file.mistakes).toEqual([{ line, message: expect.stringContaining(message) }])
    expect(file.get('cpe', 'port')).toBe('1')
    file.set('cpe', 'port', '2')
    expect(String(file)).toBe(`${text.replace(/\n$/, '')}\nconfig cpe cpe\noption port '2'\n`)
  })
})

test('parseUci takes no text with a mistake', () => {
  expect(parseUci(FILE)).toHaveLength(2)
  expect(() => parseUci('config acs\noption')).toThrow(UciError)
})

test('adds and removes sections that have no name', () => {
  const file = new UciFile('config a\n\toption x 1\n\n# mine\nconfig a\n\toption x 2\n')
  const [first] = file.sections
  const added = file.add('a')
  file.setIn(added, 'x', '3')
  if (first) file.remove(first)

  expect(file.toString()).toBe("config a\n\toption x 2\n\nconfig a\n\toption x '3'\n")
  expect(file.setIn(added, 'x', 'two\nlines')).toBe(false)
  expect(first && file.setIn(first, 'x', '4')).toBe(false)
})

test('goes on with a section whose name occurs again, and leaves each line where it stands', () => {
  const text =
    'config acs acs\noption a 1\noption b 1\nconfig cpe cpe\nconfig acs acs\noption b 2\noption c 2\n'
  const file = new UciFile(text)

  expect(file.sections).toHaveLength(2)
  expect(['a', 'b', 'c'].map((option) => file.get('acs', option))).toEqual(['1', '2', '2'])
  expect(file.lineOf('acs', 'b')).toBe(6)
  file.set('acs', 'b', '3')
  expect(file.toString()).toBe(text.replace('option b 2', "option b '3'"))
  const [acs] = file.sections
  if (acs) file.remove(acs)
  expect(file.toString()).toBe('config cpe cpe\n')
})
