import { readdirSync } from 'node:fs'
import { HarnessError } from '../../failure.ts'
import { type Repro, ReproError, readRepro } from './repro.ts'

const folder = new URL('../corpus/', import.meta.url)

/**
 * The repro files that are kept for a language, by name.
 * @throws HarnessError naming a file that is none
 */
export function corpusOf(language: string): Repro[] {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  return names
    .filter((name) => name.startsWith(`${language}/`) && name.endsWith('.json'))
    .toSorted()
    .map((name) => {
      try {
        return readRepro(new URL(name, folder).pathname)
      } catch (error) {
        if (error instanceof ReproError) throw new HarnessError(error.message)
        throw error
      }
    })
}
