import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { RunnerTestCase } from 'vitest'
import type { Dut } from '../dut/dut.ts'
import { Untestable } from '../failure.ts'
import type { RunContext } from '../run-context.ts'
import { suiteOfProject } from '../suite-names.ts'

/** Whose log it is. */
type Logged = Pick<Dut, 'supports' | 'readLogs'>
/** Whether logs belong to the report at all, and where that is. */
type Run = Pick<RunContext, 'deviceLogs' | 'outDir'>

/**
 * Leaves the log of the device that a failed case met, on whatever bench. To be called before the device is brought back to a known
 * state, which may take its log with it.
 */
export async function keepLogOfFailed(
  dut: Logged,
  task: Readonly<Pick<RunnerTestCase, 'result' | 'meta' | 'file'>>,
  { deviceLogs, outDir }: Run,
): Promise<void> {
  if (!deviceLogs || task.result?.state !== 'fail') return
  // A case that also met a real peer leaves two.
  const { containerPeer } = suiteOfProject(task.file.projectName ?? '')
  await keepDeviceLog(dut, outDir, `${task.meta.id}${containerPeer === undefined ? '' : `@${containerPeer}`}`)
}

/**
 * Leaves the log of a device that a worker is done with. To be called before it is put away.
 * @param isManaged whether a real ACS managed it: a worker may have had that one and another on its bench
 */
export async function keepLastLog(
  dut: Logged,
  isManaged: boolean,
  { deviceLogs, outDir }: Run,
): Promise<void> {
  if (deviceLogs) await keepDeviceLog(dut, outDir, `end-${isManaged ? 'managed-' : ''}${process.pid}`)
}

/**
 * Leaves the device's own log in the report, where its adapter can read it; passwords are masked by then. A log that cannot be read
 * is no reason to lose a run: what stood in the way is written in its place.
 * @param name of the file, without its ending
 */
async function keepDeviceLog(dut: Logged, outDir: string, name: string): Promise<void> {
  if (!dut.supports('readLogs')) return
  const text = await dut.readLogs().catch((error: unknown) => {
    if (error instanceof Untestable) return undefined
    return `the log could not be read: ${error instanceof Error ? error.message : String(error)}\n`
  })
  if (text === undefined) return
  const folder = join(outDir, 'device-logs')
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, `${name}.log`), text)
}
