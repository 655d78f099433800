import { granted } from '../../harness/conformance.ts'
import type { RequestOf } from '../../harness/cwmp/cwmp.ts'
import type { TestBed } from '../../harness/testbed/testbed.ts'
import { type Bench, deviceSeconds } from './bench.ts'
import type { OfferedFile } from './files.ts'
import { reportsOf } from './reports.ts'
import { freshKey, type Outcome, outcomeIn, patienceMs } from './transfers.ts'

type Window = RequestOf<'ScheduleDownload'>['TimeWindowList'][number]

/** From and to in seconds of the wall clock from now. */
export function window(cpe: TestBed, from: number, to: number, more: Partial<Window> = {}): Window {
  return {
    WindowStart: from === 0 ? 0 : deviceSeconds(cpe, from),
    WindowEnd: deviceSeconds(cpe, to),
    WindowMode: '1 At Any Time',
    UserMessage: '',
    MaxRetries: 0,
    ...more,
  }
}

/** All arguments of a ScheduleDownload; those not given are empty. */
export function scheduleRequest(
  file: OfferedFile,
  TimeWindowList: Window[],
  more: Partial<RequestOf<'ScheduleDownload'>> = {},
): RequestOf<'ScheduleDownload'> {
  return {
    CommandKey: freshKey(),
    ...file,
    Username: '',
    Password: '',
    TargetFileName: '',
    TimeWindowList,
    ...more,
  }
}

/** Asks for the download, ends the session and waits for what becomes of it. */
export async function schedule(bench: Bench, request: RequestOf<'ScheduleDownload'>): Promise<Outcome> {
  granted(await bench.session.call('ScheduleDownload', request))
  return scheduled(bench, request)
}

/** What becomes of a scheduled download that was granted. @throws ConformanceFailure when it is never reported */
export async function scheduled(bench: Bench, request: RequestOf<'ScheduleDownload'>): Promise<Outcome> {
  const end = Math.max(...request.TimeWindowList.map(({ WindowEnd }) => WindowEnd))
  const timeoutMs = patienceMs(bench, end)
  const all = await reportsOf(bench, [request.CommandKey], { timeoutMs, signal: bench.signal })
  const report = all.find(({ CommandKey }) => CommandKey === request.CommandKey)
  return outcomeIn(report as NonNullable<typeof report>)
}

/** A window in which any device has time enough; it costs no time when the device is quick. */
export const wide = 60
