import type { AcsSession } from '../../acs/acs.ts'
import type { Dut } from '../../dut/dut.ts'
import { DeviceSilent } from '../../failure.ts'
import type { TestBed } from '../../testbed/testbed.ts'
import type { BreakageLanguage, BrokenMessage } from '../breakage/breakage.ts'
import type { FuzzArena, Outcome, Wrong } from '../campaign/field.ts'
import { type ConfigMessage, type ConfigRule, INTACT } from './config-language.ts'

const CLAUSE =
  'what the agent promises of its configuration files: a mistake costs one line in the log, and everything else counts'

/** Characters of the log by whose end its new part is known. */
const ANCHOR = 2000

/** An agent that is started with one configuration after the other. */
export class ConfigArena implements FuzzArena<BrokenMessage> {
  readonly state = 'booting'
  readonly #cpe: TestBed
  readonly #inputs: NonNullable<Dut['localInputs']>
  readonly #language: BreakageLanguage<ConfigMessage, ConfigRule>
  #parameterKey: string | undefined
  #starts = 0

  constructor(
    cpe: TestBed,
    inputs: NonNullable<Dut['localInputs']>,
    language: BreakageLanguage<ConfigMessage, ConfigRule>,
  ) {
    this.#cpe = cpe
    this.#inputs = inputs
    this.#language = language
  }

  get transcript() {
    return this.#cpe.transcript
  }

  async meet(one: BrokenMessage, signal: AbortSignal): Promise<Outcome> {
    const { cwmp, notify } = this.#language.build(one)
    // What the device has kept from the start before must not be taken for what this file says.
    const intact = `${INTACT} ${++this.#starts}`
    const rules = this.#language.rulesOf(one)
    this.#parameterKey ??= this.#value(
      await this.#ended(this.#cpe.openSession(signal)),
      'ManagementServer.ParameterKey',
    )
    const logged = (await this.#cpe.dut.readLogs(signal)).slice(-ANCHOR)
    try {
      await this.#inputs.restartWith({ cwmp: cwmp.replaceAll(INTACT, intact), 'notify.json': notify }, signal)
    } catch (error) {
      signal.throwIfAborted()
      return gone('crash', 'the agent to start', (error as Error).message)
    }
    const timeoutMs = this.#cpe.profile.pixit.timing.bootSeconds * 1000
    try {
      const session = await this.#ended(this.#cpe.nextSession({ timeoutMs, signal }))
      const log = await this.#cpe.dut.readLogs(signal)
      const wrong = this.#judge(session, rules, log.slice(log.indexOf(logged) + logged.length), intact)
      return { answer: 'started', ...(wrong && { wrong }) }
    } catch (error) {
      if (!(error instanceof DeviceSilent)) throw error
      const isAlive = await this.#cpe.dut.alive(signal)
      return gone(isAlive ? 'hang' : 'crash', 'a session after the start', error.observed)
    }
  }

  async settle() {
    return []
  }

  async restart(signal: AbortSignal): Promise<void> {
    await this.#inputs.restartWith({}, signal)
    const timeoutMs = this.#cpe.profile.pixit.timing.bootSeconds * 1000
    await this.#ended(this.#cpe.nextSession({ timeoutMs, signal }))
  }

  async close(): Promise<void> {}

  #judge(session: AcsSession, rules: readonly ConfigRule[], log: string, intact: string): Wrong | undefined {
    const wrong = (expected: string, actual: string, kind: Wrong['kind'] = 'answer'): Wrong => ({
      kind,
      expected: [expected],
      actual,
      clause: CLAUSE,
      level: 'MUST',
    })
    const key = this.#value(session, 'ManagementServer.ParameterKey')
    if (key !== this.#parameterKey)
      return wrong(`ParameterKey ${this.#parameterKey}, as before the start`, `${key}`, 'state')
    if (rules.some(({ effect }) => effect === 'open')) return undefined
    const code = this.#value(session, 'DeviceInfo.ProvisioningCode')
    if (code !== intact)
      return wrong('the ProvisioningCode that stands in an intact line', JSON.stringify(code ?? ''))
    for (const { where } of rules) {
      if (!where) continue
      const [file, line] = where
      const named = new RegExp(`/${file.replace('.', '\\.')}:\\s*(line )?${line}\\b`)
      if (!named.test(log)) return wrong(`a line in the log that names line ${line} of ${file}`, 'none')
    }
    return undefined
  }

  async #ended(opening: Promise<AcsSession>): Promise<AcsSession> {
    const session = await opening
    await session.end()
    return session
  }

  #value(session: AcsSession, name: string): string | undefined {
    return session.parameters.get(`${this.#cpe.profile.cwmp.root}${name}`)?.Value
  }
}

function gone(kind: 'hang' | 'crash', expected: string, actual: string): Outcome {
  return { answer: 'gone', wrong: { kind, expected: [expected], actual, clause: CLAUSE, level: 'MUST' } }
}
