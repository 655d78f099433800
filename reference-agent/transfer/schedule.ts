/** When a transfer may run (TR-069 A.3.2.8 DelaySeconds, A.4.1.8 TimeWindowList). */
import { FileTransferError } from './failure.ts'
import type { TransferRecord, TransferWindow } from './record.ts'

/** `wakeIn`: device milliseconds until the answer changes by itself. `asks`: what somebody is asked meanwhile. */
export type Chance =
  | { state: 'due'; window: number }
  | { state: 'waiting'; wakeIn: number | undefined; asks?: string }
  | { state: 'missed' }

/** The one open-ended window of a transfer that begins after a delay in milliseconds. */
export function afterDelay(delay: number): TransferWindow[] {
  return [{ start: delay, mode: '2 Immediately', userMessage: '', maxRetries: 0 }]
}

/** Device milliseconds since the order; none when the clock has been set back behind it. */
function elapsed({ orderedAt }: TransferRecord, now: number): number {
  return Math.max(0, now - orderedAt)
}

/** Whether a waiting transfer may begin now, given whether the device has nothing else to do. */
export function chanceOf(record: TransferRecord, now: number, isIdle: boolean): Chance {
  const time = elapsed(record, now)
  for (const [index, window] of record.windows.entries()) {
    const { end = Number.POSITIVE_INFINITY } = window
    // What was under way when the lights went out goes on at once.
    const start = record.phase === 'running' ? 0 : window.start
    if (index < record.window || time >= end) continue
    const wakeAt = Math.max(start, (record.notBefore ?? 0) - record.orderedAt)
    if (time < wakeAt && wakeAt < end) return { state: 'waiting', wakeIn: wakeAt - time }
    if (time >= wakeAt && mayRun(record, window, isIdle)) return { state: 'due', window: index }
    const asks = window.mode === '4 Confirmation Needed' ? window.userMessage : undefined
    return { state: 'waiting', wakeIn: Number.isFinite(end) ? end - time : undefined, asks }
  }
  return { state: 'missed' }
}

function mayRun({ confirmed }: TransferRecord, { mode }: TransferWindow, isIdle: boolean): boolean {
  if (mode === '3 When Idle') return isIdle
  return mode !== '4 Confirmation Needed' || confirmed === true
}

/** Repeats within a window that leaves their number to the device, and the pause before the first one; each doubles it. */
const RETRIES = 3
const FIRST_PAUSE = 2_000

/** What changes in a record whose attempt failed, when there is to be another one: in the same window as often as that allows, then in the next. */
export function nextAttempt(
  record: TransferRecord,
  error: unknown,
  now: number,
): Pick<TransferRecord, 'window' | 'failures' | 'notBefore'> | undefined {
  const { window, failures, windows } = record
  const allowed = windows[window]?.maxRetries ?? 0
  const isOver = error instanceof FileTransferError && error.kind === 'out-of-windows'
  if (!isOver && failures < (allowed < 0 ? RETRIES : allowed))
    return { window, failures: failures + 1, notBefore: now + FIRST_PAUSE * 2 ** failures }
  return window + 1 < windows.length ? { window: window + 1, failures: 0, notBefore: undefined } : undefined
}

/** Device milliseconds left of the window in use, which a running transfer must not outlive; undefined when it has no end. */
export function remaining(record: TransferRecord, now: number): number | undefined {
  const end = record.windows[record.window]?.end
  return end === undefined ? undefined : Math.max(0, end - elapsed(record, now))
}
