import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

// In a process of its own: some mutants break classes that all agents of a process share, and other tests have whole agents.
test('every mutant finds the parts that it replaces', async () => {
  const main = join(import.meta.dirname, 'main.ts')

  const { stdout } = await promisify(execFile)(process.execPath, [main, '--apply'])

  expect(stdout).toBe('')
}, 60_000)
