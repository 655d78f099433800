import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { type AcsSession, ScriptedAcs } from '../acs/acs.ts'
import { buildRequest } from '../cwmp/cwmp.ts'
import { Transcript } from '../cwmp/transcript.ts'
import { makeStateDir, removeStateDir } from '../dut/dut.ts'
import { startAgent, stopProcess } from './agent-process.ts'
import type { Measurement } from './cli.ts'

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

/** A bare HTTP server here and a bare client in a process of its own, as ACS and agent are. */
class BarePair {
  readonly #server: Server
  readonly #client: ChildProcess

  private constructor(server: Server, client: ChildProcess) {
    this.#server = server
    this.#client = client
  }

  static async start(requestOctets: number, answerOctets: number): Promise<BarePair> {
    const answer = Buffer.alloc(answerOctets, 0x61)
    const server = createServer((request, response) => {
      request.resume()
      request.on('end', () => {
        response.writeHead(200, { 'Content-Type': 'text/xml', 'Content-Length': answer.length })
        response.end(answer)
      })
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    const script = fileURLToPath(new URL('bare-client.ts', import.meta.url))
    const client = spawn(process.execPath, [script, String(port), String(requestOctets)], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    })
    await once(client, 'message')
    return new BarePair(server, client)
  }

  /** Round trips per second over one round. */
  async run(pairs: number): Promise<number> {
    const began = performance.now()
    const done = once(this.#client, 'message')
    this.#client.send(pairs)
    await done
    return (pairs * 1000) / (performance.now() - began)
  }

  async stop(): Promise<void> {
    await stopProcess(this.#client)
    this.#server.close()
    this.#server.closeAllConnections()
  }
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] as number
}
