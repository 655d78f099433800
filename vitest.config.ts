import { defineConfig } from 'vitest/config'
import { suiteOfProject, suiteProjects } from './harness/suite-names.ts'

// The launcher (harness/cli.ts) starts vitest with this configuration and provides the run's context.
export default defineConfig({
  test: {
    pool: 'forks',
    // One worker serves many files: a device is brought up once, and modules are loaded once, not for every file.
    isolate: false,
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: [
            'harness/**/*.test.ts',
            'reference-agent/**/*.test.ts',
            'docs/**/*.test.ts',
            'containers/**/*.test.ts',
          ],
          sequence: { groupOrder: 1 },
          testTimeout: 30_000,
        },
      },
      ...suiteProjects.map((name) => ({
        extends: true as const,
        test: {
          name,
          include: [`suites/${suiteOfProject(name).suite}/**/*.test.ts`],
          runner: './harness/runner.ts',
          // Whether the adapter is sound comes before everything that relies on it.
          sequence: { groupOrder: name === 'dut' ? 0 : 1 },
          // Every wait inside a case has a deadline of its own from the profile; this is the last resort.
          testTimeout: 900_000,
          hookTimeout: 900_000,
        },
      })),
    ],
  },
})
