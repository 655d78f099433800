import { execFile } from 'node:child_process'
import { accessSync, constants, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Clock } from '../platform/platform.ts'
import type { Probe, ProbeOutcome, ProbeTarget } from './probe.ts'

/** The first file of that name in a search path such as $PATH that may be run. */
export function findProgram(name: string, searchPath: string): string | undefined {
  const candidates = searchPath.split(':').map((directory) => join(directory || '.', name))
  return candidates.find((path) => {
    try {
      accessSync(path, constants.X_OK)
      return statSync(path).isFile()
    } catch {
      return false
    }
  })
}

/** Measures with ICMP echo by the system's ping, as far as that can; what it cannot say is left to another probe. */
export class PingProgram implements Probe {
  readonly #program: string
  readonly #clock: Clock
  readonly #otherwise: Probe

  constructor(program: string, clock: Clock, otherwise: Probe) {
    this.#program = program
    this.#clock = clock
    this.#otherwise = otherwise
  }

  async send(target: ProbeTarget, signal: AbortSignal): Promise<ProbeOutcome> {
    const outcome = await this.ping(target, signal)
    return outcome.kind === 'failed' ? this.#otherwise.send(target, signal) : outcome
  }

  /** Runs the program for one packet, until it ends, the time is over, or nobody wants to know. */
  protected ping(target: ProbeTarget, signal: AbortSignal): Promise<ProbeOutcome> {
    return new Promise((resolve) => {
      const options = { encoding: 'utf8' as const, env: { LC_ALL: 'C' } }
      const child = execFile(this.#program, argumentsFor(target), options, (error, output, errors) => {
        timer.cancel()
        signal.removeEventListener('abort', kill)
        resolve(error?.killed || child.killed ? { kind: 'silence' } : readOutput(output + errors))
      })
      const kill = () => void child.kill('SIGKILL')
      const timer = this.#clock.after(target.timeout, kill)
      signal.addEventListener('abort', kill)
    })
  }
}

function argumentsFor({ address, family, size, dscp, timeout, hops }: ProbeTarget): string[] {
  const seconds = Math.max(1, Math.ceil(timeout / 1000))
  return [
    `-${family}`,
    '-n',
    ...['-c', '1', '-s', String(size), '-W', String(seconds)],
    ...(dscp === 0 ? [] : ['-Q', String(dscp << 2)]),
    ...(hops === undefined ? [] : ['-t', String(hops)]),
    address,
  ]
}

/** What ping of iputils or busybox says about one packet. */
function readOutput(output: string): ProbeOutcome {
  const time = /time[=<]([\d.]+) ?ms/.exec(output)?.[1]
  if (time !== undefined)
    return { kind: 'reply', microseconds: Math.max(1, Math.round(Number(time) * 1000)), code: 0 }
  const router = /^From (\S+?):? .*(?:Time to live|Hop limit) exceeded/im.exec(output)?.[1]
  if (router !== undefined) return { kind: 'expired', address: router }
  if (/unreachable/i.test(output)) return { kind: 'unreachable' }
  if (/[1-9]\d* (?:packets )?transmitted/.test(output)) return { kind: 'silence' }
  return { kind: 'failed', reason: output.trim() }
}
