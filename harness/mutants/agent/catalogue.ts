import { readdirSync } from 'node:fs'
import type { Mutant } from './mutant.ts'

const machinery = ['catalogue.ts', 'main.ts', 'mutant.ts']

/**
 * Every mutant of this folder, by name.
 * @throws Error naming the file of a mutant whose name is taken or which no case is expected to catch.
 */
export async function loadMutants(): Promise<ReadonlyMap<string, Mutant>> {
  const files = readdirSync(import.meta.dirname).filter(
    (file) => file.endsWith('.ts') && !machinery.includes(file),
  )
  const byName = new Map<string, Mutant>()
  for (const file of files.sort()) {
    const { mutants } = (await import(`./${file}`)) as { mutants: readonly Mutant[] }
    for (const mutant of mutants) {
      if (byName.has(mutant.name)) throw new Error(`${file}: there are two mutants named ${mutant.name}`)
      if (mutant.cases.length === 0) throw new Error(`${file}: no case is expected to catch ${mutant.name}`)
      byName.set(mutant.name, mutant)
    }
  }
  return byName
}
