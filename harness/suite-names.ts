import { readdirSync } from 'node:fs'

/** The suites there are: the folders below `suites/`. */
export const suiteNames: readonly string[] = readdirSync(new URL('../suites/', import.meta.url), {
  withFileTypes: true,
})
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name)
  .sort()
