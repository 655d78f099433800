import type { TestContext } from 'vitest'
import { ConformanceFailure, describeFault, granted, Untestable } from '../../harness/conformance.ts'
import { type CwmpFault, isFault, type RequestOf, type ResponseOf } from '../../harness/cwmp/cwmp.ts'
import type { TestBed } from '../../harness/testbed/testbed.ts'
import { type Bench, deviceSeconds, wallMs } from './bench.ts'
import { type Report, reportsOf } from './reports.ts'

let asked = 0

/** A CommandKey that no other transfer of this run has. */
export function freshKey(): string {
  asked += 1
  return `transfer ${asked}`
}

/** What became of a transfer, however the device said it (A.3.2.8: in its response, as a fault or by TransferComplete). */
export interface Outcome {
  readonly commandKey: string
  /** 0 for success. */
  readonly faultCode: number
  readonly faultString: string
  /** Absent where the device refused at once. */
  readonly startTime?: string
  readonly completeTime?: string
  /** Absent where its response told the outcome. */
  readonly report?: Report
}

type DownloadArguments = Partial<RequestOf<'Download'>> & Pick<RequestOf<'Download'>, 'FileType' | 'URL'>
type UploadArguments = Partial<RequestOf<'Upload'>> & Pick<RequestOf<'Upload'>, 'FileType' | 'URL'>

/** All arguments of a Download; those not given are empty. */
export function downloadRequest(args: DownloadArguments): RequestOf<'Download'> {
  return {
    CommandKey: freshKey(),
    Username: '',
    Password: '',
    FileSize: 0,
    TargetFileName: '',
    DelaySeconds: 0,
    SuccessURL: '',
    FailureURL: '',
    ...args,
  }
}

/** All arguments of an Upload; those not given are empty. */
export function uploadRequest(args: UploadArguments): RequestOf<'Upload'> {
  return { CommandKey: freshKey(), Username: '', Password: '', DelaySeconds: 0, ...args }
}

/** Asks for a download, ends the session and waits for what becomes of it. */
export async function download(bench: Bench, args: DownloadArguments): Promise<Outcome> {
  const request = downloadRequest(args)
  return outcomeOf(bench, request, await bench.session.call('Download', request))
}

/** Asks for an upload, ends the session and waits for what becomes of it. */
export async function upload(bench: Bench, args: UploadArguments): Promise<Outcome> {
  const request = uploadRequest(args)
  return outcomeOf(bench, request, await bench.session.call('Upload', request))
}

/**
 * What becomes of a transfer that was answered.
 * @throws ConformanceFailure when the device, having said Status 1, never reports its end
 */
export async function outcomeOf(
  bench: Bench,
  { CommandKey, DelaySeconds }: { readonly CommandKey: string; readonly DelaySeconds: number },
  answer: ResponseOf<'Download'> | CwmpFault,
): Promise<Outcome> {
  if (isFault(answer)) {
    await bench.session.end({ signal: bench.signal })
    return { commandKey: CommandKey, faultCode: codeOf(answer), faultString: answer.faultString }
  }
  if (answer.Status === 0) {
    await bench.session.end({ signal: bench.signal })
    return {
      commandKey: CommandKey,
      faultCode: 0,
      faultString: '',
      startTime: answer.StartTime,
      completeTime: answer.CompleteTime,
    }
  }
  return reportedOutcome(bench, CommandKey, DelaySeconds)
}

/** What becomes of a transfer that will be reported by TransferComplete. */
export async function reportedOutcome(bench: Bench, key: string, delaySeconds = 0): Promise<Outcome> {
  const all = await reportsOf(bench, [key], {
    timeoutMs: patienceMs(bench, delaySeconds),
    signal: bench.signal,
  })
  return outcomeIn(all.find(({ CommandKey }) => CommandKey === key) as Report)
}

/** The outcome that a TransferComplete tells. */
export function outcomeIn(report: Report): Outcome {
  return {
    commandKey: report.CommandKey,
    faultCode: report.FaultStruct.FaultCode,
    faultString: report.FaultStruct.FaultString,
    startTime: report.StartTime,
    completeTime: report.CompleteTime,
    report,
  }
}

/** How long a transfer may take that begins after a delay; milliseconds of the wall clock. */
export function patienceMs({ cpe }: Pick<Bench, 'cpe'>, delaySeconds = 0): number {
  return wallMs(cpe, delaySeconds) + cpe.profile.pixit.timing.transferSeconds * 1000
}

/**
 * DelaySeconds for a transfer whose begin a case waits for after the session: without, a device may carry it out before it answers, which it
 * never does when the server keeps the file back.
 */
export function soon(cpe: TestBed): number {
  return deviceSeconds(cpe, 0.3)
}

/** The response of a device that will report by TransferComplete. @throws ConformanceFailure when it refused */
export function queued<R extends { readonly Status: number }>(answer: R | CwmpFault): R {
  const response = granted(answer, 'the transfer to be accepted')
  if (response.Status === 1) return response
  throw new ConformanceFailure('Status 1, because the transfer is yet to begin', `Status ${response.Status}`)
}

/** What makes a case N/A. */
interface Skipping {
  readonly skip: TestContext['skip']
  readonly task: TestContext['task']
}

/** Makes the case N/A: the device carries a transfer out before it answers, and then there is no TransferComplete (A.3.2.8). */
export function withoutReport({ skip, task }: Skipping): never {
  task.meta.notApplicable = 'the device transfers files before it answers'
  return skip()
}

/**
 * The answer to a transfer that was asked for while another one waits. Makes the case N/A where the device has no room for a second one, of which
 * TRF-QUE-010 warns: how many it must take is uncertain.
 * @param clear has the one that waits gone, lest it come in the way of later cases
 * @throws ConformanceFailure when the device refused for another reason
 */
export async function withRoom<R extends object>(
  answer: R | CwmpFault,
  clear: () => Promise<unknown>,
  { skip, task }: Skipping,
): Promise<R> {
  if (!isFault(answer) || answer.faultCode !== 9004) return granted(answer, 'the transfer to be accepted')
  await clear()
  task.meta.notApplicable = 'the device takes one transfer at a time'
  return skip()
}

/**
 * Holds a transfer to be yet to begin. Call it when the device has answered: what it says of a transfer whose time has come is its own business.
 * @param askedAt when the transfer was asked for, by performance.now()
 * @param seconds on the device's clock from then to the time when it may begin
 * @throws Untestable when that has come
 */
export function assertWaiting({ cpe }: Pick<Bench, 'cpe'>, askedAt: number, seconds: number): void {
  if (performance.now() - askedAt < wallMs(cpe, seconds)) return
  throw new Untestable('the device answered when the transfer could have begun already, and not before')
}

/** @throws ConformanceFailure when the transfer failed */
export function succeeded(outcome: Outcome): void {
  if (outcome.faultCode !== 0) throw new ConformanceFailure('the transfer to succeed', inWords(outcome))
}

/** @throws ConformanceFailure when it succeeded, or failed with another code than these; any will do where none is given */
export function failed(outcome: Outcome, ...codes: number[]): void {
  const isRight = codes.length === 0 ? outcome.faultCode !== 0 : codes.includes(outcome.faultCode)
  if (isRight) return
  const expected =
    codes.length === 0 ? ['the transfer to fail'] : codes.map((code) => `the transfer to fail with ${code}`)
  throw new ConformanceFailure(expected, inWords(outcome))
}

function inWords({ faultCode, faultString, report }: Outcome): string {
  const where = report ? ' in TransferComplete' : ''
  return faultCode === 0
    ? `success${report ? where : ' in its response'}`
    : `fault ${faultCode} ${JSON.stringify(faultString)}${where}`
}

function codeOf(fault: CwmpFault): number {
  if (!fault.cwmpDetail) throw new ConformanceFailure('a CWMP fault', describeFault(fault))
  return fault.faultCode
}

/**
 * The TransferComplete of a transfer that succeeded. Makes the case N/A where the device carried it out before it answered, because
 * then there is none (A.3.2.8).
 */
export function reported(outcome: Outcome, skipping: Skipping): Report {
  succeeded(outcome)
  return outcome.report ?? withoutReport(skipping)
}

/** The reports of several downloads, without those that were carried out before they were answered. */
export async function allReports(
  bench: Bench,
  requests: readonly RequestOf<'Download'>[],
  answers: readonly ResponseOf<'Download'>[],
): Promise<Report[]> {
  const keys = requests.filter((_, index) => answers[index]?.Status === 1).map(({ CommandKey }) => CommandKey)
  const longest = Math.max(...requests.map(({ DelaySeconds }) => DelaySeconds))
  return reportsOf(bench, keys, { timeoutMs: patienceMs(bench, longest) * keys.length, signal: bench.signal })
}
