import { expect, test } from 'vitest'
import { downloadedFiles } from './download-language.ts'
import { combinedDownload, judgeDownload } from './download-rules.ts'

const done = { faultCode: 0, isRefused: false }
const failed = (faultCode: number) => ({ faultCode, isRefused: false })
const refused = (faultCode: number) => ({ faultCode, isRefused: true })

test('takes the gravest of what was done to a file', () => {
  expect(combinedDownload([])).toBe('taken')
  expect(combinedDownload([{ effect: 'damaged' }, { effect: 'rubbish' }])).toBe('rubbish')
})

test.each([
  ['configuration', 'taken', done],
  ['configuration', 'rubbish', done],
  ['configuration', 'rubbish', failed(9018)],
  ['configuration', 'damaged', refused(9003)],
  ['firmware', 'taken', failed(9018)],
  ['firmware', 'damaged', refused(9010)],
  ['firmware', 'rubbish', failed(9800)],
  ['configuration', 'rubbish', failed(9003)],
  ['configuration', 'damaged', refused(9899)],
] as const)('lets %s that is %s end with %j', (kind, effect, end) => {
  expect(judgeDownload(kind, effect, end)).toBeUndefined()
})

test.each([
  ['configuration', 'taken', failed(9018)],
  ['configuration', 'taken', failed(9003)],
  ['configuration', 'taken', failed(9800)],
  ['configuration', 'rubbish', failed(9011)],
  ['firmware', 'taken', done],
  ['firmware', 'rubbish', done],
  ['firmware', 'damaged', failed(9012)],
  ['firmware', 'damaged', failed(9003)],
  ['firmware', 'damaged', failed(9900)],
] as const)('finds fault with %s that is %s and ends with %j', (kind, effect, end) => {
  expect(judgeDownload(kind, effect, end)).toMatchObject({ kind: 'answer', level: 'MUST' })
})

test('makes each boundary of a file', () => {
  const language = downloadedFiles(['configuration file', 'firmware image'])

  const made = [...language.coverage()].map((one) => language.build(one).content('a\nfile'))

  expect(new Set(made).size).toBeGreaterThan(30)
  expect(made[0]).toBe('a\nfile')
})
