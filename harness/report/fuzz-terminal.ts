import { cellsOf, cellText, type MatrixLine, matrixOf } from './fuzz-matrix.ts'
import { duration, plural } from './page/text.ts'
import { oneLine, printable } from './printable.ts'
import type { FuzzSummary, VerdictFile } from './verdict.ts'

/** More stand in the report. */
const MOST_LINES = 60
const MOST_GAPS = 8
const MOST_ANSWERS = 4

/** What the fuzzing cases came to: a line each, their findings, and with `matrix` which part of the grammar was met and answered how. */
export function fuzzLines({ cases }: VerdictFile, matrix: boolean): string[] {
  return cases.flatMap(({ id, fuzz }) =>
    fuzz ? [...summaryLines(id, fuzz), ...(matrix ? matrixLines(fuzz) : [])] : [],
  )
}

function summaryLines(id: string, fuzz: FuzzSummary): string[] {
  const phases = Object.entries(fuzz.perPhase).filter(([, count]) => count > 0)
  const { met, all } = cellsOf(fuzz)
  const parts = [
    `${plural(fuzz.met, 'case')} in ${duration(fuzz.ms)} (${Math.round((fuzz.met * 1000) / Math.max(1, fuzz.ms))}/s)`,
    ...phases.map(([phase, cases]) => `${phase} ${cases.toLocaleString('en')}`),
    plural(fuzz.findings.length, 'distinct finding'),
    `${met.toLocaleString('en')} of ${all.toLocaleString('en')} cells met`,
  ]
  return [
    `${id}  ${parts.join(' · ')}`,
    ...fuzz.findings.map(
      ({ level, kind, cell, actual, times, file }) =>
        `  ${level} ${kind}  ${printable(cellText(cell))}: ${oneLine(printable(actual), 120)} (${times.toLocaleString('en')} times, ${file})`,
    ),
    ...fuzz.unreproduced.map(
      ({ kind, cell, actual, times }) =>
        `  seen, but not again after a restart: ${kind}  ${printable(cellText(cell))}: ${oneLine(printable(actual), 120)} (${times.toLocaleString('en')} times)`,
    ),
  ]
}

function matrixLines(fuzz: FuzzSummary): string[] {
  const lines = [...matrixOf(fuzz)].flatMap(([requestClass, group]) => [
    `  ${printable(requestClass)}`,
    ...group.filter(({ cases }) => cases > 0).map(matrixLine),
  ])
  const more = lines.length - MOST_LINES
  return [
    ...lines.slice(0, MOST_LINES),
    ...(more > 0 ? [`    … ${plural(more, 'more line')} in index.html`] : []),
    ...gapLine(fuzz),
  ]
}

function matrixLine({ breakage, cases, answers }: MatrixLine): string {
  const shown = answers.slice(0, MOST_ANSWERS).map(([answer, times]) => `${oneLine(answer, 40)} ×${times}`)
  const more = answers.length > MOST_ANSWERS ? `, ${answers.length - MOST_ANSWERS} others` : ''
  return printable(
    `    ${oneLine(breakage, 44).padEnd(44)} ${String(cases).padStart(6)}  ${shown.join(', ')}${more}`,
  )
}

function gapLine({ gaps }: FuzzSummary): string[] {
  if (gaps.length === 0) return []
  const named = gaps.slice(0, MOST_GAPS).map(cellText)
  const more =
    gaps.length > MOST_GAPS ? `; ${(gaps.length - MOST_GAPS).toLocaleString('en')} more in index.html` : ''
  return [printable(`  not met: ${named.join('; ')}${more}`)]
}
