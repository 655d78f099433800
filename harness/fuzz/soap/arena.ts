import type { AcsSession, Exchange } from '../../acs/acs.ts'
import { isFault } from '../../cwmp/cwmp.ts'
import type { Transcript } from '../../cwmp/transcript.ts'
import { ConformanceFailure, DeviceDead, DeviceSilent } from '../../failure.ts'
import type { TestBed } from '../../testbed/testbed.ts'
import type { FuzzArena, Outcome, Wrong } from '../campaign/field.ts'
import { localMemoryMiB } from '../local-memory.ts'
import type { SoapCase } from './case.ts'
import { answerName, isPermitted, judgeId, judgeParameters, permitted } from './judge.ts'
import { expected } from './language.ts'
import { Ledger } from './ledger.ts'
import { type Said, SoapLine } from './line.ts'
import { type Rendered, render } from './render.ts'
import { changesNothing } from './structure.ts'
import { survey } from './survey.ts'
import { PASSWORD, ROW, type SoapTarget } from './target.ts'
import { difference, type Snapshot, Watch } from './watch.ts'

/** A probe of something right after so many cases. */
const PROBE_EVERY = 8

/** Transfers that every device can have in its queue (TR-069 A.3.2.8). */
const QUEUE = 3

/** Octets of request and answer that are no reason to take much memory, and how much that would be, in MiB. */
const SMALL = 100_000
const MOST_MIB = 80

/** Granted orders for deployment units after which the session ends, so that they are worked off. */
const ORDERS = 3

/** Methods that change what `Watch` watches: values and rows, or attributes. */
const CHANGES: Readonly<Record<string, 'values' | 'attributes'>> = {
  SetParameterValues: 'values',
  AddObject: 'values',
  DeleteObject: 'values',
  SetParameterAttributes: 'attributes',
}
const TRANSFERS: ReadonlySet<string> = new Set(['Download', 'Upload', 'ScheduleDownload'])
const RESETS: ReadonlySet<string> = new Set(['Reboot', 'FactoryReset'])

/** The device as the campaign found it. */
interface Initial {
  readonly values: Snapshot
  readonly attributes: Snapshot
  readonly rows: readonly string[]
}

/** The device in one session that is kept open for case after case. */
export class SoapArena implements FuzzArena<SoapCase> {
  readonly target: SoapTarget
  readonly #bed: TestBed
  readonly #line: SoapLine
  readonly #watch: Watch
  readonly #ledger: Ledger
  readonly #secrets: readonly string[]
  readonly #initial: Initial
  readonly #lure: string
  /** What the device has, as it said last; undefined after something that may have changed it. */
  #values: Snapshot | undefined
  #attributes: Snapshot | undefined
  /** Instance number of the row that requests may name. */
  #row: string | undefined
  #asked = 0
  /** Granted since the queue was emptied last. */
  #transfers = 0
  /** Granted since the session began. */
  #orders = 0
  state = 'in a session'

  private constructor(bed: TestBed, line: SoapLine, target: SoapTarget, watch: Watch, initial: Initial) {
    this.#bed = bed
    this.#line = line
    this.target = target
    this.#watch = watch
    this.#initial = initial
    const { credentials } = bed.profile.pixit
    this.#secrets = [PASSWORD, credentials.acsPassword, credentials.connectionRequestPassword]
    this.#lure = new URL('/lure', bed.acs.url).href
    this.#ledger = new Ledger()
  }

  /**
   * Surveys the device.
   * @throws ConformanceFailure when it does not say what there is
   */
  static async open(bed: TestBed, signal: AbortSignal): Promise<SoapArena> {
    const line = new SoapLine(bed)
    const session = await line.session(signal)
    const target = await survey(session, bed.profile)
    const watch = new Watch(target)
    const initial = {
      values: await watch.values(session),
      attributes: await watch.attributes(session),
      rows: await watch.rows(session),
    }
    const arena = new SoapArena(bed, line, target, watch, initial)
    await arena.#ledger.calibrate(session, target)
    return arena
  }

  get transcript(): Transcript {
    return this.#bed.transcript
  }

  async meet(one: SoapCase, signal: AbortSignal): Promise<Outcome> {
    try {
      return await this.#meet(one, signal)
    } catch (error) {
      if (!(error instanceof DeviceSilent)) throw error
      return { answer: 'no session', wrong: noSession(error) }
    } finally {
      this.#ledger.next()
    }
  }

  async #meet(one: SoapCase, signal: AbortSignal): Promise<Outcome> {
    await this.#prepare(one, signal)
    this.#asked += 1
    const message = render(one, this.target, {
      id: `fuzz ${this.#asked % 10}`,
      row: this.#row ?? '1',
      lure: this.#lure,
    })
    const before = localMemoryMiB()
    const said = await this.#line.say(message.body, signal)
    const outcome = this.#judge(one, message, said)
    if (said.how !== 'said') return outcome
    const swollen = outcome.wrong ? undefined : grown(before, message.body.length + said.exchange.body.length)
    if (swollen) return { ...outcome, wrong: swollen }
    const aftermath = await this.#settleUp(one, said.exchange, outcome, signal)
    return { ...outcome, ...(!outcome.wrong && aftermath && { wrong: aftermath }) }
  }

  /** Makes sure that the device has what the case speaks of, and notes what it must not change. */
  async #prepare({ rpc, arguments: nodes, breakages }: SoapCase, signal: AbortSignal): Promise<void> {
    const session = await this.#line.session(signal)
    if (this.#row === undefined && this.target.table && mentionsRow({ nodes, breakages })) {
      const added = await session.call('AddObject', {
        ObjectName: this.target.table.path,
        ParameterKey: 'fuzz',
      })
      if (!isFault(added)) this.#row = String(added.InstanceNumber)
      this.#values = undefined
    }
    if (CHANGES[rpc] === 'values') this.#values ??= await this.#watch.values(session)
    if (CHANGES[rpc] === 'attributes') this.#attributes ??= await this.#watch.attributes(session)
  }

  #judge(one: SoapCase, message: Rendered, said: Said): Outcome {
    const wanted = expected(one)
    const level = wanted?.level ?? 'MUST'
    const clause = wanted?.clause ?? 'TR-069 3.7.1.4'
    const all = wanted ? permitted(one.rpc, wanted) : ['any answer']
    if (said.how === 'silent')
      return {
        answer: 'nothing',
        wrong: {
          kind: 'hang',
          expected: all,
          actual: `nothing within ${Math.round(said.afterMs)} ms`,
          clause,
          level: 'MUST',
        },
      }
    if (said.how === 'gone')
      return {
        answer: 'gone',
        wrong: { kind: 'crash', expected: all, actual: said.what, clause, level: 'MUST' },
      }
    if (said.how === 'ended') {
      this.#forget()
      const events = said.events.join(', ')
      if (said.events.includes('1 BOOT') || said.events.includes('0 BOOTSTRAP'))
        return {
          answer: 'restarted',
          wrong: { kind: 'crash', expected: all, actual: `an Inform with ${events}`, clause, level: 'MUST' },
        }
      if (!said.isRetry)
        return {
          answer: 'session ended as if successful',
          wrong: {
            kind: 'answer',
            expected: all,
            actual: `a new Inform with RetryCount 0 and ${events}`,
            clause,
            level,
          },
        }
      const isRight = wanted?.permits.has('ends') ?? true
      const actual = 'the session given up as unsuccessful'
      return {
        answer: 'session ended',
        ...(!isRight && { wrong: { kind: 'answer', expected: all, actual, clause, level } }),
      }
    }
    const { exchange } = said
    const answer = answerName(exchange)
    const leaked = this.#leak(exchange)
    if (leaked) return { answer, wrong: leaked }
    if (answer === 'no envelope')
      return {
        answer,
        wrong: { kind: 'answer', expected: all, actual: exchange.description, clause, level: 'MUST' },
      }
    this.#ledger.note(exchange)
    if (!wanted) return { answer }
    if (!isPermitted(answer, one.rpc, wanted))
      return { answer, wrong: { kind: 'answer', expected: all, actual: exchange.description, clause, level } }
    const fault = exchange.envelope?.fault
    const wrong =
      judgeId(exchange, message) ?? (answer === '9003' && fault ? judgeParameters(fault, wanted) : undefined)
    return { answer, ...(wrong && { wrong }) }
  }

  /** What is still to be asked after an answer: whether a refused change was none, a granted one is, and the next request is heeded. */
  async #settleUp(
    one: SoapCase,
    exchange: Exchange,
    { answer }: Outcome,
    signal: AbortSignal,
  ): Promise<Wrong | undefined> {
    if (answer.startsWith('request ') || answer === 'no envelope' || exchange.method !== 'POST') {
      // Its own request is answered as it should be.
      await this.#line.end()
      this.#forget()
      return undefined
    }
    const isGranted = exchange.envelope?.kind === 'response'
    const session = await this.#line.session(signal)
    try {
      if (isGranted && RESETS.has(exchange.envelope?.name ?? ''))
        return await this.#restarted(exchange, signal)
      if (isGranted && TRANSFERS.has(exchange.envelope?.name ?? '') && ++this.#transfers >= QUEUE)
        await this.#cancel(session)
      if (exchange.envelope?.name === 'ChangeDUState' && isGranted && ++this.#orders >= ORDERS) {
        this.#orders = 0
        await this.#line.end()
        return undefined
      }
      const changed = CHANGES[one.rpc]
      if (changed) return await this.#compare(one, exchange, session)
      if (this.#asked % PROBE_EVERY === 0) return await this.#probe(session)
      return undefined
    } catch (error) {
      if (error instanceof DeviceSilent || !(error instanceof ConformanceFailure)) throw error
      return {
        kind: 'state',
        expected: error.tolerated,
        actual: error.observed,
        clause: 'TR-069 3.7.1.3: each request is answered for itself',
        level: 'MUST',
      }
    }
  }

  async #compare(one: SoapCase, exchange: Exchange, session: AcsSession): Promise<Wrong | undefined> {
    const isRefused = exchange.envelope?.kind === 'fault'
    const isKnown = !one.edits?.length
    if (CHANGES[one.rpc] === 'attributes') {
      const before = this.#attributes
      this.#attributes = await this.#watch.attributes(session)
      return isRefused && before ? unchanged(before, this.#attributes) : undefined
    }
    const before = this.#values ?? new Map<string, string>()
    const after = await this.#watch.values(session)
    this.#values = after
    if (isRefused) return unchanged(before, after)
    if (one.rpc !== 'SetParameterValues') {
      const rows = await this.#watch.rows(session)
      if (this.#row !== undefined && !rows.includes(this.#row)) this.#row = undefined
      const added = rows.filter((row) => row !== this.#row && !this.#initial.rows.includes(row))
      if (added.length > 0) this.#values = undefined
      await this.#watch.deleteRows(session, added, after.get(this.#watch.keyName) ?? '')
    }
    return isKnown && one.breakages.every(({ kind }) => changesNothing.has(kind))
      ? confirmed(one, exchange, after, this.#watch.keyName)
      : undefined
  }

  async #probe(session: AcsSession): Promise<Wrong | undefined> {
    const { path, value } = this.target.readOnly
    const answer = await session.call('GetParameterValues', { ParameterNames: [path] })
    const actual = isFault(answer)
      ? `fault ${answer.faultCode}`
      : answer.ParameterList.map(({ Name, Value }) => `${Name} = ${JSON.stringify(Value)}`).join(', ')
    const wanted = `${path} = ${JSON.stringify(value)}`
    if (actual === wanted) return undefined
    return { kind: 'state', expected: [wanted], actual, clause: 'TR-069 A.3.2.2', level: 'MUST' }
  }

  /** A transfer of a campaign never begins; where it cannot be cancelled, the queue fills up and 9004 is right. */
  async #cancel(session: AcsSession): Promise<void> {
    if (!this.target.methods.includes('CancelTransfer')) return
    const queue = this.target.methods.includes('GetAllQueuedTransfers')
      ? await session.call('GetAllQueuedTransfers', {})
      : undefined
    const keys =
      queue && !isFault(queue)
        ? new Set(queue.TransferList.map(({ CommandKey }) => CommandKey))
        : new Set(['fuzz'])
    for (const CommandKey of keys) await session.call('CancelTransfer', { CommandKey })
    this.#transfers = 0
  }

  /** The device was told to restart, and does so when the session is over. */
  async #restarted(exchange: Exchange, signal: AbortSignal): Promise<Wrong | undefined> {
    const { rebootSeconds } = this.#bed.profile.pixit.timing
    const isReset = exchange.envelope?.name === 'FactoryReset'
    await this.#line.end()
    this.#forget()
    this.#row = isReset ? undefined : this.#row
    try {
      const session = await this.#bed.nextSession({ timeoutMs: rebootSeconds * 1000, signal })
      this.#line.take(session)
    } catch (error) {
      // A device may forget the URL of the ACS along with everything else.
      if (!(error instanceof DeviceSilent) || !isReset) throw error
    }
    if (!isReset) return undefined
    await this.#line.end()
    await this.#bed.enrol()
    return undefined
  }

  #leak({ body }: Exchange): Wrong | undefined {
    const shown = this.#secrets.find((secret) => secret !== '' && body.includes(secret))
    if (shown === undefined) return undefined
    return {
      kind: 'leak',
      expected: ['an answer without passwords'],
      actual: 'an answer with a password in it',
      clause: 'TR-106: a hidden parameter reads as the empty string',
      level: 'MUST',
    }
  }

  #forget(): void {
    this.#values = undefined
    this.#attributes = undefined
  }

  async settle(): Promise<readonly { readonly met: number; readonly wrong: Wrong }[]> {
    const fetched = this.#bed.messages.take().some(({ method, path }) => method === 'GET' && path === '/lure')
    return this.#ledger.settle(fetched)
  }

  async restart(signal: AbortSignal): Promise<void> {
    this.#ledger.clear()
    this.#forget()
    const { dut } = this.#bed
    await this.#line.end()
    this.#row = undefined
    await this.#bed.acs.drain()
    // What a process has taken is given back when it starts anew; what it keeps on its disk is put back below.
    if (dut.supports('powerCycle')) await dut.powerCycle(signal)
    else if (dut.supports('factoryReset') && (await dut.alive(signal))) await dut.factoryReset(signal)
    await this.#bed.enrol()
    const session = await this.#line.session(signal)
    await this.#restore(session)
    this.#bed.messages.take()
  }

  /** Puts back what cases have changed. */
  async #restore(session: AcsSession): Promise<void> {
    const rows = await this.#watch.rows(session)
    await this.#watch.deleteRows(
      session,
      rows.filter((row) => !this.#initial.rows.includes(row)),
      '',
    )
    const isOther = difference(this.#initial.attributes, await this.#watch.attributes(session)) !== undefined
    await this.#watch.putBack(session, this.#initial.values, isOther ? this.#initial.attributes : new Map())
  }

  /** Leaves the device as it was found. @throws DeviceDead when it opens no session any more */
  async close(): Promise<void> {
    try {
      await this.#restore(await this.#line.session())
    } catch (error) {
      if (error instanceof DeviceSilent) throw new DeviceDead(error.message)
      if (!(error instanceof ConformanceFailure)) throw error
      this.transcript.note(`could not be put back: ${error.message}`)
    }
    await this.#line.end()
    this.#bed.messages.take()
  }
}

function mentionsRow({
  nodes,
  breakages,
}: {
  nodes: SoapCase['arguments']
  breakages: SoapCase['breakages']
}): boolean {
  return breakages.some(({ text }) => text?.includes(ROW)) || nodes.some(({ text }) => text?.includes(ROW))
}

/** What was wrong with the memory of a local device that was sent so little, and said so little. */
function grown(before: number | undefined, octets: number): Wrong | undefined {
  if (before === undefined || octets > SMALL) return undefined
  const by = Math.round((localMemoryMiB() ?? before) - before)
  if (by < MOST_MIB) return undefined
  return {
    kind: 'resources',
    expected: [`at most ${MOST_MIB} MiB more memory for a message of so few octets`],
    actual: `more than ${MOST_MIB} MiB more`,
    clause: 'TR-069 A.5: a CPE that lacks resources says 9004',
    level: 'MUST',
  }
}

function noSession(error: DeviceSilent): Wrong {
  return {
    kind: 'crash',
    expected: ['a session'],
    actual: error.observed,
    clause: 'TR-069 3.2.1.1: the CPE never gives up',
    level: 'MUST',
  }
}

function unchanged(before: Snapshot, after: Snapshot): Wrong | undefined {
  const actual = difference(before, after)
  if (actual === undefined) return undefined
  return {
    kind: 'state',
    expected: ['nothing changed by a request that is refused'],
    actual,
    clause: 'TR-069 A.3.2.1, A.3.2.4, A.3.2.6, A.3.2.7: all or nothing',
    level: 'MUST',
  }
}

/** Holds a request that was right, and granted, against what the device has then. */
function confirmed(
  { rpc, arguments: nodes }: SoapCase,
  { envelope }: Exchange,
  after: Snapshot,
  keyName: string,
): Wrong | undefined {
  const status = envelope?.body.children.find(({ name }) => name === 'Status')?.text.trim()
  // What is not in force yet need not be seen yet.
  if (status !== '0') return undefined
  const wanted: [string, string][] = [
    [keyName, nodes.find(({ name }) => name === 'ParameterKey')?.text ?? ''],
  ]
  if (rpc === 'SetParameterValues')
    for (const { children } of nodes[0]?.children ?? [])
      wanted.push([children?.[0]?.text ?? '', children?.[1]?.text ?? ''])
  const [name, value] = wanted.find(([each, text]) => after.get(each) !== text) ?? []
  if (name === undefined) return undefined
  return {
    kind: 'state',
    expected: [`${name} = ${JSON.stringify(value)}, as was confirmed with Status 0`],
    actual: JSON.stringify(after.get(name)) ?? 'no such parameter',
    clause: 'TR-069 A.3.2.1, A.3.2.6, A.3.2.7',
    level: 'MUST',
  }
}
