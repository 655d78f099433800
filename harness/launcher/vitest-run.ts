import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseCLI, type Reporter, startVitest } from 'vitest/node'
import { HarnessError } from '../failure.ts'
import type { RunContext } from '../run-context.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))

interface VitestRun {
  readonly context: RunContext
  readonly reporter: Reporter
  /** Names of vitest projects, `*` and `!name` included. */
  readonly projects: string[]
  /** Paths of the only test files that are needed, or parts of paths: the others need not even be read. */
  readonly files?: readonly string[]
  /** How many files run at a time. One device can only be asked one thing at a time; each worker has a reference agent of its own. */
  readonly workers: number
  /** Options for vitest, as typed. */
  readonly extra?: readonly string[]
}

/**
 * One vitest run that reports to `reporter` alone. vitest's own exit code is put aside: it is 0 when nothing ran.
 * @throws HarnessError when vitest does not take the extra options.
 */
export async function runVitest(run: VitestRun): Promise<void> {
  // Agents are started hundreds of times in a run; compiled once, each is up in a third of the time.
  process.env.NODE_COMPILE_CACHE ??= join(tmpdir(), 'cwmp-conformance-compile-cache')
  const tail = parseTail(run.extra ?? [])
  const before = process.exitCode
  const vitest = await startVitest(
    [...(run.files ?? []), ...tail.filter],
    {
      // That of the suite, wherever it is started: an installed package has its user's folder around it.
      root,
      watch: false,
      passWithNoTests: true,
      project: run.projects,
      ...tail.options,
      reporters: [run.reporter],
    },
    {
      test: {
        provide: { run: run.context },
        // Here, where a project may have fewer of its own, and not among the options, which outdo it.
        maxWorkers: run.workers,
        fileParallelism: run.workers > 1,
      },
    },
  )
  await vitest.close()
  process.exitCode = before
}

function parseTail(extra: readonly string[]): Pick<ReturnType<typeof parseCLI>, 'filter' | 'options'> {
  if (extra.length === 0) return { filter: [], options: {} }
  try {
    return parseCLI(['vitest', ...extra])
  } catch (error) {
    throw new HarnessError(`vitest does not take "${extra.join(' ')}": ${(error as Error).message}`)
  }
}
