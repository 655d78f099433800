import { afterEach, describe, expect, onTestFinished, test } from 'vitest'
import { prepareProsody } from '../../../containers/containers.ts'
import { attribute } from '../../cwmp/cwmp.ts'
import { Transcript } from '../../cwmp/transcript.ts'
import { CertificateAuthority } from '../../net/net.ts'
import { prosodyPeer, scriptedPeer, type XmppPeer } from '../../peers/peers.ts'
import { XmppClient } from '../../xmpp/xmpp.ts'
import { escaped, ModelCpe } from './model-cpe.ts'
import { type FuzzPeers, fuzzStanzas } from './stanza-fuzz.ts'

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
    target,
    allowed,
    foreign,
    sessions: () => model.sessions,
    sessionsReach: async (count) => expect(model.sessions).toBeGreaterThanOrEqual(count),
  }
}

describe('a good device', () => {
  let peer: XmppPeer | undefined
  afterEach(() => peer?.close())

  test.each([1, 2])('passes through the scripted server (seed %i)', async (seed) => {
    peer = await scriptedPeer(domain, await CertificateAuthority.create(), {
      host: '127.0.0.1',
      transcript: new Transcript(),
    })

    await fuzzStanzas(await overSockets(peer), { seed, budget: 1000, timeoutMs: 5000 })
  })

  test.skipIf(absent !== undefined)(`passes through Prosody${absent ? ` (${absent})` : ''}`, async () => {
    peer = await prosodyPeer(domain, await CertificateAuthority.create())

    await fuzzStanzas(await overSockets(peer), { seed: 1, budget: 1000, timeoutMs: 5000 })
  })
})
