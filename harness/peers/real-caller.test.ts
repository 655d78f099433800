import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { prepareAcsStack } from '../../containers/containers.ts'
import { type AcsAuthentication, Gate } from '../acs/acs.ts'
import { Transcript } from '../cwmp/transcript.ts'
import { Untestable } from '../failure.ts'
import { CertificateAuthority } from '../net/net.ts'
import { RealPeers } from './peers.ts'

const absent: string | undefined = await prepareAcsStack().then(
  () => undefined,
  (error: Error) => error.message,
)
const credentials = { username: 'acs', password: 'let me in' }

describe.skipIf(absent !== undefined)(
  `GenieACS that asks for sessions${absent ? ` (${absent})` : ''}`,
  { timeout: 120_000 },
  () => {
    let folder: string
    let peers: RealPeers | undefined
    let device: Server | undefined

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'cwmp-real-caller-'))
      peers = new RealPeers({ authority: await CertificateAuthority.create(), logFolder: folder })
      await peers.caller()
    }, 120_000)
    afterEach(() => {
      device?.closeAllConnections()
      device?.close()
    })
    afterAll(async () => {
      await peers?.close()
      await rm(folder, { recursive: true, force: true })
    })

    /** What takes connection requests of a device, on an address that containers do not reach. @returns its URL */
    async function listen(authentication: AcsAuthentication): Promise<string> {
      const gate = new Gate(authentication)
      const server = createServer((request, response) => {
        const header = (name: string) => request.headers[name.toLowerCase()] as string | undefined
        const { method = '', url: path = '', socket } = request
        const guarded = { method, path, body: Buffer.alloc(0), header, authorization: undefined }
        const challenges = gate.judge(guarded, socket)
        if (challenges === undefined) response.writeHead(204).end()
        else response.writeHead(401, { 'WWW-Authenticate': challenges }).end()
      })
      device = server
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
      return `http://127.0.0.1:${(server.address() as AddressInfo).port}/a/path`
    }

    test('meets the challenge of a device, and keeps what was said', async () => {
      const transcript = new Transcript()
      const url = await listen({ scheme: 'digest', ...credentials })

      const answer = await (await peers?.caller())?.request(url, credentials, transcript)

      expect(answer?.answers.map(({ status }) => status)).toEqual([401, 204])
      expect(answer?.status).toBe(204)
      const text = transcript.render(transcript.since(0))
      expect(text).toContain('GET /a/path HTTP/1.1')
      expect(text).toContain('GenieACS in a container: the device agreed')
    })

    test('is refused with a wrong password', async () => {
      const url = await listen({ scheme: 'digest', ...credentials })

      const answer = await (await peers?.caller())?.request(
        url,
        { ...credentials, password: 'wrong' },
        new Transcript(),
      )

      expect(answer?.status).toBe(401)
    })

    test('judges no device by a challenge that it does not know itself', async () => {
      const url = await listen({ scheme: 'digest', ...credentials, algorithms: ['SHA-256'] })

      const asked = (await peers?.caller())?.request(url, credentials, new Transcript())

      await expect(asked).rejects.toBeInstanceOf(Untestable)
    })
  },
)
