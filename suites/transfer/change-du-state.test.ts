import type { CpeRequestHandler } from '../../harness/acs/acs.ts'
import { ConformanceFailure, expect, granted } from '../../harness/conformance.ts'
import { quickRetries } from '../../harness/testbed/session-retries.ts'
import type { TestBed } from '../../harness/testbed/testbed.ts'
import { noEventTold } from '../../harness/testbed/untold.ts'
import { test } from './bench.ts'
import {
  assertResult,
  change,
  changed,
  changesIn,
  freshUuid,
  install,
  installed,
  inWords,
  offerUnit,
  removeLater,
  tellsUnits,
  uninstall,
  unitsOf,
  update,
} from './deployment-units.ts'
import { keysOf } from './reports.ts'
import { assertTimes } from './times.ts'
import { freshKey } from './transfers.ts'

/** Software modules: deployment units come, change and go, and the ACS is told (TR-069 A.4.1.10, A.4.2.3). */

test('TRF-DU-001 installs a deployment unit and says that it is installed', {
  meta: { id: 'TRF-DU-001' },
}, async ({ cpe, session, signal, restore, web }) => {
  const UUID = freshUuid()
  removeLater(cpe, restore, UUID)
  const { URL, version } = offerUnit(web, cpe)

  const { results } = await change({ cpe, session, signal }, [install(URL, UUID)])

  const result = assertResult(results, 'Installed')
  expect([result.UUID.toLowerCase(), result.Version]).toEqual([UUID, version])
})

test('TRF-DU-002 tells 11 DU STATE CHANGE COMPLETE and M ChangeDUState with the CommandKey', {
  meta: { id: 'TRF-DU-002' },
}, async ({ cpe, session, signal, restore, web }) => {
  const UUID = freshUuid()
  removeLater(cpe, restore, UUID)
  const change_ = await change({ cpe, session, signal }, [install(offerUnit(web, cpe).URL, UUID)])

  expect(change_.session.inform).toCarryEvents('11 DU STATE CHANGE COMPLETE', 'M ChangeDUState')
  expect(keysOf(change_.session, 'M ChangeDUState'), 'CommandKeys').toEqual([change_.commandKey])
})

test('TRF-DU-003 lists an installed deployment unit in its data model', {
  meta: { id: 'TRF-DU-003' },
}, async ({ cpe, session, signal, restore, web }) => {
  const UUID = freshUuid()
  removeLater(cpe, restore, UUID)
  const { URL, version } = offerUnit(web, cpe)

  const { results } = await change({ cpe, session, signal }, [install(URL, UUID)])

  const unit = (await unitsOf(cpe, signal)).get(UUID)
  const ref = results[0]?.DeploymentUnitRef.replace(/\.$/, '')
  expect([unit?.get('Version'), unit?.get('URL'), unit?.get('Status'), unit?.get('path')]).toEqual([
    version,
    URL,
    'Installed',
    ref,
  ])
})

test('TRF-DU-004 tells what became of deployment units once', {
  meta: { id: 'TRF-DU-004' },
}, async ({ cpe, session, signal, restore, web }) => {
  await installed({ cpe, session, signal }, web, restore)
  const mark = cpe.messages.mark()

  await (await cpe.openSession(signal)).end()

  noEventTold(cpe.messages.informsSince(mark), '11 DU STATE CHANGE COMPLETE', 'M ChangeDUState')
  const reports = cpe.messages
    .since(mark)
    .filter(({ envelope }) => envelope?.name === 'DUStateChangeComplete')
  expect(reports.map(({ description }) => description)).toEqual([])
})

test('TRF-DU-005 updates a deployment unit', {
  meta: { id: 'TRF-DU-005' },
}, async ({ cpe, session, signal, restore, web }) => {
  const UUID = await installed({ cpe, session, signal }, web, restore)
  const { URL, version } = offerUnit(web, cpe, 'newer')
  const next = await cpe.openSession(signal)

  const { results } = await change({ cpe, session: next, signal }, [update(UUID, URL)])

  expect(assertResult(results, 'Installed').Version, 'Version of the result').toBe(version)
  expect((await unitsOf(cpe, signal)).get(UUID)?.get('Version'), 'Version in the data model').toBe(version)
})

test('TRF-DU-006 uninstalls a deployment unit', {
  meta: { id: 'TRF-DU-006' },
}, async ({ cpe, session, signal, restore, web }) => {
  const UUID = await installed({ cpe, session, signal }, web, restore)
  const next = await cpe.openSession(signal)

  const { results } = await change({ cpe, session: next, signal }, [uninstall(UUID)])

  assertResult(results, 'Uninstalled')
  expect([...(await unitsOf(cpe, signal)).keys()], 'UUIDs in the data model').not.toContain(UUID)
})

test('TRF-DU-007 has a result for each operation, in their order, whatever becomes of the others', {
  meta: { id: 'TRF-DU-007' },
}, async ({ cpe, session, signal, restore, web }) => {
  const UUID = freshUuid()
  removeLater(cpe, restore, UUID)
  const operations = [uninstall(freshUuid()), install(offerUnit(web, cpe).URL, UUID), uninstall(UUID)]

  const { results } = await change({ cpe, session, signal }, operations)

  const states = results.map(({ CurrentState }) => CurrentState)
  if (states.join() !== 'Failed,Installed,Uninstalled')
    throw new ConformanceFailure('results Failed, Installed, Uninstalled', inWords(results))
})

test('TRF-DU-008 says when an operation started and ended', {
  meta: { id: 'TRF-DU-008' },
}, async ({ cpe, session, signal, restore, web }) => {
  const UUID = freshUuid()
  removeLater(cpe, restore, UUID)

  const { results, session: told } = await change({ cpe, session, signal }, [
    install(offerUnit(web, cpe).URL, UUID),
  ])

  const { StartTime, CompleteTime } = assertResult(results, 'Installed')
  assertTimes(StartTime, CompleteTime, told.inform.CurrentTime)
})

test('TRF-DU-009 keeps a deployment unit over a power cycle', {
  meta: { id: 'TRF-DU-009' },
}, async ({ cpe, session, signal, restore, web }) => {
  const UUID = await installed({ cpe, session, signal }, web, restore)

  await cpe.dut.powerCycle()

  const booted = await cpe.firstSessionSinceBoot({ signal })
  await booted.end()
  expect([...(await unitsOf(cpe, signal)).keys()], 'UUIDs in the data model').toContain(UUID)
})

/** Does not answer DUStateChangeComplete; the case sees it by nextCpeRequest. */
const leavesOpen: CpeRequestHandler = ({ name }) => (name === 'DUStateChangeComplete' ? 'later' : undefined)

/** Has an operation fail, and returns the session in which the device tells so and is not answered. */
async function unanswered(cpe: TestBed, signal: AbortSignal) {
  const session = await cpe.openSession(signal)
  const CommandKey = freshKey()
  granted(await session.call('ChangeDUState', { Operations: [uninstall(freshUuid())], CommandKey }))
  await session.end()
  const timeoutMs = cpe.profile.pixit.timing.transferSeconds * 1000
  const telling = await cpe.nextSession({ where: tellsUnits, onCpeRequest: leavesOpen, timeoutMs, signal })
  await telling.nextCpeRequest({ signal })
  return { key: CommandKey, telling, timeoutMs }
}

test('TRF-DU-010 calls DUStateChangeComplete again when the session was cut before it was answered', {
  meta: { id: 'TRF-DU-010' },
}, async ({ cpe, signal, restore }) => {
  await quickRetries(cpe, restore, signal)
  const { key, telling, timeoutMs } = await unanswered(cpe, signal)

  telling.abort()

  const later = await cpe.nextSession({ where: tellsUnits, timeoutMs, signal })
  await later.end()
  expect(
    changesIn(later).map(({ commandKey }) => commandKey),
    'CommandKeys of DUStateChangeComplete in the next session',
  ).toEqual([key])
})

test('TRF-DU-011 keeps over a power cycle a DUStateChangeComplete that was not answered', {
  meta: { id: 'TRF-DU-011' },
}, async ({ cpe, signal, pixit }) => {
  const { key, telling } = await unanswered(cpe, signal)

  await cpe.dut.powerCycle()
  telling.abort()

  const timeoutMs = pixit.timing.rebootSeconds * 1000
  const later = await cpe.nextSession({ where: tellsUnits, timeoutMs, signal })
  await later.end()
  expect(
    changesIn(later).map(({ commandKey }) => commandKey),
    'CommandKeys of DUStateChangeComplete after the power cycle',
  ).toEqual([key])
})

test('TRF-DU-012 reports operations in the middle of which the power failed', {
  meta: { id: 'TRF-DU-012' },
}, async ({ cpe, session, signal, restore, web, pixit }) => {
  const UUID = freshUuid()
  removeLater(cpe, restore, UUID)
  const { URL } = offerUnit(web, cpe, 'older', (nth) => (nth === 1 ? { stallAfter: 1 } : {}))
  const CommandKey = freshKey()
  granted(await session.call('ChangeDUState', { Operations: [install(URL, UUID)], CommandKey }))
  await session.end()
  await web.next('a GET of the unit', { timeoutMs: pixit.timing.transferSeconds * 1000, signal })

  await cpe.dut.powerCycle()

  const booted = await cpe.firstSessionSinceBoot({ signal })
  // Installed or failed: what matters is that the ACS is told.
  const { results } = await changed({ cpe, session: booted, signal }, CommandKey)
  expect(results.length, 'results').toBe(1)
})
