/** The agent as a program. */
import { type AgentParts, composeAgent, defaultParts } from './agent.ts'
import { readCommandLine, UsageError } from './command-line.ts'
import { ConfigError } from './config/config.ts'
import { DefinitionError } from './datamodel/datamodel.ts'
import { Log } from './platform/platform.ts'

/** What whoever typed the command can put right. */
const USAGE_ERRORS = [UsageError, ConfigError, DefinitionError]

/**
 * Runs an agent until SIGTERM or SIGINT and gives the exit code: 0 after such an end, 2 for a wrong command line, 1 when the agent cannot start.
 * Log lines go to stderr.
 */
export async function runCli(argv: readonly string[], parts: AgentParts = defaultParts()): Promise<number> {
  const write = (line: string) => void process.stderr.write(`${line}\n`)
  try {
    const { options, logLevel, dataModel } = readCommandLine(argv, process.env)
    const agent = composeAgent(options, new Log(logLevel, write), {
      ...parts,
      objects: dataModel(parts.objects),
    })
    const end = new Promise((resolve) => {
      process.once('SIGTERM', resolve)
      process.once('SIGINT', resolve)
    })
    await agent.start()
    await end
    await agent.stop()
    return 0
  } catch (error) {
    write(`cwmp-agent: ${(error as Error).message}`)
    return USAGE_ERRORS.some((kind) => error instanceof kind) ? 2 : 1
  }
}
