import { tmpdir } from 'node:os'
import { attribute } from '../cwmp/cwmp.ts'
import { Transcript } from '../cwmp/transcript.ts'
import { expectNoFindings, runCampaign } from '../fuzz/campaign/campaign.ts'
import { SessionCounter, StanzaArena, stanzaLanguage } from '../fuzz/xmpp/stanza-fuzz.ts'
import type { XmppClient } from '../xmpp/xmpp.ts'
import type { Measurement } from './cli.ts'
import { median } from './median.ts'
import { benchCredentials, withXmppAgent } from './xmpp-agent.ts'

const rounds = 9
const stanzas = 1000
const pings = 1000
const timeoutMs = 10_000
const ping = '<ping xmlns="urn:xmpp:ping"/>'

/**
 * Fuzzed stanzas per second that the reference agent gets through Prosody, answers judged and sessions taken, against bare round
 * trips of an IQ ping between two clients of the same Prosody, one after the other. Rounds of both alternate; the medians are compared.
 */
export function measureXmppFuzz(progress: (line: string) => void): Promise<Measurement> {
  return withXmppAgent(async ({ acs, jid, login }) => {
    const allowed = await login('acs')
    const foreign = await login('stranger')
    const echo = await login('echo')
    echo.onStanza = (iq) =>
      echo.send(`<iq type="result" id="${attribute(iq, '', 'id')}" to="${attribute(iq, '', 'from')}"/>`)
    const counter = new SessionCounter(acs)
    const target = { cpe: jid, ...benchCredentials }
    const language = stanzaLanguage(target)
    const arena = new StanzaArena({
      transcript: new Transcript(),
      target,
      timeoutMs,
      quietMs: timeoutMs,
      returnMs: timeoutMs,
      allowed,
      foreign,
      sessions: () => counter.count,
      sessionsReach: (count) => counter.reach(count, timeoutMs),
      connection: async () => jid,
      online: async () => undefined,
      alive: async () => true,
      restart: () => Promise.reject(new Error('the reference agent has a defect')),
      close: async () => counter.stop(),
    })
    const signal = new AbortController().signal
    const ours: number[] = []
    const theirs: number[] = []
    for (let round = 0; round <= rounds; round++) {
      const began = performance.now()
      const result = await runCampaign(language, arena, {
        id: 'XMPP-FUZZ-001',
        phases: ['mutation'],
        budget: { cases: stanzas },
        seed: round,
        outDir: tmpdir(),
        signal,
      })
      const mine = (result.met * 1000) / (performance.now() - began)
      expectNoFindings(result)
      const other = await runPings(allowed, echo.jid)
      // Until then everything is new to the engine, on either side.
      if (round === 0) continue
      ours.push(mine)
      theirs.push(other)
      progress(`  round ${round} of ${rounds}: ours ${mine.toFixed(0)}/s, bare ${other.toFixed(0)}/s`)
    }
    await arena.close()
    const [mine, other] = [median(ours), median(theirs)]
    return { name: 'xmpp-fuzz', unit: 'stanzas/s', ours: mine, bare: other, ratio: mine / other }
  })
}

/** Round trips per second. */
async function runPings(client: XmppClient, to: string): Promise<number> {
  const began = performance.now()
  for (let sent = 0; sent < pings; sent++) await client.ask(to, ping, { timeoutMs })
  return (pings * 1000) / (performance.now() - began)
}
