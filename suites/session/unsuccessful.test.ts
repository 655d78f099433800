import { expect, granted, test } from '../../harness/conformance.ts'
import { buildResponse } from '../../harness/cwmp/cwmp.ts'
import {
  nextRetry,
  quickRetries,
  type RetryWaits,
  type Spoiling,
  setRetryWaits,
  shortestWaitMs,
} from '../../harness/testbed/session-retries.ts'
import type { TestBed } from '../../harness/testbed/testbed.ts'
import { failAfterSetting, isInBand, needInBand, type Waited, waitForRetry } from './retry-waits.ts'

type Restore = (undo: () => Promise<void>) => void

/** What the device must do after each of these answers to its Inform: end the session as unsuccessful, and come back. */
async function comesBackAfter(
  inform: Spoiling,
  { cpe, restore, signal }: { cpe: TestBed; restore: Restore; signal: AbortSignal },
): Promise<void> {
  const waits = await quickRetries(cpe, restore, signal)
  const spoiled = await cpe.openSession(signal, { inform })

  const retry = await nextRetry(cpe, waits, 1)

  expect(spoiled.exchanges.length, 'messages of the session that was to end at its Inform').toBe(1)
  expect(retry.inform.RetryCount, 'RetryCount after an unsuccessful session').toBe(1)
}

const envelope = (body: string) =>
  `<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/" xmlns:cwmp="urn:dslforum-org:cwmp-1-2">${body}</soap:Envelope>`

test('SES-FAIL-001 takes HTTP status 500 to its Inform as the end of the session', {
  meta: { id: 'SES-FAIL-001' },
}, async ({ cpe, restore, signal }) => {
  await comesBackAfter({ status: 500 }, { cpe, restore, signal })
})

test('SES-FAIL-002 takes HTTP status 404 to its Inform as the end of the session', {
  meta: { id: 'SES-FAIL-002' },
}, async ({ cpe, restore, signal }) => {
  await comesBackAfter({ status: 404 }, { cpe, restore, signal })
})

test('SES-FAIL-003 takes ill-formed XML to its Inform as the end of the session', {
  meta: { id: 'SES-FAIL-003' },
}, async ({ cpe, restore, signal }) => {
  const body = envelope('<soap:Body><cwmp:InformResponse><MaxEnvelopes>1</cwmp:InformResponse></soap:Body>')

  await comesBackAfter({ body }, { cpe, restore, signal })
})

test('SES-FAIL-004 takes an envelope without a Body as the end of the session', {
  meta: { id: 'SES-FAIL-004' },
}, async ({ cpe, restore, signal }) => {
  await comesBackAfter({ body: envelope('<soap:Header/>') }, { cpe, restore, signal })
})

test('SES-FAIL-005 takes the response to another method as the end of the session', {
  meta: { id: 'SES-FAIL-005' },
}, async ({ cpe, restore, signal }) => {
  const body = buildResponse('TransferComplete', {})

  await comesBackAfter({ body }, { cpe, restore, signal })
})

test('SES-FAIL-006 takes a fault other than 8005 to its Inform as the end of the session', {
  meta: { id: 'SES-FAIL-006' },
}, async ({ cpe, restore, signal }) => {
  await comesBackAfter({ fault: { code: 8001, string: 'Request denied' } }, { cpe, restore, signal })
})

test('SES-FAIL-007 takes HTTP status 500 in the middle of a session as its end', {
  meta: { id: 'SES-FAIL-007' },
}, async ({ cpe, restore, signal, pixit }) => {
  const waits = await quickRetries(cpe, restore, signal)
  const session = await cpe.openSession(signal)
  granted(await session.call('GetParameterValues', { ParameterNames: [pixit.parameters.readOnly.path] }))

  await session.end({ status: 500 })

  const retry = await nextRetry(cpe, waits, 1)
  expect(retry.inform.RetryCount, 'RetryCount after an unsuccessful session').toBe(1)
})

test('SES-FAIL-008 comes back after its connection was cut in place of an InformResponse', {
  meta: { id: 'SES-FAIL-008' },
}, async ({ cpe, restore, signal }) => {
  const waits = await quickRetries(cpe, restore, signal)
  const session = await cpe.openSession(signal, { inform: 'later' })

  session.abort()

  const retry = await nextRetry(cpe, waits, 1)
  expect(retry.inform.RetryCount, 'RetryCount after an unsuccessful session').toBe(1)
})

test('SES-8005-001 sends its Inform again when the ACS answers it with fault 8005', {
  meta: { id: 'SES-8005-001' },
}, async ({ cpe, session, restore, signal }) => {
  await setRetryWaits(cpe, session, restore, { minimum: 20, multiplier: 1000 })
  await session.end()
  const first = await cpe.openSession(signal, { inform: { fault: { code: 8005, string: 'Retry request' } } })

  const again = await cpe.nextSession({ timeoutMs: 15_000 })

  expect(again.eventCodes, 'events of the Inform that was asked for again').toEqual(first.eventCodes)
  expect(again.inform.RetryCount, 'RetryCount of the Inform that was asked for again').toBe(
    first.inform.RetryCount,
  )
})

test('SES-RETRY-001 waits before its first retry as the retry table says', {
  meta: { id: 'SES-RETRY-001' },
}, async ({ cpe, restore, signal }) => {
  const { waits, failed } = await failAfterSetting({ cpe, restore, signal }, { minimum: 2, multiplier: 2000 })

  const wait = await waitForRetry(cpe, waits, failed, 1, {})

  needInBand(isInBand(cpe, waits, wait, roomOf(cpe, waits, wait)))
})

test('SES-RETRY-002 waits longer before its second retry, as the retry table says', {
  meta: { id: 'SES-RETRY-002' },
}, async ({ cpe, restore, signal }) => {
  const { waits, failed } = await failAfterSetting({ cpe, restore, signal }, { minimum: 1, multiplier: 2000 })
  const first = await waitForRetry(cpe, waits, failed, 1)

  const wait = await waitForRetry(cpe, waits, first.failed, 2, {})

  needInBand(isInBand(cpe, waits, wait, roomOf(cpe, waits, wait)))
})

test('SES-RETRY-003 counts its retries in RetryCount and does not give up', {
  meta: { id: 'SES-RETRY-003' },
}, async ({ cpe, restore, signal }) => {
  const waits = await quickRetries(cpe, restore, signal)
  const counts = [(await cpe.openSession(signal, { inform: { status: 500 } })).inform.RetryCount]

  for (let retry = 1; retry <= 4; retry++) {
    const session = await nextRetry(cpe, waits, retry, retry < 4 ? { status: 500 } : {})
    counts.push(session.inform.RetryCount)
  }

  expect(counts, 'RetryCount of five Informs in a row').toEqual([0, 1, 2, 3, 4])
})

test('SES-RETRY-004 has RetryCount 0 again after a successful session', {
  meta: { id: 'SES-RETRY-004' },
}, async ({ cpe, restore, signal }) => {
  const waits = await quickRetries(cpe, restore, signal)
  await cpe.openSession(signal, { inform: { status: 500 } })
  const retry = await nextRetry(cpe, waits, 1)
  await retry.end()

  const next = await cpe.openSession(signal)

  expect(next.inform.RetryCount, 'RetryCount after a successful session').toBe(0)
})

test('SES-RETRY-005 opens a session for a connection request during the wait, with RetryCount counted up', {
  meta: { id: 'SES-RETRY-005' },
}, async ({ cpe, session, restore, signal }) => {
  await setRetryWaits(cpe, session, restore, { minimum: 600, multiplier: 1000 })
  restore(() => cpe.enrol())
  await session.end()
  await cpe.openSession(signal, { inform: { status: 500 } })

  const early = await cpe.openSession(signal)

  expect(early.inform.RetryCount, 'RetryCount of the session that a new event brought').toBe(1)
})

test('SES-RETRY-006 has the same RetryCount after a power cycle', {
  meta: { id: 'SES-RETRY-006' },
}, async ({ cpe, dut, restore, signal }) => {
  const waits = await quickRetries(cpe, restore, signal)
  await cpe.openSession(signal, { inform: { status: 500 } })
  // With the Inform of the retry the device is known to have noticed that its session failed.
  const retry = await nextRetry(cpe, waits, 1, 'later')

  await dut.powerCycle(signal)

  const later = await cpe.nextSession({
    timeoutMs: cpe.profile.pixit.timing.rebootSeconds * 1000,
    where: ({ Event }) => Event.some(({ EventCode }) => EventCode === '1 BOOT'),
    signal,
  })
  // The power cut ended the retry: a device may count that session, too.
  const { RetryCount } = retry.inform
  expect([RetryCount, RetryCount + 1], 'RetryCount after a power cycle').toContain(later.inform.RetryCount)
})

/** The wait is measured from Inform to Inform here, so the upper end has room for the device's own work. */
function roomOf(cpe: TestBed, waits: RetryWaits, { retry }: Waited): Parameters<typeof isInBand>[3] {
  return {
    earlyMs: 0.1 * shortestWaitMs(cpe, waits, retry) + 50,
    lateMs: Math.min(5000, cpe.profile.pixit.timing.informSeconds * 1000),
  }
}
