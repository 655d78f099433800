import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

/** The reference agent as users start it, with extra arguments. */
export function startAgent(args: readonly string[]): ChildProcess {
  const cli = fileURLToPath(new URL('../../reference-agent/cli.ts', import.meta.url))
  return spawn(process.execPath, [cli, '--log-level', 'ERROR', ...args], {
    stdio: ['ignore', 'inherit', 'inherit'],
  })
}

/** Ends a child and waits until it is gone. */
export async function stopProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = once(child, 'exit')
  child.kill('SIGTERM')
  await gone
}
