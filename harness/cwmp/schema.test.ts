import { describe, expect, test } from 'vitest'
import { HarnessError } from '../failure.ts'
import { buildRequest, validateEnvelopes } from './cwmp.ts'
import { ENVELOPE_TABLE } from './envelope-table.ts'
import { SAMPLES } from './samples.ts'

const officialDir = process.env.CWMP_XSD_DIR

/** The names of the entries that are judged invalid, with the first reason. */
async function judge(options: { officialDir?: string; verbatim?: boolean }): Promise<Map<string, string>> {
  const issues = await validateEnvelopes(ENVELOPE_TABLE, options)
  return new Map(issues.reverse().map(({ file, message }) => [file, message]))
}

describe('table of envelopes', () => {
  test('has a name of its own for each entry, enough of both kinds', () => {
    expect(new Set(ENVELOPE_TABLE.map(({ name }) => name)).size).toBe(ENVELOPE_TABLE.length)
    expect(ENVELOPE_TABLE.filter(({ valid }) => valid).length).toBeGreaterThanOrEqual(80)
    expect(ENVELOPE_TABLE.filter(({ valid }) => !valid).length).toBeGreaterThanOrEqual(80)
  })

  test('is judged as it says by our schemas', async () => {
    const invalid = await judge({})

    const wrong = ENVELOPE_TABLE.filter(({ name, valid }) => valid === invalid.has(name))
    expect(wrong.map(({ name }) => `${name}: ${invalid.get(name) ?? 'valid'}`)).toEqual([])
  })

  test.skipIf(!officialDir)(
    `is judged alike by the official schemas${officialDir ? '' : ' (skipped: CWMP_XSD_DIR is not set)'}`,
    async () => {
      const invalid = await judge({ officialDir, verbatim: true })

      const wrong = ENVELOPE_TABLE.filter(
        ({ name, valid, differs }) => (differs ? !valid : valid) === invalid.has(name),
      )
      expect(wrong.map(({ name }) => `${name}: ${invalid.get(name) ?? 'valid'}`)).toEqual([])
    },
  )
})

test('an issue names file, line, column and element of a message in one line', async () => {
  const content = buildRequest('Inform', SAMPLES.Inform.request).replace('00AABB', 'zz')

  const issues = await validateEnvelopes([
    { name: 'good', content: buildRequest('Reboot', { CommandKey: '' }) },
    { name: 'bad', content },
  ])

  const column = (content.split('\n')[1] ?? '').indexOf('<OUI>') + 1
  expect(issues).toEqual([expect.objectContaining({ file: 'bad', line: 2, column, check: 'schema' })])
  expect(issues[0]?.message).toContain("Element 'OUI'")
})

test('more files than xmllint takes at once are judged, each for itself', async () => {
  const good = buildRequest('Reboot', { CommandKey: '' })
  const files = Array.from({ length: 2500 }, (_, index) => ({ name: `${index}`, content: good }))
  files[1001] = { name: 'bad', content: good.replace('<CommandKey/>', '') }

  const issues = await validateEnvelopes(files)

  expect(issues.map(({ file }) => file)).toEqual(['bad'])
})

test('what xmllint only warns of is no issue', async () => {
  const extraHeaders = '<x:y xmlns:x="relative/name"/>'

  expect(
    await validateEnvelopes([
      { name: 'a', content: buildRequest('Reboot', { CommandKey: '' }, { extraHeaders }) },
    ]),
  ).toEqual([])
})

test.each([
  ['document', 'garbage'],
  ['document', '<a/>'],
  ['namespace', buildRequest('Reboot', { CommandKey: '' }, { namespace: 'urn:dslforum-org:cwmp-1-3' })],
  [
    'header',
    buildRequest('Reboot', { CommandKey: '' }, { id: '1' }).replace(
      'mustUnderstand="1"',
      'mustUnderstand="0"',
    ),
  ],
  ['array', buildRequest('GetParameterValues', { ParameterNames: ['a'] }).replace('[1]', '[2]')],
])('an issue says which check found it: %s', async (check, content) => {
  expect(await validateEnvelopes([{ name: 'a', content }])).toMatchObject([{ check, file: 'a' }])
})

test('a folder without the official schemas is our fault and not that of the message', async () => {
  const files = [{ name: 'a', content: buildRequest('FactoryReset', {}) }]

  await expect(validateEnvelopes(files, { officialDir: '/nowhere' })).rejects.toThrow(HarnessError)
})
