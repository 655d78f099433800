import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { dirname, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Profile } from '../dut/dut.ts'
import { type Arguments, takesPath, UsageError } from './arguments.ts'
import { FileChanges } from './file-changes.ts'

/** The changes that `repeatOnChange` listens to. */
export type Changes = Pick<FileChanges, 'next' | 'take'>

interface Repetition {
  readonly changes: Changes
  /** Runs the chosen cases once. */
  readonly run: () => Promise<void>
  readonly say: (line: string) => void
  /** Ends it all. */
  readonly signal: AbortSignal
}

/**
 * Runs, and runs again whenever something has changed, until the signal is aborted. What changes during a run is answered with
 * another one after it; a file that changes during two runs in a row is written by the runs themselves, and does not count
 * from then on.
 */
export async function repeatOnChange({ changes, run, say, signal }: Repetition): Promise<void> {
  const noisy = new Set<string>()
  let before: string[] = []
  while (!signal.aborted) {
    await run()
    if (signal.aborted) return
    const during = changes.take().filter((file) => !noisy.has(file))
    for (const file of during) {
      if (!before.includes(file)) continue
      noisy.add(file)
      say(`${relative('', file)} changes with every run: its changes do not count any more`)
    }
    let changed = during.filter((file) => !noisy.has(file))
    before = changed
    if (changed.length === 0) say('waiting for a change of the agent (Ctrl-C ends)')
    while (changed.length === 0 && !signal.aborted) changed = await quietly(changes, noisy, signal)
    if (changed.length > 0) say(`changed: ${named(changed)}`)
  }
}

async function quietly(changes: Changes, noisy: ReadonlySet<string>, signal: AbortSignal): Promise<string[]> {
  try {
    return (await changes.next(signal)).filter((file) => !noisy.has(file))
  } catch (error) {
    if (signal.aborted) return []
    throw error
  }
}

function named(files: readonly string[]): string {
  const shown = files.slice(0, 3).map((file) => relative('', file))
  return shown.join(', ') + (files.length > 3 ? ` and ${files.length - 3} more` : '')
}

/**
 * `--watch`: the same command line in a process of its own, again whenever the agent's files change. Always ends with 130: only
 * Ctrl-C ends it.
 * @throws UsageError when there is nothing that could be watched
 */
export async function watchAgent(
  argv: readonly string[],
  given: Pick<Arguments, 'watch' | 'dut' | 'seed' | 'out'>,
  profile: Pick<Profile, 'watch' | 'adapter'>,
): Promise<number> {
  const paths = pathsOf(given, profile)
  const except = [resolve('reports'), ...(given.out === undefined ? [] : [resolve(given.out)])]
  const changes = new FileChanges(paths, { except })
  const stop = new AbortController()
  const onSignal = () => stop.abort()
  process.on('SIGINT', onSignal)
  process.on('SIGTERM', onSignal)
  try {
    const command = withoutWatch(argv, given.seed)
    await repeatOnChange({
      changes,
      run: () => runOnce(command, stop.signal),
      say: (line) => console.log(`\nwatch: ${line}`),
      signal: stop.signal,
    })
  } finally {
    process.off('SIGINT', onSignal)
    process.off('SIGTERM', onSignal)
    changes.close()
  }
  return 130
}

function pathsOf(
  { watch = [], dut }: Pick<Arguments, 'watch' | 'dut'>,
  profile: Pick<Profile, 'watch' | 'adapter'>,
): string[] {
  const absent = watch.find((path) => !existsSync(path))
  if (absent !== undefined) throw new UsageError(`--watch "${absent}": no such file or folder`)
  if (watch.length > 0) return [...watch]
  const folder = dirname(resolve(dut ?? '.'))
  const inProfile = (profile.watch ?? []).map((path) => resolve(folder, path))
  const missing = inProfile.find((path) => !existsSync(path))
  if (missing !== undefined) throw new UsageError(`${dut}: watch: ${missing}: no such file or folder`)
  if (inProfile.length > 0) return inProfile
  if (profile.adapter.kind === 'reference')
    return [fileURLToPath(new URL('../../reference-agent/', import.meta.url))]
  throw new UsageError(
    `--watch needs the path of the agent's files, as --watch PATH or as "watch": ["PATH"] in ${dut}`,
  )
}

/** The command line of one round. All rounds have one seed, or a change of the agent could not be told from one of luck. */
export function withoutWatch(argv: readonly string[], seed: number): string[] {
  const end = argv.indexOf('--')
  const own = end === -1 ? argv : argv.slice(0, end)
  const kept: string[] = []
  for (let at = 0; at < own.length; at++) {
    const word = own[at] as string
    if (word.startsWith('--watch=')) continue
    if (word !== '--watch') kept.push(word)
    else if (takesPath(own, at)) at += 1
  }
  if (!own.some((word) => word === '--seed' || word.startsWith('--seed='))) kept.push('--seed', String(seed))
  return [...kept, ...(end === -1 ? [] : argv.slice(end))]
}

async function runOnce(command: readonly string[], signal: AbortSignal): Promise<void> {
  const cli = fileURLToPath(new URL('../cli.ts', import.meta.url))
  const child = spawn(process.execPath, [...process.execArgv, cli, ...command], { stdio: 'inherit' })
  // Ctrl-C in a terminal reaches the round by itself; a second one would take its partial report away.
  const pass = () => {
    if (process.stdin.isTTY !== true) child.kill('SIGINT')
  }
  signal.addEventListener('abort', pass)
  await once(child, 'exit')
  signal.removeEventListener('abort', pass)
}
