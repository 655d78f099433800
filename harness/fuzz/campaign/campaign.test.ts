import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { queryObjects } from 'node:v8'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { ConformanceFailure, HarnessError } from '../../failure.ts'
import { type CampaignOptions, expectNoFindings, readRepro, runCampaign } from './campaign.ts'
import { phases, type Wrong } from './field.ts'
import { ModelArena, madeUp, Saying } from './made-up.ts'

let outDir: string

beforeEach(async () => {
  outDir = await mkdtemp(join(tmpdir(), 'campaign-'))
})
afterEach(() => rm(outDir, { recursive: true }))

function options(change: Partial<CampaignOptions<Saying>> = {}): CampaignOptions<Saying> {
  return {
    id: 'FUZZ-TEST-001',
    phases,
    budget: { cases: 400 },
    seed: 7,
    outDir,
    signal: new AbortController().signal,
    ...change,
  }
}

const run = (arena: ModelArena, change?: Partial<CampaignOptions<Saying>>) =>
  runCampaign(madeUp, arena, options(change))

/** Says 9002 to great additions. */
class WrongAnswer extends ModelArena {
  override answer(one: Saying) {
    return one.word === 'add' && one.size > 300 ? '9002' : super.answer(one)
  }
}

/** Says nothing to a negative drop. */
class Hang extends ModelArena {
  override answer(one: Saying) {
    return one.word === 'drop' && one.size < 0 ? undefined : super.answer(one)
  }
}

/** Forgets what it is after an addition that a drop follows. */
class StateLeak extends ModelArena {
  override answer(one: Saying) {
    const [first, second] = this.heard
    const isLed = first?.word === 'add' && second?.word === 'drop' && this.heard.length === 3
    return isLed && one.word === 'echo' ? 'lost' : super.answer(one)
  }
}

describe('a campaign', () => {
  test('passes a good device and knows what it has met', async () => {
    const arena = new ModelArena()

    const result = await run(arena)

    expect(result).toMatchObject({ met: 400, findings: [], unreproduced: [], gaps: [] })
    expect(result.perPhase).toEqual({ examples: 0, coverage: 15, mutation: 385, stateful: 0 })
    expect(result.matrix.find(({ breakage }) => breakage === 'negative')).toMatchObject({
      requestClass: 'echo',
      answers: { echo: expect.any(Number) },
    })
    expect(arena.restarts).toBe(0)
    expect(() => expectNoFindings(result)).not.toThrow()
  })

  test('ends with the finding that is enough', async () => {
    const { findings, met } = await run(new WrongAnswer(), { mostFindings: 1 })

    expect(findings).toHaveLength(1)
    expect(met).toBeLessThan(100)
  })

  test('finds a wrong answer once, however often it is met, and makes it as small as it goes', async () => {
    const result = await run(new WrongAnswer())

    expect(result.findings).toHaveLength(1)
    expect(result.findings[0]).toMatchObject({
      kind: 'answer',
      answer: '9002',
      script: ['add 301'],
      requests: 1,
      state: 'in a room',
      expected: ['add'],
    })
    expect(result.findings[0]?.times).toBeGreaterThan(10)
  })

  test('finds by fast-check what coverage does not meet, with seed and path', async () => {
    const result = await run(new WrongAnswer(), { phases: ['mutation'] })

    const [finding] = result.findings
    const repro = readRepro(join(outDir, finding?.file ?? ''))
    expect(finding).toMatchObject({ script: ['add 301'], phase: 'mutation' })
    expect(repro.seed).toBeTypeOf('number')
    expect(repro.path).toMatch(/^\d+(:\d+)*$/)
  })

  test('counts every cell that a case of several messages meets', async () => {
    const cell = (requestClass: string) => ({ requestClass, element: 'size', breakage: 'none' })
    const language = { ...madeUp, cellsOf: () => [cell('echo'), cell('add')] }

    const { met, matrix } = await runCampaign(language, new ModelArena(), options({ budget: { cases: 5 } }))

    expect(matrix.map(({ requestClass, cases }) => [requestClass, cases])).toEqual([
      ['echo', met],
      ['add', met],
    ])
  })

  test('finds silence, and begins afresh after it', async () => {
    const arena = new Hang()

    const result = await run(arena, { budget: { cases: 60 } })

    expect(result.findings).toMatchObject([{ kind: 'hang', script: ['drop -1'] }])
    expect(arena.restarts).toBeGreaterThan(5)
  })

  test('finds what takes several cases, and keeps no more of them than needed', async () => {
    const result = await run(new StateLeak())

    expect(result.findings).toMatchObject([
      { kind: 'answer', answer: 'lost', script: ['add 0', 'drop 0', 'echo 0'], requests: 3 },
    ])
  })

  test('finds what only comes out when it settles', async () => {
    const wrong: Wrong = {
      kind: 'schema',
      expected: ['valid'],
      actual: 'not',
      clause: '3.4',
      level: 'SHOULD',
    }
    const arena = new (class extends ModelArena {
      override late(one: Saying) {
        return one.word === 'echo' && one.size === 500 ? wrong : undefined
      }
    })()

    const result = await run(arena)

    expect(result.findings).toMatchObject([{ kind: 'schema', script: ['echo 500'], level: 'SHOULD' }])
  })

  test('has an arena settle at once that knows of something wrong', async () => {
    const suspicious = (knows: boolean) =>
      new (class extends ModelArena {
        override late(one: Saying): Wrong | undefined {
          const wrong = {
            kind: 'schema',
            expected: ['valid'],
            actual: 'not',
            clause: '3.4',
            level: 'MUST',
          } as const
          return one.word === 'add' && one.size === 0 ? wrong : undefined
        }
        override async meet(one: Saying) {
          const isSuspect = knows && this.late(one) !== undefined
          return { ...(await super.meet(one)), isSuspect }
        }
      })()

    const early = await run(suspicious(true), { phases: ['coverage'], mostFindings: 1 })
    const late = await run(suspicious(false), { phases: ['coverage'], mostFindings: 1 })

    expect(early.findings).toMatchObject([{ script: ['add 0'] }])
    expect(late.findings).toMatchObject([{ script: ['add 0'] }])
    expect(early.met).toBeLessThan(late.met)
  })

  test('reports nothing that does not show again, but says that it was seen', async () => {
    const flaky = new (class extends ModelArena {
      override answer(one: Saying) {
        return this.met.push(one) === 50 ? '9002' : super.answer(one)
      }
    })()

    const result = await run(flaky)

    expect(result.findings).toEqual([])
    expect(result.unreproduced).toMatchObject([{ answer: '9002', times: 1, actual: '9002 to ***' }])
    expect(await readdir(outDir)).toEqual([])
  })

  test('a device that does not come back is kept as it was seen last', async () => {
    const mortal = new (class extends Hang {
      override async restart() {
        throw new HarnessError('stays dead')
      }
    })()
    const told: Awaited<ReturnType<typeof run>>[] = []

    const campaign = run(mortal, { onEnd: (summary) => void told.push(summary) })

    await expect(campaign).rejects.toThrow('stays dead')
    expect(told[0]?.findings).toMatchObject([
      { kind: 'hang', script: [...Array(8).fill(expect.any(String)), 'drop -1'] },
    ])
  })

  test('meets the same cases for the same seed, and others for another', async () => {
    const met = async (seed: number) => {
      const arena = new (class extends ModelArena {
        override answer(one: Saying) {
          this.met.push(one)
          return super.answer(one)
        }
      })()
      await run(arena, { seed })
      return arena.met.map(madeUp.describe)
    }

    expect(await met(3)).toEqual(await met(3))
    expect(await met(3)).not.toEqual(await met(4))
  })

  test('says how far it is every few seconds, and ends when its time is over', async () => {
    let now = 0
    const lines: string[] = []

    const result = await run(new ModelArena(), {
      budget: { ms: 20_000 },
      now: () => (now += 10),
      onProgress: (line) => lines.push(line),
    })

    expect(result.met).toBeGreaterThan(100)
    expect(now).toBeLessThan(25_000)
    expect(lines[0]).toMatch(/^FUZZ-TEST-001 mutation: \d+ cases, \d+\/s, 0 distinct findings, 15 s left$/)
    expect(lines).toHaveLength(3)
  })

  test('keeps no more of 20,000 cases than of 2,000', async () => {
    const kept = async (cases: number) => {
      let most = 0
      const arena = new (class extends ModelArena {
        heardOf = 0
        override answer(one: Saying) {
          this.heardOf += 1
          if (this.heardOf === cases - 1)
            most = queryObjects(Saying, { format: 'count' }) as unknown as number
          return super.answer(one)
        }
      })()
      await run(arena, { budget: { cases } })
      return most
    }

    const few = await kept(2000)
    expect(few).toBeGreaterThan(0)
    expect(await kept(20_000)).toBeLessThanOrEqual(few + 20)
  })
})

describe('a repro file', () => {
  test('holds the octets without secrets, and shows the same when it is replayed', async () => {
    const [finding] = (await run(new StateLeak())).findings
    const file = join(outDir, finding?.file ?? '')
    const repro = readRepro(file)

    expect(await readFile(file, 'utf8')).not.toContain('s3cret')
    expect(repro).toMatchObject({ id: 'FUZZ-TEST-001', language: 'made-up', answer: 'lost', runSeed: 7 })
    expect(repro.wire.map(({ text }) => text)).toEqual([
      'add 0 ***',
      'add',
      'drop 0 ***',
      'drop',
      'echo 0 ***',
      'lost',
    ])
    expect(repro.wire[0]).toMatchObject({ atMs: 0, direction: 'acs→cpe', masked: true })

    const broken = await run(new StateLeak(), { replay: repro })
    const mended = await run(new ModelArena(), { replay: repro })
    expect(broken.findings).toMatchObject([{ answer: 'lost', script: ['add 0', 'drop 0', 'echo 0'] }])
    expect(mended).toMatchObject({ met: 3, findings: [] })
  })

  test('of another language, or with no case in it, is an error', async () => {
    const [finding] = (await run(new WrongAnswer())).findings
    const repro = readRepro(join(outDir, finding?.file ?? ''))

    await expect(run(new ModelArena(), { replay: { ...repro, language: 'soap' } })).rejects.toThrow(
      HarnessError,
    )
    await expect(run(new ModelArena(), { replay: { ...repro, cases: [{ word: 'sing' }] } })).rejects.toThrow(
      '"sing" is no word',
    )
  })

  test.each([
    ['no such file', undefined],
    ['it is not JSON', '{'],
    ['cases', '{"format":"cwmp-conformance repro 1"}'],
  ])('is refused in one line: %s', async (expected, text) => {
    const file = join(outDir, 'x.json')
    if (text !== undefined) await writeFile(file, text)

    expect(() => readRepro(file)).toThrow(expected === 'cases' ? /no repro file: \w+: / : expected)
  })
})

test('findings fail a case with the first of the highest level whole and the others in a line each', async () => {
  const both = new (class extends WrongAnswer {
    override late(one: Saying): Wrong | undefined {
      const wrong = { kind: 'schema', expected: ['valid'], actual: 'invalid', clause: '3.4' } as const
      return one.word === 'echo' ? { ...wrong, level: 'SHOULD' } : undefined
    }
  })()
  const result = await run(both)

  const failure = thrownBy(() => expectNoFindings(result))
  const onlyShould = thrownBy(() =>
    expectNoFindings({ ...result, findings: result.findings.filter(({ level }) => level === 'SHOULD') }),
  )

  expect(failure.tolerated).toEqual(['add'])
  expect(failure.level).toBe('MUST')
  expect(failure.ofFindings).toBe(true)
  expect(failure.observed).toMatch(
    /^9002 to \*\*\* \(answer, 1\.2, in a room; seen \d+ times\)\nupon add 301\n/,
  )
  expect(failure.observed).toMatch(/\nalso: SHOULD schema, echo size \w+: expected valid; got invalid/)
  expect(onlyShould.level).toBe('SHOULD')
})

function thrownBy(act: () => void): ConformanceFailure {
  try {
    act()
  } catch (error) {
    if (error instanceof ConformanceFailure) return error
    throw error
  }
  throw new Error('nothing was thrown')
}
