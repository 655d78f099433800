import { defineConfig } from 'vitest/config'
import { realAcsSuite, suiteOfProject, suiteProjects } from './harness/suite-names.ts'

/** Each worker would start an ACS of its own. */
function hasRealAcs(project: string): boolean {
  return project === realAcsSuite || suiteOfProject(project).containerPeer === 'genieacs'
}

/** Suites of a lower group are over before those of a higher one begin. */
function groupOf(project: string): number {
  if (project === 'dut') return 0
  if (project === 'ics') return 1
  return hasRealAcs(project) ? 3 : 2
}

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
          exclude: ['**/*.e2e.test.ts'],
          sequence: { groupOrder: 2 },
          testTimeout: 30_000,
        },
      },
      {
        // Whole runs, installed packages, browsers and logins: `npm run e2e`, not a part of `npm test`.
        extends: true,
        test: { name: 'e2e', include: ['harness/**/*.e2e.test.ts'], maxWorkers: 3, testTimeout: 60_000 },
      },
      ...suiteProjects.map((name) => ({
        extends: true as const,
        test: {
          name,
          include: [`suites/${suiteOfProject(name).suite}/**/*.test.ts`],
          runner: './harness/runner.ts',
          // Whether the adapter is sound comes before everything that relies on it, and then whether the statement is true; what a real
          // ACS makes of the device comes last, and one after the other: there is one such ACS, and some cases stop it.
          sequence: { groupOrder: groupOf(name) },
          ...(hasRealAcs(name) && { maxWorkers: 1 }),
          // Every wait inside a case has a deadline of its own from the profile; this is the last resort.
          testTimeout: 900_000,
          hookTimeout: 900_000,
        },
      })),
    ],
  },
})
