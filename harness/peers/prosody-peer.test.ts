import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { prepareProsody } from '../../containers/containers.ts'
import { Transcript } from '../cwmp/transcript.ts'
import { Untestable } from '../failure.ts'
import { CertificateAuthority } from '../net/net.ts'
import { attr, XmppClient } from '../xmpp/xmpp.ts'
import { prosodyPeer, XmppLine, type XmppPeer } from './peers.ts'

const domain = 'cpe.example'
const absent: string | undefined = await prepareProsody().then(
  () => undefined,
  (error: Error) => error.message,
)

describe.skipIf(absent !== undefined)(`Prosody in a container${absent ? ` (${absent})` : ''}`, () => {
  let peer: XmppPeer

  beforeAll(async () => {
    peer = await prosodyPeer(domain, await CertificateAuthority.create())
  })
  afterAll(() => peer?.close())

  test('says what it is', () => {
    expect(peer.name).toMatch(/^Prosody 0\.\d+\.\d+ in a container$/)
  })

  test('passes on what is asked in the name of JIDs of its domain, and of no others', async () => {
    await peer.register('cpe', 'let me in')
    const cpe = await XmppClient.connect(peer, { username: 'cpe', password: 'let me in', resource: 'box' })
    cpe.onStanza = (iq) =>
      cpe.send(`<iq type="result" id="${attr(iq, 'id')}" to="${attr(iq, 'from')}"><seen xmlns="x"/></iq>`)
    const line = new XmppLine(peer, cpe.jid, new Transcript())
    const payload = '<ping xmlns="urn:xmpp:ping"/>'
    const wait = { timeoutMs: 5000 }

    const answer = await line.ask({ from: `acs@${domain}/one`, id: 'again', payload }, wait)

    expect(answer.children.map(({ name }) => name)).toEqual(['seen'])
    expect(attr(answer, 'id')).toBe('again')
    await expect(line.ask({ from: 'acs@elsewhere.example/one', payload }, wait)).rejects.toThrow(Untestable)
    await line.close()
    await cpe.close()
  })

  test('lets nobody in with a wrong password, and says who that was', async () => {
    await peer.register('acs', 'let me in')

    await expect(XmppClient.connect(peer, { username: 'acs', password: 'wrong' })).rejects.toThrow(
      `acs@${domain} cannot log in at the XMPP server: <success> was due, and <failure> came with <not-authorized>`,
    )
  })
})
