import type { Transcript } from '../../../cwmp/transcript.ts'
import { DeviceSilent } from '../../../failure.ts'
import type { XmppConnection } from '../../../xmpp/xmpp.ts'
import type { FuzzArena, Outcome } from '../../campaign/field.ts'
import { heeded } from '../heeded.ts'
import { Attempt, nothing, type StreamBench } from './attempt.ts'
import { judge, ruleOf, type Seen } from './judge.ts'
import type { StreamCase } from './stream-case.ts'

/**
 * Where nothing need come of a case a device is watched for as long as its logins take, or for that long at least: in a login it reacts half
 * a dozen times, and has a key to compute.
 */
const LEAST_WATCH_MS = 50
/** What a slow login still counts when the next one comes. */
const FADING = 0.8

/** The part of the time for an Inform for which a device is watched that may do as it likes. */
const WATCH_PART = 1 / 20

/** Milliseconds that a device may wait before it tries again: the retry intervals are set to a second. */
const RETRY_MS = 1000

/**
 * A device at the scripted server. Each case begins when it is logged in: the connection is cut, the server does what the case says when the
 * device is back at that stage, and is a good one afterwards, where the device has to log in and to heed a genuine request again.
 */
export class StreamArena implements FuzzArena<StreamCase> {
  readonly transcript: Transcript
  state = ''
  readonly #bench: StreamBench
  #line: XmppConnection | undefined
  /** Sessions that had to come so far. */
  #due: number
  /** What a login took of late. */
  #loginMs = 0

  constructor(bench: StreamBench) {
    this.#bench = bench
    this.transcript = bench.transcript
    this.#due = bench.sessions()
  }

  async meet(one: StreamCase, signal: AbortSignal): Promise<Outcome> {
    const { server } = this.#bench
    this.state = one.stage
    const line = await this.#online(signal)
    if (!line) return judge(one, { ...nothing, ...(await this.#gone(signal)) })
    const attempt = new Attempt(this.#bench, one, line)
    const end = await attempt.run(this.#watchMs(one), signal)
    // What stands half-open on a stream may swallow what comes next: only after what is in order nothing does.
    const isSound = end === 'goes on' && ruleOf(one).leaves === 'must not'
    const back = isSound ? attempt.subject : await this.#backAfter(attempt, signal)
    server.script = { ...server.script, instead: {} }
    const sessions = this.#bench.sessions() - this.#due
    const served = back ? await this.#serve(back, signal) : ''
    const afterwards = back ? { returned: true, crashed: false } : await this.#gone(signal)
    server.forgetClosed()
    return judge(one, { ...attempt.seen(end), sessions, served, ...afterwards })
  }

  async settle(): Promise<readonly []> {
    return []
  }

  async restart(signal: AbortSignal): Promise<void> {
    const { server } = this.#bench
    server.script = { ...server.script, instead: {} }
    this.#line = undefined
    await this.#bench.restart(signal)
    for (const line of server.open) await line.dispose()
    server.forgetClosed()
    this.#line = await this.#nextLine(this.#bench.informMs, signal)
    this.#due = this.#bench.sessions()
  }

  async close(): Promise<void> {
    const { server } = this.#bench
    server.script = { ...server.script, instead: {} }
    await this.#bench.close()
  }

  /** The line on which the device is logged in. */
  async #online(signal: AbortSignal): Promise<XmppConnection | undefined> {
    if (!this.#line || this.#line.isClosed) this.#line = await this.#nextLine(this.#bench.informMs, signal)
    return this.#line
  }

  async #backAfter(attempt: Attempt, signal: AbortSignal): Promise<XmppConnection | undefined> {
    const { subject } = attempt
    if (subject && !subject.isClosed) await subject.dispose()
    const began = performance.now()
    this.#line = await this.#nextLine(this.#bench.informMs + attempt.rounds * RETRY_MS, signal)
    if (this.#line)
      this.#loginMs = Math.max(this.#loginMs * FADING, performance.now() - Math.max(began, this.#line.atMs))
    return this.#line
  }

  /** The connection on which the device is logged in, as soon as there is one; undefined when none comes in time. */
  async #nextLine(timeoutMs: number, signal: AbortSignal): Promise<XmppConnection | undefined> {
    const { server } = this.#bench
    const deadline = performance.now() + timeoutMs
    let line = server.open.findLast(({ jid }) => jid !== undefined)
    while (!line || line.isClosed) {
      try {
        line = await server.nextLogin({ timeoutMs: Math.max(1, deadline - performance.now()), signal })
      } catch (error) {
        if (error instanceof DeviceSilent) return undefined
        throw error
      }
    }
    return line
  }

  async #gone(signal: AbortSignal): Promise<Pick<Seen, 'returned' | 'crashed'>> {
    return { returned: false, crashed: !(await this.#bench.alive(signal)) }
  }

  /** Asks for a session as an ACS does, and takes it. */
  async #serve(line: XmppConnection, signal: AbortSignal): Promise<string> {
    const { from, payload, responseMs } = this.#bench
    const wait = { timeoutMs: responseMs, signal }
    const answer = await heeded(() => line.ask({ from, payload }, wait), wait)
    this.#due = this.#bench.sessions()
    if (answer !== 'result') return answer
    this.#due += 1
    try {
      await this.#bench.sessionsReach(this.#due)
      return answer
    } catch (error) {
      if (!(error instanceof DeviceSilent)) throw error
      this.#due = this.#bench.sessions()
      return 'a result, and no session'
    }
  }

  /** How long the device is watched for what it does. */
  #watchMs(one: StreamCase): number {
    const { informMs, responseMs } = this.#bench
    const { leaves, quiet } = ruleOf(one)
    if (leaves === 'must') return responseMs
    if (leaves === 'must not') return informMs
    const longest = informMs * WATCH_PART
    return quiet ? Math.min(longest, Math.max(LEAST_WATCH_MS, this.#loginMs)) : longest
  }
}
