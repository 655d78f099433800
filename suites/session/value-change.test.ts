import { DeviceSilent, expect, granted, test } from '../../harness/conformance.ts'
import { nextRetry, quickRetries } from '../../harness/testbed/session-retries.ts'
import type { TestBed } from '../../harness/testbed/testbed.ts'

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

test('EVT-VALUE-007 tells a change that happens during a session in a session of its own afterwards', {
  meta: { id: 'EVT-VALUE-007' },
}, async ({ cpe, dut, pixit, restore, signal }) => {
  const bench = { cpe, restore, signal }
  const { path, other } = await notified(bench, pixit.parameters.writableBoolean.path, 2)
  const running = await cpe.openSession(signal)
  await dut.setLocally(path, other, signal)
  granted(await running.call('GetParameterValues', { ParameterNames: [pixit.parameters.readOnly.path] }))
  await running.end()

  const next = await cpe.nextSession({ signal })

  expect(next.inform).toCarryEvents('4 VALUE CHANGE')
  expect(truth(next.parameters.get(path)?.Value), `value of ${path} in the Inform`).toBe(truth(other))
})

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
