import type { TestAnnotation } from 'vitest'
import type {
  Reporter,
  SerializedError,
  TestCase,
  TestModule,
  TestRunEndReason,
  TestSpecification,
  Vitest,
} from 'vitest/node'
import type { CaseVerdict, UnitResult } from '../report/report.ts'
import type { Requirement } from '../requirements/requirements.ts'
import { suiteOfProject } from '../suite-names.ts'
import type { CaseKey, Progress } from './progress.ts'
import { type ReproduceOptions, verdictOf } from './verdict-of.ts'

interface CaseReporterOptions extends ReproduceOptions {
  readonly requirements: ReadonlyMap<string, Requirement>
  /** What is shown meanwhile. */
  readonly progress: Pick<Progress, 'expect' | 'forget' | 'begun' | 'said' | 'ended' | 'line'>
  /** What the waivers make of a verdict: that is what the progress shows. */
  readonly waived?: (verdict: CaseVerdict) => CaseVerdict
  /** Cases that a test file will probably have, so that it can be said how many there are. */
  readonly planned?: (file: string, project: string) => readonly CaseKey[]
  readonly onInit?: (vitest: Vitest) => void
}

/** Turns vitest's results into verdicts while the run goes on, and tells the progress; of unit tests only whole files. */
export class CaseReporter implements Reporter {
  readonly cases: CaseVerdict[] = []
  readonly units: UnitResult[] = []
  /** What broke outside of any case: files that could not be read, errors nobody caught, a device that stayed dead. */
  readonly collapses: string[] = []
  readonly #options: CaseReporterOptions
  readonly #planned = new Map<string, Set<string>>()

  constructor(options: CaseReporterOptions) {
    this.#options = options
  }

  onInit(vitest: Vitest): void {
    this.#options.onInit?.(vitest)
  }

  onTestRunStart(specifications: readonly TestSpecification[]): void {
    const { planned, progress } = this.#options
    for (const { moduleId, project } of specifications) {
      if (project.name === 'unit' || !planned) continue
      const cases = planned(moduleId, project.name)
      this.#planned.set(`${project.name} ${moduleId}`, new Set(cases.map(({ id }) => id)))
      progress.expect(cases)
    }
  }

  onTestCaseReady(test: TestCase): void {
    const { id } = test.meta()
    if (id !== undefined && this.#plannedIn(test.module)?.has(id))
      this.#options.progress.begun({ project: test.project.name, id })
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
    this.#plannedIn(test.module)?.delete(record.id)
    const shown = this.#options.waived?.(verdict) ?? verdict
    this.#options.progress.ended(
      { project: verdict.suite, id: record.id },
      progressLine(shown),
      worthOf(shown),
    )
  }

  onTestCaseAnnotate(test: TestCase, { type, message }: TestAnnotation): void {
    const { id = '' } = test.meta()
    if (type === 'progress') this.#options.progress.said({ project: test.project.name, id }, message)
  }

  onTestModuleEnd(module: TestModule): void {
    for (const error of module.errors())
      this.#collapse(`${module.relativeModuleId}: ${firstLine(error.message)}`)
    const { name: project } = module.project
    this.#options.progress.forget([...(this.#plannedIn(module) ?? [])].map((id) => ({ project, id })))
    if (project !== 'unit') return
    const states = [...module.children.allTests()].map((test) => test.result().state)
    const failed = states.filter((state) => state === 'failed').length
    const mark = failed > 0 || !module.ok() ? '✗' : '✓'
    this.#options.progress.line(
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

  #plannedIn(module: TestModule): Set<string> | undefined {
    return this.#planned.get(`${module.project.name} ${module.moduleId}`)
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

function worthOf({ verdict, level }: CaseVerdict): 'nothing' | 'a look' | 'red' {
  if (verdict === 'PASS' || verdict === 'N/A') return 'nothing'
  if (verdict === 'FAIL' || verdict === 'STALE' || verdict === 'ERROR') return 'red'
  return verdict === 'UNTESTABLE' && level === 'MUST' ? 'red' : 'a look'
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
