import { isIP } from 'node:net'
import type { TestContext } from 'vitest'
import type { AcsSession, ScriptedAcs } from '../../harness/acs/acs.ts'
import { DeviceSilent, expect, granted, test, Untestable } from '../../harness/conformance.ts'
import type { Ability } from '../../harness/dut/dut.ts'
import { DnsServer, HttpFileServer } from '../../harness/net/net.ts'
import { anotherAcs } from '../../harness/testbed/another-acs.ts'
import type { TestBed } from '../../harness/testbed/testbed.ts'

test('DUT-ADAPTER-010 gives the device a certificate to show', {
  meta: { id: 'DUT-ADAPTER-010' },
}, async ({ cpe, dut, restore, skip, task }) => {
  onlyIfClaimed(cpe, 'clientCertificate', { skip, task })
  const { hostname } = new URL(cpe.acs.url)
  comesHome(cpe, restore)
  const acs = await anotherAcs(cpe, restore, {
    tls: {
      ...(await cpe.authority.issue({ names: [hostname] })),
      requestClientCert: true,
      ca: cpe.authority.cert,
    },
  })
  restore(() => dut.clientCertificate(undefined))

  await dut.clientCertificate(await cpe.authority.issue({ usage: 'client', commonName: 'from-the-adapter' }))

  const session = await enter(cpe, acs)
  const shown = session.informExchange.tls?.peerCertificate?.subject
  expect(shown, 'subject of the certificate that the device shows').toBe('CN=from-the-adapter')
  await session.end()
})

test('DUT-ADAPTER-011 has the device ask the DNS server that it is given', {
  meta: { id: 'DUT-ADAPTER-011' },
}, async ({ cpe, dut, pixit, restore, skip, task }) => {
  onlyIfClaimed(cpe, 'dnsServer', { skip, task })
  const { hostname } = new URL(cpe.acs.url)
  if (isIP(hostname) === 0) throw new Untestable(`the profile names the ACS ${hostname}, not its address`)
  comesHome(cpe, restore)
  const names = await DnsServer.listen(pixit.dnsServer)
  restore(() => names.close())
  names.answer('acs.adapter.test', { addresses: [hostname] })
  const acs = await anotherAcs(cpe, restore, { publicHost: 'acs.adapter.test' })
  restore(() => dut.dnsServer(undefined))

  await dut.dnsServer(names.address)

  const session = await enter(cpe, acs)
  expect(names.queries.length, 'questions at the DNS server').toBeGreaterThan(0)
  await session.end()
})

test('DUT-ADAPTER-012 hands DHCP options over to a device that looks for its ACS', {
  meta: { id: 'DUT-ADAPTER-012' },
}, async ({ acs, cpe, dut, pixit, restore, signal, skip, task }) => {
  onlyIfClaimed(cpe, 'dhcpOptions', { skip, task })
  restore(() => cpe.enrol())
  const url = Buffer.from(new URL('/by-dhcp', acs.url).href)
  const option43 = Buffer.concat([Buffer.from([1, url.length]), url]).toString('hex')

  const [session] = await Promise.all([
    cpe.nextSession({ timeoutMs: pixit.timing.rebootSeconds * 1000, signal }),
    dut.dhcpOptions({ option43, discover: true }, signal),
  ])

  expect(session.informExchange.path, 'path of the Inform after dhcpOptions').toBe('/by-dhcp')
  await session.end()
})

test('DUT-ADAPTER-013 brings a device into the LAN behind a gateway', {
  meta: { id: 'DUT-ADAPTER-013' },
}, async ({ cpe, dut, root, restore, signal, skip, task }) => {
  onlyIfClaimed(cpe, 'lanDevice', { skip, task })
  const counter = `${root}ManagementServer.ManageableDeviceNumberOfEntries`
  const count = async () => {
    const session = await cpe.openSession(signal)
    const answer = granted(await session.call('GetParameterValues', { ParameterNames: [counter] }))
    await session.end()
    return Number(answer.ParameterList[0]?.Value)
  }
  const before = await count()
  const device = { oui: '0A1B2C', serialNumber: 'CONFORMANCE-0', productClass: 'Conformance' }
  restore(() => dut.lanDevice({ ...device, present: false }))

  await dut.lanDevice({ ...device, present: true }, signal)

  expect(await count(), counter).toBe(before + 1)
})

test('DUT-ADAPTER-014 has the device fetch a file of its own accord', {
  meta: { id: 'DUT-ADAPTER-014' },
}, async ({ cpe, dut, pixit, restore, signal, skip, task }) => {
  onlyIfClaimed(cpe, 'ownAct', { skip, task })
  const { host, port, publicHost } = pixit.fileServer
  const web = await HttpFileServer.listen({ host, port, publicHost })
  restore(() => web.close())
  const url = web.serve('/of-its-own', { body: Buffer.from('fetched without an order') })

  await dut.ownAct({ act: 'download', fileType: '2 Web Content', url }, signal)

  const timeoutMs = pixit.timing.transferSeconds * 1000
  const { method } = await web.next('a request for the file', { timeoutMs, signal })
  expect(method, 'method of the request').toBe('GET')
})

test('DUT-ADAPTER-015 sends the device to sleep', {
  meta: { id: 'DUT-ADAPTER-015' },
}, async ({ acs, cpe, dut, pixit, restore, signal, skip, task }) => {
  onlyIfClaimed(cpe, 'standby', { skip, task })
  const session = await cpe.openSession(signal)
  await session.end()
  restore(async () => {
    await (await cpe.provision()).end()
  })

  await dut.standby(2 * pixit.clockRate, signal)

  await cpe.requestConnection(signal).catch(() => {})
  const came = acs.nextSession({ timeoutMs: 1500, signal })
  await expect(came, 'a session of a device that sleeps').rejects.toBeInstanceOf(DeviceSilent)
})

test('DUT-ADAPTER-016 takes the time from the device, and gives it back', {
  meta: { id: 'DUT-ADAPTER-016' },
}, async ({ cpe, dut, restore, signal, skip, task }) => {
  onlyIfClaimed(cpe, 'timeSource', { skip, task })
  comesHome(cpe, restore)
  restore(() => dut.timeSource(true))
  const hoursOff = async (present: boolean): Promise<number> => {
    await dut.timeSource(present, signal)
    const session = await cpe.provision({ signal })
    await session.end()
    // What is no date at all is no knowledge of the time either.
    const off = Math.abs(Date.parse(session.inform.CurrentTime) - Date.now()) / 3_600_000
    return Number.isNaN(off) ? Number.POSITIVE_INFINITY : off
  }

  expect(await hoursOff(false), 'hours by which a device without the time is out').toBeGreaterThan(24)
  expect(await hoursOff(true), 'hours by which a device with the time is out').toBeLessThan(24)
})

/** An optional ability that the adapter does not claim is N/A here; the cases that need it say UNTESTABLE. */
function onlyIfClaimed(
  { dut, profile }: TestBed,
  ability: Ability,
  { skip, task }: Pick<TestContext, 'skip' | 'task'>,
): void {
  const isOfUse = ability !== 'clientCertificate' || profile.ics.SecureCwmp
  if (dut.supports(ability) && isOfUse) return
  task.meta.notApplicable = isOfUse ? `the adapter does not claim ${ability}` : 'the device knows no TLS'
  skip()
}

function comesHome(cpe: TestBed, restore: (step: () => Promise<void>) => void): void {
  restore(async () => {
    const session = await cpe.provision()
    await session.end()
  })
}

async function enter(cpe: TestBed, acs: ScriptedAcs): Promise<AcsSession> {
  const timeoutMs = cpe.profile.pixit.timing.bootSeconds * 1000
  const [session] = await Promise.all([acs.nextSession({ timeoutMs }), cpe.pointAt(acs.url)])
  return session
}
