import { type RunnerTestCase, type RunnerTestFile, type RunnerTestSuite, TestRunner } from 'vitest'
import { HarnessError } from './failure.ts'
import { icsOfMutant } from './mutants/statement.ts'
import { meetsPeer } from './peers/peers.ts'
import { evaluateIcs } from './requirements/ics-expression.ts'
import { loadRequirements } from './requirements/requirements.ts'
import { isInShard, isSelected, type RunContext } from './run-context.ts'
import { suiteOfProject } from './suite-names.ts'

// Ctrl-C reaches the whole process group; the launcher alone decides what it means, or the device would be left running.
process.on('SIGINT', () => {})

/**
 * Applies the device's statement to the collected cases: what was not asked for is left out, what the ICS denies is N/A with
 * its expression. A case without an id, with an id that is not its title's first word, or without a record stops the file:
 * it could never be reported truthfully.
 */
export default class ConformanceRunner extends TestRunner {
  onCollected(files: RunnerTestFile[]): void {
    const run = this.injectValue('run') as RunContext
    const requirements = loadRequirements()
    for (const file of files) {
      const project = suiteOfProject(file.projectName ?? '')
      for (const test of testsOf(file)) {
        const id = caseId(test)
        const record = requirements.get(id)
        if (!record) throw new HarnessError(`${file.name}: ${id} has no record in harness/requirements`)
        if (record.excluded ?? record.retired)
          throw new HarnessError(`${file.name}: ${id} is marked as excluded or retired`)

        const title = test.name.slice(id.length + 1)
        if (
          !isSelected(id, title, record.level, run.selection) ||
          !isInShard(id, run.shard) ||
          !meetsPeer(run.peers, project, test.meta.peers)
        ) {
          test.mode = 'skip'
          test.meta.deselected = true
        } else if (
          record.ics !== undefined &&
          !evaluateIcs(record.ics, icsOfMutant(run.profile.ics, run.mutants[id]))
        ) {
          test.mode = 'skip'
          test.meta.notApplicable = `the ICS says no to: ${record.ics}`
        }
      }
    }
  }
}

function* testsOf(suite: RunnerTestSuite): Generator<RunnerTestCase> {
  for (const task of suite.tasks) {
    if (task.type === 'suite') yield* testsOf(task)
    else yield task
  }
}

function caseId(test: RunnerTestCase): string {
  const id = test.meta.id
  if (id === undefined) throw new HarnessError(`${test.file.name}: "${test.name}" has no meta.id`)
  if (test.name.split(' ', 1)[0] !== id)
    throw new HarnessError(`${test.file.name}: "${test.name}" does not begin with its id ${id}`)
  return id
}
