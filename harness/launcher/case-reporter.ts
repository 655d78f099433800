import type { TestAnnotation } from 'vitest'
import type { Reporter, SerializedError, TestCase, TestModule, TestRunEndReason, Vitest } from 'vitest/node'
import type { CaseVerdict, UnitResult } from '../report/report.ts'
import type { Requirement } from '../requirements/requirements.ts'
import { suiteOfProject } from '../suite-names.ts'
import { type ReproduceOptions, verdictOf } from './verdict-of.ts'

interface CaseReporterOptions extends ReproduceOptions {
  readonly requirements: ReadonlyMap<string, Requirement>
  /** One line of progress. */
  readonly progress: (line: string) => void
  /** How far a case has come that takes long. */
  readonly underWay?: (line: string) => void
  readonly onInit?: (vitest: Vitest) => void
}

/**
 * Turns vitest's results into verdicts while the run goes on, and shows progress: a line for each case, a line for each
 * file of unit tests.
 */
export class CaseReporter implements Reporter {
  readonly cases: CaseVerdict[] = []
  readonly units: UnitResult[] = []
  /** What broke outside of any case: files that could not be read, errors nobody caught, a device that stayed dead. */
  readonly collapses: string[] = []
  readonly #options: CaseReporterOptions

  constructor(options: CaseReporterOptions) {
    this.#options = options
  }

  onInit(vitest: Vitest): void {
    this.#options.onInit?.(vitest)
  }

  onTestCaseResult(test: TestCase): void {
    if (test.project.name === 'unit') {
      this.units.push(unitOf(test))
      return
    }
    const record = this.#options.requirements.get(test.meta().id ?? '')
    if (!record) return
    const verdict = verdictOf(test, record, this.#options)
    if (!verdict) return
    this.cases.push(verdict)
    if (test.result().errors?.[0]?.name === 'DeviceDead') this.#collapse(verdict.reason ?? '')
    this.#options.progress(progressLine(verdict))
  }

  onTestCaseAnnotate(_test: TestCase, { type, message }: TestAnnotation): void {
    if (type === 'progress') this.#options.underWay?.(`  … ${message}`)
  }

  onTestModuleEnd(module: TestModule): void {
    for (const error of module.errors())
      this.#collapse(`${module.relativeModuleId}: ${firstLine(error.message)}`)
    if (module.project.name !== 'unit') return
    const states = [...module.children.allTests()].map((test) => test.result().state)
    const failed = states.filter((state) => state === 'failed').length
    const mark = failed > 0 || !module.ok() ? '✗' : '✓'
    this.#options.progress(
      `  ${mark} unit ${module.relativeModuleId} (${states.length} tests${failed > 0 ? `, ${failed} failed` : ''})`,
    )
  }

  onTestRunEnd(
    _modules: readonly TestModule[],
    unhandled: readonly SerializedError[],
    _reason: TestRunEndReason,
  ): void {
    for (const error of unhandled) this.#collapse(`nobody caught: ${firstLine(error.message)}`)
  }

  #collapse(line: string): void {
    if (!this.collapses.includes(line)) this.collapses.push(line)
  }
}

const marks: Record<CaseVerdict['verdict'], string> = {
  PASS: '✓',
  FAIL: '✗',
  WARN: '!',
  'N/A': '-',
  UNTESTABLE: '?',
  WAIVED: '~',
  STALE: '✗',
  ERROR: '✗',
}

function progressLine(verdict: CaseVerdict): string {
  const { containerPeer } = suiteOfProject(verdict.suite)
  const peer = containerPeer === undefined ? '' : ` [${containerPeer}]`
  const name = `  ${marks[verdict.verdict]} ${verdict.id} ${verdict.title}${peer}`
  return verdict.verdict === 'PASS' ? `${name} (${verdict.durationMs} ms)` : `${name}: ${verdict.verdict}`
}

function unitOf(test: TestCase): UnitResult {
  const result = test.result()
  const message = result.state === 'skipped' ? result.note : result.errors?.[0]?.message
  return {
    name: test.fullName,
    file: test.module.relativeModuleId,
    state: result.state === 'pending' ? 'skipped' : result.state,
    durationMs: Math.round(test.diagnostic()?.duration ?? 0),
    ...(message === undefined ? {} : { message }),
  }
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? ''
}
