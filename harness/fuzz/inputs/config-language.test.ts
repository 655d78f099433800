import { expect, test } from 'vitest'
import { configurationFiles } from './config-language.ts'

const language = configurationFiles()

test('says for each mistake in which line it stands', () => {
  for (const one of language.coverage()) {
    const [rule] = language.rulesOf(one)
    const [change] = one.changes
    if (!rule?.where || !change) continue
    const [file, line] = rule.where
    const { cwmp, notify } = language.build(one)
    const lines = (file === 'cwmp' ? cwmp : notify).split('\n')
    expect(lines[line - 1], language.describe(one)).toBe(change.value)
  }
})

test('keeps every other line of a file with one mistake', () => {
  const plain = language.build({ requestClass: 'configuration', changes: [] }).cwmp.split('\n')
  const change = { element: 'line of cwmp', breakage: 'that is no UCI', value: 'nonsense' }

  const broken = language.build({ requestClass: 'configuration', changes: [change] }).cwmp.split('\n')

  expect(broken.filter((line) => line !== 'nonsense')).toEqual(plain)
})
