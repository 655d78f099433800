import { styleText } from 'node:util'
import { coverageOf } from './coverage.ts'
import { blockText, failureBlock } from './failure-block.ts'
import { fuzzLines } from './fuzz-terminal.ts'
import { outcomeOf, VERDICTS } from './outcome.ts'
import { oneLine, printable } from './printable.ts'
import type { CaseVerdict, Verdict, VerdictFile } from './verdict.ts'

export interface TerminalOptions {
  readonly colour: boolean
  /** Where the report was written; put before transcript paths so that a terminal can open them. */
  readonly folder?: string
  /** Columns that lists of ids may fill; 100 unless told. */
  readonly columns?: number
  /** Which part of each fuzzer's grammar was met, and how it was answered. */
  readonly matrix?: boolean
}

type Paint = (format: Parameters<typeof styleText>[0], text: string) => string

const COLOUR: { readonly [V in Verdict]: Parameters<typeof styleText>[0] } = {
  FAIL: 'red',
  STALE: 'red',
  ERROR: 'magenta',
  UNTESTABLE: 'yellow',
  WARN: 'yellow',
  WAIVED: 'cyan',
  'N/A': 'dim',
  PASS: 'green',
}

/**
 * The end of a run as a person reads it. No line end follows the last line, which is exactly `N passed, N failed, N skipped`:
 * print it with `console.log`, and nothing after it.
 */
export function renderTerminal(verdict: VerdictFile, options: TerminalOptions): string {
  const paint: Paint = (format, text) =>
    options.colour ? styleText(format, text, { validateStream: false }) : text
  const sections = [
    failedCases(verdict, options.folder ?? '', paint),
    failedUnits(verdict, paint),
    [
      ...otherVerdicts(verdict, options.columns ?? 100, paint),
      ...leftOutLines(verdict, paint),
      ...skippedUnits(verdict, paint),
    ],
    waiverLines(verdict, options.columns ?? 100, paint),
    fuzzLines(verdict, options.matrix ?? false),
    suiteTable(verdict, paint),
    [...coverageLine(verdict), ...claimLine(verdict)],
    exitLines(verdict, paint),
    [`${verdict.passed} passed, ${verdict.failed} failed, ${verdict.skipped} skipped`],
  ]
  return sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')
}

function failedCases({ cases }: VerdictFile, folder: string, paint: Paint): string[] {
  return cases
    .filter((subject) => outcomeOf(subject) === 'failed')
    .flatMap((subject, at) => [
      ...(at === 0 ? [] : ['']),
      `${paint(COLOUR[subject.verdict], subject.verdict)}  ${paint('bold', subject.id)}  ${printable(subject.title)}`,
      blockText(failureBlock(subject, folder), '  ', (label) => paint('dim', label)),
    ])
}

function failedUnits({ units }: VerdictFile, paint: Paint): string[] {
  return units
    .filter(({ state }) => state === 'failed')
    .flatMap(({ name, file, message }) => [
      `${paint('red', 'UNIT')}  ${paint('bold', printable(name))}  ${file}`,
      ...printable(message ?? '')
        .split('\n')
        .filter((line) => line.trim() !== '')
        .map((line) => `  ${line}`),
    ])
}

/** WARN, UNTESTABLE (the tolerable ones), WAIVED and N/A: one paragraph per reason, with all ids that share it. */
function otherVerdicts({ cases }: VerdictFile, columns: number, paint: Paint): string[] {
  const lines: string[] = []
  for (const verdict of VERDICTS) {
    const groups = Map.groupBy(
      cases.filter((subject) => subject.verdict === verdict && outcomeOf(subject) !== 'failed'),
      reasonOf,
    )
    if (verdict === 'PASS') continue
    for (const [reason, group] of groups) {
      const head = `${verdict.padEnd(10)}  `
      const count = group.length === 1 ? '' : `${group.length} cases: `
      lines.push(paint(COLOUR[verdict], head) + count + reason)
      lines.push(
        ...wrap(
          group.map(({ id }) => id),
          columns,
          ' '.repeat(head.length),
        ),
      )
    }
  }
  return lines
}

/** What is not in the run at all, which no other line would show. */
function leftOutLines({ leftOut = [] }: VerdictFile, paint: Paint): string[] {
  return leftOut.map(
    ({ suite, reason }) =>
      `${paint('yellow', 'LEFT OUT'.padEnd(10))}  ${suite}: ${oneLine(printable(reason))}`,
  )
}

/** Unit tests are skipped file by file, for one reason: the first name and message stand for all. */
function skippedUnits({ units }: VerdictFile, paint: Paint): string[] {
  const skipped = Map.groupBy(
    units.filter(({ state }) => state === 'skipped'),
    ({ file }) => file,
  )
  return [...skipped].map(([file, group]) => {
    const { name, message } = group[0] ?? { name: '' }
    const about = oneLine(printable(message ?? name))
    const count = `${group.length} unit test${group.length === 1 ? '' : 's'} of ${file}`
    return `${paint('dim', 'SKIPPED'.padEnd(10))}  ${count}: ${about}`
  })
}

/** Waivers that no case shows: of cases that were not examined, and what expired without its case. */
function waiverLines({ waivers = [], cases }: VerdictFile, columns: number, paint: Paint): string[] {
  const shown = new Set(cases.flatMap(({ id, waiver }) => (waiver ? [id] : [])))
  const silent = waivers.filter(({ id, state }) => !shown.has(id) && state !== 'passed')
  const head = 'WAIVER      '
  return [...Map.groupBy(silent, ({ says }) => says)].flatMap(([says, group]) => {
    const isRed = group.some(({ state }) => state === 'expired')
    const ids = group.map(({ id }) => id)
    return [paint(isRed ? 'red' : 'dim', head) + says, ...wrap(ids, columns, ' '.repeat(head.length))]
  })
}

/** Said whenever a waiver keeps the run from being red: the claim is another thing than the gate. */
function claimLine({ cases, notMet }: VerdictFile): string[] {
  const waived = new Set(cases.filter(({ verdict }) => verdict === 'WAIVED').map(({ id }) => id))
  const ids = notMet.filter((id) => waived.has(id))
  if (ids.length === 0) return []
  const many = notMet.length === 1 ? '1 MUST is not met' : `${notMet.length} MUSTs are not met`
  return [`conformance: ${many}, ${ids.length} of them waived: ${ids.join(', ')}`]
}

function reasonOf({ verdict, reason, failure }: CaseVerdict): string {
  const actual = failure && (failure.actual || failure.message)
  const given = verdict === 'WARN' ? (actual ?? reason) : (reason ?? actual)
  return oneLine(printable(given ?? 'no reason given'))
}

function wrap(words: readonly string[], columns: number, indent: string): string[] {
  const lines: string[] = []
  for (const [at, word] of words.entries()) {
    const text = at === words.length - 1 ? word : `${word},`
    const last = lines.at(-1)
    if (last !== undefined && last.length + 1 + text.length <= columns)
      lines[lines.length - 1] = `${last} ${text}`
    else lines.push(indent + text)
  }
  return lines
}

function suiteTable({ cases, units }: VerdictFile, paint: Paint): string[] {
  const shown = VERDICTS.filter((verdict) => cases.some((subject) => subject.verdict === verdict)).reverse()
  const rows = [...Map.groupBy(cases, ({ suite }) => suite)].map(([suite, group]) => [
    suite,
    ...shown.map((verdict) => group.filter((subject) => subject.verdict === verdict).length),
  ])
  const lines: string[] = []
  if (rows.length > 0) {
    const nameWidth = Math.max('suite'.length, ...rows.map(([name]) => String(name).length))
    const cell = (text: string, at: number) =>
      at === 0 ? text.padEnd(nameWidth) : text.padStart(Math.max(6, shown[at - 1]?.length ?? 0) + 2)
    lines.push(paint('dim', ['suite', ...shown].map(cell).join('')))
    for (const row of rows) {
      lines.push(
        row
          .map((value, at) => {
            const verdict = shown[at - 1]
            const text = cell(value === 0 ? '·' : String(value), at)
            if (verdict === undefined) return text
            return paint(value === 0 ? 'dim' : COLOUR[verdict], text)
          })
          .join(''),
      )
    }
  }
  if (units.length > 0) {
    const of = (state: string) => units.filter((unit) => unit.state === state).length
    lines.push(
      `${units.length} unit tests of harness and agent: ${of('passed')} passed, ${of('failed')} failed, ${of('skipped')} skipped`,
    )
  }
  return lines
}

function coverageLine({ requirements }: VerdictFile): string[] {
  if (requirements.length === 0) return []
  const all = coverageOf(requirements)
  const must = coverageOf(requirements.filter(({ level }) => level === 'MUST'))
  return [
    `requirements: ${all.tested} of ${all.examinable} tested (MUST: ${must.tested} of ${must.examinable}), ` +
      `${all.notApplicable} not applicable, ${all.untested} untested, ${all.excluded} excluded${all.retired === 0 ? '' : `, ${all.retired} retired`}`,
  ]
}

function exitLines({ exitCode, because }: VerdictFile, paint: Paint): string[] {
  if (exitCode === 0) return []
  return [paint('bold', `exit code ${exitCode}`), ...because.map((line) => `  ${printable(line)}`)]
}
