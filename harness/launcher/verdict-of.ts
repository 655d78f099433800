import { stripVTControlCharacters } from 'node:util'
import type { TestCase } from 'vitest/node'
import { commandName } from '../command-name.ts'
import type { CaseVerdict, Failure, Verdict } from '../report/report.ts'
import type { Requirement } from '../requirements/requirements.ts'
import { suiteOfProject } from '../suite-names.ts'
import type { Arguments } from './arguments.ts'
import { assertionExpected } from './assertion-words.ts'

/** An error as vitest hands it over: own properties of our classes survive. */
type TestError = NonNullable<ReturnType<TestCase['result']>['errors']>[number]

export interface ReproduceOptions {
  readonly given: Pick<Arguments, 'seed' | 'dut'>
  /** Secrets of the profile; they are struck out of every text that leaves the run. */
  readonly secrets: readonly string[]
}

/** The verdict of one finished case; undefined for a case that was not asked for. */
export function verdictOf(
  test: TestCase,
  record: Requirement,
  options: ReproduceOptions,
): CaseVerdict | undefined {
  const meta = test.meta()
  const result = test.result()
  const first = result.errors?.[0]
  const verdict = verdictFrom(result.state, meta.notApplicable, first, record)
  if (verdict === undefined) return undefined

  const mask = (text: string) => strikeOut(stripVTControlCharacters(text), options.secrets)
  const suite = test.project.name
  return {
    id: record.id,
    suite,
    title: test.name.slice(record.id.length + 1),
    level: record.level,
    clause: record.clause,
    requirement: record.text,
    verdict,
    ...reasonOf(verdict, meta.notApplicable, first, mask),
    ...(first && (verdict === 'FAIL' || verdict === 'WARN') ? { failure: failureOf(first, meta, mask) } : {}),
    durationMs: Math.round(test.diagnostic()?.duration ?? 0),
    ...(meta.transcript === undefined ? {} : { transcript: meta.transcript }),
    reproduce: reproduceLine(suite, record.id, options),
    ...(meta.fuzz === undefined ? {} : { fuzz: meta.fuzz }),
    notes: [
      ...(meta.notes ?? []),
      ...(result.errors ?? []).slice(1).map((error) => mask(`then: ${error.message}`)),
    ],
  }
}

/** The line that repeats one case. */
export function reproduceLine(
  suite: string,
  grep: string,
  { given }: Pick<ReproduceOptions, 'given'>,
): string {
  const { suite: name, containerPeer } = suiteOfProject(suite)
  const peers = containerPeer === undefined ? '' : ' --peers containers'
  const dut = given.dut === undefined ? '' : ` --dut ${shellWord(given.dut)}`
  return `${commandName} --suite ${name} --grep ${shellWord(grep)}${peers}${dut} --seed ${given.seed}`
}

/** Puts `•••` where a secret stands; secrets of one or two letters would hide everything and are left. */
export function strikeOut(text: string, secrets: readonly string[]): string {
  let struck = text
  for (const secret of secrets) if (secret.length > 2) struck = struck.replaceAll(secret, '•••')
  return struck
}

function verdictFrom(
  state: ReturnType<TestCase['result']>['state'],
  notApplicable: string | undefined,
  error: TestError | undefined,
  record: Requirement,
): Verdict | undefined {
  if (notApplicable !== undefined) return 'N/A'
  if (state === 'passed') return 'PASS'
  if (state !== 'failed' || !error) return undefined
  if (error.name === 'Untestable') return 'UNTESTABLE'
  // Anything that is no judgement about the device, a TypeError in the case for one, is our own fault.
  if (!isJudgement(error)) return 'ERROR'
  // A case of a MUST may find that nothing but a SHOULD is broken; never the other way round.
  return record.level === 'MUST' && (error.level ?? 'MUST') === 'MUST' ? 'FAIL' : 'WARN'
}

/** vitest's asymmetric matchers (toBeOneOf) fail with a plain Error that carries both sides. */
function isJudgement(error: TestError): boolean {
  if (error.name === 'ConformanceFailure' || error.name === 'AssertionError') return true
  return error.name === 'Error' && 'actual' in error && 'expected' in error
}

function reasonOf(
  verdict: Verdict,
  notApplicable: string | undefined,
  error: TestError | undefined,
  mask: (text: string) => string,
): { reason?: string } {
  if (verdict === 'N/A') return { reason: notApplicable }
  if (verdict === 'UNTESTABLE' || verdict === 'ERROR') return { reason: mask(error?.message ?? '') }
  return {}
}

function failureOf(
  error: TestError,
  meta: ReturnType<TestCase['meta']>,
  mask: (text: string) => string,
): Failure {
  const { tolerated, observed } = error
  return {
    expected: (Array.isArray(tolerated) ? tolerated.map(String) : [assertionExpected(error)]).map(mask),
    actual: mask(String(observed ?? error.actual ?? error.message)),
    message: mask(error.message),
    ...(meta.transcript !== undefined
      ? { transcript: { file: meta.transcript, line: meta.transcriptLine ?? 1 } }
      : {}),
    ...(error.ofFindings === true && { ofFindings: true as const }),
  }
}

function shellWord(word: string): string {
  return /^[\w./:-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`
}
