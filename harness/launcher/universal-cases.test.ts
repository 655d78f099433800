import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { aCase, concluded } from '../report/fixture.ts'
import type { CaseVerdict, Level } from '../report/report.ts'
import type { Requirement } from '../requirements/requirements.ts'
import type { Selection } from '../run-context.ts'
import { type UniversalEntry, UniversalLog } from '../testbed/universal-log.ts'
import { mergeUniversal } from './universal-cases.ts'

let outDir: string
beforeEach(async () => {
  outDir = await mkdtemp(join(tmpdir(), 'universal-'))
})
afterEach(() => rm(outDir, { recursive: true }))

const id = 'UNI-A-001'
const own = (change: Partial<CaseVerdict> = {}) =>
  aCase({ id, suite: 'session', title: 'is valid', ...change })

/** What one case has seen of the requirement: so many messages, and of those the broken ones by what they had. */
function anEntry(caseId: string, checked: number, ...actual: string[]): UniversalEntry {
  const violations = actual.map((each) => ({
    ...{ requirement: id, expected: 'a cwmp:ID', actual: each },
    ...{ transcript: `transcripts/${caseId}.txt`, line: 7 },
  }))
  return { caseId, suite: 'rpc', checked: { [id]: checked }, violations }
}

/** The verdicts of a run with these cases, after others have seen this. */
async function afterSeeing(
  seen: readonly UniversalEntry[],
  cases: readonly CaseVerdict[],
  { level = 'MUST', selection = {} }: { level?: Level; selection?: Partial<Selection> } = {},
): Promise<CaseVerdict[]> {
  const log = new UniversalLog(outDir)
  for (const entry of seen) log.add(Promise.resolve(entry))
  await log.close()
  const record: Requirement = { id, clause: '3.7', level, text: 'Messages are valid.' }
  return await mergeUniversal(cases, {
    outDir,
    requirements: new Map([[id, record]]),
    selection: { level: 'MAY', ...selection },
    given: { seed: 42, dut: undefined },
    secrets: ['hunter2'],
  })
}

describe('a universal check that other cases saw broken', () => {
  const seen = [anEntry('RPC-A-002', 7, 'none', 'two of hunter2'), anEntry('RPC-A-001', 3, 'an empty one')]

  test('fails once, where it was broken first, and counts the rest', async () => {
    const [subject, ...others] = await afterSeeing(seen, [own(), aCase()])

    expect(others).toEqual([aCase()])
    expect(subject).toMatchObject({
      ...{ suite: 'session', title: 'is valid', verdict: 'FAIL' },
      failure: { actual: 'an empty one', transcript: { file: 'transcripts/RPC-A-001.txt', line: 7 } },
      observations: { checked: 10, violated: 3, firstIn: 'RPC-A-001' },
      notes: ['broken 3 times in 10 messages'],
    })
    expect(subject?.observations?.ways).toEqual(['an empty one', 'none', 'two of •••'])
  })

  test.each([
    ['PASS', 'MUST', 'FAIL'],
    ['PASS', 'SHOULD', 'WARN'],
    ['N/A', 'MUST', 'FAIL'],
    ['N/A', 'SHOULD', 'WARN'],
    ['UNTESTABLE', 'MUST', 'FAIL'],
    ['UNTESTABLE', 'SHOULD', 'WARN'],
    ['WARN', 'MUST', 'FAIL'],
  ] as const)('gives way to that as %s of a %s: %s', async (verdict, level, expected) => {
    const reason = 'the device sends no such header'
    const cases = await afterSeeing(seen, [own({ level, verdict, reason })], { level })

    expect(cases).toMatchObject([{ verdict: expected, level, failure: { actual: 'an empty one' } }])
    expect(cases[0]?.reason).toBeUndefined()
    expect(concluded(cases).notMet).toEqual(level === 'MUST' ? [id] : [])
  })

  test.each([
    ['FAIL', 'MUST'],
    ['WARN', 'SHOULD'],
    ['ERROR', 'MUST'],
  ] as const)('keeps an own %s of a %s, with what was seen beside it', async (verdict, level) => {
    const failure = { expected: ['an answer'], actual: 'none in 30 s', message: 'expected an answer' }
    const cases = await afterSeeing(seen, [own({ level, verdict, failure })], { level })

    expect(cases).toMatchObject([{ verdict, failure, observations: { violated: 3, firstIn: 'RPC-A-001' } }])
  })

  test('is a case of its own where its case was not part of the run, unless it was not asked for', async () => {
    expect(await afterSeeing(seen, [])).toMatchObject([{ id, suite: 'rpc', verdict: 'FAIL' }])
    expect(await afterSeeing(seen, [], { selection: { grep: 'RPC-A' } })).toEqual([])
    expect(await afterSeeing(seen, [], { level: 'SHOULD', selection: { level: 'MUST' } })).toEqual([])
  })
})

test('what other cases saw kept makes no verdict better, and none where there was no case', async () => {
  const seen = [anEntry('RPC-A-001', 3)]
  const reason = 'the device sends no such header'

  for (const verdict of ['PASS', 'N/A', 'UNTESTABLE', 'FAIL'] as const) {
    const subject = own({ verdict, reason })
    expect(await afterSeeing(seen, [subject])).toEqual([
      { ...subject, observations: { checked: 3, violated: 0 } },
    ])
  }
  expect(await afterSeeing(seen, [])).toEqual([])
})
