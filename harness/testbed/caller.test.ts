import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { informOf, RawCpe } from '../acs/raw-cpe.ts'
import { ScriptedAcs } from '../acs/scripted-acs.ts'
import { buildFault } from '../cwmp/cwmp.ts'
import { Transcript } from '../cwmp/transcript.ts'
import { type Dut, loadProfile, type Profile } from '../dut/dut.ts'
import { CertificateAuthority } from '../net/net.ts'
import { Caller } from './caller.ts'

/** A device that opens sessions where the test says, and answers connection requests as it says. */
class MadeUpDevice {
  readonly provisioned: string[] = []
  served = 0
  onRequest: () => Promise<number> = async () => 200
  readonly #server: Server
  #sessions: Promise<void>[] = []

  constructor() {
    this.#server = createServer((_request, response) => {
      void this.onRequest().then((status) => response.writeHead(status).end())
    })
  }

  async listen(): Promise<string> {
    this.#server.listen(0, '127.0.0.1')
    await once(this.#server, 'listening')
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/`
  }

  /** A session from Inform to its end; the Inform comes after `ready`, on a connection that is open before. */
  open(url: string, ready?: Promise<unknown>): void {
    const session = async () => {
      const cpe = await RawCpe.connect(url)
      await ready
      await cpe.post(informOf({ events: ['6 CONNECTION REQUEST'] }))
      // It does nothing of what it is asked for.
      for (let said = ''; (await cpe.post(said)).status === 200; )
        said = buildFault({ code: 9000, string: 'Method not supported' })
      this.served += 1
      cpe.destroy()
    }
    this.#sessions.push(session())
  }

  /** Resolves when the sessions that are open have ended. */
  async idle(): Promise<void> {
    await Promise.all(this.#sessions)
  }

  async close(): Promise<void> {
    this.#server.close()
    this.#server.closeAllConnections()
    await Promise.all(this.#sessions)
  }
}

let device: MadeUpDevice
let acs: ScriptedAcs
let profile: Profile
/** Resolves when an Inform has come. */
let informed: PromiseWithResolvers<void>

beforeEach(async () => {
  device = new MadeUpDevice()
  informed = Promise.withResolvers()
  acs = await ScriptedAcs.listen({
    transcript: new Transcript(),
    onRequest: ({ isInform }) => isInform && informed.resolve(),
  })
  profile = await loadProfile()
})

afterEach(async () => {
  await acs.close()
  await device.close()
})

/** @param informSeconds how long a session may take to come */
async function callerOf(informSeconds: number): Promise<Caller> {
  const { pixit } = profile
  const dut: Pick<Dut, 'provision' | 'supports'> = {
    supports: () => false,
    provision: async ({ acsUrl }) => {
      device.provisioned.push(acsUrl)
      device.open(acsUrl)
    },
  }
  const caller = new Caller({
    profile: { ...profile, pixit: { ...pixit, timing: { ...pixit.timing, informSeconds } } },
    acs,
    dut: dut as Dut,
    transcript: acs.transcript,
    authority: await CertificateAuthority.create(),
  })
  caller.connectionRequestUrl = await device.listen()
  return caller
}

test('a device is idle once the session that it was asked for has ended', async () => {
  // Whoever waited for another session would wait for a minute.
  const caller = await callerOf(600)
  device.onRequest = async () => {
    setImmediate(() => device.open(acs.url))
    return 200
  }

  await caller.idle()

  await expect.poll(() => device.served, { timeout: 5000 }).toBe(1)
})

/** Has a device that has met one session of its own be idle only after another, which it owes to the request. */
async function idleAfterTheOwedOne(caller: Caller): Promise<void> {
  const idle = caller.idle()
  await expect.poll(() => device.served, { timeout: 5000 }).toBe(1)

  device.open(acs.url)
  await idle

  await expect.poll(() => device.served, { timeout: 5000 }).toBe(2)
  await expect(acs.nextSession({ timeoutMs: 1 })).rejects.toThrow()
}

test('a device is not idle while it owes a session to a request that met one of its own', async () => {
  const caller = await callerOf(60)
  device.onRequest = async () => {
    device.open(acs.url)
    await informed.promise
    return 200
  }

  await idleAfterTheOwedOne(caller)
})

test('a device is not idle while it owes a session to a request that met it on its way to the ACS', async () => {
  const caller = await callerOf(60)
  const isThere = (text: string) =>
    expect.poll(() => acs.transcript.since(0).some(({ octets }) => octets.includes(text)), { timeout: 5000 })
  device.onRequest = async () => {
    device.open(acs.url, isThere('HTTP/1.1 200').toBe(true))
    await isThere('from 127.0.0.1').toBe(true)
    return 200
  }

  await idleAfterTheOwedOne(caller)
})

test('a device that comes neither for requests nor by period is called by provisioning it anew', async () => {
  const caller = await callerOf(0.05)
  device.onRequest = async () => 404
  await (await caller.provision()).end()
  expect(caller.isCalledByProvisioning).toBe(false)

  await (await caller.openSession()).end()
  expect(caller.isCalledByProvisioning).toBe(true)
  const before = device.provisioned.length
  await caller.callByProvisioning()
  await (await caller.nextSession()).end()

  expect(device.provisioned.slice(before)).toEqual([acs.url])
})

/** Where nobody listens, as at a device that boots. */
const nowhere = 'http://127.0.0.1:1/'

test('a device that boots by itself is called by connection requests afterwards, too', async () => {
  const caller = await callerOf(5)
  const { connectionRequestUrl } = caller
  caller.connectionRequestUrl = nowhere
  const opening = caller.openSession()
  device.open(acs.url)

  await (await opening).end()

  device.onRequest = async () => {
    setImmediate(() => device.open(acs.url))
    return 200
  }
  caller.connectionRequestUrl = connectionRequestUrl
  await (await caller.openSession()).end()
  expect(device.provisioned).toEqual([])
  expect(caller.isCalledByPeriod).toBe(false)
})

test('a device that does not tell its boot is called again until it can be reached', async () => {
  const caller = await callerOf(5)
  const { connectionRequestUrl } = caller
  device.onRequest = async () => {
    setImmediate(() => device.open(acs.url))
    return 200
  }
  caller.connectionRequestUrl = nowhere
  const opening = caller.openSession()
  caller.connectionRequestUrl = connectionRequestUrl

  await (await opening).end()

  expect(device.provisioned).toEqual([])
})

test('an Inform that is to be spoiled is that of the session which was asked for', async () => {
  const caller = await callerOf(60)
  device.onRequest = async () => {
    void device.idle().then(() => device.open(acs.url))
    return 200
  }
  device.open(acs.url)
  await informed.promise

  const spoiled = await caller.openSession(undefined, { inform: { status: 500 } })

  const served = device.served
  await device.idle()
  expect(spoiled.informExchange.status).toBe(500)
  expect(served, 'sessions that were over before').toBe(1)
})

test('an Inform of before a power cut is not taken for the first one afterwards, although its connection stays', async () => {
  const caller = await callerOf(60)
  const cut = await RawCpe.connect(acs.url)
  cut.send(cut.request(informOf({ events: ['M Reboot'] })))
  await informed.promise
  const booted = caller.firstSessionSinceBoot()
  await cut.answer()

  device.open(acs.url)

  const session = await booted
  expect(session.eventCodes).toEqual(['6 CONNECTION REQUEST'])
  await session.end()
  cut.destroy()
})

test('an Inform that came before the adapter answered is of a device that has booted when its session goes on', async () => {
  const caller = await callerOf(60)
  device.open(acs.url)
  await informed.promise

  const session = await caller.firstSessionSinceBoot()

  await session.end()
  await device.idle()
  expect(device.served).toBe(1)
})
