import { type AcsSession, ScriptedAcs } from '../acs/acs.ts'
import { buildRequest } from '../cwmp/cwmp.ts'
import { Transcript } from '../cwmp/transcript.ts'
import { makeStateDir, removeStateDir } from '../dut/dut.ts'
import { startAgent, stopProcess } from './agent-process.ts'
import { BarePair } from './bare-pair.ts'
import type { Measurement } from './cli.ts'
import { median } from './median.ts'

/** Pairs before the first round: until then the engine still compiles what a message passes through, on either side. */
const warmUp = 8000
/** Short rounds in turns, so that whatever else the machine does slows both sides down alike. */
const rounds = 21
const pairs = 1000
const asked = { ParameterNames: ['Device.DeviceInfo.SoftwareVersion'] }

/**
 * Request/response pairs per second of scripted ACS and reference agent in one session, against bare keep-alive HTTP POST
 * round trips between two processes with bodies of the same size. Rounds of both alternate; the medians are compared.
 */
export async function measureAcsPairs(progress: (line: string) => void): Promise<Measurement> {
  const stateDir = await makeStateDir()
  const acs = await ScriptedAcs.listen({ transcript: new Transcript({ maxOctets: 1 << 24 }) })
  const agent = startAgent(['--acs-url', acs.url, '--state-dir', stateDir])
  try {
    const session = await acs.nextSession({ timeoutMs: 20_000 })
    const sample = await session.callEnvelope('GetParameterValues', asked)
    const answer = buildRequest('GetParameterValues', asked, { id: '1000' })
    const bare = await BarePair.start(Buffer.byteLength(sample.source), Buffer.byteLength(answer))
    const ours: number[] = []
    const theirs: number[] = []
    try {
      await runPairs(session, warmUp)
      await bare.run(warmUp)
      for (let round = 1; round <= rounds; round++) {
        ours.push(await runPairs(session, pairs))
        theirs.push(await bare.run(pairs))
        progress(
          `  round ${round} of ${rounds}: ours ${ours.at(-1)?.toFixed(0)}/s, bare ${theirs.at(-1)?.toFixed(0)}/s`,
        )
      }
    } finally {
      await bare.stop()
    }
    await session.end()
    const [mine, other] = [median(ours), median(theirs)]
    return { name: 'acs-pairs', unit: 'pairs/s', ours: mine, bare: other, ratio: mine / other }
  } finally {
    await stopProcess(agent)
    await acs.close()
    await removeStateDir(stateDir)
  }
}

/** Pairs per second over one round. */
async function runPairs(session: AcsSession, pairs: number): Promise<number> {
  const began = performance.now()
  for (let pair = 0; pair < pairs; pair++) await session.call('GetParameterValues', asked)
  return (pairs * 1000) / (performance.now() - began)
}
