import type { AcsSession, InformAnswer } from '../../harness/acs/acs.ts'
import { ConformanceFailure, DeviceSilent } from '../../harness/conformance.ts'
import { decodeRequest, type RequestOf } from '../../harness/cwmp/cwmp.ts'
import type { TestBed } from '../../harness/testbed/testbed.ts'
import { noEventTold } from '../../harness/testbed/untold.ts'

export type TransferComplete = RequestOf<'TransferComplete'>

/** One TransferComplete, and the session in which it came. */
export interface Report extends TransferComplete {
  readonly session: AcsSession
}

interface ReportOptions {
  readonly timeoutMs: number
  readonly signal: AbortSignal
  /** How the Inform of each session is answered. */
  readonly inform?: Exclude<InformAnswer, 'later'>
}

/** The TransferCompletes of a session so far. */
export function reportsIn(session: AcsSession): Report[] {
  return session.cpeRequests
    .filter(({ name }) => name === 'TransferComplete')
    .map((request) => ({ ...decodeRequest(request, 'TransferComplete'), session }))
}

/**
 * Holds the device to have told nothing of transfers since the mark, in whatever session.
 * @param event the M event of the transfer
 * @param path of the ACS that must not be told; any unless given
 * @throws ConformanceFailure naming what was told
 */
export function noTransferTold({ messages }: TestBed, mark: number, event: string, path?: string): void {
  noEventTold(messages.informsSince(mark, path), '7 TRANSFER COMPLETE', event)
  const report = messages
    .since(mark)
    .find(
      ({ path: to, envelope }) =>
        envelope?.name === 'TransferComplete' && (path === undefined || to === path),
    )
  if (report) throw new ConformanceFailure('no TransferComplete', report.description)
}

/** Whether an Inform tells that a transfer has ended. */
export function tellsTransfer({ Event }: RequestOf<'Inform'>): boolean {
  return Event.some(
    ({ EventCode }) => EventCode === '7 TRANSFER COMPLETE' || /^M .*(Down|Up)load$/.test(EventCode),
  )
}

/**
 * Ends the session and those that follow, each politely, until TransferComplete has come for all the keys.
 * @param session one that may have some of them already
 * @throws ConformanceFailure or DeviceSilent when one does not come in time
 */
export async function reportsOf(
  { cpe, session }: { readonly cpe: TestBed; readonly session: AcsSession },
  keys: readonly string[],
  { timeoutMs, signal, inform }: ReportOptions,
): Promise<Report[]> {
  const deadline = performance.now() + timeoutMs
  const came: Report[] = []
  const informs: string[] = []
  let present = session
  for (;;) {
    await present.end({ signal })
    came.push(...reportsIn(present))
    const missing = without(
      keys,
      came.map(({ CommandKey }) => CommandKey),
    )
    if (missing.length === 0) return came
    const left = deadline - performance.now()
    try {
      present = await cpe.nextSession({ timeoutMs: Math.max(left, 1), signal, inform })
    } catch (error) {
      if (!(error instanceof DeviceSilent) || informs.length === 0) throw error
      const others = came.map(({ CommandKey }) => JSON.stringify(CommandKey))
      throw new ConformanceFailure(
        `TransferComplete with CommandKey ${missing.map((key) => JSON.stringify(key)).join(' and ')} within ${Math.round(timeoutMs / 1000)} s`,
        `Informs with ${informs.join('; ')}${others.length > 0 ? `, and TransferComplete with ${others.join(', ')}` : ' and no TransferComplete'}`,
      )
    }
    informs.push(present.eventCodes.join(', ') || 'no event')
  }
}

/** What is in `wanted` more often than in `have`. */
function without(wanted: readonly string[], have: readonly string[]): string[] {
  const left = [...have]
  return wanted.filter((each) => {
    const at = left.indexOf(each)
    if (at >= 0) left.splice(at, 1)
    return at < 0
  })
}

/** The CommandKeys of the events of that code in an Inform. */
export function keysOf({ inform }: AcsSession, code: string): string[] {
  return inform.Event.filter(({ EventCode }) => EventCode === code).map(({ CommandKey }) => CommandKey)
}
