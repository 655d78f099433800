import { access } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import { programName } from '../command-name.ts'
import {
  type Comparison,
  compareRuns,
  keepReport,
  ReportError,
  readReport,
  type VerdictFile,
  writeReports,
} from '../report/report.ts'
import { sayUnforeseen } from '../system-error.ts'
import { renderComparison } from './text.ts'

const usage = `Usage: ${programName('compare')} OLD NEW [--json] [--html]

What changed from one run to the next; OLD and NEW are report folders, or the verdict.json in them.
  --json   one JSON document and nothing else (in a checkout with npm run -s)
  --html   also put it into the report NEW: its index.html and verdict.json are written anew
  --help   print this

Exit codes: 0 nothing got worse · 1 a new failure, a MUST that can no longer be tested, a case that is no longer examined,
or a NEW that was cut short · 2 wrong usage, or a path that leads to no report · 3 --html could not be written
What only one of the two runs was asked for (--suite, --grep, --level, ...) is shown and not judged.`

/** A command line that cannot be carried out; its message is the one line that the user sees. */
class UsageError extends Error {
  override readonly name = 'UsageError'
}

const options = {
  json: { type: 'boolean', default: false },
  html: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const

/** Carries out the command line and returns the exit code: 0, 1 when NEW is worse than OLD, 2, 3. */
export async function compareMain(argv: readonly string[]): Promise<number> {
  try {
    const { values, positionals } = read(argv)
    if (values.help) {
      console.log(usage)
      return 0
    }
    const [oldPath, newPath] = positionals
    if (oldPath === undefined || newPath === undefined || positionals.length > 2)
      throw new UsageError(`expected two reports, OLD and NEW, got ${positionals.length}; see --help`)
    const [before, after] = await Promise.all([readReport(oldPath), readReport(newPath)])
    const comparison = compareRuns(before, after)
    const isKept = !values.html || (await putInto(newPath, after, comparison))
    console.log(
      values.json
        ? JSON.stringify(comparison, null, 2)
        : renderComparison(comparison, process.stdout.isTTY === true),
    )
    return isKept ? comparison.exitCode : 3
  } catch (error) {
    if (!(error instanceof UsageError || error instanceof ReportError)) return sayUnforeseen(error)
    console.error(error.message)
    return 2
  }
}

function read(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options, allowPositionals: true })
  } catch (error) {
    throw new UsageError(`${(error as Error).message.split('\n', 1)[0]}; see --help`)
  }
}

/**
 * The report says what it was compared with; a sealed one stays as it was sealed.
 * @returns whether it could be written
 */
async function putInto(path: string, verdict: VerdictFile, comparison: Comparison): Promise<boolean> {
  const folder = path.endsWith('verdict.json') ? dirname(path) : path
  const isSealed = await access(join(folder, 'SHA256SUMS')).then(
    () => true,
    () => false,
  )
  if (isSealed) throw new UsageError(`${folder} is a sealed bundle: --html would break its seal`)
  return await keepReport(folder, () => writeReports({ ...verdict, comparison }, folder))
}
