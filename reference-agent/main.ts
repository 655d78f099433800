/** The agent as a program. */
import { type AgentParts, composeAgent, defaultParts } from './agent.ts'
import { readCommandLine, UsageError } from './command-line.ts'
import { ConfigError } from './config/config.ts'
import { DefinitionError } from './datamodel/datamodel.ts'
import { Log, LogFile } from './platform/platform.ts'

/** What whoever typed the command can put right. */
const USAGE_ERRORS = [UsageError, ConfigError, DefinitionError]

/**
 * Runs an agent until SIGTERM or SIGINT and gives the exit code: 0 after such an end, 2 for a wrong command line, 1 when the agent cannot start.
 * Log lines go to stderr.
 */
export async function runCli(argv: readonly string[], parts: AgentParts = defaultParts()): Promise<number> {
  const write = (line: string) => void process.stderr.write(`${line}\n`)
  try {
    const { options, logLevel, logFile, warnings, dataModel } = readCommandLine(argv, process.env)
    const file = logFile && openLogFile(logFile)
    const log = new Log(logLevel, (line) => {
      write(line)
      file?.write(line)
    })
    for (const warning of warnings) log.warning(warning)
    const agent = composeAgent(options, log, {
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
    file?.close()
    return 0
  } catch (error) {
    write(`cwmp-agent: ${(error as Error).message}`)
    return USAGE_ERRORS.some((kind) => error instanceof kind) ? 2 : 1
  }
}

function openLogFile({ path, maximumOctets }: { path: string; maximumOctets: number }): LogFile {
  try {
    return new LogFile(path, maximumOctets)
  } catch (error) {
    throw new UsageError(`--log-file: cannot write ${path} (${(error as NodeJS.ErrnoException).code})`)
  }
}
