import { createHash } from 'node:crypto'
import { createServer, type Server, type Socket } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { Transcript } from '../cwmp/transcript.ts'
import { connectionRequest } from './connection-request.ts'
import { NoConnectionRequestAnswer } from './connection-request-dialogue.ts'
import { parseAuthentication } from './digest.ts'

const md5 = (text: string) => createHash('md5').update(text).digest('hex')
const CHALLENGE = 'HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\nWWW-Authenticate: '
const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n'
const user = { username: 'acs', password: 'pw' }

let device: Server | undefined
const sockets = new Set<Socket>()

afterEach(() => {
  for (const socket of sockets) socket.destroy()
  sockets.clear()
  device?.close()
})

/** A device that gives one answer after the other; undefined closes without one, '' says nothing. */
async function listen(...answers: (string | undefined)[]): Promise<{ url: string; requests: string[] }> {
  const requests: string[] = []
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    socket.on('data', (octets) => {
      requests.push(octets.toString())
      const answer = answers.shift()
      if (answer === undefined) socket.destroy()
      else if (/^connection: close/im.test(answer)) socket.end(answer)
      else socket.write(answer)
    })
  })
  device = server
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const { port } = server.address() as { port: number }
  return { url: `http://127.0.0.1:${port}/cr?x=1`, requests }
}

function credentialsIn(request: string | undefined): Map<string, string> {
  const value = /^Authorization: (.*)\r$/m.exec(request ?? '')?.[1] ?? ''
  return parseAuthentication(value)[0]?.parameters ?? new Map()
}

describe('connectionRequest', () => {
  it('answers the challenge of the algorithm that is asked for, with a response that is altered', async () => {
    const { url, requests } = await listen(
      `${CHALLENGE}Digest realm="r", nonce="one", algorithm=MD5\r\nWWW-Authenticate: Digest realm="r", nonce="two", algorithm=SHA-256\r\n\r\n`,
      OK,
    )

    await connectionRequest(url, {
      ...user,
      digest: { algorithm: 'SHA-256' },
      alterResponse: (right) => right.slice(0, 5),
    })

    const shown = credentialsIn(requests[1])
    expect([shown.get('nonce'), shown.get('response')?.length]).toEqual(['two', 5])
  })

  it('gets with digest once the device asks for it, on the same connection', async () => {
    const { url, requests } = await listen(
      `${CHALLENGE}Digest realm="r", nonce="n", qop="auth,auth-int", opaque="o"\r\n\r\n`,
      OK,
    )
    const transcript = new Transcript()

    const result = await connectionRequest(url, { ...user, transcript })

    expect(result.status).toBe(200)
    expect(result.answers.map(({ status }) => status)).toEqual([401, 200])
    expect(result.challenges[0]?.parameters.get('realm')).toBe('r')
    expect(requests[0]).toBe(`GET /cr?x=1 HTTP/1.1\r\nHost: ${new URL(url).host}\r\n\r\n`)
    const given = credentialsIn(requests[1])
    const cnonce = given.get('cnonce') ?? ''
    expect(cnonce.length).toBeLessThanOrEqual(32)
    expect(given.get('response')).toBe(
      md5(`${md5('acs:r:pw')}:n:00000001:${cnonce}:auth:${md5('GET:/cr?x=1')}`),
    )
    expect(Object.fromEntries(given)).toMatchObject({
      username: 'acs',
      uri: '/cr?x=1',
      nc: '00000001',
      qop: 'auth',
      opaque: 'o',
    })
    expect(given.has('algorithm')).toBe(false)
    expect(sockets.size).toBe(1)
    const [first, second] = result.answers
    expect(second?.atMs).toBeGreaterThanOrEqual(first?.atMs ?? Infinity)
    const text = transcript.render(transcript.since(0))
    expect(text).toContain('GET /cr?x=1 HTTP/1.1')
    expect(text).not.toContain(given.get('response'))
    expect(transcript.since(0).filter((entry) => entry.kind === 'connect')).toHaveLength(1)
  })

  it.each([
    ['without qop', 'Digest realm="r", nonce="n"', undefined],
    ['with SHA-256', 'Digest realm="r", nonce="n", qop="auth", algorithm=SHA-256', 'SHA-256'],
    [
      'with the first one it knows',
      'New a="b", Digest realm="x", nonce="y", algorithm=SHA-512-256, Digest realm="r", nonce="n", algorithm=MD5',
      'MD5',
    ],
  ])('answers a challenge %s', async (_name, challenge, algorithm) => {
    const { url, requests } = await listen(`${CHALLENGE}${challenge}\r\n\r\n`, OK)
    await connectionRequest(url, user)
    const given = credentialsIn(requests[1])
    expect(given.get('algorithm')).toBe(algorithm)
    expect(given.get('realm')).toBe('r')
    expect(given.has('nc')).toBe(challenge.includes('qop'))
    if (!challenge.includes('qop'))
      expect(given.get('response')).toBe(md5(`${md5('acs:r:pw')}:n:${md5('GET:/cr?x=1')}`))
    else expect(given.get('response')).toHaveLength(64)
  })

  it('comes back on a new connection after a 401 that closes, announced or not', async () => {
    const challenge = 'Digest realm="r", nonce="n", qop="auth"'
    const announced = await listen(`${CHALLENGE}${challenge}\r\nConnection: close\r\n\r\n`, OK)
    expect((await connectionRequest(announced.url, user)).status).toBe(200)
    device?.close()
    const unannounced = await listen(`${CHALLENGE}${challenge}\r\n\r\n`, undefined, OK)
    expect((await connectionRequest(unannounced.url, user)).status).toBe(200)
    expect(unannounced.requests[2]).toBe(unannounced.requests[1])
  })

  it('leaves a 401 as it is without credentials, or where only Basic is offered', async () => {
    const { url } = await listen(
      `${CHALLENGE}Basic realm="r"\r\n\r\n`,
      `${CHALLENGE}Digest realm="r", nonce="n"\r\n\r\n`,
    )
    expect(await connectionRequest(url, user)).toMatchObject({ status: 401, answers: [{ status: 401 }] })
    expect(await connectionRequest(url, { ...user, scheme: 'none' })).toMatchObject({
      status: 401,
      answers: [{ status: 401 }],
    })
  })

  it('sends what a negative case wants', async () => {
    const challenge = `${CHALLENGE}Digest realm="r", nonce="n", qop="auth"\r\n\r\n`
    const { url, requests } = await listen(challenge, OK, challenge, OK, OK)
    const digest = { nc: 'zz', cnonce: 'mine', realm: null, response: 'r0' }
    const result = await connectionRequest(url, {
      ...user,
      method: 'POST',
      path: '/other',
      body: 'x=1',
      headers: { X: 'y' },
      digest,
    })
    expect(requests[1]).toMatch(/^POST \/other HTTP\/1\.1\r\n[\s\S]*Content-Length: 3\r\nX: y\r\n\r\nx=1$/)
    expect(Object.fromEntries(credentialsIn(requests[1]))).toEqual({
      username: 'acs',
      nonce: 'n',
      uri: '/other',
      qop: 'auth',
      nc: 'zz',
      cnonce: 'mine',
      response: 'r0',
    })

    await connectionRequest(url, { ...user, scheme: 'basic' })
    expect(requests[3]).toContain(`Authorization: Basic ${Buffer.from('acs:pw').toString('base64')}\r\n`)

    await connectionRequest(url, { authorization: result.authorization })
    expect(requests[4]).toContain(`Authorization: ${result.authorization}\r\n`)
  })

  it('reads answers with a body, without a length, and to HEAD', async () => {
    const { url } = await listen(
      'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 503 Busy\r\nRetry-After: 5\r\nContent-Length: 4\r\n\r\nbusy',
      'HTTP/1.0 404\r\nconnection: close\r\n\r\nnone',
      'HTTP/1.1 405 No\r\nContent-Length: 9\r\n\r\n',
    )
    const busy = await connectionRequest(url)
    expect(busy).toMatchObject({ status: 503, reason: 'Busy', body: Buffer.from('busy') })
    expect(busy.header('retry-after')).toBe('5')
    expect((await connectionRequest(url)).body.toString()).toBe('none')
    expect((await connectionRequest(url, { method: 'HEAD' })).status).toBe(405)
  })

  it.each([
    ['closed', undefined, 'the device closed the connection without an answer'],
    ['not HTTP', 'SSH-2.0-x\r\n\r\n', 'something else: "SSH-2.0-x" is no HTTP/1.x response line'],
    ['timeout', '', 'nothing complete within'],
  ])('says when there is no answer: %s', async (outcome, answer, actual) => {
    const { url } = await listen(answer)
    const error = await connectionRequest(url, { timeoutMs: answer === '' ? 20 : 5000 }).catch(
      (reason) => reason,
    )
    expect(error).toBeInstanceOf(NoConnectionRequestAnswer)
    expect(error.outcome).toBe(outcome)
    expect(error.message).toContain(`expected an HTTP answer to the connection request; got ${actual}`)
  })

  it('says when nobody listens, and when there is no URL', async () => {
    const { url } = await listen()
    await new Promise((resolve) => device?.close(resolve))
    await expect(connectionRequest(url)).rejects.toMatchObject({
      outcome: 'refused',
      message: expect.stringContaining('ECONNREFUSED'),
    })
    await expect(connectionRequest('')).rejects.toMatchObject({
      outcome: 'refused',
      message: expect.stringContaining('no http URL to call: ""'),
    })
  })

  it('ends with the signal', async () => {
    const { url } = await listen('')
    const reason = new Error('enough')
    await expect(connectionRequest(url, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
  })
})
