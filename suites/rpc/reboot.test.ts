import type { AcsSession } from '../../harness/acs/acs.ts'
import { expect, granted, refused, test } from '../../harness/conformance.ts'
import { noEventTold } from '../../harness/testbed/untold.ts'
import { powerCycle, reboot, sessionAfterRestart } from './restart.ts'
import { addRow, keepRows, rowsOf, writableTable } from './rows.ts'
import { aString, assertReads, keepValues, otherThan, setValues, valueAt } from './values.ts'

/** The CommandKeys of the M Reboot events of an Inform. */
function rebootKeys({ inform }: AcsSession): string[] {
  return inform.Event.filter(({ EventCode }) => EventCode === 'M Reboot').map(({ CommandKey }) => CommandKey)
}

test('RPC-RBT-001 answers Reboot and goes on with the session before it reboots', {
  meta: { id: 'RPC-RBT-001' },
}, async ({ cpe, session, pixit }) => {
  const { path } = pixit.parameters.readOnly

  granted(await session.call('Reboot', { CommandKey: 'conformance' }))

  const answer = await session.call('GetParameterValues', { ParameterNames: [path] })
  expect(granted(answer).ParameterList.map(({ Name }) => Name)).toEqual([path])
  await session.end()
  await sessionAfterRestart(cpe)
})

test('RPC-RBT-002 reports 1 BOOT after a reboot', {
  meta: { id: 'RPC-RBT-002' },
}, async ({ cpe, session }) => {
  const later = await reboot(cpe, session)

  expect(later.inform).toCarryEvents('1 BOOT')
})

test('RPC-RBT-003 reports M Reboot with the CommandKey after a reboot', {
  meta: { id: 'RPC-RBT-003' },
}, async ({ cpe, session }) => {
  const later = await reboot(cpe, session, 'why we reboot')

  expect(rebootKeys(later), 'CommandKeys of M Reboot').toEqual(['why we reboot'])
})

test('RPC-RBT-004 returns a CommandKey of 32 characters that take more than 32 octets', {
  meta: { id: 'RPC-RBT-004' },
}, async ({ cpe, session }) => {
  const key = 'äß中あΩЖñ€'.repeat(4)

  const later = await reboot(cpe, session, key)

  expect(rebootKeys(later), 'CommandKeys of M Reboot').toEqual([key])
})

test('RPC-RBT-005 returns a CommandKey with characters that are special in XML', {
  meta: { id: 'RPC-RBT-005' },
}, async ({ cpe, session }) => {
  const key = `a<b>&c "d" 'e' &amp; ]]>`

  const later = await reboot(cpe, session, key)

  expect(rebootKeys(later), 'CommandKeys of M Reboot').toEqual([key])
})

test('RPC-RBT-006 returns an empty CommandKey', {
  meta: { id: 'RPC-RBT-006' },
}, async ({ cpe, session }) => {
  const later = await reboot(cpe, session, '')

  expect(rebootKeys(later), 'CommandKeys of M Reboot').toEqual([''])
})

test('RPC-RBT-007 does not report 0 BOOTSTRAP after a reboot', {
  meta: { id: 'RPC-RBT-007' },
}, async ({ cpe, session }) => {
  const mark = cpe.messages.mark()

  await reboot(cpe, session)

  noEventTold(cpe.messages.informsSince(mark), '0 BOOTSTRAP')
})

test('RPC-RBT-008 reports a reboot once', {
  meta: { id: 'RPC-RBT-008' },
}, async ({ cpe, session }) => {
  const later = await reboot(cpe, session)
  const mark = cpe.messages.mark()
  await later.end()

  await cpe.openSession()

  // A device that can only be provisioned anew may boot for it.
  const others = cpe.isCalledByProvisioning ? [] : ['1 BOOT']
  noEventTold(cpe.messages.informsSince(mark), 'M Reboot', ...others)
})

test('RPC-RBT-009 refuses a CommandKey of 33 characters with 9003', {
  meta: { id: 'RPC-RBT-009' },
}, async ({ session }) => {
  const answer = await session.call('Reboot', { CommandKey: 'k'.repeat(33) })

  refused(answer, 9003)
})

test('RPC-RBT-010 keeps values over a reboot', {
  meta: { id: 'RPC-RBT-010' },
}, async ({ cpe, session, restore, pixit }) => {
  const { path, values } = pixit.parameters.writableString
  const before = await keepValues({ cpe, session, restore }, path)
  const wanted = [aString(path, otherThan(before.get(path)?.Value ?? '', values))]
  granted(await setValues(session, wanted))

  const later = await reboot(cpe, session)

  await assertReads(later, wanted)
})

test('RPC-RBT-011 keeps the ParameterKey over a reboot', {
  meta: { id: 'RPC-RBT-011' },
}, async ({ cpe, session, restore, pixit, root }) => {
  const { path, values } = pixit.parameters.writableString
  await keepValues({ cpe, session, restore }, path)
  granted(await setValues(session, [aString(path, values[0])], 'before the reboot'))

  const later = await reboot(cpe, session)

  expect(await valueAt(later, `${root}ManagementServer.ParameterKey`), 'ParameterKey').toBe(
    'before the reboot',
  )
})

test('RPC-RBT-012 keeps rows and their instance numbers over a reboot', {
  meta: { id: 'RPC-RBT-012' },
}, async ({ cpe, session, restore, pixit }) => {
  const { path } = writableTable(pixit)
  await keepRows({ cpe, session, restore }, path)
  const row = await addRow({ cpe, session }, path)
  const before = await rowsOf(row.session, path)

  const later = await reboot(cpe, row.session)

  expect(await rowsOf(later, path), `rows of ${path}`).toEqual(before)
})

test('RPC-RBT-020 reports 1 BOOT and no M Reboot after a power cycle', {
  meta: { id: 'RPC-RBT-020' },
}, async ({ cpe, session }) => {
  const mark = cpe.messages.mark()

  const later = await powerCycle(cpe, session)

  expect(later.inform).toCarryEvents('1 BOOT')
  noEventTold(cpe.messages.informsSince(mark), 'M Reboot')
})

test('RPC-RBT-021 does not report 0 BOOTSTRAP after a power cycle', {
  meta: { id: 'RPC-RBT-021' },
}, async ({ cpe, session }) => {
  const mark = cpe.messages.mark()

  await powerCycle(cpe, session)

  noEventTold(cpe.messages.informsSince(mark), '0 BOOTSTRAP')
})

test('RPC-RBT-022 keeps the ParameterKey over a power cycle', {
  meta: { id: 'RPC-RBT-022' },
}, async ({ cpe, session, restore, pixit, root }) => {
  const { path, values } = pixit.parameters.writableString
  await keepValues({ cpe, session, restore }, path)
  granted(await setValues(session, [aString(path, values[0])], 'before the cut'))

  const later = await powerCycle(cpe, session)

  expect(await valueAt(later, `${root}ManagementServer.ParameterKey`), 'ParameterKey').toBe('before the cut')
})
