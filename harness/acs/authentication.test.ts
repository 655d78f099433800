import { createHash } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Transcript } from '../cwmp/transcript.ts'
import type { AcsAuthentication } from './authentication.ts'
import { informOf, type RawAnswer, RawCpe } from './raw-cpe.ts'
import { ScriptedAcs } from './scripted-acs.ts'

const md5 = (text: string) => createHash('md5').update(text).digest('hex')
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
const digest = { scheme: 'digest', username: 'dev', password: 'secret' } as const

let acs: ScriptedAcs
let cpe: RawCpe

beforeEach(async () => {
  acs = await ScriptedAcs.listen({ transcript: new Transcript(), silenceMs: 2000 })
  cpe = await RawCpe.connect(acs.url)
})

afterEach(async () => {
  cpe.destroy()
  await acs.close()
})

function nonceOf(answer: RawAnswer): string {
  return /nonce="([^"]*)"/.exec(answer.head)?.[1] ?? ''
}

/** Digest credentials with qop=auth, worked out here and not by the code under test. */
function credentials(
  nonce: string,
  options: {
    hash?: (text: string) => string
    password?: string
    nc?: string
    uri?: string
    more?: string
  } = {},
): string {
  const { hash = md5, password = 'secret', nc = '00000001', uri = '/cwmp', more = '' } = options
  const response = hash(`${hash(`dev:cwmp:${password}`)}:${nonce}:${nc}:c1:auth:${hash(`POST:${uri}`)}`)
  return `Digest username="dev", realm="cwmp", nonce="${nonce}", uri="${uri}", response="${response}", qop=auth, nc=${nc}, cnonce="c1"${more}`
}

async function challenged(authentication: AcsAuthentication): Promise<RawAnswer> {
  acs.authentication = authentication
  const answer = await cpe.post(informOf())
  expect(answer.status).toBe(401)
  return answer
}

describe('digest', () => {
  it('challenges, lets right credentials in, and the connection from then on', async () => {
    const next = acs.nextSession()
    const answer = await challenged(digest)
    expect(answer.head).toMatch(
      /^WWW-Authenticate: Digest realm="cwmp", nonce="[0-9a-f]{32}", algorithm=MD5, qop="auth"\r$/m,
    )

    expect((await cpe.post(informOf(), { Authorization: credentials(nonceOf(answer)) })).status).toBe(200)

    const session = await next
    expect(session.informExchange.authorization).toMatchObject({
      accepted: true,
      scheme: 'Digest',
      findings: [],
    })
    expect(session.informExchange.authorization?.parameters.get('cnonce')).toBe('c1')
    expect(session.informExchange.authorization?.parameters.has('response')).toBe(false)
    expect(session.exchanges.map((exchange) => exchange.status)).toEqual([401, 200])
    const end = session.end()
    expect((await cpe.post('')).status).toBe(204)
    await end
  })

  it.each<[string, (nonce: string) => string, string]>([
    ['a wrong password', (nonce) => credentials(nonce, { password: 'guess' }), 'wrong user name or password'],
    ['another user', (nonce) => credentials(nonce).replace('"dev"', '"eve"'), 'wrong user name or password'],
    ['an invented nonce', () => credentials('abc'), 'the nonce is not one of ours'],
    [
      'another realm',
      (nonce) => credentials(nonce).replace('"cwmp"', '"x"'),
      'the realm is not that of the challenge',
    ],
    [
      'an algorithm that was not offered',
      (nonce) => credentials(nonce, { more: ', algorithm=SHA-256' }),
      'the algorithm SHA-256 was not offered',
    ],
    [
      'a missing response',
      (nonce) => credentials(nonce).replace(/response="\w*", /, ''),
      'the parameter response is missing',
    ],
    [
      'a response that lost its last character',
      (nonce) => credentials(nonce).replace(/(response="\w+)\w"/, '$1"'),
      'the response has 31 characters, not 32',
    ],
    [
      'qop without a count',
      (nonce) => credentials(nonce).replace(/nc=\w*, /, ''),
      'qop without cnonce and nc',
    ],
    [
      'another qop',
      (nonce) => credentials(nonce).replace('qop=auth', 'qop=auth-int'),
      'qop auth-int was not offered',
    ],
    [
      'Basic',
      () => `Basic ${Buffer.from('dev:secret').toString('base64')}`,
      'the scheme is Basic, not digest',
    ],
    [
      'a response for no uri',
      (nonce) => credentials(nonce, { password: 'guess' }).replace(/uri="[^"]*"/, 'uri=""'),
      'wrong user name or password, or a slip with the uri: "" for /cwmp',
    ],
    ['nonsense', () => '"', 'unreadable credentials'],
  ])('refuses %s', async (_name, make, problem) => {
    const nonce = nonceOf(await challenged(digest))
    const next = acs.nextSession()
    expect((await cpe.post(informOf(), { Authorization: make(nonce) })).status).toBe(401)
    const answer = await cpe.post(informOf())
    await cpe.post(informOf(), { Authorization: credentials(nonceOf(answer)) })
    const session = await next
    expect(session.exchanges.map((exchange) => exchange.authorization?.problem)).toEqual([
      'no credentials',
      problem,
      'no credentials',
      undefined,
    ])
  })

  it('tells who waits in vain of credentials that were wrong', async () => {
    const nonce = nonceOf(await challenged(digest))
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const next = acs.nextSession({ timeoutMs: 50 })
    await cpe.post(informOf(), { Authorization: credentials(nonce, { password: 'guess' }) })
    await cpe.post(informOf())
    vi.advanceTimersByTime(50)
    vi.useRealTimers()
    await expect(next).rejects.toThrow(
      /^expected an Inform; got none within 50 ms, but .*Inform, refused with 401: wrong user name or password$/,
    )
  })

  it('offers several algorithms in order and takes each', async () => {
    const next = acs.nextSession()
    const answer = await challenged({ ...digest, algorithms: ['SHA-256', 'MD5-sess', 'MD5'] })
    expect(answer.head.match(/algorithm=[\w-]+/g)).toEqual([
      'algorithm=SHA-256',
      'algorithm=MD5-sess',
      'algorithm=MD5',
    ])
    const more = ', algorithm=SHA-256'
    const second = await cpe.post(informOf(), {
      Authorization: credentials(nonceOf(answer), { hash: sha256, more }),
    })
    expect(second.status).toBe(200)
    await next
  })

  it('takes MD5-sess', async () => {
    const next = acs.nextSession()
    const nonce = nonceOf(await challenged({ ...digest, algorithms: ['MD5-sess'] }))
    const a1 = md5(`${md5('dev:cwmp:secret')}:${nonce}:c1`)
    const response = md5(`${a1}:${nonce}:00000001:c1:auth:${md5('POST:/cwmp')}`)
    const Authorization = credentials(nonce, { more: ', algorithm=MD5-sess' }).replace(
      /response="\w*"/,
      `response="${response}"`,
    )
    expect((await cpe.post(informOf(), { Authorization })).status).toBe(200)
    await next
  })

  it('takes the form without qop when it offers none', async () => {
    const next = acs.nextSession()
    const answer = await challenged({ ...digest, qop: false })
    expect(answer.head).not.toContain('qop')
    const nonce = nonceOf(answer)
    const response = md5(`${md5('dev:cwmp:secret')}:${nonce}:${md5('POST:/cwmp')}`)
    const Authorization = `Digest username="dev", realm="cwmp", nonce="${nonce}", uri="/cwmp", response="${response}"`
    expect((await cpe.post(informOf(), { Authorization })).status).toBe(200)
    expect((await next).informExchange.authorization?.findings).toEqual([])
  })

  it('declares nonces stale as often as it is told', async () => {
    const next = acs.nextSession()
    const first = await challenged({ ...digest, stale: 1 })
    const second = await cpe.post(informOf(), { Authorization: credentials(nonceOf(first)) })
    expect(second.status).toBe(401)
    expect(second.head).toContain('stale=true')
    expect(nonceOf(second)).not.toBe(nonceOf(first))
    expect((await cpe.post(informOf(), { Authorization: credentials(nonceOf(second)) })).status).toBe(200)
    await next
  })

  it('refuses even right credentials when told to', async () => {
    const first = await challenged({ ...digest, refuse: true })
    expect((await cpe.post(informOf(), { Authorization: credentials(nonceOf(first)) })).status).toBe(401)
  })

  it('notes departures that do not make credentials wrong', async () => {
    const next = acs.nextSession()
    const nonce = nonceOf(await challenged({ ...digest, opaque: 'o1', everyRequest: true }))
    const quotedQop = credentials(nonce, { uri: '/other' }).replace('qop=auth', 'qop="auth"')
    await cpe.post(informOf(), { Authorization: quotedQop })
    const session = await next
    expect(session.informExchange.authorization).toMatchObject({
      accepted: true,
      findings: [
        'uri is /other, the request target /cwmp',
        'opaque was not returned unchanged',
        'qop is a quoted string',
      ],
    })

    expect((await cpe.post('')).status).toBe(401)
    const end = session.end()
    await cpe.post('', { Authorization: credentials(nonce, { more: ', opaque="o1"' }) })
    await end
    expect(session.exchanges.at(-1)?.authorization?.findings).toEqual([
      'nc is 00000001 after 00000001 with the same nonce',
    ])
    expect(session.exchanges.map((exchange) => exchange.status)).toEqual([401, 200, 401, 204])
  })

  it('closes after the challenge when told to, and goes on with the new connection', async () => {
    const next = acs.nextSession()
    const answer = await challenged({ ...digest, close: true })
    expect(answer.head).toContain('Connection: close')
    await cpe.closed()
    cpe = await RawCpe.connect(acs.url)
    expect((await cpe.post(informOf(), { Authorization: credentials(nonceOf(answer)) })).status).toBe(200)
    await next
  })

  it('sends the challenges that a case wants', async () => {
    const extra = await challenged({
      ...digest,
      extraChallenges: ['New x="y"'],
      realm: 'a "realm"',
      domain: '/',
      omitAlgorithm: true,
    })
    expect(extra.head).toMatch(
      /^WWW-Authenticate: New x="y"\r\nWWW-Authenticate: Digest realm="a \\"realm\\"", domain="\/", nonce="\w+", qop="auth"\r$/m,
    )
    const raw = await challenged({ ...digest, rawChallenges: ['Digest'] })
    expect(raw.head).toMatch(/^WWW-Authenticate: Digest\r$/m)
    const none = await challenged({ ...digest, rawChallenges: [] })
    expect(none.head).not.toContain('WWW-Authenticate')
  })
})

describe('basic', () => {
  const basic = { scheme: 'basic', username: 'dev', password: 'se:cret' } as const

  it('lets right credentials in and no others', async () => {
    const next = acs.nextSession()
    const answer = await challenged(basic)
    expect(answer.head).toContain('WWW-Authenticate: Basic realm="cwmp"\r\n')
    const of = (pair: string) => ({ Authorization: `Basic ${Buffer.from(pair).toString('base64')}` })
    expect((await cpe.post(informOf(), of('dev:wrong'))).status).toBe(401)
    expect((await cpe.post(informOf(), of('dev:se:cret'))).status).toBe(200)
    expect((await next).informExchange.authorization).toMatchObject({ accepted: true, scheme: 'Basic' })
  })
})

it('a new setting takes back what an older one let in', async () => {
  const next = acs.nextSession()
  acs.authentication = { scheme: 'none' }
  await cpe.post(informOf())
  await next
  acs.authentication = digest
  expect((await cpe.post('')).status).toBe(401)
  acs.reset()
  expect(acs.authentication).toEqual({ scheme: 'none' })
})
