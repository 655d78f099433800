import { join } from 'node:path'
import { ScriptedAcs } from '../acs/acs.ts'
import { Transcript } from '../cwmp/transcript.ts'
import { sendControl } from '../dut/control-socket.ts'
import { makeStateDir, removeStateDir } from '../dut/dut.ts'
import { startAgent, stopProcess } from './agent-process.ts'
import { BarePair } from './bare-pair.ts'
import type { Measurement } from './cli.ts'
import { median } from './median.ts'

const warmUp = 300
const rounds = 9
const sessions = 100
/** Requests of a session without any business: the Inform and the empty POST. */
const requests = 2

/**
 * Sessions per second of one agent, each with a connection of its own, an Inform and an empty POST, against the same number of
 * bare HTTP round trips with bodies of the size of the Inform on one connection.
 */
export async function measureSessions(progress: (line: string) => void): Promise<Measurement> {
  const stateDir = await makeStateDir()
  const acs = await ScriptedAcs.listen({ transcript: new Transcript({ maxOctets: 1 << 24 }) })
  const agent = startAgent(['--acs-url', acs.url, '--state-dir', stateDir])
  try {
    const first = await acs.nextSession({ timeoutMs: 20_000 })
    const { length } = first.informExchange.body
    await first.end()
    const answer = Buffer.byteLength(first.informEnvelope.source) / 4
    const bare = await BarePair.start(length, Math.round(answer))
    const ours: number[] = []
    const theirs: number[] = []
    const run = (count: number) => runSessions(acs, join(stateDir, 'control.sock'), count)
    try {
      await run(warmUp)
      await bare.run(warmUp * requests)
      for (let round = 1; round <= rounds; round++) {
        ours.push(await run(sessions))
        theirs.push((await bare.run(sessions * requests)) / requests)
        progress(
          `  round ${round} of ${rounds}: ours ${ours.at(-1)?.toFixed(0)}/s, bare ${theirs.at(-1)?.toFixed(0)}/s`,
        )
      }
    } finally {
      await bare.stop()
    }
    const [mine, other] = [median(ours), median(theirs)]
    return { name: 'sessions', unit: 'sessions/s', ours: mine, bare: other, ratio: mine / other }
  } finally {
    await stopProcess(agent)
    await acs.close()
    await removeStateDir(stateDir)
  }
}

/** Sessions per second: each is asked for while the one before still runs, so that the agent never rests. */
async function runSessions(acs: ScriptedAcs, socket: string, count: number): Promise<number> {
  const call = { object: 'tr069', method: 'inform', params: { event: '6 CONNECTION REQUEST' } }
  const began = performance.now()
  let asked = sendControl(socket, call, AbortSignal.timeout(10_000))
  for (let done = 0; done < count; done++) {
    const session = await acs.nextSession({ timeoutMs: 10_000 })
    await asked
    if (done + 1 < count) asked = sendControl(socket, call, AbortSignal.timeout(10_000))
    await Promise.all([asked, session.end()])
  }
  return (count * 1000) / (performance.now() - began)
}
