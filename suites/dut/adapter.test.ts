import type { TestContext } from 'vitest'
import { ConformanceFailure, expect, granted, test } from '../../harness/conformance.ts'
import { type Ability, type AdapterCheck, type Dut, selfCheck } from '../../harness/dut/dut.ts'
import type { TestBed } from '../../harness/testbed/testbed.ts'

test('DUT-ADAPTER-001 answers an unknown request with unsupported', {
  meta: { id: 'DUT-ADAPTER-001' },
}, async ({ cpe, signal }) => {
  await holds(cpe, 'unknown request', signal)
})

test('DUT-ADAPTER-002 points the device at the ACS that it is given', {
  meta: { id: 'DUT-ADAPTER-002' },
}, async ({ acs, cpe, restore, signal }) => {
  const elsewhere = new URL('/another-acs', acs.url).href
  restore(async () => {
    const session = await cpe.provision()
    await session.end()
  })

  const session = await cpe.provision({ acsUrl: elsewhere, signal })

  expect(session.informExchange.path, 'path of the Inform after provision').toBe('/another-acs')
  await session.end()
})

test('DUT-ADAPTER-003 gives the device the credentials for the ACS', {
  meta: { id: 'DUT-ADAPTER-003' },
}, async ({ acs, cpe, pixit, signal }) => {
  const { acsUsername, acsPassword } = pixit.credentials
  acs.authentication = { scheme: 'digest', username: acsUsername, password: acsPassword }

  const session = await cpe.provision({ signal })

  expect(session.informExchange.authorization?.accepted, 'credentials of the Inform are right').toBe(true)
  await session.end()
})

test('DUT-ADAPTER-004 says that the device is alive', {
  meta: { id: 'DUT-ADAPTER-004' },
}, async ({ cpe, dut, signal }) => {
  const session = await cpe.openSession(signal)

  const alive = await dut.alive(signal)

  expect(alive, 'answer to alive while the device is in a session').toBe(true)
  await session.end()
})

test('DUT-ADAPTER-005 reads the logs of the device', {
  meta: { id: 'DUT-ADAPTER-005' },
}, async ({ cpe, dut, signal, skip, task }) => {
  onlyIfClaimed(dut, 'readLogs', { skip, task })

  await holds(cpe, 'readLogs', signal)
})

test('DUT-ADAPTER-006 sets the clock of the device', {
  meta: { id: 'DUT-ADAPTER-006' },
}, async ({ cpe, dut, signal, skip, task }) => {
  onlyIfClaimed(dut, 'setClock', { skip, task })

  await holds(cpe, 'setClock', signal)
})

test('DUT-ADAPTER-007 changes a parameter on the device', {
  meta: { id: 'DUT-ADAPTER-007' },
}, async ({ cpe, dut, pixit, restore, signal, skip, task }) => {
  onlyIfClaimed(dut, 'setLocally', { skip, task })
  const { path, values } = pixit.parameters.writableString
  const before = await read(cpe, path, signal)
  const changed = before === values[0] ? values[1] : values[0]
  restore(() => dut.setLocally(path, before))

  await dut.setLocally(path, changed, signal)

  expect(await read(cpe, path, signal), `value of ${path} after setLocally`).toBe(changed)
})

test('DUT-ADAPTER-008 restarts the device by a power cycle', {
  meta: { id: 'DUT-ADAPTER-008' },
}, async ({ cpe, dut, signal, skip, task }) => {
  onlyIfClaimed(dut, 'powerCycle', { skip, task })

  await dut.powerCycle(signal)

  await comesBack(cpe, signal)
})

test('DUT-ADAPTER-009 resets the device to factory settings', {
  meta: { id: 'DUT-ADAPTER-009' },
}, async ({ cpe, dut, restore, signal, skip, task }) => {
  onlyIfClaimed(dut, 'factoryReset', { skip, task })
  restore(() => cpe.enrol())

  await dut.factoryReset(signal)

  await comesBack(cpe, signal)
})

/** An optional ability that the adapter does not claim is N/A here; the cases that need it say UNTESTABLE. */
function onlyIfClaimed(dut: Dut, ability: Ability, { skip, task }: Pick<TestContext, 'skip' | 'task'>): void {
  if (dut.supports(ability)) return
  task.meta.notApplicable = `the adapter does not claim ${ability}`
  skip()
}

async function holds(cpe: TestBed, check: AdapterCheck, signal: AbortSignal): Promise<void> {
  const provisioning = { acsUrl: cpe.acs.url }
  const findings = await selfCheck(cpe.dut, { profile: cpe.profile, provisioning, signal, only: [check] })
  for (const { holds, expected, actual } of findings) {
    if (!holds) throw new ConformanceFailure(`${check}: ${expected}`, actual)
  }
}

async function comesBack(cpe: TestBed, signal: AbortSignal): Promise<void> {
  const session = await cpe.nextSession({
    timeoutMs: cpe.profile.pixit.timing.rebootSeconds * 1000,
    where: (inform) =>
      inform.Event.some(({ EventCode }) => EventCode === '1 BOOT' || EventCode === '0 BOOTSTRAP'),
    signal,
  })
  await session.end()
}

async function read(cpe: TestBed, path: string, signal: AbortSignal): Promise<string> {
  const session = await cpe.openSession(signal)
  const answer = granted(await session.call('GetParameterValues', { ParameterNames: [path] }))
  await session.end()
  return answer.ParameterList[0]?.Value ?? ''
}
