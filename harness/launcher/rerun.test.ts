import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { aCase, aRun, concluded } from '../report/fixture.ts'
import { type CaseVerdict, ReportError, type RunResult, writeReports } from '../report/report.ts'
import { suiteNames } from '../suite-names.ts'
import { parseArguments } from './arguments.ts'
import { rerunOf } from './rerun.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rerun-'))
})
afterEach(() => rm(folder, { recursive: true }))

async function rerun(cases: readonly CaseVerdict[], change: Partial<RunResult> = {}, ...argv: string[]) {
  await writeReports(concluded(cases, change), folder)
  return rerunOf(parseArguments(['--rerun-failed', folder, ...argv], suiteNames), folder)
}

test('what was FAIL, ERROR or STALE is met again in its suites, and nothing else', async () => {
  const given = await rerun([
    aCase({ id: 'RPC-A-001', verdict: 'FAIL' }),
    aCase({ id: 'RPC-A-002' }),
    aCase({ id: 'EVT-A-001', suite: 'session', verdict: 'ERROR' }),
    aCase({ id: 'RPC-A-003', verdict: 'STALE' }),
    aCase({ id: 'CR-A-001', suite: 'connection-request', verdict: 'UNTESTABLE' }),
    aCase({ id: 'DM-A-001', suite: 'datamodel', verdict: 'WAIVED' }),
    aCase({ id: 'DM-A-002', suite: 'datamodel', verdict: 'WARN' }),
    aCase({ id: 'DM-A-003', suite: 'datamodel', verdict: 'N/A' }),
  ])

  expect(given.ids).toEqual(['RPC-A-001', 'RPC-A-003', 'EVT-A-001'])
  expect(given.suites).toEqual(['rpc', 'session'])
  expect(given.peers).toBe('embedded')
})

test('seed and device are those of the report', async () => {
  const dut = { ...aRun().dut, profile: 'dut.json' }

  expect(await rerun([aCase({ verdict: 'FAIL' })], { seed: 7, dut })).toMatchObject({
    seed: 7,
    dut: 'dut.json',
  })
})

test('seed and device that are typed count more', async () => {
  const dut = { ...aRun().dut, profile: 'dut.json' }

  const given = await rerun([aCase({ verdict: 'FAIL' })], { dut }, '--seed', '8', '--dut', 'other.json')

  expect(given).toMatchObject({ seed: 8, dut: 'other.json' })
})

test('a universal check is met in the case that has shown it broken', async () => {
  const given = await rerun([
    aCase({ id: 'RPC-A-001' }),
    aCase({ id: 'RPC-A-002' }),
    aCase({
      id: 'UNI-A-001',
      suite: 'session',
      verdict: 'FAIL',
      observations: { checked: 2, violated: 1, firstIn: 'RPC-A-002', ways: ['x'] },
    }),
  ])

  expect(given).toMatchObject({ ids: ['UNI-A-001', 'RPC-A-002'], suites: ['session', 'rpc'] })
})

test('what has failed at a real peer is met there again', async () => {
  const given = await rerun([aCase({ id: 'XMPP-A-001', suite: 'xmpp@prosody', verdict: 'FAIL' })])

  expect(given).toMatchObject({ suites: ['xmpp'], peers: 'auto' })
})

test('nothing that failed leaves nothing', async () => {
  expect((await rerun([aCase()])).ids).toEqual([])
})

test('what is no report is refused', async () => {
  const typed = parseArguments(['--rerun-failed', '/nowhere'], suiteNames)

  await expect(rerunOf(typed, '/nowhere')).rejects.toThrow(ReportError)
})
