import { granted, test, Untestable } from '../../harness/conformance.ts'
import { nextRetry, quickRetries } from '../../harness/testbed/session-retries.ts'
import { noChangeToldIn, tellsChangeTo } from '../../harness/testbed/untold.ts'
import {
  expectTold,
  expectToldWhenCalled,
  freshSession,
  noSessionOpenedFor,
  sessionTelling,
  watchBoolean,
} from '../notification/watching.ts'

test('EVT-VALUE-001 opens a session with 4 VALUE CHANGE when a value with active notification changes', {
  meta: { id: 'EVT-VALUE-001' },
}, async ({ cpe, dut, restore, signal }) => {
  const { path, other } = await watchBoolean({ cpe, restore, signal }, 2)

  await dut.setLocally(path, other, signal)

  await sessionTelling({ cpe, signal }, [{ path, value: other }])
})

test('EVT-VALUE-002 tells a change with passive notification in its next session', {
  meta: { id: 'EVT-VALUE-002' },
}, async ({ cpe, dut, restore, signal }) => {
  const { path, other } = await watchBoolean({ cpe, restore, signal }, 1)
  const mark = cpe.messages.mark()

  await dut.setLocally(path, other, signal)

  await expectToldWhenCalled({ cpe, signal }, mark, { path, value: other })
})

test('EVT-VALUE-003 opens no session for a change with passive notification', {
  meta: { id: 'EVT-VALUE-003' },
}, async ({ cpe, dut, restore, signal }) => {
  const watched = await watchBoolean({ cpe, restore, signal }, 1)
  const mark = cpe.messages.mark()

  await dut.setLocally(watched.path, watched.other, signal)

  await noSessionOpenedFor({ cpe, signal }, mark, watched)
})

test('EVT-VALUE-004 tells no change of a value whose notification is off', {
  meta: { id: 'EVT-VALUE-004' },
}, async ({ cpe, dut, restore, signal }) => {
  const watched = await watchBoolean({ cpe, restore, signal }, 0)
  const mark = cpe.messages.mark()

  await dut.setLocally(watched.path, watched.other, signal)

  await freshSession({ cpe, signal })
  noChangeToldIn(cpe.messages.informsSince(mark), watched)
})

test('EVT-VALUE-005 tells a change again until an InformResponse has come', {
  meta: { id: 'EVT-VALUE-005' },
}, async ({ cpe, dut, restore, signal }) => {
  const waits = await quickRetries(cpe, restore, signal)
  const { path, other } = await watchBoolean({ cpe, restore, signal }, 1)
  const change = { path, value: other }
  const mark = cpe.messages.mark()
  await dut.setLocally(path, other, signal)
  const { inform } = await cpe.openSession(signal, { inform: { status: 500 } })
  if (
    !tellsChangeTo(change, inform) &&
    cpe.messages.informsSince(mark).some((one) => tellsChangeTo(change, one))
  )
    throw new Untestable('another session had told the change before')

  const retry = await nextRetry(cpe, waits, 1)

  expectTold(retry, path, other)
})

test('EVT-VALUE-006 tells a change once', {
  meta: { id: 'EVT-VALUE-006' },
}, async ({ cpe, dut, restore, signal }) => {
  const { path, other } = await watchBoolean({ cpe, restore, signal }, 1)
  await dut.setLocally(path, other, signal)
  const first = await freshSession({ cpe, signal })
  const mark = cpe.messages.mark()
  await first.end()

  await cpe.openSession(signal)

  noChangeToldIn(cpe.messages.informsSince(mark), { path, known: first.parameters })
})

test('EVT-VALUE-007 tells a change that happens during a session in a session of its own afterwards', {
  meta: { id: 'EVT-VALUE-007' },
}, async ({ cpe, dut, pixit, restore, signal }) => {
  const { path, other } = await watchBoolean({ cpe, restore, signal }, 2)
  const running = await cpe.openSession(signal)
  await dut.setLocally(path, other, signal)
  granted(await running.call('GetParameterValues', { ParameterNames: [pixit.parameters.readOnly.path] }))
  await running.end()

  await sessionTelling({ cpe, signal }, [{ path, value: other }])
})
