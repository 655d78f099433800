/**
 * A DUT adapter as a module, for an agent that is a program on this machine: `options.program` of the profile, here with the
 * options of the reference agent. An adapter for a box on a bench would speak to its serial port or its power switch instead.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { CreateDut, DutContext, DutOperations, Provisioning } from '../../harness/dut/dut.ts'

class AgentProgram implements DutOperations {
  readonly #program: readonly string[]
  readonly #stateDir: string
  readonly #log: (line: string) => void
  #provisioning: Provisioning | undefined
  #agent: ChildProcess | undefined

  constructor(program: readonly string[], { stateDir, log }: DutContext) {
    this.#program = program
    this.#stateDir = stateDir
    this.#log = log
  }

  async provision(provisioning: Provisioning): Promise<void> {
    this.#provisioning = provisioning
    await this.#off('SIGTERM')
    await this.#on()
  }

  async alive(): Promise<boolean> {
    return this.#agent !== undefined && this.#agent.exitCode === null && this.#agent.signalCode === null
  }

  async powerCycle(): Promise<void> {
    await this.#off('SIGKILL')
    await this.#on()
  }

  async factoryReset(): Promise<void> {
    await this.#off('SIGTERM')
    await rm(join(this.#stateDir, 'agent'), { recursive: true, force: true })
    await this.#on()
  }

  async stop(): Promise<void> {
    await this.#off('SIGTERM')
  }

  async #on(): Promise<void> {
    if (!this.#provisioning) throw new Error('provision comes first')
    const { acsUrl, username, password, connectionRequestUsername, connectionRequestPassword } =
      this.#provisioning
    const [program = '', ...first] = this.#program
    const options = {
      '--acs-url': acsUrl,
      '--acs-username': username,
      '--connection-request-username': connectionRequestUsername,
      '--periodic-inform-interval': this.#provisioning.periodicInformInterval?.toString(),
      '--state-dir': join(this.#stateDir, 'agent'),
    }
    const given = Object.entries(options).flatMap(([option, value]) =>
      value === undefined ? [] : [option, value],
    )
    this.#agent = spawn(program, [...first, ...given], {
      // The working directory is that of the run; paths in the profile are meant from here.
      cwd: import.meta.dirname,
      stdio: ['ignore', 'ignore', 'pipe'],
      env: {
        ...process.env,
        CWMP_ACS_PASSWORD: password,
        CWMP_CONNECTION_REQUEST_PASSWORD: connectionRequestPassword,
      },
    })
    this.#agent.stderr?.setEncoding('utf8').on('data', (text: string) => this.#log(text.trimEnd()))
    await once(this.#agent, 'spawn')
  }

  async #off(signal: NodeJS.Signals): Promise<void> {
    if (!this.#agent || !(await this.alive())) return
    const gone = once(this.#agent, 'exit')
    this.#agent.kill(signal)
    await gone
  }
}

export const createDut: CreateDut = (context) => {
  const { program } = context.options
  if (!Array.isArray(program) || program.length === 0) {
    throw new Error('adapter.options.program: expected a list of the program and its arguments')
  }
  return new AgentProgram(program.map(String), context)
}
