import type { ChildProcess } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type AcsSession, ScriptedAcs } from '../acs/acs.ts'
import { Transcript } from '../cwmp/transcript.ts'
import { makeStateDir, removeStateDir } from '../dut/dut.ts'
import { granted } from '../matchers.ts'
import { startAgent, stopProcess } from './agent-process.ts'
import type { Measurement } from './cli.ts'

const rounds = 30
const warmUp = 20
const small = 1000
const large = 10_000

/**
 * Milliseconds for GetParameterValues of the whole tree with 10,000 parameters (`ours`) against one with 1,000 (`bare`):
 * linear work has a ratio of 10. Each round reads the small tree ten times, of which the median counts, and the large one
 * once; the best rounds of either are compared, for whatever else the machine does can only make a reading longer.
 */
export async function measureReadOut(progress: (line: string) => void): Promise<Measurement> {
  const own = await parametersOfAgent()
  const [one, ten] = [await Device.start(small - own), await Device.start(large - own)]
  try {
    await one.readOut(warmUp, small)
    await ten.readOut(warmUp / 10, large)
    const [smalls, larges]: [number[], number[]] = [[], []]
    for (let round = 1; round <= rounds; round++) {
      smalls.push(await one.readOut(large / small, small))
      larges.push(await ten.readOut(1, large))
      const [first, second] = [smalls.at(-1)?.toFixed(1), larges.at(-1)?.toFixed(1)]
      progress(
        `  round ${round} of ${rounds}: ${small} parameters ${first} ms, ${large} parameters ${second} ms`,
      )
    }
    const [bare, ours] = [Math.min(...smalls), Math.min(...larges)]
    return { name: 'read-out', unit: 'ms', ours, bare, ratio: ours / bare }
  } finally {
    await one.stop()
    await ten.stop()
  }
}

/** How many parameters the agent's tree has by itself. */
async function parametersOfAgent(): Promise<number> {
  const device = await Device.start(0)
  try {
    return await device.parameters()
  } finally {
    await device.stop()
  }
}

/** An agent in a session with an ACS of its own, with so many parameters added to its tree. */
class Device {
  readonly #stateDir: string
  readonly #acs: ScriptedAcs
  readonly #agent: ChildProcess
  readonly #session: AcsSession

  private constructor(stateDir: string, acs: ScriptedAcs, agent: ChildProcess, session: AcsSession) {
    this.#stateDir = stateDir
    this.#acs = acs
    this.#agent = agent
    this.#session = session
  }

  static async start(added: number): Promise<Device> {
    const stateDir = await makeStateDir()
    const model = join(stateDir, 'model.json')
    await writeFile(model, JSON.stringify(modelOf(added)))
    const acs = await ScriptedAcs.listen({ transcript: new Transcript({ maxOctets: 1 << 25 }) })
    const files = ['--state-dir', join(stateDir, 'agent'), '--data-model', model]
    const agent = startAgent(['--acs-url', acs.url, ...files])
    try {
      return new Device(stateDir, acs, agent, await acs.nextSession({ timeoutMs: 20_000 }))
    } catch (error) {
      await stopProcess(agent)
      throw error
    }
  }

  async parameters(): Promise<number> {
    const { ParameterList } = granted(
      await this.#session.call('GetParameterValues', { ParameterNames: [''] }),
    )
    return ParameterList.length
  }

  /** Median of the milliseconds of so many read-outs one after the other, each of which brings that many parameters. */
  async readOut(times: number, expected: number): Promise<number> {
    const taken: number[] = []
    for (let time = 0; time < times; time++) {
      const began = performance.now()
      const got = await this.parameters()
      taken.push(performance.now() - began)
      if (got !== expected) throw new Error(`${got} parameters instead of ${expected}`)
    }
    return taken.sort((a, b) => a - b)[times >> 1] as number
  }

  async stop(): Promise<void> {
    await this.#session.end()
    await stopProcess(this.#agent)
    await this.#acs.close()
    await removeStateDir(this.#stateDir)
  }
}

/** Object definitions with so many string parameters, a hundred to an object. */
function modelOf(parameters: number): object[] {
  const definitions: object[] = [{ path: 'Device.X_BENCHMARK.', parameters: {} }]
  for (let first = 0; first < parameters; first += 100) {
    const names = Array.from({ length: Math.min(100, parameters - first) }, (_, index) => `Value${index}`)
    definitions.push({
      path: `Device.X_BENCHMARK.Block${first / 100}.`,
      parameters: Object.fromEntries(
        names.map((name) => [name, { type: 'string', default: 'sixteen letters.' }]),
      ),
    })
  }
  return definitions
}
