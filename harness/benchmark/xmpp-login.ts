import { setTimeout } from 'node:timers/promises'
import { attribute } from '../cwmp/cwmp.ts'
import type { XmppPeer } from '../peers/peers.ts'
import { XmppClient } from '../xmpp/xmpp.ts'
import type { Measurement } from './cli.ts'
import { median } from './median.ts'
import { Relay } from './relay.ts'
import { benchCredentials, withXmppAgent, type XmppAgent } from './xmpp-agent.ts'

const rounds = 9
const timeoutMs = 10_000
/** Between two looks at whether the agent can be reached. */
const lookMs = 2

/**
 * Milliseconds from the TCP connection until the reference agent can be reached through Prosody (STARTTLS, SCRAM, bind), against the
 * least that Prosody takes for that: a bare client on the same way, which asks for nothing that it could do without.
 */
export async function measureXmppLogin(progress: (line: string) => void): Promise<Measurement> {
  let relay: Relay | undefined
  const portFor = async (prosody: XmppPeer): Promise<number> => {
    relay = await Relay.listen(prosody)
    return relay.port
  }
  try {
    return await withXmppAgent((bench) => measure(bench, relay as Relay, progress), portFor)
  } finally {
    await relay?.close()
  }
}

async function measure(
  bench: XmppAgent,
  relay: Relay,
  progress: (line: string) => void,
): Promise<Measurement> {
  const acs = await bench.login('acs')
  await bench.prosody.register('bare', benchCredentials.password)
  const ours: number[] = []
  const theirs: number[] = []
  for (let round = 1; round <= rounds; round++) {
    await relay.cut()
    await reachable(acs, bench.jid)
    ours.push(performance.now() - relay.acceptedAt)
    theirs.push(await bareLogin(bench, relay))
    progress(
      `  round ${round} of ${rounds}: ours ${ours.at(-1)?.toFixed(0)} ms, bare ${theirs.at(-1)?.toFixed(0)} ms`,
    )
  }
  const [mine, other] = [median(ours), median(theirs)]
  return { name: 'xmpp-login', unit: 'ms', ours: mine, bare: other, ratio: mine / other }
}

async function reachable(from: XmppClient, jid: string): Promise<void> {
  for (;;) {
    const answer = await from.ask(jid, '<ping xmlns="urn:xmpp:ping"/>', { timeoutMs })
    if (attribute(answer, '', 'type') === 'result') return
    await setTimeout(lookMs)
  }
}

async function bareLogin({ prosody }: XmppAgent, relay: Relay): Promise<number> {
  const began = performance.now()
  const client = await XmppClient.connect(
    { ...prosody, host: '127.0.0.1', port: relay.port },
    { username: 'bare', password: benchCredentials.password },
  )
  const took = performance.now() - began
  await client.close()
  return took
}
