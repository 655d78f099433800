import type { Repro } from '../fuzz/campaign/campaign.ts'
import type { CaseVerdict, VerdictFile } from '../report/report.ts'
import { printable } from '../report/report.ts'

/**
 * Says whether the device still does what a repro file tells, and returns the exit code: 0 FIXED, 1 FAILED, 3 ERROR, 130 interrupted.
 * The last line begins with that word.
 */
export function printReplay(verdict: VerdictFile, repro: Repro, file: string): number {
  if (verdict.interrupted) return 130
  const subject = verdict.cases.find(({ id, fuzz }) => id === repro.id && fuzz !== undefined)
  const error = subject ? errorOf(subject) : reasonOf(verdict, repro)
  if (error !== undefined) {
    console.log(`ERROR ${file}: ${printable(error)}`)
    return 3
  }
  const [finding] = subject?.fuzz?.findings ?? []
  if (!finding) {
    console.log(
      `to keep it from coming back, move ${file} to harness/fuzz/corpus/${repro.language}/ as it is`,
    )
    console.log(`FIXED ${file}`)
    return 0
  }
  const isSame = finding.kind === repro.kind && finding.answer === repro.answer
  const lines = [
    ...finding.script.map((line, at) => `${at === 0 ? 'sent:    ' : '         '} ${line}`),
    `expected: ${finding.expected.join(' or ')}`,
    `actual:   ${finding.actual} (${finding.level} ${finding.kind}, ${finding.clause})`,
    ...(isSame ? [] : [`but the file has: ${repro.actual} (${repro.level} ${repro.kind})`]),
  ]
  for (const line of lines) console.log(printable(line))
  console.log(`FAILED ${file}`)
  return 1
}

function errorOf({ verdict, reason, failure, fuzz }: CaseVerdict): string | undefined {
  if (verdict === 'FAIL' || verdict === 'WARN')
    return fuzz?.findings.length === 0 ? (failure?.message ?? 'the case failed before the replay') : undefined
  return verdict === 'PASS' && (fuzz?.met ?? 0) > 0 ? undefined : (reason ?? 'nothing was met')
}

function reasonOf({ cases, because }: VerdictFile, { id }: Repro): string {
  const subject = cases.find((each) => each.id === id)
  if (subject?.verdict === 'N/A') return `${id} does not apply to this device: ${subject.reason ?? ''}`
  return subject?.reason ?? subject?.failure?.message ?? because[0] ?? `there is no case ${id} that replays`
}
