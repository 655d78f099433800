import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { aCase, concluded } from '../report/fixture.ts'
import { type CaseVerdict, type RunResult, readReport, type Verdict, writeReports } from '../report/report.ts'
import { compareMain } from './compare.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'compare-'))
})
afterEach(() => rm(folder, { recursive: true }))

const failure = { expected: ['fault 9005'], actual: 'fault 9002 "\u001b[31mno"', message: 'fault 9002' }
const was = (id: string, verdict: Verdict, change: Partial<CaseVerdict> = {}) =>
  aCase({ id, verdict, ...change })

async function compare(...args: string[]): Promise<{ code: number; output: string; errors: string }> {
  const spies = [vi.spyOn(console, 'log'), vi.spyOn(console, 'error')]
  for (const spy of spies) spy.mockImplementation(() => {})
  try {
    const code = await compareMain(args)
    const [output = '', errors = ''] = spies.map((spy) => spy.mock.calls.flat().join('\n'))
    return { code, output, errors }
  } finally {
    for (const spy of spies) spy.mockRestore()
  }
}

async function report(
  name: string,
  cases: readonly CaseVerdict[],
  firmware: string,
  change: Partial<RunResult> = {},
): Promise<string> {
  const dut = { manufacturer: 'Example', model: 'Home Box', firmware, adapter: 'reference' }
  const path = join(folder, name)
  await writeReports(concluded(cases, { dut, ...change }), path)
  return path
}

describe('two runs', () => {
  test('are compared as text, and the exit code says that something got worse', async () => {
    const old = await report(
      'old',
      [
        was('RPC-A-001', 'PASS'),
        was('RPC-A-002', 'FAIL', { failure }),
        was('RPC-A-003', 'PASS'),
        was('RPC-A-004', 'FAIL', { failure }),
        was('RPC-A-005', 'PASS'),
      ],
      '1.0',
    )
    const now = await report(
      'new',
      [
        was('RPC-A-001', 'FAIL', { failure }),
        was('RPC-A-002', 'PASS'),
        was('RPC-A-003', 'UNTESTABLE', { reason: 'the adapter has no powerCycle' }),
        was('RPC-A-004', 'WAIVED', { reason: 'known until 2027-01-01' }),
        was('RPC-A-006', 'PASS'),
      ],
      '1.1',
    )

    const { code, output } = await compare(old, now)

    expect(code).toBe(1)
    const lines = output.split('\n')
    expect(lines[0]).toMatch(
      /^OLD {2}Example Home Box 1\.0 · suite 0\.1\.0 · .* · 3 passed, 2 failed, 0 skipped/,
    )
    expect(lines[1]).toMatch(/^NEW {2}Example Home Box 1\.1/)
    expect(output).toContain(
      'new failures (1)\n  RPC-A-001  PASS → FAIL  answers a full path with its value and type\n      fault 9002 "\\x1b[31mno"',
    )
    expect(output).toContain('newly untestable (1)\n  RPC-A-003  PASS → UNTESTABLE')
    expect(output).toContain('no longer examined (1)\n  RPC-A-005  PASS → (absent)')
    expect(output).toContain('newly waived; still not met (1)\n  RPC-A-004  FAIL → WAIVED')
    expect(output).toContain('fixed (1)\n  RPC-A-002  FAIL → PASS')
    expect(output).toContain('added (1)\n  RPC-A-006  (absent) → PASS')
    expect(output).toContain('worse:\n  1 new failure: RPC-A-001\n')
    expect(lines.at(-1)).toBe(
      '1 new failure, 1 fixed, 1 newly untestable, 1 newly waived, 1 added, 1 removed',
    )
  })

  test('of which the newer is only better give 0', async () => {
    const old = await report('old', [was('RPC-A-001', 'FAIL', { failure }), was('RPC-A-002', 'FAIL')], '1.0')
    const now = await report('new', [was('RPC-A-001', 'PASS'), was('RPC-A-002', 'FAIL')], '1.1')

    const { code, output } = await compare(old, join(now, 'verdict.json'))

    expect(code).toBe(0)
    expect(output).toContain('nothing got worse')
    expect(output).toContain('unchanged: 1, of which 1 red')
  })

  test('of which one was asked for less say so, and name what is red besides', async () => {
    const commandLine = ['--suite', 'rpc', '--seed', '42']
    const old = await report('old', [was('RPC-A-001', 'PASS')], '1.0', { commandLine })
    const now = await report(
      'new',
      [
        was('RPC-A-001', 'PASS'),
        was('SES-A-001', 'PASS', { suite: 'session' }),
        was('SES-A-002', 'FAIL', { suite: 'session', failure }),
      ],
      '1.1',
      { commandLine: ['--seed', '42'] },
    )

    const { code, output } = await compare(old, now)

    expect(code).toBe(0)
    expect(output).toContain('note: not the same selection: --suite rpc, then everything; ')
    expect(output).toContain(
      'not selected in OLD; not judged (2), red: 1\n  SES-A-002  (absent) → FAIL  answers a full path with its value and type\n\n',
    )
    expect(output).not.toContain('SES-A-001')
  })

  test('are compared as one JSON document', async () => {
    const old = await report('old', [was('RPC-A-001', 'PASS')], '1.0')
    const now = await report('new', [was('RPC-A-001', 'FAIL', { failure })], '1.1')

    const { code, output } = await compare(old, now, '--json')

    expect(code).toBe(1)
    expect(JSON.parse(output)).toMatchObject({
      format: 1,
      counts: { 'new failure': 1, fixed: 0 },
      changes: [{ kind: 'new failure', id: 'RPC-A-001', before: 'PASS', after: 'FAIL', worse: true }],
      worse: ['1 new failure: RPC-A-001'],
      exitCode: 1,
    })
  })

  test('are compared in the newer report, which says nothing else than before', async () => {
    const old = await report('old', [was('RPC-A-001', 'PASS')], '1.0')
    const now = await report('new', [was('RPC-A-001', 'FAIL', { failure })], '1.1')
    const before = await readReport(now)

    const { code } = await compare(old, now, '--html')

    const { comparison, ...rest } = await readReport(now)
    expect(code).toBe(1)
    expect(comparison?.changes).toMatchObject([{ kind: 'new failure', id: 'RPC-A-001' }])
    expect(rest).toEqual(before)
    expect(await readFile(join(now, 'index.html'), 'utf8')).toContain('RPC-A-001')
  })

  test('are told although the newer report cannot be written, which is no 1', async () => {
    const now = await report('new', [was('RPC-A-001', 'PASS')], '1.1')
    await rm(join(now, 'junit.xml'))
    await mkdir(join(now, 'junit.xml/x'), { recursive: true })

    const { code, output, errors } = await compare(now, now, '--html')

    expect(code).toBe(3)
    expect(errors).toContain(`${now}: the report could not be written: EISDIR`)
    expect(errors.split('\n')).toHaveLength(1)
    expect(output).toContain('nothing got worse')
  })

  test('of which the newer is sealed leave it as it is', async () => {
    const now = await report('new', [was('RPC-A-001', 'PASS')], '1.1')
    await writeFile(join(now, 'SHA256SUMS'), '')
    const before = await readFile(join(now, 'verdict.json'), 'utf8')

    const { code, errors } = await compare(now, now, '--html')

    expect([code, errors]).toEqual([2, `${now} is a sealed bundle: --html would break its seal`])
    expect(await readFile(join(now, 'verdict.json'), 'utf8')).toBe(before)
  })
})

test.each([
  [[], 'expected two reports, OLD and NEW, got 0; see --help'],
  [['a', 'b', 'c'], 'expected two reports, OLD and NEW, got 3; see --help'],
  [['--jsn'], "Unknown option '--jsn'"],
  [['/nowhere', '/nowhere'], '/nowhere: expected the folder of a report, got no such file or folder'],
  [['package.json', 'package.json'], 'package.json is no report of this suite: format'],
])('%j is refused in one line with code 2', async (args, expected) => {
  const { code, output, errors } = await compare(...args)

  expect([code, output]).toEqual([2, ''])
  expect(errors.split('\n')).toHaveLength(1)
  expect(errors).toContain(expected)
})

test('--help tells the exit codes', async () => {
  const { code, output } = await compare('--help')

  expect(code).toBe(0)
  expect(output).toContain('Exit codes: 0 nothing got worse')
})
