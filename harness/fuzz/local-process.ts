import { readdirSync, readFileSync } from 'node:fs'

/**
 * Memory of the processes that this one has started, in MiB: that of a device which runs on this machine. Undefined where the machine does not
 * tell.
 */
export function localMemoryMiB(): number | undefined {
  return total((pid) => {
    const [, kiB = '0'] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
    return Number(kiB) / 1024
  })
}

/** Files and sockets that they have open. */
export function localDescriptors(): number | undefined {
  return total((pid) => readdirSync(`/proc/${pid}/fd`).length)
}

function total(held: (pid: string) => number): number | undefined {
  try {
    const children = readFileSync(`/proc/self/task/${process.pid}/children`, 'utf8')
    return children
      .split(' ')
      .filter((pid) => pid !== '')
      .reduce((sum, pid) => sum + unlessEnded(() => held(pid)), 0)
  } catch {
    return undefined
  }
}

/** A process that has just ended has nothing. */
function unlessEnded(held: () => number): number {
  try {
    return held()
  } catch {
    return 0
  }
}
