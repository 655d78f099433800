import { pathToFileURL } from 'node:url'
import { HarnessError } from '../failure.ts'
import type { AdapterOf } from './adapter-profile.ts'
import { abilities, type DutOperations } from './operations.ts'

/** What `createDut` of a module adapter gets. */
export interface DutContext {
  /** `adapter.options` of the profile. */
  readonly options: Readonly<Record<string, unknown>>
  /** An empty directory for the adapter, removed after the run. */
  readonly stateDir: string
  /** The device log: shown with the report. */
  readonly log: (line: string) => void
}

/** The function that a module adapter exports under the name `createDut`. */
export type CreateDut = (context: DutContext) => DutOperations | Promise<DutOperations>

/**
 * Loads a module adapter and lets it make its device.
 * @throws {HarnessError} when the file cannot be loaded, exports no createDut, or that makes something else
 */
export async function openModule(
  adapter: AdapterOf<'module'>,
  context: Omit<DutContext, 'options'>,
): Promise<DutOperations> {
  const broken = (what: string, cause?: unknown) =>
    new HarnessError(`adapter ${adapter.file}: ${what}`, { cause })
  const loaded = await import(pathToFileURL(adapter.file).href).catch((error: unknown) => {
    throw broken(`cannot be loaded: ${messageOf(error)}`, error)
  })
  if (typeof loaded.createDut !== 'function') throw broken('exports no function createDut')
  let made: unknown
  try {
    made = await loaded.createDut({ ...context, options: adapter.options })
  } catch (error) {
    throw broken(`createDut failed: ${messageOf(error)}`, error)
  }
  if (typeof made !== 'object' || made === null) throw broken('createDut made no object')
  for (const method of ['provision', 'alive', 'stop']) {
    if (typeof Reflect.get(made, method) !== 'function')
      throw broken(`createDut made an object without ${method}()`)
  }
  for (const method of abilities) {
    const member = Reflect.get(made, method)
    if (member !== undefined && typeof member !== 'function') throw broken(`${method} is no function`)
  }
  return made as DutOperations
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
