import { createVitest, type TestCase } from 'vitest/node'
import { loadProfile } from '../dut/dut.ts'
import { HarnessError } from '../failure.ts'
import type { Level } from '../report/report.ts'
import { loadRequirements, type Requirement } from '../requirements/requirements.ts'
import { isSelected, type RunContext } from '../run-context.ts'
import { suiteNames } from '../suite-names.ts'
import type { Arguments } from './arguments.ts'

interface CatalogueEntry {
  readonly id: string
  readonly suite: string
  readonly title: string
  readonly level: Level
  readonly clause: string
  /** Its file, from the project's folder on. */
  readonly file: string
}

/** Prints the cases of the selection without running any: one line each, or one JSON array. */
export async function printCatalogue(given: Arguments): Promise<void> {
  const entries = await collectCases(given)
  if (given.list === 'json') console.log(JSON.stringify(entries, null, 2))
  else
    for (const { id, suite, level, title, clause } of entries)
      console.log(`${id}  ${suite}  ${level}  ${title}  [${clause}]`)
}

/**
 * The cases of the selection in the order of suite and id. The ICS plays no part: a case that does not apply to a device is
 * still a case.
 * @throws HarnessError when a suite's file cannot be read or a case has no record.
 */
export async function collectCases(
  given: Pick<Arguments, 'suites' | 'grep' | 'level' | 'ids'>,
): Promise<CatalogueEntry[]> {
  const requirements = loadRequirements()
  const context: RunContext = {
    profile: await loadProfile(),
    seed: 0,
    outDir: '',
    selection: { grep: given.grep, level: given.level, ...(given.ids && { ids: given.ids }) },
    mutants: {},
  }
  const vitest = await createVitest(
    {
      watch: false,
      project: [...(given.suites.length > 0 ? given.suites : suiteNames)],
      reporters: [{}],
    },
    { test: { provide: { run: context } } },
  )
  try {
    // Parsing the text alone would know neither a case's record nor what the selection leaves out.
    const { testModules, unhandledErrors } = await vitest.collect([], { staticParse: false })
    const errors = [...testModules.flatMap((module) => module.errors()), ...unhandledErrors]
    if (errors.length > 0)
      throw new HarnessError(`the suites cannot be read: ${(errors[0] as Error).message}`)
    return (
      testModules
        .flatMap((module) => [...module.children.allTests()])
        .map((test) => entryOf(test, requirements))
        // vitest hands collected tests over before the runner has marked those that nobody asked for.
        .filter(({ id, title, level }) => isSelected(id, title, level, context.selection))
        .sort((a, b) => a.suite.localeCompare(b.suite) || a.id.localeCompare(b.id))
    )
  } finally {
    await vitest.close()
  }
}

function entryOf(test: TestCase, requirements: ReadonlyMap<string, Requirement>): CatalogueEntry {
  const id = test.meta().id ?? ''
  const record = requirements.get(id)
  if (!record) throw new HarnessError(`${test.module.relativeModuleId}: ${id} has no record`)
  return {
    id,
    suite: test.project.name,
    title: test.name.slice(id.length + 1),
    level: record.level,
    clause: record.clause,
    file: test.module.relativeModuleId,
  }
}
