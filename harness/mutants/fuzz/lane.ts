import { fork } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type FuzzMutant, type FuzzRow, problemOf } from './row.ts'

/** A device waits most of the time for the harness, and a silent one lets it wait: more at once than there are processors. */
const AT_ONCE = 4

/** Seconds after which a worker is given up, whatever it is doing. */
const PATIENCE = 180

/** What the lane gives a worker to do. */
export interface Order {
  readonly mutant: FuzzMutant
  readonly seed: number
  /** Where repro files go. */
  readonly outDir: string
}

/** Has the fuzzers meet each mutant; rows in the order of the mutants. */
export async function meetFuzzed(
  mutants: readonly FuzzMutant[],
  seed: number,
  tell: (left: number) => void,
): Promise<FuzzRow[]> {
  const outDir = await mkdtemp(join(tmpdir(), 'cwmp-fuzz-mutants-'))
  const rows = new Map<string, FuzzRow>()
  const waiting = [...mutants]
  const work = async () => {
    for (let mutant = waiting.shift(); mutant; mutant = waiting.shift()) {
      const row = await meetOne({ mutant, seed, outDir: join(outDir, mutant.name) })
      rows.set(mutant.name, row)
      tell(mutants.length - rows.size)
    }
  }
  try {
    await Promise.all(Array.from({ length: AT_ONCE }, work))
  } finally {
    await rm(outDir, { recursive: true, force: true })
  }
  return mutants.flatMap(({ name }) => rows.get(name) ?? [])
}

/** In a process of its own: whatever the mutant does to the harness, the next one meets a whole one. */
function meetOne(order: Order): Promise<FuzzRow> {
  const { name: mutant, breaks, language } = order.mutant
  const began = performance.now()
  return new Promise((resolve) => {
    const worker = fork(join(import.meta.dirname, 'worker.ts'), {
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    })
    let last = ''
    let result: Partial<FuzzRow> | undefined
    worker.stderr?.on('data', (octets: Buffer) => {
      last = octets.toString().trim().split('\n').at(-1) ?? last
    })
    const timer = setTimeout(() => worker.kill('SIGKILL'), PATIENCE * 1000)
    worker.on('message', (message: Partial<FuzzRow>) => {
      result = message
    })
    worker.on('exit', (_code, signal) => {
      clearTimeout(timer)
      const row = { mutant, breaks, language, ...result, seconds: (performance.now() - began) / 1000 }
      const reason = signal === 'SIGKILL' ? `given up after ${PATIENCE} s` : last || 'the worker ended'
      const problem = result ? (result.problem ?? problemOf(row)) : reason
      resolve(problem === undefined ? row : { ...row, problem })
    })
    worker.send(order)
  })
}
