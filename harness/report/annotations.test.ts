import { describe, expect, test } from 'vitest'
import { renderEnd } from './annotations.ts'
import { aCase, aUnit, concluded, oneOfEach } from './fixture.ts'
import { renderTerminal } from './terminal.ts'

const options = { colour: false, folder: 'reports/x' }
const github = { GITHUB_ACTIONS: 'true' }
const errorsIn = (text: string) => text.split('\n').filter((line) => line.startsWith('::error'))

test('is the terminal and nothing else outside of GitHub Actions', () => {
  const run = concluded(oneOfEach())

  expect(renderEnd(run, options, {})).toBe(renderTerminal(run, options))
})

describe('in GitHub Actions', () => {
  test('each case that failed is an annotation, with all that tells it', () => {
    const errors = errorsIn(renderEnd(concluded(oneOfEach()), options, github))

    expect(errors.map((line) => /title=(.*?)::/.exec(line)?.[1])).toEqual([
      ...['FAIL RPC-ALL-001', 'UNTESTABLE RPC-ALL-004', 'STALE RPC-ALL-006', 'ERROR RPC-ALL-007'],
    ])
    expect(errors[0]).toContain('%0Aexpected:    fault 9005%0A')
    expect(errors[0]).toContain('%0Areproduce:   npm test -- --suite rpc --grep RPC-ALL-001 --seed 42')
  })

  test('so is each unit test that failed', () => {
    const units = [
      aUnit(),
      aUnit({ name: 'reads: a, b', state: 'failed', message: '100%\r\nwrong', file: 'a:b.test.ts' }),
    ]

    expect(errorsIn(renderEnd(concluded([], { units }), options, github))).toEqual([
      '::error title=unit test in a%3Ab.test.ts::reads: a, b%0A100%25%0Awrong',
    ])
  })

  test('what makes a run red beside its cases comes first', () => {
    const run = concluded([aCase({ verdict: 'FAIL' })], { badPeers: ['no Inform came'], interrupted: true })

    expect(errorsIn(renderEnd(run, options, github)).map((line) => line.split('%0A')[0])).toEqual([
      '::error title=exit code 130::interrupted: this report covers only what had finished',
      '::error title=exit code 130::no Inform came',
      expect.stringMatching(/^::error title=FAIL RPC-GPV-001::/),
    ])
    expect(errorsIn(renderEnd(concluded([]), options, github))).toEqual([
      '::error title=exit code 4::nothing was executed: the selection is empty',
    ])
  })

  test('what GitHub would not show is counted', () => {
    const cases = Array.from({ length: 25 }, (_, at) => aCase({ id: `RPC-X-${100 + at}`, verdict: 'FAIL' }))

    const errors = errorsIn(renderEnd(concluded(cases), options, github))

    expect(errors).toHaveLength(10)
    expect(errors.at(-1)).toBe('::error title=16 more::The report has all of them.')
  })

  test('no line of the device is taken for a command, and the last line is the counts alone', () => {
    const failure = { expected: ['fault 9005'], actual: 'x\n::error::pwned\n::stop-commands::y', message: '' }
    const lines = renderEnd(concluded([aCase({ verdict: 'FAIL', failure })]), options, github).split('\n')

    const stop = lines.findIndex((line) => line.startsWith('::stop-commands::'))
    const resume = lines.indexOf(`::${lines[stop]?.split('::')[2]}::`)
    const own = lines.filter((_line, at) => at < stop || at > resume)

    expect(lines.findIndex((line) => line.trim() === '::error::pwned')).toBeGreaterThan(stop)
    expect(resume).toBe(lines.length - 2)
    expect(own.filter((line) => line.trim().startsWith('::'))).toEqual([
      expect.stringMatching(/^::error title=FAIL RPC-GPV-001::/),
    ])
    expect(lines.at(-1)).toBe('0 passed, 1 failed, 0 skipped')
  })
})
