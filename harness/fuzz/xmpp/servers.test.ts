import { tmpdir } from 'node:os'
import { afterEach, describe, expect, onTestFinished, test } from 'vitest'
import { prepareProsody } from '../../../containers/containers.ts'
import { attribute } from '../../cwmp/cwmp.ts'
import { Transcript } from '../../cwmp/transcript.ts'
import { CertificateAuthority } from '../../net/net.ts'
import { prosodyPeer, scriptedPeer, type XmppPeer } from '../../peers/peers.ts'
import { XmppClient } from '../../xmpp/xmpp.ts'
import { runCampaign } from '../campaign/campaign.ts'
import { escaped, ModelCpe } from './model-cpe.ts'
import { type FuzzPeers, StanzaArena, stanzaLanguage } from './stanza-fuzz.ts'

const domain = 'cpe.example'
const absent: string | undefined = await prepareProsody().then(
  () => undefined,
  (error: Error) => error.message,
)

/** A good device that is logged in at the server, and the two who send to it. */
async function overSockets(peer: XmppPeer): Promise<FuzzPeers> {
  const login = async (username: string, resource: string): Promise<XmppClient> => {
    await peer.register(username, 'a password')
    const client = await XmppClient.connect(peer, { username, password: 'a password', resource })
    onTestFinished(() => client.close())
    return client
  }
  const cpe = await login('cpe', 'cwmp')
  const allowed = await login('acs', 'one')
  const foreign = await login('stranger', 'one')
  const target = { cpe: cpe.jid, username: 'cr user', password: 'cr<secret>&' }
  const model = new ModelCpe(target)
  cpe.onStanza = (stanza) => {
    const from = attribute(stanza, '', 'from') ?? ''
    const answer = model.answer(stanza, from === allowed.jid ? 'allowed' : 'foreign')
    if (answer !== undefined)
      cpe.send(model.render(stanza, answer).replace('<iq', `<iq to="${escaped(from)}"`))
  }
  return {
    transcript: new Transcript(),
    target,
    timeoutMs: 5000,
    quietMs: 10,
    returnMs: 5000,
    allowed,
    foreign,
    sessions: () => model.sessions,
    sessionsReach: async (count) => expect(model.sessions).toBeGreaterThanOrEqual(count),
    connection: async () => '',
    online: async (timeoutMs, signal) => peer.online?.(cpe.jid, { timeoutMs, signal }),
    alive: async () => true,
    restart: async () => {},
    close: async () => {},
  }
}

/** Lets a thousand stanzas through that server, and expects nothing to be wrong. */
async function expectGood(peer: XmppPeer, seed: number): Promise<void> {
  const peers = await overSockets(peer)
  const { findings, unreproduced } = await runCampaign(stanzaLanguage(peers.target), new StanzaArena(peers), {
    id: 'XMPP-FUZZ-001',
    phases: ['coverage', 'mutation'],
    budget: { cases: 1000 },
    seed,
    outDir: tmpdir(),
    signal: new AbortController().signal,
  })
  expect([...findings, ...unreproduced]).toEqual([])
}

describe('a good device', () => {
  let peer: XmppPeer | undefined
  afterEach(() => peer?.close())

  test.each([1, 2])('passes through the scripted server (seed %i)', async (seed) => {
    peer = await scriptedPeer(domain, await CertificateAuthority.create(), {
      host: '127.0.0.1',
      transcript: new Transcript(),
    })

    await expectGood(peer, seed)
  })

  test.skipIf(absent !== undefined)(`passes through Prosody${absent ? ` (${absent})` : ''}`, async () => {
    peer = await prosodyPeer(domain, await CertificateAuthority.create())

    await expectGood(peer, 1)
  })
})
