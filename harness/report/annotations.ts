import { randomUUID } from 'node:crypto'
import { reasonsBesideCases } from './conclude.ts'
import { blockText, failureBlock } from './failure-block.ts'
import { outcomeOf } from './outcome.ts'
import { printable } from './printable.ts'
import { renderTerminal, type TerminalOptions } from './terminal.ts'
import type { VerdictFile } from './verdict.ts'

/** GitHub shows no more of one step; what does not fit is counted in the last one. */
const MOST = 10

/**
 * The end of a run for whoever reads it: as the terminal has it and, in GitHub Actions, with what failed put before it as workflow commands,
 * which show on the page of the run and of the pull request. The last line is the same in both.
 */
export function renderEnd(
  verdict: VerdictFile,
  options: TerminalOptions,
  env: Readonly<Record<string, string | undefined>> = process.env,
): string {
  const text = renderTerminal(verdict, options)
  if (env.GITHUB_ACTIONS !== 'true') return text
  const lastAt = text.lastIndexOf('\n') + 1
  // A line that a device has chosen may look like a workflow command: none is taken until this word comes.
  const resume = randomUUID()
  return [
    ...annotations(verdict),
    `::stop-commands::${resume}`,
    text.slice(0, lastAt),
    `::${resume}::`,
    text.slice(lastAt),
  ].join('\n')
}

/** One command for each case and unit test that failed, before them one for whatever else makes the run red. */
function annotations(verdict: VerdictFile): string[] {
  const { cases, units, exitCode } = verdict
  const failed = [
    ...reasonsBesideCases(verdict).map((message) => ({ title: `exit code ${exitCode}`, message })),
    ...cases
      .filter((subject) => outcomeOf(subject) === 'failed')
      .map((subject) => ({
        title: `${subject.verdict} ${subject.id}`,
        message: `${subject.title}\n${blockText(failureBlock(subject), '')}`,
      })),
    ...units
      .filter(({ state }) => state === 'failed')
      .map(({ name, file, message = '' }) => ({
        title: `unit test in ${file}`,
        message: `${name}\n${message}`,
      })),
  ]
  const shown = failed.length > MOST ? failed.slice(0, MOST - 1) : failed
  const rest = failed.length - shown.length
  if (rest > 0) shown.push({ title: `${rest} more`, message: 'The report has all of them.' })
  return shown.map(({ title, message }) => `::error title=${property(title)}::${data(message)}`)
}

function data(text: string): string {
  return printable(text).replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
}
