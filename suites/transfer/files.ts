import { readFileSync } from 'node:fs'
import type { TestContext } from 'vitest'
import { Untestable } from '../../harness/conformance.ts'
import type { Profile } from '../../harness/dut/dut.ts'
import type { HttpFileServer, Served } from '../../harness/net/net.ts'

type Pixit = Profile['pixit']

export const FIRMWARE = '1 Firmware Upgrade Image'
export const STORED_FIRMWARE = '6 Stored Firmware Image'

/** What Download is told of a file. */
export interface OfferedFile {
  readonly FileType: string
  readonly URL: string
  readonly FileSize: number
}

/** The octets of an entry of the profile. */
export function octetsOf(entry: { readonly file?: string; readonly text?: string }): Buffer {
  return entry.file === undefined ? Buffer.from(entry.text ?? '') : readFileSync(entry.file)
}

/**
 * A file that the device takes, whatever it is: where the profile names no ordinary one, its configuration or a firmware image.
 * @throws Untestable when it names none at all
 */
export function ordinaryFile({ files }: Pixit): { readonly fileType: string; readonly octets: Buffer } {
  const { ordinary, vendorConfiguration, firmware } = files
  const entry = ordinary ?? vendorConfiguration
  if (entry) return { fileType: entry.fileType, octets: octetsOf(entry) }
  return { fileType: FIRMWARE, octets: octetsOf(named(firmware, 'file that can be downloaded')[0]) }
}

/** Puts the ordinary file at a path of the server, to be served as `script` says: always, or the nth time. */
export function offer(
  web: HttpFileServer,
  pixit: Pixit,
  script: Served | ((nth: number) => Served) = {},
  path = '/file',
): OfferedFile {
  const { fileType: FileType, octets } = ordinaryFile(pixit)
  const served = typeof script === 'function' ? script : () => script
  const URL = web.serve(path, (_request, nth) => ({ body: octets, ...served(nth) }))
  return { FileType, URL, FileSize: octets.length }
}

/** An optional entry of the profile. @throws Untestable when it is not there */
export function named<T>(entry: T | undefined, what: string): T {
  if (entry === undefined) throw new Untestable(`the profile names no ${what}`)
  return entry
}

/** An entry of the profile for something that many a device has not: without it the case is N/A. */
export function ifNamed<T>(
  entry: T | undefined,
  what: string,
  { skip, task }: { readonly skip: TestContext['skip']; readonly task: TestContext['task'] },
): T {
  if (entry !== undefined) return entry
  task.meta.notApplicable = `the profile names no ${what}: the device knows none`
  return skip()
}
