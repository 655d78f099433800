import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { prepareProsody } from '../../../containers/containers.ts'
import { Transcript } from '../../cwmp/transcript.ts'
import { CertificateAuthority } from '../../net/net.ts'
import { type XmppScript, XmppServer } from '../../xmpp/xmpp.ts'
import { prosodyPeer, type XmppPeer, xmppDomain } from '../peers.ts'
import { readDifferences, type Seen, undeclared } from './comparison.ts'
import { accounts, seenOfXmpp } from './xmpp-exchanges.ts'

const absent: string | undefined = await prepareProsody().then(
  () => undefined,
  (error: Error) => error.message,
)
const table = readDifferences(new URL('xmpp-differences.json', import.meta.url))

describe.skipIf(absent !== undefined)(
  `the scripted XMPP server beside Prosody${absent ? ` (${absent})` : ''}`,
  { timeout: 120_000 },
  () => {
    let authority: CertificateAuthority
    let peer: XmppPeer | undefined
    let real: Seen

    beforeAll(async () => {
      authority = await CertificateAuthority.create()
      peer = await prosodyPeer(xmppDomain, authority)
      for (const [username, password] of Object.entries(accounts)) await peer.register(username, password)
      real = await seenOfXmpp(peer)
    }, 120_000)
    afterAll(() => peer?.close())

    async function seenOfScripted(script: Partial<XmppScript> = {}): Promise<Seen> {
      const server = await XmppServer.listen({
        host: '127.0.0.1',
        transcript: new Transcript(),
        domain: xmppDomain,
        certificate: await authority.issue({ names: [xmppDomain] }),
        accounts,
      })
      server.script = { ...server.script, ...script }
      try {
        return await seenOfXmpp({
          host: '127.0.0.1',
          port: server.port,
          domain: xmppDomain,
          ca: authority.cert,
        })
      } finally {
        await server.close()
      }
    }

    test('shows a device what that shows it, but for the differences in a table', async () => {
      expect(undeclared(await seenOfScripted(), real, table)).toEqual([])
    })

    test.each<[string, Partial<XmppScript>, RegExp]>([
      [
        'did not ask for TLS',
        { starttls: 'offered' },
        /besides: a stream in the clear, features\/starttls\/required: /,
      ],
      ['had no old session', { session: false }, /besides: a stream after the login, features\/session: /],
      [
        'knew no SCRAM',
        { mechanisms: ['PLAIN'] },
        /besides: a login by SCRAM-SHA-1, order: scripted "failure"/,
      ],
    ])('would be told from it if it %s', async (_what, script, complaint) => {
      const complaints = undeclared(await seenOfScripted(script), real, table)

      expect(complaints).toContainEqual(expect.stringMatching(complaint))
    })
  },
)
