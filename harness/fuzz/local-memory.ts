import { readFileSync } from 'node:fs'

/**
 * Memory of the processes that this one has started, in MiB: that of a device which runs on this machine. Undefined where the machine does not
 * tell.
 */
export function localMemoryMiB(): number | undefined {
  try {
    const children = readFileSync(`/proc/self/task/${process.pid}/children`, 'utf8')
    const pids = children.split(' ').filter((pid) => pid !== '')
    return pids.reduce((sum, pid) => sum + residentMiB(pid), 0)
  } catch {
    return undefined
  }
}

/** A process that has just ended has none. */
function residentMiB(pid: string): number {
  try {
    const [, kiB = '0'] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
    return Number(kiB) / 1024
  } catch {
    return 0
  }
}
