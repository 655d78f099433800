import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type AcsSession, ScriptedAcs } from '../acs/acs.ts'
import { isFault } from '../cwmp/cwmp.ts'
import { Transcript } from '../cwmp/transcript.ts'
import { makeStateDir, removeStateDir } from '../dut/dut.ts'
import { CertificateAuthority } from '../net/net.ts'
import { prosodyPeer, type XmppPeer, xmppDomain } from '../peers/peers.ts'
import { XmppClient } from '../xmpp/xmpp.ts'
import { startAgent, stopProcess } from './agent-process.ts'

export const benchCredentials = { username: 'benchmark', password: 'connection requests of a benchmark' }

/** The reference agent, logged in at a Prosody of its own, and an ACS that may ask it. */
export interface XmppAgent {
  readonly acs: ScriptedAcs
  readonly prosody: XmppPeer
  /** The agent's full JID. */
  readonly jid: string
  /** Somebody who has logged in at Prosody. */
  login(username: string): Promise<XmppClient>
}

/**
 * Brings up agent, ACS and Prosody for as long as `work` takes.
 * @param portFor where on this machine the agent finds that Prosody, if not at its own port
 * @throws Untestable when there is no Prosody on this machine
 */
export async function withXmppAgent<T>(
  work: (bench: XmppAgent) => Promise<T>,
  portFor: (prosody: XmppPeer) => Promise<number> = async ({ port }) => port,
): Promise<T> {
  const authority = await CertificateAuthority.create()
  const prosody = await prosodyPeer(xmppDomain, authority)
  const stateDir = await makeStateDir()
  const trusted = join(stateDir, 'trusted.pem')
  await writeFile(trusted, authority.cert)
  const acs = await ScriptedAcs.listen({ transcript: new Transcript({ maxOctets: 1 << 24 }) })
  const { username, password } = benchCredentials
  const agent = startAgent([
    ...['--acs-url', acs.url, '--state-dir', stateDir, '--trusted-ca', trusted],
    ...['--connection-request-username', username, '--connection-request-password', password],
  ])
  const clients: XmppClient[] = []
  const login = async (name: string): Promise<XmppClient> => {
    await prosody.register(name, password)
    const client = await XmppClient.connect(prosody, { username: name, password, resource: 'bench' })
    clients.push(client)
    return client
  }
  try {
    await prosody.register('cpe', password)
    const jid = await tellOfServer(await acs.nextSession({ timeoutMs: 20_000 }), await portFor(prosody))
    await acs.nextSession({ timeoutMs: 20_000, where: isNews }).then((session) => session.end())
    return await work({ acs, prosody, jid, login })
  } finally {
    for (const client of clients) await client.close()
    await stopProcess(agent)
    await acs.close()
    await prosody.close()
    await removeStateDir(stateDir)
  }
}

/** The agent has logged in: it tells its JID. */
function isNews({ Event }: AcsSession['inform']): boolean {
  return Event.some(({ EventCode }) => EventCode === '4 VALUE CHANGE')
}

/** Has the agent make a connection (TR-069 Annex K), and returns the JID that it is to get. */
async function tellOfServer(session: AcsSession, port: number): Promise<string> {
  const add = async (ObjectName: string): Promise<string> => {
    const answer = await session.call('AddObject', { ObjectName, ParameterKey: '' })
    if (isFault(answer)) throw new Error(`AddObject is refused with ${answer.faultCode}`)
    return `${ObjectName}${answer.InstanceNumber}.`
  }
  const row = await add('Device.XMPP.Connection.')
  const server = await add(`${row}Server.`)
  const values: Record<string, string> = {
    [`${server}Enable`]: '1',
    [`${server}ServerAddress`]: '127.0.0.1',
    [`${server}Port`]: String(port),
    [`${row}Username`]: 'cpe',
    [`${row}Password`]: benchCredentials.password,
    [`${row}Domain`]: xmppDomain,
    [`${row}Resource`]: 'benchmark',
    [`${row}ServerConnectAlgorithm`]: 'ServerTable',
    [`${row}ServerRetryInitialInterval`]: '1',
    [`${row}ServerRetryMaxInterval`]: '1',
    [`${row}Enable`]: '1',
    'Device.ManagementServer.ConnReqAllowedJabberIDs': `acs@${xmppDomain}`,
    'Device.ManagementServer.ConnReqXMPPConnection': row.slice(0, -1),
  }
  const numbers = /(?:Port|Interval)$/
  const answer = await session.call('SetParameterValues', {
    ParameterList: Object.entries(values).map(([Name, Value]) => ({
      Name,
      Value,
      type: Name.endsWith('Enable') ? 'xsd:boolean' : numbers.test(Name) ? 'xsd:unsignedInt' : 'xsd:string',
    })),
    ParameterKey: '',
  })
  if (isFault(answer)) throw new Error(`SetParameterValues is refused with ${answer.faultCode}`)
  await session.end()
  return `cpe@${xmppDomain}/benchmark`
}
