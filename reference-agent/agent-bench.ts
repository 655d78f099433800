import { mkdtempSync, rmSync } from 'node:fs'
import { get } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach } from 'vitest'
import { type Agent, type AgentOptions, type AgentParts, composeAgent, defaultParts } from './agent.ts'
import { Log, systemRandom } from './platform/platform.ts'
import { TinyAcs } from './tiny-acs.ts'
import { Authenticator } from './transport/transport.ts'

export const MANAGEMENT = 'Device.ManagementServer.'
export const PROVISIONING_CODE = 'Device.DeviceInfo.ProvisioningCode'

/** What each test of a whole agent in this process has anew: an ACS, a state directory, and a log. */
export class AgentBench {
  directory = ''
  acs!: TinyAcs
  /** What the agents of the test logged. */
  lines: string[] = []
  /** What is closed after the test, last first. */
  readonly closers: (() => Promise<void>)[] = []

  /** To be called once in a file of tests. */
  static forEachTest(): AgentBench {
    const bench = new AgentBench()
    beforeEach(async () => {
      bench.directory = mkdtempSync(join(tmpdir(), 'cwmp-agent-'))
      bench.lines = []
      const acs = await TinyAcs.listen()
      bench.acs = acs
      bench.closers.push(() => acs.close())
    })
    afterEach(async () => {
      for (const close of bench.closers.splice(0).reverse()) await close()
      rmSync(bench.directory, { recursive: true, force: true })
    })
    return bench
  }

  /** Switches an agent on. `clockRate` makes its seconds short. */
  async start(changes: Partial<AgentOptions> = {}, parts: AgentParts = defaultParts()): Promise<Agent> {
    const { lines } = this
    const options: AgentOptions = {
      stateDirectory: this.directory,
      acsUrl: this.acs.url(),
      connectionRequestUsername: 'acs',
      connectionRequestPassword: 'open sesame',
      connectionRequestHost: '127.0.0.1',
      connectionRequestPort: 0,
      clockRate: 1,
      responseTimeout: 30,
      ...changes,
    }
    const agent = composeAgent(options, new Log('DEBUG', (line) => lines.push(line)), parts)
    this.closers.push(() => agent.stop())
    await agent.start()
    return agent
  }

  /** An agent whose first contact is over. */
  async started(changes: Partial<AgentOptions> = {}, parts?: AgentParts): Promise<Agent> {
    const agent = await this.start(changes, parts)
    await this.acs.next()
    await idle(agent)
    return agent
  }
}

/** Resolves once the agent too knows that the session has ended. */
export async function idle(agent: Agent): Promise<void> {
  while ((await agent.status()).inSession) await new Promise((resolve) => setImmediate(resolve))
}

/** Sends an authenticated connection request; gives the status. */
export async function connectionRequest(agent: Agent): Promise<number> {
  const url = (await agent.status()).connectionRequestUrl
  const send = (authorization?: string) =>
    new Promise<{ status: number; challenge: string }>((resolve, reject) => {
      const headers = authorization === undefined ? {} : { Authorization: authorization }
      get(url, { headers, agent: false }, (response) => {
        const challenge = response.headers['www-authenticate'] ?? ''
        response.resume().on('end', () => resolve({ status: response.statusCode ?? 0, challenge }))
      }).on('error', reject)
    })
  const client = new Authenticator({ username: 'acs', password: 'open sesame' }, systemRandom)
  client.challenged([(await send()).challenge], 1)
  return (await send(client.authorization('GET', new URL(url), 1))).status
}
