import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import type { AcsSession, NextSessionOptions } from '../../acs/acs.ts'
import { Transcript } from '../../cwmp/transcript.ts'
import { DeviceSilent } from '../../failure.ts'
import type { TestBed } from '../../testbed/testbed.ts'
import type { BrokenMessage } from '../breakage/breakage.ts'
import { ConnectionRequestArena } from './arena.ts'
import { connectionRequests } from './connection-request-fuzz.ts'

const { signal } = new AbortController()
const language = connectionRequests()
const genuine: BrokenMessage = { requestClass: 'connection request', changes: [] }
const stranger: BrokenMessage = { requestClass: 'wrong password', changes: [] }
const closers: (() => void)[] = []

afterEach(() => {
  for (const close of closers.splice(0)) close()
})

type Server = (request: IncomingMessage, response: ServerResponse, grant: () => void) => void

/** A device whose connection request server does that, and an arena for it. */
async function arenaFor(serve: Server, connectionRequestPassword = 'the secret of it') {
  const sessions: (() => void)[] = []
  let waiting: (() => void) | undefined
  const grant = () => {
    sessions.push(() => {})
    waiting?.()
  }
  const server = createServer((request, response) => serve(request, response, grant)).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  closers.push(() => {
    server.closeAllConnections()
    server.close()
  })
  const session = { eventCodes: ['6 CONNECTION REQUEST'], end: async () => {} } as unknown as AcsSession
  const nextSession = async ({ signal: stop }: NextSessionOptions) => {
    while (sessions.length === 0) {
      if (stop?.aborted) throw new DeviceSilent('a session', 'none')
      await new Promise<void>((resolve) => {
        waiting = resolve
        stop?.addEventListener('abort', () => resolve())
      })
    }
    sessions.shift()
    return session
  }
  const cpe = {
    profile: {
      pixit: {
        credentials: { connectionRequestUsername: 'cpe', connectionRequestPassword },
        timing: { responseSeconds: 2, informSeconds: 2 },
      },
    },
    connectionRequestUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/cr`,
    transcript: new Transcript(),
    dut: { alive: async () => true },
    openSession: async () => session,
    nextSession,
    askPatiently: async <Answer extends { status: number | undefined }>(ask: () => Promise<Answer>) => {
      for (;;) {
        const answer = await ask()
        if (answer.status !== 503) return answer
      }
    },
    requestConnection: async () => {
      grant()
      return { status: 200 }
    },
  } as unknown as TestBed
  const arena = await ConnectionRequestArena.open(cpe, language, signal)
  closers.push(() => void arena.close())
  return arena
}

function challenge(response: ServerResponse, more: Record<string, string> = {}): void {
  response
    .writeHead(401, {
      'WWW-Authenticate': 'Digest realm="r", nonce="n", qop="auth", algorithm=MD5',
      'Content-Length': '0',
      ...more,
    })
    .end()
}

/** Whether it has credentials for the challenge. */
function answers({ headers: { authorization = '' } }: IncomingMessage): boolean {
  return authorization.includes('nonce="n"')
}

/** Devices that grant whatever has credentials, and differ in what becomes of the connection behind a challenge. */
const servers: Readonly<Record<string, Server>> = {
  'keeps its connections': (request, response, grant) => {
    if (!answers(request)) return challenge(response)
    response.writeHead(200, { 'Content-Length': '0' }).end()
    grant()
  },
  'closes each connection, and says so': (request, response, grant) => {
    if (!answers(request)) return challenge(response, { Connection: 'close' })
    response.writeHead(200, { 'Content-Length': '0', Connection: 'close' }).end()
    grant()
  },
  'closes each connection without a word': (request, response, grant) => {
    const { socket } = request
    response.on('finish', () => setImmediate(() => socket.destroy()))
    if (!answers(request)) return challenge(response, { Connection: 'keep-alive' })
    response.writeHead(200, { 'Content-Length': '0', Connection: 'keep-alive' }).end()
    grant()
  },
}

test.each(Object.entries(servers))('a device that %s has heard a genuine request', async (_what, serve) => {
  const arena = await arenaFor(serve)

  for (let turn = 0; turn < 3; turn++)
    expect(await arena.meet(genuine, signal)).toEqual({ answer: '200, session' })
})

test.each(Object.entries(servers))(
  'a device that %s is found when it lets a stranger in',
  async (_what, serve) => {
    const arena = await arenaFor(serve)

    expect((await arena.meet(stranger, signal)).wrong).toMatchObject({
      level: 'MUST',
      actual: 'HTTP status 200',
    })
  },
)

test('a device that puts off the first of the two requests is asked again', async () => {
  let puts = 2
  const arena = await arenaFor((request, response, grant) => {
    if (!answers(request) && puts-- > 0) response.writeHead(503, { 'Content-Length': '0' }).end()
    else servers['keeps its connections']?.(request, response, grant)
  })

  expect(await arena.meet(genuine, signal)).toEqual({ answer: '200, session' })
})

test.each([
  ['the secret of it', 'leak'],
  ['cpe', undefined],
  ['', undefined],
])(
  'an answer with the password %j in it shows it, unless it may stand there by chance',
  async (password, kind) => {
    const arena = await arenaFor(
      (_, response) => challenge(response, { 'X-Shown': `cpe: ${password}` }),
      password,
    )

    expect((await arena.meet(stranger, signal)).wrong?.kind).toBe(kind)
  },
)
