import { execFile } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { VerdictFile } from '../report/report.ts'

/** The launcher, for tests of adapters that have a device examined from outside. */
export const cli = fileURLToPath(new URL('../cli.ts', import.meta.url))

/** What came of the suite `dut`. */
export interface SuiteRun {
  readonly code: number
  /** Ids of the cases that passed, in the order of the report. */
  readonly passed: readonly string[]
  /** What was printed, for whoever has to find out why. */
  readonly output: string
}

/** Runs the suite `dut` with a profile, as a user does; the report goes to `out`. */
export async function runSuiteDut(profile: string, out: string): Promise<SuiteRun> {
  const args = [cli, '--dut', profile, '--suite', 'dut', '--out', out]
  const { code, output } = await new Promise<{ code: number; output: string }>((resolve) => {
    execFile(process.execPath, args, { maxBuffer: 1 << 26 }, (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code) : 0, output: stdout + stderr }),
    )
  })
  return { code, passed: passedIn(out), output }
}

/** Ids of the cases that passed, as the report in `out` has them; none where there is no report. */
export function passedIn(out: string): string[] {
  const file = join(out, 'verdict.json')
  if (!existsSync(file)) return []
  const { cases }: VerdictFile = JSON.parse(readFileSync(file, 'utf8'))
  return cases
    .filter(({ verdict }) => verdict === 'PASS')
    .map(({ id }) => id)
    .sort()
}
