import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Script } from './commands.ts'
import { allKinds } from './grounds.ts'
import { StatefulLanguage } from './language.ts'
import { madeUpGrounds } from './made-up-grounds.ts'
import { Model } from './model.ts'
import type { ModelCpe } from './model-cpe.ts'
import { rights } from './right-cpes.ts'
import { type Played, Stage } from './script.ts'
import { wrongs } from './wrong-cpes.ts'

const grounds = { ...madeUpGrounds, kinds: new Set(allKinds) }
const language = new StatefulLanguage('stateful', grounds)
const { signal } = new AbortController()

async function play(Cpe: typeof ModelCpe, script: Script): Promise<Played> {
  const stage = new Stage(new Model(grounds), new Cpe(grounds))
  const learnt = await stage.learn(signal)
  if (learnt.wrong) return learnt
  return stage.play(script, signal)
}

/** The shortest script that shows the first thing that is wrong in so many random ones; greedily, as the campaign does it. */
async function shortest(
  Cpe: typeof ModelCpe,
  tries: number,
): Promise<{ script: Script; played: Played } | undefined> {
  let found: { script: Script; played: Played } | undefined
  for (const script of [
    ...language.coverage(),
    ...fc.sample(language.mutation, { numRuns: tries, seed: 1 }),
  ]) {
    const played = await play(Cpe, script)
    if (!played.wrong) continue
    found = { script, played }
    break
  }
  for (let smaller = found; smaller; ) {
    found = smaller
    smaller = undefined
    for (const script of language.simpler(found.script)) {
      const played = await play(Cpe, script)
      if (played.answer !== found.played.answer || played.wrong?.kind !== found.played.wrong?.kind) continue
      smaller = { script, played }
      break
    }
  }
  return found
}

describe.each(Object.entries(wrongs))('%s', (_what, Cpe) => {
  test('is found, and made as short as can be', async () => {
    const found = await shortest(Cpe, 300)

    expect(found?.script.length, language.describe(found?.script ?? [])).toBeLessThanOrEqual(4)
    expect(found?.played.wrong?.actual).toContain('ACS  → ')
  })
})

describe.each(Object.entries(rights))('%s', (_what, Cpe) => {
  test('does what the model permits, whatever happens', async () => {
    const scripts = [...language.coverage(), ...fc.sample(language.mutation, { numRuns: 150, seed: 2 })]

    for (const script of scripts) expect((await play(Cpe, script)).wrong).toBeUndefined()
  })
})

test('scripts are the same when they have been JSON', () => {
  for (const script of fc.sample(language.mutation, { numRuns: 50, seed: 3 }))
    expect(language.fromJson(language.toJson(script))).toEqual(script)
})

test('what is no script is refused with a reason', () => {
  expect(() => language.fromJson([{ do: 'dance' }])).toThrow(/no script.*do/s)
})

test('no script at all is the first that is tried for a simpler one', () => {
  const [script = []] = fc.sample(language.mutation, { numRuns: 1, seed: 5 })
  expect(script.length).toBeGreaterThan(0)
  expect([...language.simpler(script)][0]).toEqual([])
  expect([...language.simpler([])]).toEqual([])
})

test('making a script simpler comes to an end', () => {
  for (let [script] = fc.sample(language.mutation, { numRuns: 1, seed: 4 }), steps = 0; script; steps++) {
    expect(steps).toBeLessThan(200)
    script = [...language.simpler(script)].at(-1)
  }
})
