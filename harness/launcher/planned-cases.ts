import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { VerdictFile } from '../report/report.ts'
import type { Requirement } from '../requirements/requirements.ts'
import { isInShard, isSelected, type RunContext } from '../run-context.ts'
import { suiteNames } from '../suite-names.ts'
import { type CaseKey, keyOf } from './progress.ts'

/** A title is a literal that begins with the id, so the text of a file tells its cases before anything is run. */
const TITLE = /(['"`])((?:[A-Z0-9]+-)+\d{3}[A-Z]?) ((?:(?!\1).)*)\1/g

/**
 * The cases of one test file that a run will probably have, without reading it as code. Which of them the bench leaves to another
 * peer shows only when the file has ended.
 */
export function plannedCases(
  file: string,
  project: string,
  requirements: ReadonlyMap<string, Requirement>,
  { selection, shard }: Pick<RunContext, 'selection' | 'shard'>,
): CaseKey[] {
  const ids = new Set<string>()
  for (const { id, title } of titlesIn(file)) {
    const record = requirements.get(id)
    if (record && isSelected(id, title, record.level, selection) && isInShard(id, shard)) ids.add(id)
  }
  return [...ids].map((id) => ({ project, id }))
}

/** The suite of each case by its id, without running or reading any as code. */
export function suitesOfCases(): ReadonlyMap<string, string> {
  const suites = new Map<string, string>()
  for (const suite of suiteNames) {
    const folder = fileURLToPath(new URL(`../../suites/${suite}/`, import.meta.url))
    for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }))
      if (name.endsWith('.test.ts')) for (const { id } of titlesIn(join(folder, name))) suites.set(id, suite)
  }
  return suites
}

function titlesIn(file: string): { readonly id: string; readonly title: string }[] {
  return [...readFileSync(file, 'utf8').matchAll(TITLE)].map(([, , id = '', title = '']) => ({ id, title }))
}

/**
 * What each case took in an earlier run of the same product, by `keyOf`, from its `verdict.json`; nothing where there is none that
 * can be read. It only helps to foretell how long a run will take.
 */
export function durationsOf(
  verdictFile: string,
  product: { readonly manufacturer: string; readonly model: string },
): ReadonlyMap<string, number> {
  try {
    const { dut, cases } = JSON.parse(readFileSync(verdictFile, 'utf8')) as VerdictFile
    if (dut.manufacturer !== product.manufacturer || dut.model !== product.model) return new Map()
    return new Map(
      cases.map(({ suite, id, durationMs }) => [keyOf({ project: suite, id }), Math.max(1, durationMs)]),
    )
  } catch {
    return new Map()
  }
}
