import type { AcsSession } from '../../harness/acs/acs.ts'
import { expect, granted, refused } from '../../harness/conformance.ts'
import { isFault, type RequestOf } from '../../harness/cwmp/cwmp.ts'
import type { TestBed } from '../../harness/testbed/testbed.ts'
import { type Bench, deviceSeconds, test } from './bench.ts'
import { type OfferedFile, offer } from './files.ts'
import { entriesOf } from './queue.ts'
import { keysOf, reportsIn, reportsOf } from './reports.ts'
import {
  assertWaiting,
  downloadRequest,
  freshKey,
  patienceMs,
  queued,
  reportedOutcome,
  soon,
  succeeded,
  withRoom,
} from './transfers.ts'

/** CancelTransfer, and what is left of a transfer afterwards (TR-069 A.4.1.9); a queue that is full. */

/** A download that was asked for and waits for its time. */
interface Waiting extends RequestOf<'Download'> {
  /** When it was asked for, by performance.now(). */
  readonly askedAt: number
}

/** Asks for a download that begins in a second of the wall clock. */
async function later({ cpe, session }: Omit<Bench, 'signal'>, file: OfferedFile): Promise<Waiting> {
  const request = downloadRequest({ ...file, DelaySeconds: deviceSeconds(cpe, 1) })
  const askedAt = performance.now()
  queued(await session.call('Download', request))
  return { ...request, askedAt }
}

/**
 * Cancels a download before its time.
 * @throws ConformanceFailure when the device refuses
 * @throws Untestable when it answers after the download could have begun, and then it may refuse
 */
async function cancelInTime(
  { cpe, session }: Omit<Bench, 'signal'>,
  { CommandKey, DelaySeconds, askedAt }: Waiting,
): Promise<void> {
  const answer = await session.call('CancelTransfer', { CommandKey })
  assertWaiting({ cpe }, askedAt, DelaySeconds)
  granted(answer)
}

/**
 * Lets the time go by at which a download would have begun, by waiting for another that begins after it, and ends the sessions
 * that come.
 */
async function waitBeyond(
  bench: Bench,
  request: RequestOf<'Download'>,
  file: OfferedFile,
): Promise<AcsSession[]> {
  const after = downloadRequest({
    ...file,
    DelaySeconds: request.DelaySeconds + deviceSeconds(bench.cpe, 0.3),
  })
  queued(await bench.session.call('Download', after))
  const timeoutMs = patienceMs(bench, after.DelaySeconds)
  const reports = await reportsOf(bench, [after.CommandKey], { timeoutMs, signal: bench.signal })
  return [...new Set(reports.map(({ session }) => session))]
}

test('TRF-CAN-001 does not carry out a download that was cancelled', {
  meta: { id: 'TRF-CAN-001' },
}, async ({ cpe, session, signal, web, pixit }) => {
  const request = await later({ cpe, session }, offer(web, pixit, {}, '/cancelled'))

  await cancelInTime({ cpe, session }, request)

  await waitBeyond({ cpe, session, signal }, request, offer(web, pixit))
  expect(web.log.all.map(({ path }) => path)).not.toContain('/cancelled')
})

test('TRF-CAN-002 does not report a download that was cancelled', {
  meta: { id: 'TRF-CAN-002' },
}, async ({ cpe, session, signal, web, pixit }) => {
  const request = await later({ cpe, session }, offer(web, pixit, {}, '/cancelled'))

  await cancelInTime({ cpe, session }, request)

  const sessions = await waitBeyond({ cpe, session, signal }, request, offer(web, pixit))
  const told = sessions.flatMap((each) => [
    ...keysOf(each, 'M Download'),
    ...reportsIn(each).map(({ CommandKey }) => CommandKey),
  ])
  expect(told, 'CommandKeys of M Download and TransferComplete').not.toContain(request.CommandKey)
})

test('TRF-CAN-003 grants CancelTransfer for a CommandKey that no transfer has', {
  meta: { id: 'TRF-CAN-003' },
}, async ({ session }) => {
  granted(await session.call('CancelTransfer', { CommandKey: 'no such transfer' }))
})

test('TRF-CAN-004 cancels every transfer with the CommandKey', {
  meta: { id: 'TRF-CAN-004' },
}, async ({ cpe, session, signal, web, pixit, skip, task }) => {
  const first = await later({ cpe, session }, offer(web, pixit, {}, '/one'))
  const { CommandKey, DelaySeconds } = first
  const second = downloadRequest({ ...offer(web, pixit, {}, '/two'), CommandKey, DelaySeconds })
  const cancel = () => session.call('CancelTransfer', { CommandKey })
  queued(await withRoom(await session.call('Download', second), cancel, { skip, task }))

  await cancelInTime({ cpe, session }, first)

  await waitBeyond({ cpe, session, signal }, second, offer(web, pixit))
  expect(new Set(web.log.all.map(({ path }) => path))).toEqual(new Set(['/file']))
})

test('TRF-CAN-005 leaves transfers with another CommandKey alone', {
  meta: { id: 'TRF-CAN-005' },
}, async ({ cpe, session, signal, web, pixit, skip, task }) => {
  const first = await later({ cpe, session }, offer(web, pixit, {}, '/one'))
  const { CommandKey, DelaySeconds } = first
  const other = downloadRequest({ ...offer(web, pixit, {}, '/two'), DelaySeconds })
  const cancel = () => session.call('CancelTransfer', { CommandKey })
  queued(await withRoom(await session.call('Download', other), cancel, { skip, task }))

  await cancelInTime({ cpe, session }, first)

  succeeded(await reportedOutcome({ cpe, session, signal }, other.CommandKey, other.DelaySeconds))
})

test('TRF-CAN-006 lists a cancelled transfer no longer', {
  meta: { id: 'TRF-CAN-006' },
}, async ({ cpe, session, web, pixit }) => {
  const request = await later({ cpe, session }, offer(web, pixit))

  await cancelInTime({ cpe, session }, request)

  expect(await entriesOf(session, request.CommandKey)).toEqual([])
})

test('TRF-CAN-007 stops a transfer that has begun, or refuses with 9021 and goes on', {
  meta: { id: 'TRF-CAN-007' },
}, async ({ cpe, session, signal, web, pixit }) => {
  const { promise, resolve } = Promise.withResolvers<void>()
  const { FileSize } = offer(web, pixit)
  const file = offer(web, pixit, { stallAfter: Math.floor(FileSize / 2), goOn: promise })
  const request = downloadRequest({ ...file, DelaySeconds: soon(cpe) })
  queued(await session.call('Download', request))
  await session.end()
  const timeoutMs = patienceMs({ cpe }, request.DelaySeconds)
  const fetched = await web.next('a GET of the file', { timeoutMs, signal })
  const meanwhile = await cpe.openSession(signal)

  const answer = await meanwhile.call('CancelTransfer', { CommandKey: request.CommandKey })

  if (isFault(answer)) {
    refused(answer, 9021)
    resolve()
    await reportedOutcome({ cpe, session: meanwhile, signal }, request.CommandKey)
    return
  }
  const sessions = await waitBeyond(
    { cpe, session: meanwhile, signal },
    { ...request, DelaySeconds: 0 },
    offer(web, pixit, {}, '/after'),
  )
  resolve()
  const told = sessions.flatMap((each) => keysOf(each, 'M Download'))
  expect(told, 'CommandKeys of M Download').not.toContain(request.CommandKey)
  expect(await fetched.answered, 'the device took the whole file').toBe(false)
})

test('TRF-CAN-008 refuses a CommandKey of 33 characters with 9003', {
  meta: { id: 'TRF-CAN-008' },
}, async ({ session }) => {
  refused(await session.call('CancelTransfer', { CommandKey: 'k'.repeat(33) }), 9003)
})

test('TRF-CAN-009 forgets a cancelled transfer over a power cycle, too', {
  meta: { id: 'TRF-CAN-009' },
}, async ({ cpe, session, signal, web, pixit }) => {
  const request = await later({ cpe, session }, offer(web, pixit, {}, '/cancelled'))
  await cancelInTime({ cpe, session }, request)
  await session.end()

  await cpe.dut.powerCycle()

  const booted = await cpe.firstSessionSinceBoot({ signal })
  await waitBeyond({ cpe, session: booted, signal }, request, offer(web, pixit))
  expect(web.log.all.map(({ path }) => path)).not.toContain('/cancelled')
})

/** More transfers than anybody would queue. */
const plenty = 64

test('TRF-QUE-011 refuses a Download with 9004 when its queue is full', {
  meta: { id: 'TRF-QUE-011' },
}, async ({ cpe, session, signal, restore, web, pixit, skip, task }) => {
  const CommandKey = freshKey()
  const request = downloadRequest({ ...offer(web, pixit), CommandKey, DelaySeconds: deviceSeconds(cpe, 300) })
  restore(() => cancel(cpe, CommandKey))

  for (let count = 1; count <= plenty; count++) {
    const answer = await session.call('Download', request)
    if (isFault(answer)) {
      refused(answer, 9004)
      return
    }
    signal.throwIfAborted()
  }

  task.meta.notApplicable = `the queue of the device holds ${plenty} transfers and more`
  skip()
})

async function cancel(cpe: TestBed, CommandKey: string): Promise<void> {
  const session = await cpe.openSession()
  granted(await session.call('CancelTransfer', { CommandKey }))
  await session.end()
}
