/** Operations on deployment units, and what becomes of them (TR-069 A.4.1.10, A.4.2.3). */
import { firstCharacters } from '../platform/platform.ts'
import { LONGEST_FAULT_STRING, meaningOf } from '../soap/soap.ts'

interface Credentials {
  username: string
  password: string
}

export interface InstallOperation extends Credentials {
  type: 'Install'
  url: string
  uuid?: string | undefined
  /** Path of an ExecEnv; the device chooses when it is absent. */
  executionEnvRef?: string | undefined
}

/** By UUID, by URL, or of everything that is installed. */
export interface UpdateOperation extends Credentials {
  type: 'Update'
  uuid?: string | undefined
  /** The one that is installed, where there are several. */
  version?: string | undefined
  url?: string | undefined
}

export interface UninstallOperation {
  type: 'Uninstall'
  uuid: string
  /** All versions when it is absent. */
  version?: string | undefined
  executionEnvRef?: string | undefined
}

export type DuOperation = InstallOperation | UpdateOperation | UninstallOperation

/** What became of one operation on one deployment unit. */
export interface DuResult {
  uuid: string
  /** Path of the deployment unit without the final dot; empty when there is none. */
  unitRef: string
  version: string
  state: 'Installed' | 'Uninstalled' | 'Failed'
  resolved: boolean
  /** Paths without the final dot. */
  executionUnits: readonly string[]
  /** Device times in milliseconds. */
  startTime: number
  completeTime: number
  fault?: { code: number; text: string }
}

/** Stands where a result needs a UUID and there is none, or one of another form. */
export const NO_UUID = '00000000-0000-0000-0000-000000000000'

/** Why an operation failed, with a fault code that a result may carry. */
export class DuFault extends Error {
  override readonly name = 'DuFault'
  readonly code: number

  constructor(code: number, detail = '') {
    const text = detail === '' ? meaningOf(code) : `${meaningOf(code)}: ${detail}`
    // Details may repeat what stands in a file, and that may be anything.
    super(firstCharacters(text, LONGEST_FAULT_STRING))
    this.code = code
  }
}
