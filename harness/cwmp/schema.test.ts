import { describe, expect, test } from 'vitest'
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
