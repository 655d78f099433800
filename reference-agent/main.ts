/** The agent as a program. */
import { join } from 'node:path'
import { type AgentOptions, type AgentParts, composeAgent, defaultParts } from './agent.ts'
import { readCommandLine, stateDirectoryOf, UsageError } from './command-line.ts'
import { ConfigError } from './config/config.ts'
import { sendDebugCommand } from './control/control-client.ts'
import { DefinitionError } from './datamodel/datamodel.ts'
import { Log, LogFile } from './platform/platform.ts'

import { helpText, versionText } from './usage.ts'

/** What whoever typed the command can put right. */
const USAGE_ERRORS = [UsageError, ConfigError, DefinitionError]

/**
 * The program: help, version, a debug command for an agent that runs, or an agent. Gives the exit code: 0, 1 when something fails, 2 for a wrong
 * command line.
 */
export async function runCli(argv: readonly string[], parts: AgentParts = defaultParts()): Promise<number> {
  const debug = argv.findIndex((word) => word === '-c' || word === '--cli')
  const own = debug < 0 ? argv : argv.slice(0, debug)
  const print = (text: string) => {
    process.stdout.write(`${text}\n`)
    return 0
  }
  if (own.includes('--help') || own.includes('-h')) return print(helpText())
  if (own.includes('--version') || own.includes('-v')) return print(versionText())
  return debug < 0 ? runAgent(argv, parts) : runDebug(own, argv.slice(debug + 1))
}

/** A debug command for the agent on a state directory: what it gives goes to stdout, what it complains of to stderr. */
async function runDebug(argv: readonly string[], words: readonly string[]): Promise<number> {
  try {
    const { lines, failed } = await sendDebugCommand(stateDirectoryOf(argv), words)
    const stream = failed ? process.stderr : process.stdout
    stream.write(lines.map((line) => `${line}\n`).join(''))
    return failed ? 1 : 0
  } catch (error) {
    process.stderr.write(`cwmp-agent: ${(error as Error).message}\n`)
    return error instanceof UsageError ? 2 : 1
  }
}

/**
 * Runs an agent until SIGTERM or SIGINT and gives the exit code: 0 after such an end, 2 for a wrong command line, 1 when the agent cannot start.
 * Log lines go to stderr.
 */
async function runAgent(argv: readonly string[], parts: AgentParts): Promise<number> {
  const write = (line: string) => void process.stderr.write(`${line}\n`)
  try {
    const line = readCommandLine(argv, process.env)
    const { options, logLevel, logFile, warnings, dataModel, count } = line
    const file = logFile && openLogFile(logFile)
    const log = new Log(logLevel, (text) => {
      if (!line.isConsoleQuiet) write(text)
      file?.write(text)
    })
    log.info(`Starting with PID ${process.pid}`)
    for (const warning of warnings) log.warning(warning)
    options.configuration?.warnBy((warning) => log.warning(warning))
    if (!line.isEnabled) {
      log.notice('CWMP service is disabled by cpe.enable')
      return 0
    }
    const objects = dataModel(parts.objects)
    const agents = devices(options, count).map((each) => composeAgent(each, log, { ...parts, objects }))
    const end = new Promise((resolve) => {
      process.once('SIGTERM', resolve)
      process.once('SIGINT', resolve)
    })
    try {
      for (const agent of agents) await agent.start()
      await Promise.race([end, ...agents.map(({ exited }) => exited)])
    } finally {
      await Promise.all(agents.map((agent) => agent.stop()))
    }
    file?.close()
    return 0
  } catch (error) {
    write(`cwmp-agent: ${(error as Error).message}`)
    return USAGE_ERRORS.some((kind) => error instanceof kind) ? 2 : 1
  }
}

/** The options of each of several devices: numbered directories and serial numbers. */
function devices(options: AgentOptions, count: number): AgentOptions[] {
  if (count === 1) return [options]
  return Array.from({ length: count }, (_, index) => ({
    ...options,
    stateDirectory: join(options.stateDirectory, String(index + 1)),
    serialNumber: `${options.serialNumber ?? 'DEVICE'}-${index + 1}`,
  }))
}

function openLogFile({ path, maximumOctets }: { path: string; maximumOctets: number }): LogFile {
  try {
    return new LogFile(path, maximumOctets)
  } catch (error) {
    throw new UsageError(`--log-file: cannot write ${path} (${(error as NodeJS.ErrnoException).code})`)
  }
}
