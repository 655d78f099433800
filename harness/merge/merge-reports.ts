import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { commandName, programName } from '../command-name.ts'
import {
  conclude,
  keepReport,
  linkLatest,
  makeReportFolder,
  ReportError,
  renderEnd,
  reportFolder,
  type VerdictFile,
  writeReports,
} from '../report/report.ts'
import { sayUnforeseen } from '../system-error.ts'
import { gatherFiles, gatherLogs } from './files.ts'
import { MergeError, mergeVerdicts, type Part } from './verdicts.ts'

const usage = `Usage: ${programName('merge-reports')} DIR… [--out DIR]

Makes one report of the parts of a run: each DIR was the --out of ${commandName} --shard I/N --seed S, or holds no report.
  --out DIR   folder of the merged report (default: reports/<time>)
Exit codes are those of a run; 3 also when a part is missing or the disk is full, 2 when they are not parts of one run.`

/** Carries out the command line and returns the exit code. The last line is `N passed, N failed, N skipped`. */
export async function mergeReportsMain(argv: readonly string[]): Promise<number> {
  let given: { values: { out?: string; help?: boolean }; positionals: string[] }
  try {
    given = parseArgs({
      args: [...argv],
      options: { out: { type: 'string' }, help: { type: 'boolean' } },
      allowPositionals: true,
    })
  } catch (error) {
    console.error(`${(error as Error).message.split('\n', 1)[0]}\n${usage}`)
    return 2
  }
  if (given.values.help) {
    console.log(usage)
    return 0
  }
  try {
    return await merge(given.positionals, given.values.out)
  } catch (error) {
    if (!(error instanceof MergeError || error instanceof ReportError)) return sayUnforeseen(error)
    console.error(error.message)
    return 2
  }
}

async function merge(folders: readonly string[], out: string | undefined): Promise<number> {
  const parts = (await Promise.all(folders.map(readPart))).filter((part) => part !== undefined)
  const outDir = reportFolder(out, new Date())
  const { run, sources } = mergeVerdicts(parts)
  await makeReportFolder(outDir)
  let verdict = conclude(run)
  const isKept = await keepReport(outDir, async () => {
    verdict = conclude({ ...run, cases: await gatherFiles(run.cases, sources, outDir) })
    await gatherLogs(parts, outDir)
    await writeReports(verdict, outDir)
  })
  if (isKept && out === undefined) await linkLatest(outDir)
  console.log(renderEnd(verdict, { colour: process.stdout.isTTY === true, folder: outDir }))
  return isKept || verdict.interrupted ? verdict.exitCode : 3
}

/** Undefined where a machine left no report: which one it was shows by the numbers of the others. */
async function readPart(folder: string): Promise<Part | undefined> {
  const file = join(folder, 'verdict.json')
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code !== 'ENOENT') throw new MergeError(`${file}: ${message}`)
    console.error(`${folder} holds no verdict.json`)
    return undefined
  }
  try {
    const verdict = JSON.parse(text) as VerdictFile
    if (verdict?.format === 1 && Array.isArray(verdict.cases)) return { folder, verdict }
  } catch {
    // Said below.
  }
  throw new MergeError(`${file} is no report of this suite`)
}
