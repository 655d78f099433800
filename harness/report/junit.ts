import { reasonsBesideCases } from './conclude.ts'
import { blockText, failureBlock } from './failure-block.ts'
import { outcomeOf } from './outcome.ts'
import { excerpt, printable } from './printable.ts'
import type { CaseVerdict, UnitResult, VerdictFile } from './verdict.ts'

interface TestCase {
  readonly name: string
  readonly classname: string
  readonly file?: string
  readonly durationMs: number
  readonly properties: readonly (readonly [string, string])[]
  readonly result?: {
    readonly kind: 'failure' | 'error' | 'skipped'
    readonly type?: string
    readonly message: string
    readonly body: string
  }
  readonly output: string
}

/**
 * The run as JUnit XML: one testsuite per suite, one for the unit tests. Red and skipped are counted as in the last line
 * of the terminal: failures + errors = failed. What makes the run red beside its cases, a peer that never came up for one, is an error in
 * a suite of its own, `run`, and counted besides: who reads nothing but this file must not see a run that is not 0 as green.
 */
export function renderJunit(verdict: VerdictFile): string {
  const suites = [...Map.groupBy(verdict.cases, ({ suite }) => suite)].map(([suite, cases]) =>
    testSuite(verdict, suite, cases.map(fromCase)),
  )
  if (verdict.units.length > 0) suites.push(testSuite(verdict, 'unit tests', verdict.units.map(fromUnit)))
  const reasons = reasonsBesideCases(verdict)
  if (reasons.length > 0) suites.unshift(testSuite(verdict, 'run', reasons.map(fromReason)))
  const errors = verdict.totals.ERROR
  const attributes = {
    name: 'cwmp-conformance',
    tests: verdict.cases.length + verdict.units.length + reasons.length,
    failures: verdict.failed - errors,
    errors: errors + reasons.length,
    skipped: verdict.skipped,
    time: seconds(verdict.durationMs),
    timestamp: verdict.startedAt,
  }
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites${list(attributes)}>\n${suites.join('')}</testsuites>\n`
}

function fromCase(subject: CaseVerdict): TestCase {
  const block = blockText(failureBlock(subject), '')
  const { id, suite, title, verdict, reason, failure } = subject
  const message = reason ?? failure?.message ?? ''
  const outcome = outcomeOf(subject)
  const kind = verdict === 'ERROR' ? 'error' : outcome === 'failed' ? 'failure' : 'skipped'
  return {
    name: `${id} ${title}`,
    classname: suite,
    durationMs: subject.durationMs,
    properties: [
      ['verdict', verdict],
      ['level', subject.level],
      ['clause', subject.clause],
    ],
    result:
      outcome === 'passed'
        ? undefined
        : { kind, type: verdict, message, body: kind === 'skipped' ? '' : block },
    output:
      outcome === 'passed' && (verdict !== 'PASS' || subject.notes.length > 0) ? `${verdict}\n${block}` : '',
  }
}

function fromUnit({ name, file, state, durationMs, message = '' }: UnitResult): TestCase {
  const kind = state === 'failed' ? 'failure' : 'skipped'
  return {
    name,
    classname: file,
    file,
    durationMs,
    properties: [],
    result: state === 'passed' ? undefined : { kind, message, body: kind === 'failure' ? message : '' },
    output: '',
  }
}

function fromReason(reason: string): TestCase {
  return {
    name: reason,
    classname: 'run',
    durationMs: 0,
    properties: [],
    result: { kind: 'error', message: reason, body: reason },
    output: '',
  }
}

function testSuite(verdict: VerdictFile, name: string, cases: readonly TestCase[]): string {
  const count = (kind: string) => cases.filter(({ result }) => result?.kind === kind).length
  const { manufacturer, model, firmware, adapter, profile } = verdict.dut
  const attributes = {
    name,
    tests: cases.length,
    failures: count('failure'),
    errors: count('error'),
    skipped: count('skipped'),
    time: seconds(cases.reduce((sum, { durationMs }) => sum + durationMs, 0)),
    timestamp: verdict.startedAt,
  }
  const properties = [
    ['seed', String(verdict.seed)],
    ['suiteVersion', verdict.suiteVersion],
    ['node', verdict.node],
    ...(verdict.peers === undefined ? [] : [['peers', verdict.peers] as const]),
    ['commandLine', verdict.commandLine.join(' ')],
    ['exitCode', String(verdict.exitCode)],
    ['dut.manufacturer', manufacturer],
    ['dut.model', model],
    ['dut.firmware', firmware],
    ['dut.adapter', adapter],
    ...(profile === undefined ? [] : [['dut.profile', profile] as const]),
  ] as const
  return `  <testsuite${list(attributes)}>\n${propertyList(properties, '    ')}${cases.map(testCase).join('')}  </testsuite>\n`
}

function testCase({ name, classname, file, durationMs, properties, result, output }: TestCase): string {
  const attributes = { name, classname, ...(file === undefined ? {} : { file }), time: seconds(durationMs) }
  const children = [propertyList(properties, '      ')]
  if (result) {
    const { kind, type, message, body } = result
    const about = {
      ...(message === '' ? {} : { message: excerpt(message, 1_000) }),
      ...(type === undefined ? {} : { type }),
    }
    children.push(`      <${kind}${list(about)}>${xml(body)}</${kind}>\n`)
  }
  if (output !== '') children.push(`      <system-out>${xml(output)}</system-out>\n`)
  return `    <testcase${list(attributes)}>\n${children.join('')}    </testcase>\n`
}

function propertyList(properties: readonly (readonly [string, string])[], indent: string): string {
  if (properties.length === 0) return ''
  const items = properties.map(([name, value]) => `${indent}  <property${list({ name, value })}/>\n`)
  return `${indent}<properties>\n${items.join('')}${indent}</properties>\n`
}

function list(attributes: Readonly<Record<string, string | number>>): string {
  return Object.entries(attributes)
    .map(
      ([name, value]) =>
        ` ${name}="${xml(String(value)).replaceAll('\n', '&#10;').replaceAll('\t', '&#9;')}"`,
    )
    .join('')
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

/** Text as XML 1.0 can carry it: what it forbids is spelled out, not dropped in silence. */
function xml(text: string): string {
  return printable(text).replace(/[&<>"]/g, (character) => ENTITIES[character] ?? character)
}

function seconds(milliseconds: number): string {
  return (milliseconds / 1000).toFixed(3)
}
