import { ConformanceFailure, expect, granted, Untestable } from '../../harness/conformance.ts'
import { isFault } from '../../harness/cwmp/cwmp.ts'
import { quickRetries } from '../../harness/testbed/session-retries.ts'
import type { TestBed } from '../../harness/testbed/testbed.ts'
import { refusedFor } from '../rpc/values.ts'
import { test } from './bench.ts'
import {
  assertComplete,
  assertError,
  numberAt,
  objectOf,
  request,
  results,
  run,
  type Settings,
  stateOf,
  tellsDiagnostics,
  toldEnd,
  valuesOf,
} from './diagnostics.ts'

/** IPPing, and with it what all diagnostics have in common (TR-106 DiagnosticsState; TR-069 3.7.1.5). */

/** A short test that every host on the bench's network answers. */
function ping({ profile }: TestBed, more: Settings = {}): Settings {
  const { host, publicHost } = profile.pixit.fileServer
  return { Host: publicHost ?? host, NumberOfRepetitions: 2, Timeout: 1000, DataBlockSize: 64, ...more }
}

test('TRF-PING-001 tells 8 DIAGNOSTICS COMPLETE when a ping test has ended', {
  meta: { id: 'TRF-PING-001' },
}, async ({ cpe, session, signal }) => {
  const told = await run({ cpe, session, signal }, 'IPPing', ping(cpe))

  expect(told.inform).toCarryEvents('8 DIAGNOSTICS COMPLETE')
})

test('TRF-PING-002 counts an answer for each ping of a host that answers', {
  meta: { id: 'TRF-PING-002' },
}, async ({ cpe, session, signal }) => {
  const told = await run({ cpe, session, signal }, 'IPPing', ping(cpe, { NumberOfRepetitions: 3 }))

  const found = await results({ cpe, session: told }, 'IPPing')
  assertComplete(found)
  expect([numberAt(found, 'SuccessCount'), numberAt(found, 'FailureCount')]).toEqual([3, 0])
})

test('TRF-PING-003 measures times of which the mean lies between the extremes', {
  meta: { id: 'TRF-PING-003' },
}, async ({ cpe, session, signal }) => {
  const told = await run({ cpe, session, signal }, 'IPPing', ping(cpe))

  const found = await results({ cpe, session: told }, 'IPPing')
  const [least, mean, most] = ['Minimum', 'Average', 'Maximum'].map((which) =>
    numberAt(found, `${which}ResponseTime`),
  ) as [number, number, number]
  expect(least <= mean && mean <= most, `${least} <= ${mean} <= ${most} ms`).toBe(true)
})

test('TRF-PING-004 tells 8 DIAGNOSTICS COMPLETE for a ping test that failed, too', {
  meta: { id: 'TRF-PING-004' },
}, async ({ cpe, session, signal }) => {
  const told = await run({ cpe, session, signal }, 'IPPing', ping(cpe, { Host: 'nobody.invalid' }))

  assertError(await results({ cpe, session: told }, 'IPPing'))
})

test('TRF-PING-005 ends a ping of an unknown name with Error_CannotResolveHostName', {
  meta: { id: 'TRF-PING-005' },
}, async ({ cpe, session, signal }) => {
  const told = await run({ cpe, session, signal }, 'IPPing', ping(cpe, { Host: 'nobody.invalid' }))

  assertError(await results({ cpe, session: told }, 'IPPing'), 'Error_CannotResolveHostName')
})

test('TRF-PING-006 refuses to have its DiagnosticsState set to None with 9007', {
  meta: { id: 'TRF-PING-006' },
}, async ({ cpe, session }) => {
  const ParameterList = valuesOf(cpe, 'IPPing', { DiagnosticsState: 'None' })

  const answer = await session.call('SetParameterValues', { ParameterList, ParameterKey: '' })

  refusedFor(answer, { [`${objectOf(cpe, 'IPPing')}DiagnosticsState`]: 9007 })
})

test('TRF-PING-007 refuses to have its DiagnosticsState set to Complete with 9007', {
  meta: { id: 'TRF-PING-007' },
}, async ({ cpe, session }) => {
  const ParameterList = valuesOf(cpe, 'IPPing', { DiagnosticsState: 'Complete' })

  const answer = await session.call('SetParameterValues', { ParameterList, ParameterKey: '' })

  refusedFor(answer, { [`${objectOf(cpe, 'IPPing')}DiagnosticsState`]: 9007 })
})

test('TRF-PING-008 returns to None when a test parameter is written', {
  meta: { id: 'TRF-PING-008' },
}, async ({ cpe, session, signal }) => {
  const told = await run({ cpe, session, signal }, 'IPPing', ping(cpe))
  const ParameterList = valuesOf(cpe, 'IPPing', { NumberOfRepetitions: 1 })

  granted(await told.call('SetParameterValues', { ParameterList, ParameterKey: '' }))

  expect(await stateOf({ cpe, session: told }, 'IPPing'), 'DiagnosticsState').toBe('None')
})

test('TRF-PING-009 refuses a test with a number of repetitions that is out of range, and does not begin it', {
  meta: { id: 'TRF-PING-009' },
}, async ({ cpe, session }) => {
  const before = await stateOf({ cpe, session }, 'IPPing')

  const answer = await request({ cpe, session }, 'IPPing', ping(cpe, { NumberOfRepetitions: 0 }))

  refusedFor(answer, { [`${objectOf(cpe, 'IPPing')}NumberOfRepetitions`]: 9007 })
  expect(await stateOf({ cpe, session }, 'IPPing'), 'DiagnosticsState').toBe(before)
})

test('TRF-PING-010 says Requested as long as the session lasts in which the test was asked for', {
  meta: { id: 'TRF-PING-010' },
}, async ({ cpe, session, signal }) => {
  granted(await request({ cpe, session }, 'IPPing', ping(cpe)))

  expect(await stateOf({ cpe, session }, 'IPPing'), 'DiagnosticsState').toBe('Requested')
  await session.end()
  await toldEnd({ cpe, signal })
})

test('TRF-PING-011 keeps the results for later sessions', {
  meta: { id: 'TRF-PING-011' },
}, async ({ cpe, session, signal }) => {
  const told = await run({ cpe, session, signal }, 'IPPing', ping(cpe))
  const before = await results({ cpe, session: told }, 'IPPing')
  await told.end()

  const later = await cpe.openSession(signal)

  expect(await results({ cpe, session: later }, 'IPPing')).toEqual(before)
})

test('TRF-PING-012 tells the end of a test once', {
  meta: { id: 'TRF-PING-012' },
}, async ({ cpe, session, signal }) => {
  const told = await run({ cpe, session, signal }, 'IPPing', ping(cpe))
  await told.end()
  const mark = cpe.messages.mark()

  await cpe.openSession(signal)

  for (const inform of cpe.messages.informsSince(mark))
    expect(inform).not.toCarryEvents('8 DIAGNOSTICS COMPLETE')
})

test('TRF-PING-013 tells the end of a test again when its Inform got no answer', {
  meta: { id: 'TRF-PING-013' },
}, async ({ cpe, restore, signal }) => {
  await quickRetries(cpe, restore, signal)
  const session = await cpe.openSession(signal)
  granted(await request({ cpe, session }, 'IPPing', ping(cpe)))
  await session.end()
  const timeoutMs = cpe.profile.pixit.timing.diagnosticsSeconds * 1000
  const spoiled = await cpe.nextSession({ where: tellsDiagnostics, inform: 'later', timeoutMs, signal })

  spoiled.abort()

  const again = await cpe.nextSession({ timeoutMs, signal })
  expect(again.inform).toCarryEvents('8 DIAGNOSTICS COMPLETE')
})

test('TRF-PING-014 runs a test again when it is asked to', {
  meta: { id: 'TRF-PING-014' },
}, async ({ cpe, session, signal }) => {
  const first = await run({ cpe, session, signal }, 'IPPing', ping(cpe, { NumberOfRepetitions: 1 }))

  const second = await run({ cpe, session: first, signal }, 'IPPing', ping(cpe, { NumberOfRepetitions: 2 }))

  const found = await results({ cpe, session: second }, 'IPPing')
  assertComplete(found)
  expect(numberAt(found, 'SuccessCount'), 'SuccessCount').toBe(2)
})

test('TRF-PING-015 cancels a test without telling its end, or refuses to with 9007', {
  meta: { id: 'TRF-PING-015' },
}, async ({ cpe, session, signal }) => {
  granted(await request({ cpe, session }, 'IPPing', ping(cpe, { NumberOfRepetitions: 100 })))
  // It should wait for the end of the session, but need not: its end is told where it came before it could be cancelled.
  if ((await stateOf({ cpe, session }, 'IPPing')) !== 'Requested') {
    await session.end()
    await toldEnd({ cpe, signal })
    throw new Untestable('the test was over before it could be cancelled')
  }
  const ParameterList = valuesOf(cpe, 'IPPing', { DiagnosticsState: 'Canceled' })
  const answer = await session.call('SetParameterValues', { ParameterList, ParameterKey: '' })
  if (isFault(answer)) {
    refusedFor(answer, { [`${objectOf(cpe, 'IPPing')}DiagnosticsState`]: 9007 })
    // A short one takes the place of the long one, so that none is left for the cases to come.
    await request({ cpe, session }, 'IPPing', ping(cpe))
    await session.end()
    await toldEnd({ cpe, signal })
    return
  }
  expect(await stateOf({ cpe, session }, 'IPPing'), 'DiagnosticsState').toBe('None')
  const mark = cpe.messages.mark()
  await session.end()

  await cpe.openSession(signal)

  if (cpe.messages.informsSince(mark).some(tellsDiagnostics))
    throw new ConformanceFailure('no 8 DIAGNOSTICS COMPLETE for a test that was cancelled', 'one')
})

test('TRF-PING-016 has no test under way after a restart', {
  meta: { id: 'TRF-PING-016' },
}, async ({ cpe, session, signal, pixit }) => {
  granted(await request({ cpe, session }, 'IPPing', ping(cpe, { NumberOfRepetitions: 100, Timeout: 5000 })))
  granted(await session.call('Reboot', { CommandKey: 'in the middle of a test' }))
  await session.end()

  const booted = await cpe.nextSession({
    where: ({ Event }) => Event.some(({ EventCode }) => EventCode === '1 BOOT'),
    timeoutMs: pixit.timing.rebootSeconds * 1000,
    signal,
  })

  expect(await stateOf({ cpe, session: booted }, 'IPPing'), 'DiagnosticsState').not.toBe('Requested')
})
