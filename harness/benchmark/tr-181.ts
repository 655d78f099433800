import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { SaxesParser } from 'saxes'
import { ScriptedAcs } from '../acs/acs.ts'
import { buildRequest } from '../cwmp/cwmp.ts'
import { Transcript } from '../cwmp/transcript.ts'
import { makeStateDir, removeStateDir } from '../dut/dut.ts'
import { granted } from '../matchers.ts'
import { startAgent, stopProcess } from './agent-process.ts'
import { BarePair } from './bare-pair.ts'
import type { Measurement } from './cli.ts'
import { median } from './median.ts'

const file = 'tr-181-2-17-0-cwmp-full.xml'
const starts = 5
const rounds = 15
const asked = { ParameterNames: [''] }

/** Where the official data models are; undefined where they are not. */
export function officialTr181(): string | undefined {
  const path = join(process.env.CWMP_XSD_DIR ?? '', file)
  return existsSync(path) ? path : undefined
}

/**
 * Milliseconds that an agent with all of TR-181 takes longer from its start to its Inform than one with its own model (`ours`), against a
 * bare parse of the same XML (`bare`).
 */
export async function measureTr181Load(progress: (line: string) => void): Promise<Measurement> {
  const path = officialTr181() ?? ''
  const content = await readFile(path, 'utf8')
  const [full, own, bare]: [number[], number[], number[]] = [[], [], []]
  for (let start = 1; start <= starts; start++) {
    own.push(await startMs([]))
    full.push(await startMs(['--data-model', path]))
    const began = performance.now()
    new SaxesParser({ xmlns: true, position: true }).write(content).close()
    bare.push(performance.now() - began)
    progress(
      `  start ${start} of ${starts}: ${full.at(-1)?.toFixed(0)} ms with it, ${own.at(-1)?.toFixed(0)} ms without`,
    )
  }
  const ours = median(full) - median(own)
  return { name: 'tr-181-load', unit: 'ms', ours, bare: median(bare), ratio: ours / median(bare) }
}

async function startMs(options: readonly string[]): Promise<number> {
  return withAgent(options, async (acs, began) => {
    const session = await acs.nextSession({ timeoutMs: 30_000 })
    const taken = performance.now() - began
    await session.end()
    return taken
  })
}

/** Milliseconds for GetParameterValues of all of TR-181, against bare HTTP round trips with bodies of the same size. */
export async function measureTr181ReadOut(progress: (line: string) => void): Promise<Measurement> {
  return withAgent(['--data-model', officialTr181() ?? ''], async (acs) => {
    const session = await acs.nextSession({ timeoutMs: 30_000 })
    const { source } = await session.callEnvelope('GetParameterValues', asked)
    const question = Buffer.byteLength(buildRequest('GetParameterValues', asked, { id: '10' }))
    const bare = await BarePair.start(Buffer.byteLength(source), question)
    const [ours, theirs]: [number[], number[]] = [[], []]
    let parameters = 0
    try {
      for (let round = 1; round <= rounds; round++) {
        const began = performance.now()
        parameters = granted(await session.call('GetParameterValues', asked)).ParameterList.length
        ours.push(performance.now() - began)
        theirs.push(1000 / (await bare.run(1)))
      }
    } finally {
      await bare.stop()
    }
    progress(`  ${parameters} parameters, ${Buffer.byteLength(source)} octets`)
    await session.end()
    const [mine, other] = [median(ours), median(theirs)]
    return { name: 'tr-181-read-out', unit: 'ms', ours: mine, bare: other, ratio: mine / other }
  })
}

async function withAgent<T>(
  options: readonly string[],
  measure: (acs: ScriptedAcs, began: number) => Promise<T>,
): Promise<T> {
  const stateDir = await makeStateDir()
  const acs = await ScriptedAcs.listen({ transcript: new Transcript({ maxOctets: 1 << 25 }) })
  const began = performance.now()
  const agent = startAgent(['--acs-url', acs.url, '--state-dir', stateDir, ...options])
  try {
    return await measure(acs, began)
  } finally {
    await stopProcess(agent)
    await acs.close()
    await removeStateDir(stateDir)
  }
}
