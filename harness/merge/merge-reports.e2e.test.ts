import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { runCampaign } from '../fuzz/campaign/campaign.ts'
import { phases } from '../fuzz/campaign/field.ts'
import { ModelArena, madeUp, type Saying } from '../fuzz/campaign/made-up.ts'
import { aCase, aRun } from '../report/fixture.ts'
import { conclude, type FuzzSummary, type VerdictFile, writeReports } from '../report/report.ts'

let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'merge-'))
})
afterEach(() => rm(folder, { recursive: true }))

function run(script: string, ...args: string[]): Promise<{ code: number; lines: string[]; errors: string }> {
  const file = join(import.meta.dirname, script)
  return new Promise((resolve) => {
    execFile(process.execPath, [file, ...args], (error, output, errors) =>
      resolve({ code: error ? Number(error.code) : 0, lines: output.trimEnd().split('\n'), errors }),
    )
  })
}

async function verdictIn(name: string): Promise<VerdictFile> {
  return JSON.parse(await readFile(join(folder, name, 'verdict.json'), 'utf8'))
}

class WrongAnswer extends ModelArena {
  override answer(one: Saying) {
    this.met.push(one)
    return one.word === 'add' && one.size > 300 ? '9002' : super.answer(one)
  }
}

/** One campaign, or one shard of it, with all that it met but for tries. */
async function campaign(outDir: string, shard?: { index: number; of: number }, arena = new ModelArena()) {
  const signal = new AbortController().signal
  const options = { id: 'FUZZ-TEST-001', phases, budget: { cases: 1234 }, seed: 5, outDir, signal }
  return runCampaign(madeUp, arena, { ...options, ...(shard && { shard }) })
}

describe('shards of a campaign', () => {
  test('meet together what one run meets, no case twice', async () => {
    const met = async (shard?: { index: number; of: number }) => {
      const arena = new (class extends ModelArena {
        override answer(one: Saying) {
          this.met.push(one)
          return super.answer(one)
        }
      })()
      await campaign(folder, shard, arena)
      return arena.met.map(madeUp.describe)
    }

    const shards = await Promise.all([1, 2, 3].map((index) => met({ index, of: 3 })))

    expect(shards.flat().toSorted()).toEqual((await met()).toSorted())
    for (const shard of shards) expect(shard.length).toBeGreaterThan(300)
  })

  test('are one campaign again when their reports are merged, with the repro files', async () => {
    const report = async (name: string, fuzz: FuzzSummary, index: number) => {
      const failed = fuzz.findings[0]
      const actual = `9002; ${failed?.reproduce}`
      const subject = aCase({
        id: 'FUZZ-TEST-001',
        suite: 'fuzz',
        fuzz,
        verdict: failed ? 'FAIL' : 'PASS',
        ...(failed && { failure: { expected: ['add'], actual, message: actual } }),
      })
      await writeReports(conclude(aRun({ cases: [subject], shard: { index, of: 2 } })), join(folder, name))
    }
    for (const index of [1, 2]) {
      const name = `shard-${index}`
      await report(name, await campaign(join(folder, name), { index, of: 2 }, new WrongAnswer()), index)
    }
    const whole = await campaign(join(folder, 'whole'), undefined, new WrongAnswer())

    const out = join(folder, 'merged')
    const { code } = await run('cli.ts', join(folder, 'shard-1'), join(folder, 'shard-2'), '--out', out)

    const [subject] = (await verdictIn('merged')).cases
    const [finding] = subject?.fuzz?.findings ?? []
    expect([code, subject?.verdict]).toEqual([1, 'FAIL'])
    expect(subject?.fuzz).toMatchObject({ met: whole.met, perPhase: whole.perPhase, gaps: whole.gaps })
    expect(subject?.fuzz?.findings).toHaveLength(1)
    expect(finding?.times).toBe(whole.findings[0]?.times)
    expect(JSON.parse(await readFile(join(out, finding?.file ?? ''), 'utf8')).reproduce).toBe(
      finding?.reproduce,
    )
    expect(finding?.reproduce).toContain('merged/fuzz/')
    expect(subject?.failure?.actual).toContain(finding?.reproduce)
  })
})

describe('merging the reports of real shards', { timeout: 60_000 }, () => {
  const suite = ['--suite', 'dut', '--seed', '3']
  const start = (name: string, ...args: string[]) =>
    run('../cli.ts', ...suite, ...args, '--out', join(folder, name))
  const verdicts = async (name: string) =>
    (await verdictIn(name)).cases.map(({ id, verdict }) => [id, verdict])

  test('gives the verdicts of one run; a shard that is missing makes it an error', async () => {
    await Promise.all([
      start('whole'),
      start('shard-1', '--shard', '1/2'),
      start('shard-2', '--shard', '2/2'),
    ])

    const parts = ['shard-1', 'shard-2'].map((name) => join(folder, name))
    const all = await run('cli.ts', ...parts, '--out', join(folder, 'merged'))
    const part = await run(
      'cli.ts',
      parts[0] ?? '',
      join(folder, 'nowhere'),
      '--out',
      join(folder, 'partial'),
    )

    expect(await verdicts('merged')).toEqual(await verdicts('whole'))
    expect((await verdicts('shard-1')).length).toBeGreaterThan(0)
    expect((await verdicts('shard-2')).length).toBeGreaterThan(0)
    expect(all.code).toBe(0)
    expect(all.lines.at(-1)).toMatch(/^\d+ passed, 0 failed, 0 skipped$/)
    expect(part.code).toBe(3)
    expect(part.lines.join('\n')).toContain('shard 2 of 2 is missing')
    expect(part.errors).toContain('nowhere holds no verdict.json')
  })
})

test.each([
  [[], 'there is no report to merge'],
  [['--what'], 'Unknown option'],
])('%j is refused with code 2', async (args, expected) => {
  const { code, errors } = await run('cli.ts', ...args)

  expect(code).toBe(2)
  expect(errors).toContain(expected)
})

test('what is no report is refused by its name', async () => {
  await writeFile(join(folder, 'verdict.json'), '[]')

  const { code, errors } = await run('cli.ts', folder)

  expect([code, errors.trim()]).toEqual([2, `${join(folder, 'verdict.json')} is no report of this suite`])
})

describe('a merged report', () => {
  const merge = async (out: string) => {
    const part = join(folder, 'part')
    await writeReports(conclude(aRun({ cases: [aCase()], shard: { index: 1, of: 1 } })), part)
    return run('cli.ts', part, '--out', out)
  }

  test('that is to lie where it cannot is refused with code 2', async () => {
    const out = join(folder, 'file')
    await writeFile(out, '')

    const { code, errors } = await merge(out)

    expect([code, errors.trim()]).toEqual([
      2,
      `--out ${out}: expected a folder that can be written, got a file`,
    ])
  })

  test('that cannot be written is an error, and its verdict is told', async () => {
    const out = join(folder, 'out')
    await mkdir(join(out, 'verdict.json/x'), { recursive: true })

    const { code, lines, errors } = await merge(out)

    expect(code).toBe(3)
    expect(errors.trim().split('\n')).toEqual([
      expect.stringContaining(`${out}: the report could not be written: EISDIR`),
    ])
    expect(lines.at(-1)).toBe('1 passed, 0 failed, 0 skipped')
  })
})
