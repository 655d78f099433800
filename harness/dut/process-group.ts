import { type ChildProcess, spawn } from 'node:child_process'
import { readdir, readFile } from 'node:fs/promises'
import type { Readable, Writable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { HarnessError } from '../failure.ts'
import { readLines } from './lines.ts'

/** How a process ended: its exit code, or the signal that ended it. */
export interface Ending {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

interface ProcessOptions {
  readonly cwd?: string
  readonly env?: NodeJS.ProcessEnv
  /** Gets each line of stderr, and of stdout where that is not read otherwise. */
  readonly log: (line: string) => void
  /** `pipe` for a process that is talked to over stdin and stdout. */
  readonly dialogue?: boolean
}

/** How long a group may take to end after SIGTERM before it gets SIGKILL. */
const termMs = 2000
const pollMs = 10
const drainMs = 100

/**
 * Waits at the end of a pipe whose other end only this process holds, so that it notices even when this process is killed,
 * and then ends the group: SIGTERM, and SIGKILL for what is left after two seconds.
 */
const leashScript = `read -r _
kill -s TERM -- "-$1" 2>/dev/null || exit 0
n=0
while [ "$n" -lt 20 ] && kill -s 0 -- "-$1" 2>/dev/null; do sleep 0.1; n=$((n + 1)); done
kill -s KILL -- "-$1" 2>/dev/null
exit 0`

/** A child process in a process group of its own, which ends with us whatever happens to us. */
export class ProcessGroup {
  /** Settles when the process (not each of its children) has ended. */
  readonly ended: Promise<Ending>
  /** How it ended, once it has. */
  ending: Ending | undefined
  /** As `ended`, but not before stderr has been read to its end, if that comes soon. */
  readonly drained: Promise<Ending>
  /** The last line it wrote to stderr. */
  lastLine = ''
  readonly stdin: Writable | null
  readonly stdout: Readable | null
  readonly #child: ChildProcess
  #leash: ChildProcess | undefined

  private constructor(child: ChildProcess, log: (line: string) => void, dialogue: boolean) {
    this.#child = child
    this.stdin = child.stdin
    this.stdout = child.stdout
    // A process that has gone answers writes with EPIPE; its end is told by `ended`.
    child.stdin?.on('error', () => {})
    this.ended = new Promise((resolve) => {
      child.once('exit', (code, signal) => {
        this.ending = { code, signal }
        resolve(this.ending)
      })
    })
    const closed = new Promise((resolve) => child.once('close', resolve))
    this.drained = this.ended.then(async (ending) => {
      // A grandchild that has inherited stderr may hold it open for ever.
      await settlesWithin(closed, drainMs)
      return ending
    })
    if (child.stderr) {
      readLines(child.stderr, (line) => {
        this.lastLine = line
        log(line)
      })
    }
    if (child.stdout && !dialogue) readLines(child.stdout, log)
  }

  get pid(): number {
    return this.#child.pid ?? 0
  }

  /**
   * Starts `command` (program and arguments, no shell).
   * @throws {HarnessError} when it cannot be started
   */
  static async start(command: readonly string[], options: ProcessOptions): Promise<ProcessGroup> {
    const [program = '', ...args] = command
    const child = spawn(program, args, {
      cwd: options.cwd,
      env: options.env,
      detached: true,
      stdio: [options.dialogue ? 'pipe' : 'ignore', 'pipe', 'pipe'],
    })
    const group = new ProcessGroup(child, options.log, options.dialogue ?? false)
    await new Promise<void>((resolve, reject) => {
      child.once('spawn', resolve)
      child.once('error', (error) => reject(new HarnessError(`cannot start ${program}: ${error.message}`)))
    })
    group.#leash = holdLeash(group.pid)
    return group
  }

  /** Ends the whole group at once, as a power cut would, and waits until nothing of it is left. */
  async kill(): Promise<void> {
    await this.#clear([['SIGKILL', termMs]])
  }

  /** Ends the whole group: SIGTERM, and SIGKILL for what is left `termMs` (two seconds) later. */
  async stop(options: { readonly termMs?: number } = {}): Promise<void> {
    await this.#clear([
      ['SIGTERM', options.termMs ?? termMs],
      // Nothing withstands it, but on a busy machine it takes effect late.
      ['SIGKILL', termMs],
    ])
  }

  /** Whether the process ends by itself within `ms`. */
  endsWithin(ms: number): Promise<boolean> {
    return settlesWithin(this.ended, ms)
  }

  /** Whether any process of the group still runs. */
  async isRunning(): Promise<boolean> {
    // As long as the first process has not ended there is no need to look at the others.
    return this.ending === undefined || (await isGroupRunning(this.pid))
  }

  /** Whether nothing of the group runs any more within `ms`. */
  async clearsWithin(ms: number): Promise<boolean> {
    const deadline = performance.now() + ms
    while (await this.isRunning()) {
      if (performance.now() > deadline) return false
      await sleep(pollMs)
    }
    return true
  }

  async #clear(signals: readonly (readonly [signal: NodeJS.Signals, patienceMs: number])[]): Promise<void> {
    for (const [signal, patienceMs] of signals) {
      signalGroup(this.pid, signal)
      if (await this.clearsWithin(patienceMs)) break
    }
    // With the group gone (or beyond our power) the leash must not end whoever gets its number next.
    this.#leash?.kill('SIGKILL')
    this.#child.stdin?.destroy()
    this.#child.stdout?.destroy()
    this.#child.stderr?.destroy()
    if (this.ending === undefined) await this.endsWithin(termMs)
  }
}

async function settlesWithin(settled: Promise<unknown>, ms: number): Promise<boolean> {
  const waiting = new AbortController()
  const late = sleep(ms, false, { signal: waiting.signal }).catch(() => false)
  return await Promise.race([settled.then(() => true), late]).finally(() => waiting.abort())
}

function holdLeash(pid: number): ChildProcess {
  const leash = spawn('/bin/sh', ['-c', leashScript, 'leash', String(pid)], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  leash.stdin?.on('error', () => {})
  leash.on('error', () => {})
  leash.unref()
  return leash
}

/** @returns whether there was a process to signal */
function signalGroup(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(-pid, signal)
    return true
  } catch (error) {
    // EPERM: there is a process, but not one that we may signal.
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** Whether any process of the group runs; a zombie that nobody has reaped yet does not count. */
export async function isGroupRunning(group: number): Promise<boolean> {
  if (!signalGroup(group, 0)) return false
  const pids = await readdir('/proc').catch(() => undefined)
  // Without /proc a zombie cannot be told from the living.
  if (!pids) return true
  const stats = await Promise.all(
    pids
      .filter((name) => /^\d+$/.test(name))
      .map((pid) => readFile(`/proc/${pid}/stat`, 'latin1').catch(() => '')),
  )
  return stats.some((stat) => {
    // "pid (name) state ppid pgrp …", and the name may hold spaces and parentheses.
    const [state, , pgrp] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return Number(pgrp) === group && state !== 'Z' && state !== 'X'
  })
}
