import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Dut } from '../dut/dut.ts'
import { Untestable } from '../failure.ts'

/**
 * Leaves the device's own log in the report, where its adapter can read it; passwords are masked by then. A log that cannot be read
 * is no reason to lose a run: what stood in the way is written in its place.
 * @param name of the file, without its ending
 */
export async function keepDeviceLog(
  dut: Pick<Dut, 'supports' | 'readLogs'>,
  outDir: string,
  name: string,
): Promise<void> {
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
