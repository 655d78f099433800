import { expect, test } from 'vitest'
import { aCase } from '../report/fixture.ts'
import type { Verdict } from '../report/report.ts'
import type { Requirement } from '../requirements/requirements.ts'
import { coverRequirements } from './coverage.ts'

const id = 'RPC-GPV-001'

/** The state of one requirement after a run in which its case came to these verdicts, one at each peer. */
function stateAfter(verdicts: readonly Verdict[], change: Partial<Requirement> = {}) {
  const record: Requirement = { id, clause: '3.7', level: 'MUST', text: 'The device does it.', ...change }
  const cases = [aCase({ id: 'RPC-GPV-002' }), ...verdicts.map((verdict) => aCase({ id, verdict }))]
  const [coverage] = coverRequirements(new Map([[id, record]]), cases)
  return coverage
}

test.each([
  [['PASS'], 'tested'],
  [['FAIL'], 'tested'],
  [['WARN'], 'tested'],
  [['N/A'], 'not applicable'],
  [['UNTESTABLE'], 'untested'],
  [['ERROR'], 'untested'],
  [[], 'untested'],
  [['UNTESTABLE', 'PASS'], 'tested'],
  [['PASS', 'N/A'], 'tested'],
  [['N/A', 'N/A'], 'not applicable'],
  [['N/A', 'UNTESTABLE'], 'untested'],
  [['UNTESTABLE', 'N/A'], 'untested'],
] as const)('a requirement whose case came to %j is %s', (verdicts, state) => {
  expect(stateAfter(verdicts)?.state).toBe(state)
})

test('one that the wire cannot show or that is retired says why, whatever was seen', () => {
  expect(stateAfter(['WARN'], { excluded: 'inside of the device' })).toMatchObject({
    state: 'excluded',
    reason: 'inside of the device',
  })
  expect(stateAfter([], { retired: 'since 1.2' })).toMatchObject({ state: 'retired', reason: 'since 1.2' })
})
