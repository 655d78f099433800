import { once } from 'node:events'
import { connect } from 'node:net'
import { connect as secure } from 'node:tls'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { prepareProsody } from '../../containers/containers.ts'
import { CertificateAuthority } from '../net/net.ts'
import { prosodyPeer, type XmppPeer } from './peers.ts'

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

  test('shows the certificate of its domain behind STARTTLS, and lets in who has an account', async () => {
    await peer.register('acs', 'let me in')

    const stream = await openStream(peer)
    stream.write(
      `<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>${plain('acs', 'let me in')}</auth>`,
    )

    expect(await answer(stream, /<(success|failure)/)).toContain('<success')
    stream.destroy()
  })

  test('refuses a wrong password', async () => {
    const stream = await openStream(peer)
    stream.write(
      `<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>${plain('acs', 'wrong')}</auth>`,
    )

    expect(await answer(stream, /<(success|failure)/)).toContain('<failure')
    stream.destroy()
  })
})

/** A stream after STARTTLS, its features read. */
async function openStream(peer: XmppPeer) {
  const header = `<stream:stream to='${domain}' version='1.0' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>`
  const socket = connect(peer.port, peer.host)
  socket.write(header)
  await answer(socket, /<\/stream:features>/)
  socket.write("<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>")
  await answer(socket, /<proceed/)
  const stream = secure({ socket, servername: domain, ca: peer.ca })
  await once(stream, 'secureConnect')
  stream.write(header)
  await answer(stream, /<\/stream:features>/)
  return stream
}

function plain(username: string, password: string): string {
  return Buffer.from(`\0${username}\0${password}`).toString('base64')
}

/** What comes, until it matches. */
function answer(from: NodeJS.ReadWriteStream, until: RegExp): Promise<string> {
  return new Promise((resolve, reject) => {
    let seen = ''
    const take = (octets: Buffer) => {
      seen += octets
      if (!until.test(seen)) return
      from.off('data', take)
      resolve(seen)
    }
    from.on('data', take)
    from.once('error', reject)
    from.once('close', () => reject(new Error(`closed after ${seen}`)))
  })
}
