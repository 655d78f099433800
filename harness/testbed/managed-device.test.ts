import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { buildRequest } from '../cwmp/cwmp.ts'
import { loadProfile, makeStateDir, removeStateDir } from '../dut/dut.ts'
import { ConformanceFailure, Untestable } from '../failure.ts'
import { CertificateAuthority } from '../net/net.ts'
import type { AcsSite } from './acs-site.ts'
import { ManagedDevice } from './managed-device.ts'

let folder: string
let undo: (() => Promise<void>)[] = []
beforeEach(async () => {
  folder = await makeStateDir()
})
afterEach(async () => {
  for (const step of undo) await step()
  undo = []
  await removeStateDir(folder)
})

/** An ACS that has nothing to ask for. @returns its origin */
async function listen(): Promise<string> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => void chunks.push(chunk))
    request.on('end', () => response.writeHead(Buffer.concat(chunks).length > 0 ? 200 : 204).end())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  undo.push(async () => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

interface MadeUp {
  /** What the device does when it is told where its ACS is. */
  readonly onProvision: string
  /** How long it is waited for. */
  readonly bootSeconds?: number
}

/** A device at a real ACS, both made up. */
async function start({ onProvision, bootSeconds = 10 }: MadeUp) {
  const profile = await loadProfile()
  const file = join(folder, 'adapter.ts')
  await writeFile(
    file,
    `import { connect } from 'node:net'
    export const createDut = () => ({
      async provision({ acsUrl }) { ${onProvision} }, async alive() { return true }, async stop() {},
    })`,
  )
  profile.pixit.timing.bootSeconds = bootSeconds
  const asked: string[] = []
  const tried: string[] = []
  // From the container everything is reached.
  const tryConnect = async (host: string, port: number) => void tried.push(`${host} ${port}`)
  const genie = {
    faults: async () => [],
    deleteDevice: async () => true,
    async run(_id: string, { name }: { name: string }) {
      asked.push(name)
      return { id: 'task', state: 'done', reason: '' }
    },
  }
  const cwmp = await listen()
  const site = {
    stack: { origins: { cwmp, nbi: cwmp }, gateway: '127.0.0.1', tryConnect, resumeMongo: async () => {} },
    genie,
    authority: await CertificateAuthority.create(),
  } as unknown as AcsSite
  const device = await ManagedDevice.start(
    { ...profile, adapter: { kind: 'module', file, options: {} } },
    site,
  )
  undo.unshift(() => device.close())
  return { device, asked, tried }
}

/** A session in which the device tells where it takes connection requests. */
function session(connectionRequestUrl: string): string {
  const Name = 'Device.ManagementServer.ConnectionRequestURL'
  const inform = buildRequest(
    'Inform',
    {
      DeviceId: { Manufacturer: 'Acme', OUI: '00AA11', ProductClass: 'Box-2', SerialNumber: '1' },
      Event: [{ EventCode: '0 BOOTSTRAP', CommandKey: '' }],
      MaxEnvelopes: 1,
      CurrentTime: '2026-01-01T00:00:00Z',
      RetryCount: 0,
      ParameterList: [{ Name, Value: connectionRequestUrl, type: 'xsd:string' }],
    },
    { id: '1' },
  )
  return `for (const body of [${JSON.stringify(inform)}, '']) await fetch(acsUrl, { method: 'POST', body })`
}

describe('a device that never came to the real ACS', () => {
  test('leaves its URL, and what may make it unreachable', async () => {
    const { device } = await start({ onProvision: '', bootSeconds: 0.3 })

    expect(device.dead?.message).toBe(
      `the device opened no session within 0.3 s of being pointed at the ACS, and never connected: is ${device.relay.url('cwmp/1')} reachable from it (pixit.acs.host and publicHost, a firewall, a container's network), and did it take that URL?`,
    )
  })

  test('and only connected leaves what that often means', async () => {
    const { device } = await start({
      bootSeconds: 0.3,
      onProvision:
        'await new Promise((done) => connect({ host: "127.0.0.1", port: Number(new URL(acsUrl).port) }, done))',
    })

    expect(device.dead?.message).toContain('and sent no request (does it expect TLS, or another port?)')
  })
})

describe('a device that the ACS cannot call', () => {
  test('for the bench is enrolled all the same, and only what needs a call is untestable', async () => {
    const url = `${await listen()}/a/path`

    const { device, asked } = await start({ onProvision: session(url) })

    expect([device.id, device.dead]).toEqual(['00AA11-Box%2D2-1', undefined])
    expect(device.uncallable).toContain(`${new URL(url).origin} is on the loopback address of this machine`)
    await expect(device.do({ name: 'reboot' })).rejects.toThrow(Untestable)
    expect(() => device.needCall()).toThrow(device.uncallable)
    expect(asked).toEqual([])
  })

  test('leaves nothing to be put back, and is not enrolled anew for it', async () => {
    const { device } = await start({ onProvision: session(await listen()) })
    const mark = device.messages.mark()

    await device.undo([() => device.do({ name: 'reboot' })])
    await device.settle([new Untestable(device.uncallable ?? '')])
    expect(device.messages.since(mark)).toEqual([])

    await device.settle([new ConformanceFailure('a', 'b')])
    expect(device.messages.since(mark)).not.toEqual([])
  })

  test('since nobody takes calls there has itself to blame: its cases go on', async () => {
    // A port on which nothing listens.
    const { device, asked } = await start({ onProvision: session('http://127.0.0.1:1/') })

    expect(device.uncallable).toBeUndefined()
    await device.do({ name: 'reboot' })
    expect(asked).toEqual(['reboot'])
  })
})

test('whether the ACS can call a device is tried from its container', async () => {
  const { device, tried } = await start({ onProvision: session('http://192.0.2.7:7547/a/path') })

  expect(tried).toEqual(['192.0.2.7 7547'])
  expect(device.uncallable).toBeUndefined()
})
