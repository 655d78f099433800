import { excerpt, printable } from './printable.ts'
import type { CaseVerdict, Failure } from './verdict.ts'

/** One line of a failure block: a label and its values, the first beside the label and the others below it. */
export interface BlockLine {
  readonly label: 'requirement' | 'expected' | 'actual' | 'reason' | 'note' | 'transcript' | 'reproduce'
  readonly values: readonly string[]
}

/** Characters of one value; a body of a megabyte stands in the transcript, not here. */
const LONGEST = 2_000

/**
 * What a reader needs to judge a case without running it again: the requirement, every tolerated answer, what came, where
 * it stands on the wire, and the line that repeats it. `folder` is put before the transcript's path, so that terminals
 * make it a link.
 */
export function failureBlock(subject: CaseVerdict, folder = ''): BlockLine[] {
  const { transcript } = subject
  const failure = judgedFailure(subject)
  const lines: BlockLine[] = [
    {
      label: 'requirement',
      values: [`${subject.level}, ${subject.clause}`, ...(subject.requirement ? [subject.requirement] : [])],
    },
  ]
  if (failure && failure.expected.length > 0) {
    lines.push({
      label: 'expected',
      values: failure.expected.map((one, at) => (at === 0 ? one : `or ${one}`)),
    })
  }
  if (failure && (failure.actual !== '' || failure.expected.length > 0)) {
    lines.push({ label: 'actual', values: [failure.actual === '' ? '(nothing)' : failure.actual] })
  }
  const reason = subject.reason ?? (failure && lines.length === 1 ? failure.message : undefined)
  if (reason) lines.push({ label: 'reason', values: [reason] })
  if (subject.notes.length > 0) lines.push({ label: 'note', values: subject.notes })
  const wire = subject.failure?.transcript
  const place = wire ? `${wire.file}:${wire.line}` : transcript
  if (place) lines.push({ label: 'transcript', values: [folder === '' ? place : `${folder}/${place}`] })
  lines.push({ label: 'reproduce', values: [subject.reproduce] })
  return lines.map(({ label, values }) => ({
    label,
    values: values.flatMap((value) => printable(excerpt(value, LONGEST)).split('\n')),
  }))
}

/** Expected and actual, where they say something about the device: an ERROR with a reason is not a judgement of it. */
export function judgedFailure({ verdict, reason, failure }: CaseVerdict): Failure | undefined {
  return verdict === 'ERROR' && reason ? undefined : failure
}

/** The width to which labels are padded: the longest, `requirement`, its colon and a space. */
const LABEL_WIDTH = 'requirement: '.length

/** The block as indented text, as the terminal and JUnit show it. */
export function blockText(
  lines: readonly BlockLine[],
  indent: string,
  label: (text: string) => string = (text) => text,
): string {
  return lines
    .flatMap(({ label: name, values }) =>
      values.map((value, at) => {
        const head = at === 0 ? `${name}:` : ''
        return `${indent}${label(head)}${' '.repeat(LABEL_WIDTH - head.length)}${value}`.trimEnd()
      }),
    )
    .join('\n')
}
