import { expect, granted, test, Untestable } from '../../harness/conformance.ts'
import { interval, periodic, setPeriod } from '../../harness/testbed/periodic-informs.ts'
import { changeToldIn, noChangeToldIn } from '../../harness/testbed/untold.ts'
import {
  expectToldWhenCalled,
  freshSession,
  noSessionOpenedFor,
  sessionTelling,
  valueAt,
  watchAttribute,
  watchBoolean,
  watchNumber,
} from './watching.ts'

test('NTF-PASSIVE-001 tells a passive change in its periodic session', {
  meta: { id: 'NTF-PASSIVE-001' },
}, async ({ cpe, dut, restore, signal }) => {
  const { path, other } = await watchBoolean({ cpe, restore, signal }, 1)
  restore(() => cpe.enrol())
  const session = await cpe.openSession(signal)
  await setPeriod(cpe, session, { enable: true, interval })
  const mark = cpe.messages.mark()
  await dut.setLocally(path, other, signal)
  await session.end()

  await periodic(cpe)

  // A session that the device still owed to the connection request comes first, and has to tell it then.
  changeToldIn(cpe.messages.informsSince(mark), { path, value: other })
})

test('NTF-PASSIVE-002 tells a passive change in the session that an active one opens', {
  meta: { id: 'NTF-PASSIVE-002' },
}, async ({ cpe, dut, restore, signal }) => {
  const bench = { cpe, restore, signal }
  const passive = await watchNumber(bench, 1)
  const active = await watchBoolean(bench, 2)
  const mark = cpe.messages.mark()
  await dut.setLocally(passive.path, passive.other, signal)

  await dut.setLocally(active.path, active.other, signal)

  await sessionTelling(bench, [{ path: active.path, value: active.other }])
  // In that session, unless one for another reason came before it.
  changeToldIn(cpe.messages.informsSince(mark), { path: passive.path, value: passive.other })
})

test('NTF-PASSIVE-003 tells several passive changes in its next Inform', {
  meta: { id: 'NTF-PASSIVE-003' },
}, async ({ cpe, dut, restore, signal }) => {
  const bench = { cpe, restore, signal }
  const boolean = await watchBoolean(bench, 1)
  const number = await watchNumber(bench, 1)
  const mark = cpe.messages.mark()

  await dut.setLocally(boolean.path, boolean.other, signal)
  await dut.setLocally(number.path, number.other, signal)

  await expectToldWhenCalled(
    bench,
    mark,
    { path: boolean.path, value: boolean.other },
    { path: number.path, value: number.other },
  )
})

test('NTF-PASSIVE-004 keeps a passive change that happens during a session for the next one', {
  meta: { id: 'NTF-PASSIVE-004' },
}, async ({ cpe, dut, restore, signal }) => {
  const watched = await watchBoolean({ cpe, restore, signal }, 1)
  const running = await cpe.openSession(signal)
  const mark = cpe.messages.mark()

  await dut.setLocally(watched.path, watched.other, signal)
  await running.end()

  await noSessionOpenedFor({ cpe, signal }, mark, watched)
  await expectToldWhenCalled({ cpe, signal }, mark, { path: watched.path, value: watched.other })
})

test('NTF-PASSIVE-005 tells the value of now when a passive parameter has changed twice', {
  meta: { id: 'NTF-PASSIVE-005' },
}, async ({ cpe, dut, restore, signal }) => {
  const { path, other, third } = await watchNumber({ cpe, restore, signal }, 1)
  const mark = cpe.messages.mark()

  await dut.setLocally(path, third, signal)
  await dut.setLocally(path, other, signal)

  await expectToldWhenCalled({ cpe, signal }, mark, { path, value: other })
})

test('NTF-PASSIVE-006 tells nothing of a passive parameter that has not changed', {
  meta: { id: 'NTF-PASSIVE-006' },
}, async ({ cpe, dut, restore, signal }) => {
  const bench = { cpe, restore, signal }
  const quiet = await watchNumber(bench, 1)
  const changed = await watchBoolean(bench, 1)
  const mark = cpe.messages.mark()

  await dut.setLocally(changed.path, changed.other, signal)

  await expectToldWhenCalled(bench, mark, { path: changed.path, value: changed.other })
  // No more than a warning: agents that state more than they have to are common.
  noChangeToldIn(cpe.messages.informsSince(mark), quiet)
})

test('NTF-PASSIVE-007 tells a value that changes by itself', {
  meta: { id: 'NTF-PASSIVE-007' },
}, async ({ cpe, pixit, restore, signal }) => {
  if (!pixit.parameters.canDeny) throw new Untestable('the profile names no parameter that changes by itself')
  const { path } = pixit.parameters.canDeny
  const session = await cpe.openSession(signal)
  await watchAttribute({ cpe, restore }, session, path, 1)
  const mark = cpe.messages.mark()
  await session.end()
  const before = await valueAt({ cpe, signal }, path)
  const later = await cpe.openSession(signal)
  const deadline = performance.now() + 2500
  for (let now = before; now === before; ) {
    if (performance.now() > deadline) throw new Untestable(`${path} does not change by itself`)
    const answer = granted(await later.call('GetParameterValues', { ParameterNames: [path] }))
    now = answer.ParameterList[0]?.Value ?? ''
  }
  await later.end()

  const { inform } = await freshSession({ cpe, signal })

  // The log keeps so many messages, and a value that is read until it changes takes most of them.
  const changed = [...cpe.messages.informsSince(mark), inform]
    .filter(({ Event }) => Event.some(({ EventCode }) => EventCode === '4 VALUE CHANGE'))
    .flatMap(({ ParameterList }) => ParameterList.map(({ Name }) => Name))
  expect(changed, 'parameters of the Informs with 4 VALUE CHANGE').toContain(path)
})

test('NTF-PASSIVE-008 watches every parameter below a partial path', {
  meta: { id: 'NTF-PASSIVE-008' },
}, async ({ cpe, dut, pixit, restore, signal }) => {
  const { path } = pixit.parameters.writableBoolean
  const object = path.slice(0, path.lastIndexOf('.') + 1)
  const { other } = await watchBoolean({ cpe, restore, signal }, 0)
  const session = await cpe.openSession(signal)
  await watchAttribute({ cpe, restore }, session, object, 1)
  const mark = cpe.messages.mark()
  await session.end()

  await dut.setLocally(path, other, signal)

  await expectToldWhenCalled({ cpe, signal }, mark, { path, value: other })
})
