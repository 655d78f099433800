import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ScriptedAcs } from '../acs/acs.ts'
import { Transcript } from '../cwmp/transcript.ts'
import { makeStateDir, removeStateDir } from '../dut/dut.ts'
import { granted } from '../matchers.ts'
import { startAgent, stopProcess } from './agent-process.ts'
import type { Measurement } from './cli.ts'

const rounds = 7

/**
 * Milliseconds for GetParameterValues of the whole tree with 10,000 parameters (`ours`) against one with 1,000 (`bare`):
 * linear work has a ratio of 10.
 */
export async function measureReadOut(progress: (line: string) => void): Promise<Measurement> {
  const own = (await readOut(0)).parameters
  const small = await readOut(1000 - own)
  progress(`  ${small.parameters} parameters: ${small.ms.toFixed(1)} ms`)
  const large = await readOut(10_000 - own)
  progress(`  ${large.parameters} parameters: ${large.ms.toFixed(1)} ms`)
  return { name: 'read-out', unit: 'ms', ours: large.ms, bare: small.ms, ratio: large.ms / small.ms }
}

/** The fastest of some read-outs of the agent's own tree with so many parameters added. */
async function readOut(added: number): Promise<{ ms: number; parameters: number }> {
  const stateDir = await makeStateDir()
  const model = join(stateDir, 'model.json')
  await writeFile(model, JSON.stringify(modelOf(added)))
  const acs = await ScriptedAcs.listen({ transcript: new Transcript({ maxOctets: 1 << 25 }) })
  const agent = startAgent([
    '--acs-url',
    acs.url,
    '--state-dir',
    join(stateDir, 'agent'),
    '--data-model',
    model,
  ])
  try {
    const session = await acs.nextSession({ timeoutMs: 20_000 })
    let ms = Number.POSITIVE_INFINITY
    let parameters = 0
    for (let round = 0; round < rounds; round++) {
      const began = performance.now()
      const { ParameterList } = granted(await session.call('GetParameterValues', { ParameterNames: [''] }))
      ms = Math.min(ms, performance.now() - began)
      parameters = ParameterList.length
    }
    await session.end()
    return { ms, parameters }
  } finally {
    await stopProcess(agent)
    await acs.close()
    await removeStateDir(stateDir)
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
