import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { ConfigError, readConfiguration } from './config.ts'
import { parseUci } from './uci.ts'

describe('parseUci', () => {
  test('reads sections, names and options with and without quotation marks', () => {
    const sections = parseUci(
      [
        'package cwmp',
        '# a comment',
        "config acs 'acs'",
        "\toption url 'http://acs.example.com/?a=b#c' # another",
        '\toption userid "a \\"quoted\\" name"',
        '  option plain a#b',
        "\toption joined 'it'\"'\"'s'",
        "\tlist server 'one'",
        '',
        'config cpe',
        "\toption empty ''",
      ].join('\r\n'),
    )

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
    expect(Object.fromEntries(sections[1]?.options ?? [])).toEqual({ empty: '' })
  })

  test.each([
    ["config acs 'acs\n", 1, 'quotation'],
    ['option url x', 1, 'before the first config'],
    ['config', 1, 'too few'],
    ['config acs\noption url', 2, 'no value'],
    ['config acs\noption url a b', 2, 'too many'],
    ['config acs\n\nsetting url a', 3, 'expected config'],
  ])('names the line of a mistake in %j', (text, line, message) => {
    expect(() => parseUci(text)).toThrow(
      expect.objectContaining({ line, message: expect.stringContaining(message) }),
    )
  })
})

describe('readConfiguration', () => {
  let directory: string
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'cwmp-config-'))
  })
  afterEach(() => rmSync(directory, { recursive: true, force: true }))

  test('gives what it knows under the names of the command line', () => {
    writeFileSync(
      join(directory, 'cwmp'),
      [
        "config acs 'acs'",
        "option url 'http://acs/'",
        "option userid 'iopsys'",
        "option passwd ''",
        "option compression 'Disabled'",
        "option retry_min_wait_interval '5'",
        'config cpe cpe',
        "option userid 'acs'",
        "option port '7547'",
      ].join('\n'),
    )

    expect(readConfiguration(directory)).toEqual({
      'acs-url': 'http://acs/',
      'acs-username': 'iopsys',
      'retry-minimum-wait-interval': '5',
      'connection-request-username': 'acs',
      'connection-request-port': '7547',
    })
  })

  test('says which file is wrong, and where', () => {
    const path = join(directory, 'cwmp')

    expect(() => readConfiguration(directory)).toThrow(new ConfigError(`${path}: ENOENT`))
    writeFileSync(path, '\nnonsense')
    expect(() => readConfiguration(directory)).toThrow(`${path}: line 2: nonsense has too few`)
  })
})
