import type { AcsSession, CpeRequestHandler } from '../../harness/acs/acs.ts'
import { ConformanceFailure, expect, granted } from '../../harness/conformance.ts'
import { buildFault, decodeRequest } from '../../harness/cwmp/cwmp.ts'
import { quickRetries } from '../../harness/testbed/session-retries.ts'
import type { TestBed } from '../../harness/testbed/testbed.ts'
import { type Bench, deviceSeconds, test } from './bench.ts'
import { type OfferedFile, offer } from './files.ts'
import { keysOf, noTransferTold, reportsIn, tellsTransfer } from './reports.ts'
import {
  downloadRequest,
  type Outcome,
  patienceMs,
  queued,
  reportedOutcome,
  soon,
  succeeded,
} from './transfers.ts'

/** A TransferComplete is delivered when it is answered, and until then kept (TR-069 3.7.1.5, A.3.3.2). */

/** Has a file downloaded soon after the session, so that the device must open another one to report it. Returns the CommandKey. */
async function downloadSoon({ cpe, session }: Omit<Bench, 'signal'>, file: OfferedFile): Promise<string> {
  const request = downloadRequest({ ...file, DelaySeconds: soon(cpe) })
  queued(await session.call('Download', request))
  await session.end()
  return request.CommandKey
}

/** The session in which the device tells that a transfer ended. */
function nextTelling(
  cpe: TestBed,
  signal: AbortSignal,
  options: Omit<NonNullable<Parameters<TestBed['nextSession']>[0]>, 'where' | 'signal'> = {},
): Promise<AcsSession> {
  return cpe.nextSession({
    timeoutMs: patienceMs({ cpe }, soon(cpe)),
    ...options,
    where: tellsTransfer,
    signal,
  })
}

/** Does not answer TransferComplete; the case sees it by nextCpeRequest. */
const leavesOpen: CpeRequestHandler = ({ name }) => (name === 'TransferComplete' ? 'later' : undefined)

/** The CommandKeys of the TransferCompletes of a session. */
function reportedIn(session: AcsSession): string[] {
  return reportsIn(session).map(({ CommandKey }) => CommandKey)
}

test('TRF-TC-001 calls TransferComplete again when the session was cut before it was answered', {
  meta: { id: 'TRF-TC-001' },
}, async ({ cpe, signal, restore, web, pixit }) => {
  await quickRetries(cpe, restore, signal)
  const key = await downloadSoon({ cpe, session: await cpe.openSession(signal) }, offer(web, pixit))
  const telling = await nextTelling(cpe, signal, { onCpeRequest: leavesOpen })
  await telling.nextCpeRequest({ signal })

  telling.abort()

  const later = await nextTelling(cpe, signal)
  await later.end()
  expect(keysOf(later, 'M Download'), 'CommandKeys of M Download in the next session').toEqual([key])
  expect(reportedIn(later), 'CommandKeys of TransferComplete in the next session').toEqual([key])
})

test('TRF-TC-002 tells the end of a transfer again when its Inform got no answer', {
  meta: { id: 'TRF-TC-002' },
}, async ({ cpe, signal, restore, web, pixit }) => {
  await quickRetries(cpe, restore, signal)
  const key = await downloadSoon({ cpe, session: await cpe.openSession(signal) }, offer(web, pixit))
  const telling = await nextTelling(cpe, signal, { inform: 'later' })

  telling.abort()

  const later = await nextTelling(cpe, signal)
  await later.end()
  expect(keysOf(later, 'M Download'), 'CommandKeys of M Download in the next session').toEqual([key])
  expect(reportedIn(later), 'CommandKeys of TransferComplete in the next session').toEqual([key])
})

test('TRF-TC-003 keeps over a power cycle a TransferComplete that was not answered', {
  meta: { id: 'TRF-TC-003' },
}, async ({ cpe, signal, session, web, pixit }) => {
  const key = await downloadSoon({ cpe, session }, offer(web, pixit))
  const telling = await nextTelling(cpe, signal, { onCpeRequest: leavesOpen })
  await telling.nextCpeRequest({ signal })

  await cpe.dut.powerCycle()
  telling.abort()

  const later = await nextTelling(cpe, signal, { timeoutMs: pixit.timing.rebootSeconds * 1000 })
  await later.end()
  expect(keysOf(later, 'M Download'), 'CommandKeys of M Download after the power cycle').toEqual([key])
  expect(reportedIn(later), 'CommandKeys of TransferComplete after the power cycle').toEqual([key])
})

test('TRF-TC-004 calls TransferComplete again in the same session when the ACS answers fault 8005', {
  meta: { id: 'TRF-TC-004' },
}, async ({ cpe, signal, session, web, pixit }) => {
  const key = await downloadSoon({ cpe, session }, offer(web, pixit))

  const telling = await nextTelling(cpe, signal, { onCpeRequest: refusesFirst(cpe, 8005) })
  await telling.end()

  expect(reportedIn(telling), 'CommandKeys of TransferComplete').toEqual([key, key])
})

test('TRF-TC-005 goes on with the session when the ACS refuses TransferComplete', {
  meta: { id: 'TRF-TC-005' },
}, async ({ cpe, signal, session, web, pixit, restore }) => {
  // What was refused may be told again at any time, which is no business of the cases to come.
  restore(async () => {
    if (!cpe.dut.supports('factoryReset')) return
    await cpe.dut.factoryReset()
    await cpe.enrol()
  })
  await downloadSoon({ cpe, session }, offer(web, pixit))
  const telling = await nextTelling(cpe, signal, { onCpeRequest: refusesFirst(cpe, 8002) })

  const { path } = pixit.parameters.readOnly
  const answer = granted(await telling.call('GetParameterValues', { ParameterNames: [path] }))

  expect(answer.ParameterList.map(({ Name }) => Name)).toEqual([path])
})

test('TRF-TC-006 does not call TransferComplete while the ACS holds requests', {
  meta: { id: 'TRF-TC-006' },
}, async ({ cpe, signal, session, web, pixit }) => {
  const key = await downloadSoon({ cpe, session }, offer(web, pixit))
  const telling = await nextTelling(cpe, signal, { inform: { holdRequests: true } })

  const { path } = pixit.parameters.readOnly
  granted(await telling.call('GetParameterValues', { ParameterNames: [path] }, { holdRequests: true }))

  expect(reportedIn(telling), 'TransferComplete while requests are held').toEqual([])
  const next = await telling.send('', { status: 204 })
  const { envelope } = next
  if (envelope?.kind !== 'request' || envelope.name !== 'TransferComplete')
    throw new ConformanceFailure('TransferComplete when requests are no longer held', next.description)
  expect(decodeRequest(envelope, 'TransferComplete').CommandKey).toBe(key)
})

test('TRF-TC-007 calls TransferComplete before it says that it has nothing more', {
  meta: { id: 'TRF-TC-007' },
}, async ({ cpe, signal, session, web, pixit }) => {
  await downloadSoon({ cpe, session }, offer(web, pixit))

  const telling = await nextTelling(cpe, signal)
  await telling.end()

  const contents = telling.exchanges.map(({ body, envelope }) =>
    body.length === 0 ? 'an empty POST' : (envelope?.name ?? 'something else'),
  )
  const called = contents.indexOf('TransferComplete')
  expect(called, `place of TransferComplete in: ${contents.join(', ')}`).toBeGreaterThan(0)
  expect(contents.slice(0, called)).not.toContain('an empty POST')
})

test('TRF-TC-008 forgets transfers that it could not report when its ACS changes', {
  meta: { id: 'TRF-TC-008' },
}, async ({ cpe, signal, restore, web, pixit }) => {
  await quickRetries(cpe, restore, signal)
  restore(() => cpe.enrol())
  await downloadSoon({ cpe, session: await cpe.openSession(signal) }, offer(web, pixit))
  const telling = await nextTelling(cpe, signal, { onCpeRequest: leavesOpen })
  await telling.nextCpeRequest({ signal })
  telling.abort()

  const acsUrl = new URL('/another', cpe.acs.url).href
  const mark = cpe.messages.mark()
  const first = await cpe.provision(
    { acsUrl, signal },
    { where: ({ Event }) => Event.some(({ EventCode }) => EventCode === '0 BOOTSTRAP') },
  )
  await first.end()
  await (await cpe.openSession(signal)).end()

  // A session that nobody asked for may have told it on the way.
  const { pathname } = new URL(acsUrl)
  noTransferTold(cpe, mark, 'M Download', pathname)
})

test('TRF-TC-009 carries out a download that waits for its time when the power fails', {
  meta: { id: 'TRF-TC-009' },
}, async ({ cpe, signal, session, web, pixit }) => {
  const DelaySeconds = deviceSeconds(cpe, 2)
  const request = downloadRequest({ ...offer(web, pixit), DelaySeconds })
  queued(await session.call('Download', request))
  await session.end()

  await cpe.dut.powerCycle()

  succeeded(await outcomeAfterBoot(cpe, signal, request))
})

test('TRF-TC-010 reports a download in the middle of which the power failed', {
  meta: { id: 'TRF-TC-010' },
}, async ({ cpe, signal, session, web, pixit }) => {
  const { FileSize } = offer(web, pixit)
  const file = offer(web, pixit, (nth) => (nth === 1 ? { stallAfter: Math.floor(FileSize / 2) } : {}))
  const request = downloadRequest({ ...file, DelaySeconds: soon(cpe) })
  queued(await session.call('Download', request))
  await session.end()
  await web.next('a GET of the file', { timeoutMs: patienceMs({ cpe }, request.DelaySeconds), signal })

  await cpe.dut.powerCycle()

  // Whether it begins anew, goes on or gives up is its own business, as long as it says so.
  const { commandKey } = await outcomeAfterBoot(cpe, signal, request)
  expect(commandKey).toBe(request.CommandKey)
})

test('TRF-TC-011 carries out a download that waits for its time when the ACS has it reboot', {
  meta: { id: 'TRF-TC-011' },
}, async ({ cpe, signal, session, web, pixit }) => {
  const DelaySeconds = deviceSeconds(cpe, 2)
  const request = downloadRequest({ ...offer(web, pixit), DelaySeconds })
  queued(await session.call('Download', request))
  granted(await session.call('Reboot', { CommandKey: 'while a download waits' }))
  await session.end()

  succeeded(await outcomeAfterBoot(cpe, signal, request))
})

/** What becomes of a download that was asked for before the device restarted. */
async function outcomeAfterBoot(
  cpe: TestBed,
  signal: AbortSignal,
  { CommandKey, DelaySeconds }: { readonly CommandKey: string; readonly DelaySeconds: number },
): Promise<Outcome> {
  const session = await cpe.firstSessionSinceBoot({ signal })
  return reportedOutcome({ cpe, session, signal }, CommandKey, DelaySeconds)
}

/** Answers the first TransferComplete with a fault, and everything else properly. */
function refusesFirst({ profile }: TestBed, code: number): CpeRequestHandler {
  const { xmlDeclaration } = profile.pixit.acs
  let refused = false
  return ({ name, id = '', cwmpNamespace: namespace }) => {
    if (name !== 'TransferComplete' || refused) return undefined
    refused = true
    return { body: buildFault({ code, string: 'not now' }, { id, namespace, xmlDeclaration }) }
  }
}
