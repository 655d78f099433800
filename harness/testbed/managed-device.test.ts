import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { loadProfile, makeStateDir, removeStateDir } from '../dut/dut.ts'
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

/** A device that does this when it is told where its ACS is, at an ACS that is nowhere. */
async function start(onProvision: string): Promise<ManagedDevice> {
  const profile = await loadProfile()
  const file = join(folder, 'adapter.ts')
  await writeFile(
    file,
    `import { connect } from 'node:net'
    export const createDut = () => ({
      async provision({ acsUrl }) { ${onProvision} }, async alive() { return true }, async stop() {},
    })`,
  )
  profile.pixit.timing.bootSeconds = 0.3
  const site = {
    stack: { origins: { cwmp: 'http://127.0.0.1:9', nbi: 'http://127.0.0.1:9' }, gateway: '127.0.0.1' },
    authority: await CertificateAuthority.create(),
  } as unknown as AcsSite
  const device = await ManagedDevice.start(
    { ...profile, adapter: { kind: 'module', file, options: {} } },
    site,
  )
  undo.unshift(() => device.close())
  return device
}

test('a device that never came to the real ACS leaves its URL, and what may make it unreachable', async () => {
  const device = await start('')

  expect(device.dead?.message).toBe(
    `the device opened no session within 0.3 s of being pointed at the ACS, and never connected: is ${device.relay.url('cwmp/1')} reachable from it (pixit.acs.host and publicHost, a firewall, a container's network), and did it take that URL?`,
  )
})

test('a device that only connected leaves what that often means', async () => {
  const device = await start(
    'await new Promise((done) => connect({ host: "127.0.0.1", port: Number(new URL(acsUrl).port) }, done))',
  )

  expect(device.dead?.message).toContain('and sent no request (does it expect TLS, or another port?)')
})
