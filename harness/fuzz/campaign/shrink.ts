import fc from 'fast-check'
import type { FuzzLanguage } from './field.ts'
import type { Attempt, Exhibit, Origin } from './inquest.ts'

/** Restarts that one finding is worth. */
const MOST_TRIES = 100

export interface Shrunk<Case> {
  readonly exhibit: Exhibit<Case>
  readonly origin: Origin
}

/**
 * Makes an exhibit smaller for as long as it still shows the same: fewer cases before it, then what fast-check makes of a case of its own,
 * then what the language calls simpler. Each try begins with a restart. `isLate` ends it early with the smallest so far.
 */
export async function shrink<Case>(
  language: FuzzLanguage<Case>,
  found: Exhibit<Case>,
  origin: Origin,
  attempt: Attempt<Case>,
  isLate: () => boolean,
): Promise<Shrunk<Case>> {
  const tries = new Tries(language, attempt, isLate)
  let exhibit = await withFewerBefore(found, tries)
  let path = origin.path
  if (exhibit.script.length === 1 && origin.seed !== undefined && path !== undefined) {
    const smaller = await byFastCheck(language, exhibit, { seed: origin.seed, path }, tries)
    exhibit = smaller.exhibit
    path = smaller.path
  }
  return { exhibit: await bySimpler(language, exhibit, tries), origin: { ...origin, path } }
}

/** The tries that one finding has, and those that it has had: no script is met twice. */
class Tries<Case> {
  readonly #language: FuzzLanguage<Case>
  readonly #attempt: Attempt<Case>
  readonly #isLate: () => boolean
  readonly #had = new Set<string>()

  constructor(language: FuzzLanguage<Case>, attempt: Attempt<Case>, isLate: () => boolean) {
    this.#language = language
    this.#attempt = attempt
    this.#isLate = isLate
  }

  get areOver(): boolean {
    return this.#had.size >= MOST_TRIES || this.#isLate()
  }

  async try(script: readonly Case[]): Promise<Exhibit<Case> | undefined> {
    const key = JSON.stringify(script.map((one) => this.#language.toJson(one)))
    if (this.areOver || this.#had.has(key)) return undefined
    this.#had.add(key)
    return this.#attempt(script)
  }
}

async function withFewerBefore<Case>(found: Exhibit<Case>, tries: Tries<Case>): Promise<Exhibit<Case>> {
  let best = found
  for (let at = 0; at < best.script.length - 1; ) {
    const smaller = await tries.try(best.script.toSpliced(at, 1))
    if (smaller) best = smaller
    else at += 1
  }
  return best
}

async function byFastCheck<Case>(
  language: FuzzLanguage<Case>,
  found: Exhibit<Case>,
  { seed, path }: { seed: number; path: string },
  tries: Tries<Case>,
): Promise<{ exhibit: Exhibit<Case>; path: string }> {
  let best = found
  let isFirst = true
  let broken: { readonly error: unknown } | undefined
  const property = fc.asyncProperty(language.mutation, async (one) => {
    // The case itself has just been met.
    if (isFirst) {
      isFirst = false
      return false
    }
    if (broken) return true
    try {
      const smaller = await tries.try([one])
      best = smaller ?? best
      return smaller === undefined
    } catch (error) {
      // fast-check would take it for one more failure of the device.
      broken = { error }
      return true
    }
  })
  const { counterexamplePath } = await fc.check(property, { seed, path })
  if (broken) throw broken.error
  return { exhibit: best, path: counterexamplePath ?? path }
}

/** Greedily: the first simpler case that shows the same is the next to be made simpler, the one at fault before those that lead to it. */
async function bySimpler<Case>(
  language: FuzzLanguage<Case>,
  found: Exhibit<Case>,
  tries: Tries<Case>,
): Promise<Exhibit<Case>> {
  let best = found
  for (let at = best.script.length - 1; at >= 0; at = Math.min(at, best.script.length) - 1) {
    let smaller: Exhibit<Case> | undefined = best
    while (smaller) {
      best = smaller
      smaller = await firstSimpler(language, best, at, tries)
    }
  }
  return best
}

async function firstSimpler<Case>(
  language: FuzzLanguage<Case>,
  { script }: Exhibit<Case>,
  at: number,
  tries: Tries<Case>,
): Promise<Exhibit<Case> | undefined> {
  const one = script[at]
  if (one === undefined) return undefined
  for (const candidate of language.simpler(one)) {
    if (tries.areOver) return undefined
    const smaller = await tries.try(script.with(at, candidate))
    if (smaller) return smaller
  }
  return undefined
}
