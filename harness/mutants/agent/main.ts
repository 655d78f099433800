import { defaultParts } from '../../../reference-agent/agent.ts'
import { runCli } from '../../../reference-agent/main.ts'
import { loadMutant, loadMutants } from './catalogue.ts'

// `--list` prints the mutants; `--apply` breaks every rule in turn and prints what could not be broken; `--mutant NAME` starts the
// reference agent with that rule broken, all other options being the agent's own.
const argv = process.argv.slice(2)
if (argv[0] === '--list') {
  const listed = [...(await loadMutants()).values()].map(({ name, cases, language, breaks }) => ({
    name,
    cases,
    language,
    breaks,
  }))
  console.log(JSON.stringify(listed))
} else if (argv[0] === '--apply') {
  for (const { name, apply } of (await loadMutants()).values()) {
    try {
      apply(defaultParts())
    } catch (error) {
      console.log(`${name}: ${(error as Error).message}`)
    }
  }
} else {
  const at = argv.indexOf('--mutant')
  const mutant = await loadMutant(at === -1 ? '' : (argv[at + 1] ?? ''))
  const parts = defaultParts()
  mutant.apply(parts)
  argv.splice(at, 2)
  await runCli(argv, parts)
}
