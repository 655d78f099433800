import type { AcsSession } from '../../harness/acs/acs.ts'
import { expect, granted, test, Untestable } from '../../harness/conformance.ts'
import { isFault } from '../../harness/cwmp/cwmp.ts'
import { periodic, setPeriod } from '../../harness/testbed/periodic-informs.ts'
import { longestWaitMs, nextRetry, quickRetries } from '../../harness/testbed/session-retries.ts'
import type { TestBed } from '../../harness/testbed/testbed.ts'
import { noEventTold } from '../../harness/testbed/untold.ts'
import { failRequested } from './requested-session.ts'

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
  const mark = cpe.messages.mark()
  await first.end()

  await cpe.openSession(signal)

  noEventTold(cpe.messages.informsSince(mark), '0 BOOTSTRAP')
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

  const session = await cpe.firstSessionSinceBoot({ signal })
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

  const later = await cpe.firstSessionSinceBoot({ signal })
  expect(rebootKeys(later), 'CommandKeys of M Reboot').toEqual([rebootKey])
})

test('EVT-RETRY-003 does not tell 6 CONNECTION REQUEST again', {
  meta: { id: 'EVT-RETRY-003' },
}, async ({ cpe, restore, signal }) => {
  const waits = await quickRetries(cpe, restore, signal)
  await failRequested(cpe, signal)

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

test('EVT-BOOTSTRAP-006 reports 0 BOOTSTRAP after a factory reset on the spot', {
  meta: { id: 'EVT-BOOTSTRAP-006' },
}, async ({ cpe, dut, restore, signal }) => {
  restore(() => cpe.enrol())

  await dut.factoryReset(signal)

  const session = await cpe.firstSessionSinceBoot({ signal })
  expect(session.inform).toCarryEvents('0 BOOTSTRAP')
})

test('EVT-RETRY-005 tells 2 PERIODIC again whose Inform was not answered', {
  meta: { id: 'EVT-RETRY-005' },
}, async ({ cpe, restore, signal }) => {
  restore(() => cpe.enrol())
  const waits = await quickRetries(cpe, restore, signal)
  const { clockRate, timing } = cpe.profile.pixit
  // So long that the retry comes well before the next period.
  const interval = Math.ceil((longestWaitMs(cpe, waits, 1) * clockRate) / 1000) + 3
  const session = await cpe.openSession(signal)
  await setPeriod(cpe, session, { enable: true, interval })
  await session.end()
  const spoiled = await periodic(cpe, (interval / clockRate + timing.informSeconds) * 1000, { status: 500 })

  const retry = await nextRetry(cpe, waits, 1)

  const waitedMs = retry.informExchange.atMs - spoiled.informExchange.atMs
  if (waitedMs > ((interval - 1) * 1000) / clockRate)
    throw new Untestable('the retry came so late that the next period may have begun')
  expect(retry.inform).toCarryEvents('2 PERIODIC')
})

test('EVT-MULTIPLE-001 tells an M Reboot with its CommandKey for each Reboot of a session', {
  meta: { id: 'EVT-MULTIPLE-001' },
}, async ({ cpe, session }) => {
  const keys = ['first of two', 'second of two']
  for (const CommandKey of keys) {
    if (isFault(await session.call('Reboot', { CommandKey })))
      throw new Untestable('the device takes one Reboot in a session only')
  }
  await session.end()

  const later = await afterReboot(cpe)

  expect(rebootKeys(later).sort(), 'CommandKeys of M Reboot').toEqual(keys)
})

test('EVT-SINGLE-001 tells 1 BOOT once although it boots again before an Inform is answered', {
  meta: { id: 'EVT-SINGLE-001' },
}, async ({ cpe, dut, session, signal }) => {
  await spoiledReboot(cpe, session)

  await dut.powerCycle(signal)

  const later = await cpe.firstSessionSinceBoot({ signal })
  expect(
    later.eventCodes.filter((code) => code === '1 BOOT'),
    '1 BOOT in the EventList',
  ).toEqual(['1 BOOT'])
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
