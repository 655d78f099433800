import { readFileSync } from 'node:fs'

/** Version of this suite, as package.json states it. */
export const suiteVersion: string = JSON.parse(
  readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
).version
