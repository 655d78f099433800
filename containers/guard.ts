import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import { join } from 'node:path'
import type { Engine } from './engine.ts'

const RUN = 'cwmp-conformance.run'
const LAUNCHER = 'cwmp-conformance.launcher'

/** Sees to it that no container and no network outlives this process, however it ends. */
export interface Guard {
  /** To be put on every container and network. */
  readonly labels: Readonly<Record<string, string>>
  /** Nothing is left to be guarded. */
  release(): void
}

/**
 * Starts a process of its own group that waits for this one to end, be it by kill -9, and then removes the containers and networks
 * with our labels. What earlier runs on this machine left, because their guard died too, is removed at once.
 */
export async function startGuard(engine: Engine): Promise<Guard> {
  await removeOrphans(engine)
  const run = randomUUID()
  const child = spawn(process.execPath, [join(import.meta.dirname, 'guard-main.ts'), run], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  child.unref()
  // A pipe without a reader is no reason to end: the guard is gone, the run goes on.
  child.stdin.on('error', () => {})
  // The pipe alone must not keep us running.
  if ('unref' in child.stdin && typeof child.stdin.unref === 'function') child.stdin.unref()
  return {
    labels: { [RUN]: run, [LAUNCHER]: `${hostname()}/${process.pid}` },
    release: () => child.stdin.end(),
  }
}

/** Removes every container of that run, running or not, and every network. */
export function removeRun(engine: Engine, run: string): Promise<void> {
  return removeAll(engine, `${RUN}=${run}`, () => true)
}

/** Containers and networks whose launcher ran on this machine and runs no more. */
function removeOrphans(engine: Engine): Promise<void> {
  return removeAll(engine, LAUNCHER, (labels) => {
    const [host, pid] = (labels[LAUNCHER] ?? '').split('/')
    return host === hostname() && !isRunning(Number(pid))
  })
}

async function removeAll(
  { client }: Engine,
  label: string,
  which: (labels: Readonly<Record<string, string>>) => boolean,
): Promise<void> {
  const { dockerode } = client.container
  const found = await dockerode.listContainers({ all: true, filters: { label: [label] } })
  await Promise.all(
    found
      .filter(({ Labels }) => which(Labels))
      // Somebody else may be removing the same one at this moment.
      .map(({ Id }) =>
        dockerode
          .getContainer(Id)
          .remove({ force: true, v: true })
          .catch(() => {}),
      ),
  )
  const networks = await dockerode.listNetworks({ filters: { label: [label] } })
  await Promise.all(
    networks
      .filter(({ Labels }) => which(Labels ?? {}))
      .map(({ Id }) =>
        dockerode
          .getNetwork(Id)
          .remove()
          .catch(() => {}),
      ),
  )
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
