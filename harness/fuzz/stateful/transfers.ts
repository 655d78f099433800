import { type CwmpFault, isFault, type RequestOf, type ResponseOf } from '../../cwmp/cwmp.ts'
import { describeFault } from '../../matchers.ts'
import type { Wrong } from '../campaign/field.ts'
import type { Events } from './events.ts'
import { mustRefuse, wrong } from './verdict.ts'

/** A transfer that the device has accepted and not yet reported. */
interface Transfer {
  readonly method: 'Download' | 'Upload'
  readonly key: string
  /** Whether the file is there; unknown once a restart may have come between. */
  result: 'success' | 'failure' | 'either'
  /** Before that moment it has not begun. */
  readonly notBeforeMs: number
  /** Asked for in the session that runs: the device may report it there, without an event. */
  isOfThisSession: boolean
  /** The device need not carry it out any more. */
  isDoubtful: boolean
}

const ASKING = 'TR-069 A.3.2.8, A.4.1.5'
const REPORT = 'TR-069 A.3.3.2'
const CANCELLING = 'TR-069 A.4.1.9'

/** The device must be able to keep so many transfers (A.3.2.8). */
const MUST_QUEUE = 3

/** Which files the device has to transfer, and which it has to report. */
export class Transfers {
  readonly #events: Events
  #open: Transfer[] = []
  /** Those that this session has reported, which a device may report again if the session fails. */
  #reported: Transfer[] = []

  constructor(events: Events) {
    this.#events = events
  }

  get keys(): readonly string[] {
    return [...new Set(this.#open.map(({ key }) => key))]
  }

  /** A CommandKey that no transfer has which is not reported yet: of two with one key nobody could tell which a report is of. */
  freshKey(key: string): string {
    return this.#open.some((each) => each.key === key) ? this.freshKey(`${key}+`) : key
  }

  judgeAccepted(
    method: Transfer['method'],
    key: string,
    result: 'success' | 'failure',
    notBeforeMs: number,
    isDelayed: boolean,
    answer: ResponseOf<'Download'> | CwmpFault,
  ): Wrong | undefined {
    if (isFault(answer)) {
      const codes = this.#open.length >= MUST_QUEUE ? [9004] : []
      // A transfer that begins at once may fail at once (A.3.2.8).
      if (!isDelayed && result === 'failure') codes.push(9001, 9002, 9010, 9011, 9015, 9016, 9017)
      if (codes.length > 0) return mustRefuse(answer, codes, ASKING)
      return wrong('answer', `${method}Response`, describeFault(answer), ASKING)
    }
    if (answer.Status === 0) {
      if (!isDelayed && result === 'success') return undefined
      return wrong('answer', 'Status 1, or a fault', 'Status 0', ASKING)
    }
    if (answer.Status !== 1) return wrong('answer', 'Status 0 or 1', String(answer.Status), ASKING)
    this.#open.push({ method, key, result, notBeforeMs, isOfThisSession: true, isDoubtful: false })
    this.#events.add({ code: `M ${method}`, key, notBeforeMs, isTimed: true, isOfThisSession: true })
    return undefined
  }

  judgeCancelled(key: string, atMs: number, answer: object | CwmpFault): Wrong | undefined {
    const meant = this.#open.filter((each) => each.key === key)
    const mayHaveBegun = meant.some(({ notBeforeMs }) => notBeforeMs <= atMs)
    if (isFault(answer)) {
      if (mayHaveBegun) return mustRefuse(answer, [9021], CANCELLING)
      return wrong('answer', 'CancelTransferResponse', describeFault(answer), CANCELLING)
    }
    for (const each of meant) {
      if (each.notBeforeMs <= atMs) this.#doubt(each)
      else this.#close(each)
    }
    return undefined
  }

  judgeQueued(atMs: number, answer: ResponseOf<'GetAllQueuedTransfers'> | CwmpFault): Wrong | undefined {
    const clause = 'TR-069 A.4.1.7'
    if (isFault(answer))
      return wrong('answer', 'GetAllQueuedTransfersResponse', describeFault(answer), clause)
    // Which of several of one key is listed, nobody can tell: one that must be is taken first.
    const left = [...this.#open, ...this.#reported].toSorted(
      (a, b) => Number(a.isDoubtful) - Number(b.isDoubtful),
    )
    for (const { CommandKey, State, IsDownload } of answer.TransferList) {
      const fits = (each: Transfer) =>
        each.key === CommandKey &&
        IsDownload === (each.method === 'Download') &&
        (State === 1 || each.notBeforeMs <= atMs)
      const at = left.findIndex(fits)
      // One with an empty key may be a transfer of the device's own.
      if (at < 0 && CommandKey === '') continue
      if (at < 0)
        return wrong(
          'state',
          inWords(this.#open),
          `one with CommandKey ${JSON.stringify(CommandKey)} and State ${State}`,
          clause,
        )
      left.splice(at, 1)
    }
    const missing = left.filter(
      (each) => this.#open.includes(each) && !each.isDoubtful && each.notBeforeMs > atMs,
    )
    if (missing.length > 0)
      return wrong('state', inWords(this.#open), `a list without ${inWords(missing)}`, clause)
    return undefined
  }

  judgeReport(
    { CommandKey: key, FaultStruct }: RequestOf<'TransferComplete'>,
    isAnswered: boolean,
  ): Wrong | undefined {
    const code = FaultStruct.FaultCode
    // Which of several of this key it is, nobody can tell: the likeliest is taken.
    const [one] = this.#open
      .filter((each) => each.key === key)
      .toSorted((a, b) => this.#likelihood(b, code) - this.#likelihood(a, code))
    if (!one)
      return wrong(
        'answer',
        `no TransferComplete for ${JSON.stringify(key)}`,
        `one with FaultCode ${code}`,
        REPORT,
      )
    if (one.result !== 'either' && (one.result === 'success') !== (code === 0))
      return wrong(
        'answer',
        one.result === 'success' ? 'FaultCode 0' : 'a FaultCode that says why there is no such file',
        `FaultCode ${code} ${JSON.stringify(FaultStruct.FaultString)}`,
        REPORT,
      )
    const isTold = this.#events.timesTold(`M ${one.method}`, key) > 0
    if (!isTold && !one.isOfThisSession)
      return wrong(
        'answer',
        `TransferComplete for ${JSON.stringify(key)} in a session whose Inform has M ${one.method}`,
        'one in another session',
        'TR-069 3.7.1.5',
      )
    if (!isAnswered) return undefined
    this.#open = this.#open.filter((each) => each !== one)
    this.#reported.push(one)
    if (!isTold) this.#dropEvent(one)
    return undefined
  }

  /** What the Inform of a session that has ended well told, and no TransferComplete reported. */
  judgeUnreported(): Wrong | undefined {
    const missing = this.#toldOnly().filter(({ isDoubtful }) => !isDoubtful)
    if (missing.length === 0) return undefined
    return wrong(
      'answer',
      `TransferComplete for ${inWords(missing)} before the session ends`,
      'none',
      'TR-069 3.7.1.5',
    )
  }

  sessionEnded(): void {
    this.#reported = []
    for (const each of this.#open) each.isOfThisSession = false
  }

  /** The session failed: what its Inform told and no TransferComplete has reported is told again, what was reported may be. */
  sessionFailed(): void {
    for (const { method, key, isDoubtful } of this.#toldOnly())
      this.#events.owesAgain(`M ${method}`, key, isDoubtful ? 'may' : 'must')
    for (const each of this.#reported) {
      this.#open.push({ ...each, result: 'either', isDoubtful: true })
      const code = `M ${each.method}`
      if (this.#events.timesTold(code, each.key) === 0) this.#events.add({ code, key: each.key, duty: 'may' })
    }
    this.sessionEnded()
  }

  /** The power was cut: what was asked for in the session that ran then may not have been kept. */
  powerCut(): void {
    for (const each of this.#open) if (each.isOfThisSession) this.#doubt(each)
  }

  /** The device restarts: a transfer that was under way may fail, or begin again. */
  restarted(atMs: number): void {
    for (const each of this.#open) if (each.notBeforeMs <= atMs) each.result = 'either'
  }

  /** The device need not carry out any of them. */
  doubt(): void {
    for (const each of this.#open) this.#doubt(each)
  }

  forget(): void {
    this.#open = []
    this.#reported = []
  }

  /** Those that this session's Inform told and no TransferComplete has reported in it; of one key those in doubt, then the earliest. */
  #toldOnly(): Transfer[] {
    const kind = ({ method, key }: Transfer) => JSON.stringify([method, key])
    const left = new Map<string, number>()
    for (const each of this.#open) left.set(kind(each), this.#events.timesTold(`M ${each.method}`, each.key))
    for (const each of this.#reported) left.set(kind(each), (left.get(kind(each)) ?? 0) - 1)
    return this.#open
      .toSorted((a, b) => Number(b.isDoubtful) - Number(a.isDoubtful) || a.notBeforeMs - b.notBeforeMs)
      .filter((each) => {
        const count = left.get(kind(each)) ?? 0
        left.set(kind(each), count - 1)
        return count > 0
      })
  }

  #likelihood(one: Transfer, faultCode: number): number {
    const isTold = this.#events.timesTold(`M ${one.method}`, one.key) > 0
    const fits = one.result === 'either' || (one.result === 'success') === (faultCode === 0)
    return (isTold || one.isOfThisSession ? 4 : 0) + (fits ? 2 : 0) + (one.isDoubtful ? 0 : 1)
  }

  #doubt(one: Transfer): void {
    one.isDoubtful = true
    this.#events.doubt(({ code, key }) => code === `M ${one.method}` && key === one.key)
  }

  #close(one: Transfer): void {
    this.#open = this.#open.filter((each) => each !== one)
    this.#dropEvent(one)
  }

  #dropEvent({ method, key, notBeforeMs }: Transfer): void {
    let isDone = false
    this.#events.drop((each) => {
      const isMeant =
        !isDone && each.code === `M ${method}` && each.key === key && each.notBeforeMs === notBeforeMs
      isDone ||= isMeant
      return isMeant
    })
  }
}

function inWords(transfers: readonly Transfer[]): string {
  return transfers.map(({ method, key }) => `${method} ${JSON.stringify(key)}`).join(', ') || 'no transfer'
}
