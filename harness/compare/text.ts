import { styleText } from 'node:util'
import {
  type CaseChange,
  CHANGE_KINDS,
  type ChangeKind,
  type Comparison,
  printable,
  type Verdict,
} from '../report/report.ts'

/** What a group of changes is headed with. */
const HEADINGS: Readonly<Record<ChangeKind, string>> = {
  'new failure': 'new failures',
  'newly untestable': 'newly untestable',
  removed: 'no longer examined',
  'other failure': 'fail in another way',
  'newly waived': 'newly waived; still not met',
  'newly not applicable': 'newly not applicable: the statement of the device says no',
  'new warning': 'new warnings',
  fixed: 'fixed',
  'warning gone': 'warnings gone',
  'newly tested': 'newly tested, and passed',
  added: 'added',
  'not selected in NEW': 'not selected in NEW; not judged',
  'not selected in OLD': 'not selected in OLD; not judged',
}

/** Of what is only good or only more the ids are enough. */
const BRIEF: readonly ChangeKind[] = ['newly tested', 'added', 'warning gone']

/** One of the two runs says nothing about them. */
const UNJUDGED: readonly ChangeKind[] = ['not selected in NEW', 'not selected in OLD']

const RED: readonly (Verdict | undefined)[] = ['FAIL', 'STALE', 'ERROR']

type Paint = (format: Parameters<typeof styleText>[0], text: string) => string

/** The comparison as a person reads it. No line end follows the last line, which counts. */
export function renderComparison(comparison: Comparison, colour: boolean): string {
  const paint: Paint = (format, text) => (colour ? styleText(format, text, { validateStream: false }) : text)
  const { notes, units, worse } = comparison
  const sections = [
    [
      runLine('OLD', comparison.before),
      runLine('NEW', comparison.after),
      ...notes.map((note) => `note: ${note}`),
    ],
    ...CHANGE_KINDS.map((kind) => section(kind, comparison, paint)),
    units.map(({ kind, name, file }) => `${kind}: unit test "${name}" of ${file}`),
    [`unchanged: ${comparison.unchanged}, of which ${comparison.stillRed} red`],
    worse.length === 0
      ? ['nothing got worse']
      : [paint('bold', 'worse:'), ...worse.map((line) => `  ${line}`)],
    [lastLine(comparison)],
  ]
  return printable(
    sections
      .filter((lines) => lines.length > 0)
      .map((lines) => lines.join('\n'))
      .join('\n\n'),
  )
}

function runLine(side: string, run: Comparison['before']): string {
  const { device, suiteVersion, startedAt, passed, failed, skipped, exitCode } = run
  return `${side}  ${device} · suite ${suiteVersion} · ${startedAt} · ${passed} passed, ${failed} failed, ${skipped} skipped · exit code ${exitCode}`
}

function section(kind: ChangeKind, { changes }: Comparison, paint: Paint): string[] {
  const group = changes.filter((change) => change.kind === kind)
  if (group.length === 0) return []
  const isBad = group.some(({ worse }) => worse)
  const head = paint(
    isBad ? 'red' : kind === 'fixed' ? 'green' : 'bold',
    `${HEADINGS[kind]} (${group.length})`,
  )
  if (UNJUDGED.includes(kind)) {
    // Whole suites, mostly: what is red among them is worth a line.
    const red = group.filter(({ before, after }) => RED.includes(before ?? after))
    return [`${head}${red.length === 0 ? '' : `, red: ${red.length}`}`, ...red.map(briefLine)]
  }
  if (BRIEF.includes(kind)) return [head, ...group.map(briefLine)]
  return [head, ...group.flatMap(changeLines)]
}

function briefLine(change: CaseChange): string {
  return `  ${change.id}  ${stepOf(change)}  ${change.title}`
}

function changeLines(change: CaseChange): string[] {
  const tail = change.worse || change.level === 'MUST' ? '' : ` (${change.level})`
  return [`${briefLine(change)}${tail}`, ...(change.what === '' ? [] : [`      ${change.what}`])]
}

/** From which verdict to which, and at which real peer if the case met one. */
function stepOf({ before, after, suite }: CaseChange): string {
  const peer = suite.includes('@') ? ` [${suite.split('@')[1]}]` : ''
  return `${before ?? '(absent)'} → ${after ?? '(absent)'}${peer}`
}

function lastLine({ counts }: Comparison): string {
  const many = (count: number, what: string) => `${count} ${what}${count === 1 ? '' : 's'}`
  return [
    many(counts['new failure'], 'new failure'),
    `${counts.fixed} fixed`,
    `${counts['newly untestable']} newly untestable`,
    `${counts['newly waived']} newly waived`,
    `${counts.added} added`,
    `${counts.removed} removed`,
  ].join(', ')
}
