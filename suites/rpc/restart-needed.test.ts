import { ConformanceFailure, expect, granted, test, Untestable } from '../../harness/conformance.ts'
import type { Profile } from '../../harness/dut/dut.ts'
import { noChangeToldIn } from '../../harness/testbed/untold.ts'
import { notification, notificationOf, setAttributes } from './attributes.ts'
import { reboot, sessionOnceApplied } from './restart.ts'
import { aString, type Bench, otherThan, setValues, valueAt } from './values.ts'

/** Changes that take effect only when the device has restarted: Status 1 is for them, 0 is allowed (A.3.2.1). */

test('RPC-LATER-001 answers a change that waits for a restart with Status 0 or 1', {
  meta: { id: 'RPC-LATER-001' },
}, async ({ cpe, session, restore, pixit }) => {
  const { wanted } = await change({ cpe, session, restore }, pixit)

  const { Status } = granted(await setValues(session, [wanted]))

  expect([0, 1], 'Status').toContain(Status)
})

test('RPC-LATER-002 goes on with the session after a change that waits for a restart', {
  meta: { id: 'RPC-LATER-002' },
}, async ({ cpe, session, restore, pixit, root }) => {
  const { wanted } = await change({ cpe, session, restore }, pixit)

  granted(await setValues(session, [wanted]))

  const ParameterNames = [`${root}DeviceInfo.Manufacturer`]
  for (let count = 0; count < 5; count += 1)
    granted(await session.call('GetParameterValues', { ParameterNames }))
})

test('RPC-LATER-003 has a change that waited for a restart in force when its next session begins', {
  meta: { id: 'RPC-LATER-003' },
}, async ({ cpe, session, restore, pixit }) => {
  const { wanted } = await change({ cpe, session, restore }, pixit)
  granted(await setValues(session, [wanted]))
  await session.end()

  const next = await sessionOnceApplied(cpe)

  expect(await valueAt(next, wanted.Name), wanted.Name).toBe(wanted.Value)
})

test('RPC-LATER-004 has a change that waited for a restart in force after a reboot', {
  meta: { id: 'RPC-LATER-004' },
}, async ({ cpe, session, restore, pixit }) => {
  const { wanted } = await change({ cpe, session, restore }, pixit)
  granted(await setValues(session, [wanted]))

  const booted = await reboot(cpe, session)

  expect(await valueAt(booted, wanted.Name), wanted.Name).toBe(wanted.Value)
})

test('RPC-LATER-005 stores the ParameterKey of a change that waits for a restart', {
  meta: { id: 'RPC-LATER-005' },
}, async ({ cpe, session, restore, pixit, root }) => {
  const { wanted } = await change({ cpe, session, restore }, pixit)
  granted(await setValues(session, [wanted], 'waits'))

  // Whoever stores it along with the change has done so by then.
  const booted = await reboot(cpe, session)

  expect(await valueAt(booted, `${root}ManagementServer.ParameterKey`), 'ParameterKey').toBe('waits')
})

test('RPC-LATER-006 does not tell as a value change what the ACS has set and a restart has put in force', {
  meta: { id: 'RPC-LATER-006' },
}, async ({ cpe, session, restore, pixit }) => {
  const { wanted } = await change({ cpe, session, restore }, pixit)
  granted(await setAttributes(session, notification(wanted.Name, 1)))
  granted(await setValues(session, [wanted]))
  const mark = cpe.messages.mark()
  await session.end()

  await sessionOnceApplied(cpe)

  noChangeToldIn(cpe.messages.informsSince(mark), { path: wanted.Name, known: session.parameters })
})

test('RPC-LATER-007 tells a restart of its own without M Reboot and 0 BOOTSTRAP', {
  meta: { id: 'RPC-LATER-007' },
}, async ({ cpe, session, restore, pixit }) => {
  const { wanted } = await change({ cpe, session, restore }, pixit)
  granted(await setValues(session, [wanted]))
  await session.end()

  const next = await sessionOnceApplied(cpe)

  const wrong = next.eventCodes.filter((code) => code === 'M Reboot' || code === '0 BOOTSTRAP')
  if (wrong.length > 0)
    throw new ConformanceFailure(
      'an Inform of a device that nobody told to reboot or to reset itself',
      `events ${next.eventCodes.join(', ')}`,
    )
})

/** What a case may set the profile's parameter to; value and notification are put back after the case. */
async function change({ cpe, session, restore }: Bench, { parameters: { needsRestart } }: Profile['pixit']) {
  if (!needsRestart) throw new Untestable('the profile names no parameter whose change waits for a restart')
  const { path, values } = needsRestart
  const before = await valueAt(session, path)
  const notified = await notificationOf(session, path)
  restore(async () => {
    const later = await sessionOnceApplied(cpe)
    granted(await setAttributes(later, notification(path, notified)))
    const { Status } = granted(await setValues(later, [aString(path, before)], 'put back'))
    await later.end()
    // The restart belongs to this case, not to the next one.
    if (Status === 1) await (await sessionOnceApplied(cpe)).end()
  })
  return { wanted: aString(path, otherThan(before, values)) }
}
