import type { AcsSession } from '../../harness/acs/acs.ts'
import { DeviceSilent, expect, granted, test } from '../../harness/conformance.ts'
import type { TestBed } from '../../harness/testbed/testbed.ts'
import { nextRetry, quickRetries } from './failing.ts'

const rebootKey = 'conformance events'

test('EVT-BOOTSTRAP-001 reports 0 BOOTSTRAP to an ACS that it meets for the first time', {
  meta: { id: 'EVT-BOOTSTRAP-001' },
}, async ({ cpe, restore, signal }) => {
  restore(() => cpe.enrol())

  const session = await meetAnotherAcs(cpe, '/bootstrap', signal)

  expect(session.inform).toCarryEvents('0 BOOTSTRAP')
})

test('EVT-BOOTSTRAP-002 reports 0 BOOTSTRAP once', {
  meta: { id: 'EVT-BOOTSTRAP-002' },
}, async ({ cpe, restore, signal }) => {
  restore(() => cpe.enrol())
  const first = await meetAnotherAcs(cpe, '/bootstrap-once', signal)
  await first.end()

  const next = await cpe.openSession(signal)

  expect(next.inform).not.toCarryEvents('0 BOOTSTRAP')
})

test('EVT-BOOTSTRAP-003 keeps 0 BOOTSTRAP until an InformResponse has come', {
  meta: { id: 'EVT-BOOTSTRAP-003' },
}, async ({ cpe, restore, signal }) => {
  restore(() => cpe.enrol())
  const waits = await quickRetries(cpe, restore, signal)
  await meetAnotherAcs(cpe, '/bootstrap-kept', signal, { status: 500 })

  const retry = await nextRetry(cpe, waits, 1)

  expect(retry.inform).toCarryEvents('0 BOOTSTRAP')
})

test('EVT-BOOTSTRAP-004 keeps an undelivered 0 BOOTSTRAP over a power cycle', {
  meta: { id: 'EVT-BOOTSTRAP-004' },
}, async ({ cpe, dut, restore, signal }) => {
  restore(() => cpe.enrol())
  await meetAnotherAcs(cpe, '/bootstrap-power', signal, { status: 500 })

  await dut.powerCycle(signal)

  const session = await cpe.nextSession({ timeoutMs: cpe.profile.pixit.timing.rebootSeconds * 1000 })
  expect(session.inform).toCarryEvents('0 BOOTSTRAP')
})

test('EVT-BOOTSTRAP-005 discards other undelivered events when 0 BOOTSTRAP occurs', {
  meta: { id: 'EVT-BOOTSTRAP-005' },
}, async ({ cpe, session, restore, signal }) => {
  restore(() => cpe.enrol())
  await spoiledReboot(cpe, session)

  const first = await meetAnotherAcs(cpe, '/bootstrap-alone', signal)

  expect(first.inform).toCarryEvents('0 BOOTSTRAP')
  expect(first.inform).not.toCarryEvents('M Reboot')
})

test('EVT-RETRY-001 tells an event again whose Inform was not answered', {
  meta: { id: 'EVT-RETRY-001' },
}, async ({ cpe, restore, signal }) => {
  const waits = await quickRetries(cpe, restore, signal)
  await spoiledReboot(cpe, await cpe.openSession(signal))

  const retry = await nextRetry(cpe, waits, 1)

  expect(retry.inform).toCarryEvents('1 BOOT', 'M Reboot')
  expect(rebootKeys(retry), 'CommandKeys of M Reboot').toEqual([rebootKey])
})

test('EVT-RETRY-002 keeps an undelivered M Reboot over a power cycle', {
  meta: { id: 'EVT-RETRY-002' },
}, async ({ cpe, dut, session, signal }) => {
  await spoiledReboot(cpe, session)

  await dut.powerCycle(signal)

  const later = await cpe.nextSession({ timeoutMs: cpe.profile.pixit.timing.rebootSeconds * 1000 })
  expect(rebootKeys(later), 'CommandKeys of M Reboot').toEqual([rebootKey])
})

test('EVT-RETRY-003 does not tell 6 CONNECTION REQUEST again', {
  meta: { id: 'EVT-RETRY-003' },
}, async ({ cpe, restore, signal }) => {
  const waits = await quickRetries(cpe, restore, signal)
  await cpe.openSession(signal, { inform: { status: 500 } })

  const retry = await nextRetry(cpe, waits, 1)

  expect(retry.inform).not.toCarryEvents('6 CONNECTION REQUEST')
})

test('EVT-RETRY-004 tells no event again whose Inform was answered, though the session failed later', {
  meta: { id: 'EVT-RETRY-004' },
}, async ({ cpe, restore, signal }) => {
  const waits = await quickRetries(cpe, restore, signal)
  const session = await cpe.openSession(signal)
  granted(await session.call('Reboot', { CommandKey: rebootKey }))
  await session.end()
  const delivered = await afterReboot(cpe)
  await delivered.end({ status: 500 })

  const retry = await nextRetry(cpe, waits, 1)

  expect(retry.inform).not.toCarryEvents('M Reboot')
})

test('EVT-VALUE-001 opens a session with 4 VALUE CHANGE when a value with active notification changes', {
  meta: { id: 'EVT-VALUE-001' },
}, async ({ cpe, dut, pixit, restore, signal }) => {
  const bench = { cpe, restore, signal }
  const { path, before, other } = await notified(bench, pixit.parameters.writableBoolean.path, 2)

  await dut.setLocally(path, other, signal)

  const session = await cpe.nextSession()
  expect(session.inform).toCarryEvents('4 VALUE CHANGE')
  expect(truth(session.parameters.get(path)?.Value), `value of ${path} in the Inform`).toBe(truth(other))
  expect(truth(before)).not.toBe(truth(other))
})

test('EVT-VALUE-002 tells a change with passive notification in its next session', {
  meta: { id: 'EVT-VALUE-002' },
}, async ({ cpe, dut, pixit, restore, signal }) => {
  const bench = { cpe, restore, signal }
  const { path, other } = await notified(bench, pixit.parameters.writableBoolean.path, 1)

  await dut.setLocally(path, other, signal)

  const session = await cpe.openSession(signal)
  expect(session.inform).toCarryEvents('4 VALUE CHANGE')
  expect(truth(session.parameters.get(path)?.Value), `value of ${path} in the Inform`).toBe(truth(other))
})

test('EVT-VALUE-003 opens no session for a change with passive notification', {
  meta: { id: 'EVT-VALUE-003' },
}, async ({ acs, cpe, dut, pixit, restore, signal }) => {
  const bench = { cpe, restore, signal }
  const { path, other } = await notified(bench, pixit.parameters.writableBoolean.path, 1)
  const unasked = acs.nextSession({
    timeoutMs: 1500,
    signal,
    where: ({ Event }) => Event.some(({ EventCode }) => EventCode === '4 VALUE CHANGE'),
  })

  await dut.setLocally(path, other, signal)

  await expect(unasked, 'a session for a passive change').rejects.toBeInstanceOf(DeviceSilent)
})

test('EVT-VALUE-004 tells no change of a value whose notification is off', {
  meta: { id: 'EVT-VALUE-004' },
}, async ({ cpe, dut, pixit, restore, signal }) => {
  const bench = { cpe, restore, signal }
  const { path, other } = await notified(bench, pixit.parameters.writableBoolean.path, 0)

  await dut.setLocally(path, other, signal)

  const session = await cpe.openSession(signal)
  expect(session.inform).not.toCarryEvents('4 VALUE CHANGE')
})

test('EVT-VALUE-005 tells a change again until an InformResponse has come', {
  meta: { id: 'EVT-VALUE-005' },
}, async ({ cpe, dut, pixit, restore, signal }) => {
  const bench = { cpe, restore, signal }
  const waits = await quickRetries(cpe, restore, signal)
  const { path, other } = await notified(bench, pixit.parameters.writableBoolean.path, 1)
  await dut.setLocally(path, other, signal)
  await cpe.openSession(signal, { inform: { status: 500 } })

  const retry = await nextRetry(cpe, waits, 1)

  expect(retry.inform).toCarryEvents('4 VALUE CHANGE')
  expect(truth(retry.parameters.get(path)?.Value), `value of ${path} in the Inform`).toBe(truth(other))
})

test('EVT-VALUE-006 tells a change once', {
  meta: { id: 'EVT-VALUE-006' },
}, async ({ cpe, dut, pixit, restore, signal }) => {
  const bench = { cpe, restore, signal }
  const { path, other } = await notified(bench, pixit.parameters.writableBoolean.path, 1)
  await dut.setLocally(path, other, signal)
  const first = await cpe.openSession(signal)
  await first.end()

  const next = await cpe.openSession(signal)

  expect(next.inform).not.toCarryEvents('4 VALUE CHANGE')
})

/** The first session with an ACS of another URL; it runs on the same machine. */
function meetAnotherAcs(
  cpe: TestBed,
  path: string,
  signal: AbortSignal,
  inform: { status?: number } = {},
): Promise<AcsSession> {
  return cpe.provision({ acsUrl: new URL(path, cpe.acs.url).href, signal }, { inform })
}

/** Has the device reboot, and answers the Inform that tells so with an HTTP error. */
async function spoiledReboot(cpe: TestBed, session: AcsSession): Promise<void> {
  granted(await session.call('Reboot', { CommandKey: rebootKey }))
  await session.end()
  await afterReboot(cpe, { status: 500 })
}

function afterReboot(cpe: TestBed, inform: { status?: number } = {}): Promise<AcsSession> {
  return cpe.nextSession({
    timeoutMs: cpe.profile.pixit.timing.rebootSeconds * 1000,
    where: ({ Event }) => Event.some(({ EventCode }) => EventCode === 'M Reboot' || EventCode === '1 BOOT'),
    inform,
  })
}

function rebootKeys({ inform }: AcsSession): string[] {
  return inform.Event.filter(({ EventCode }) => EventCode === 'M Reboot').map(({ CommandKey }) => CommandKey)
}

interface Bench {
  readonly cpe: TestBed
  readonly restore: (undo: () => Promise<void>) => void
  readonly signal: AbortSignal
}

/** Sets the notification of a boolean parameter, puts it and the value back afterwards, and says which value it has not. */
async function notified(
  { cpe, restore, signal }: Bench,
  path: string,
  Notification: number,
): Promise<{ path: string; before: string; other: string }> {
  const session = await cpe.openSession(signal)
  const read = granted(await session.call('GetParameterValues', { ParameterNames: [path] }))
  const before = read.ParameterList[0]?.Value ?? ''
  const attributes = (value: number) => ({
    ParameterList: [
      { Name: path, NotificationChange: true, Notification: value, AccessListChange: false, AccessList: [] },
    ],
  })
  restore(async () => {
    const later = await cpe.openSession()
    granted(await later.call('SetParameterAttributes', attributes(0)))
    const ParameterList = [{ Name: path, Value: before, type: 'xsd:boolean' }]
    granted(await later.call('SetParameterValues', { ParameterList, ParameterKey: '' }))
    await later.end()
  })
  granted(await session.call('SetParameterAttributes', attributes(Notification)))
  await session.end()
  return { path, before, other: truth(before) ? '0' : '1' }
}

function truth(lexical: string | undefined): boolean | undefined {
  if (lexical === undefined) return undefined
  return lexical === '1' || lexical === 'true'
}
