import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Mutant } from './mutant.ts'

/** What is no mutant, where these files stand as they are written or as they were bundled. */
const machinery = /^(catalogue(\.test)?|main|mutant)\.[jt]s$/

/**
 * Every mutant of this folder and of `fuzz/`, by name.
 * @throws Error naming the file of a mutant whose name is taken or which neither a case nor a campaign is expected to catch.
 */
export function loadMutants(): Promise<ReadonlyMap<string, Mutant>> {
  return loadFiles(files())
}

/**
 * The mutant of that name. Only the files that write the name out are loaded, so that a broken agent starts as fast as the whole one;
 * all of them, where none does.
 * @throws Error when there is none
 */
export async function loadMutant(name: string): Promise<Mutant> {
  const written = [`'${name}'`, `"${name}"`]
  const naming = files().filter((file) => {
    const text = readFileSync(join(import.meta.dirname, file), 'utf8')
    return written.some((each) => text.includes(each))
  })
  const mutant = (await loadFiles(naming)).get(name) ?? (await loadMutants()).get(name)
  if (!mutant) throw new Error(`there is no mutant "${name}"`)
  return mutant
}

function files(): string[] {
  const fuzz = readdirSync(join(import.meta.dirname, 'fuzz')).map((file) => `fuzz/${file}`)
  return [...readdirSync(import.meta.dirname), ...fuzz]
    .filter((file) => /\.[jt]s$/.test(file) && !machinery.test(file))
    .sort()
}

async function loadFiles(names: readonly string[]): Promise<ReadonlyMap<string, Mutant>> {
  const byName = new Map<string, Mutant>()
  for (const file of names) {
    const { mutants } = (await import(new URL(file, import.meta.url).href)) as { mutants: readonly Mutant[] }
    for (const mutant of mutants) {
      if (byName.has(mutant.name)) throw new Error(`${file}: there are two mutants named ${mutant.name}`)
      if (mutant.cases.length === 0 && !mutant.language)
        throw new Error(`${file}: nothing is expected to catch ${mutant.name}`)
      byName.set(mutant.name, mutant)
    }
  }
  return byName
}
