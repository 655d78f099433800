import fc from 'fast-check'
import type { WaitOptions } from '../../acs/acs.ts'
import type { XmlElement } from '../../cwmp/cwmp.ts'
import { ConformanceFailure, DeviceSilent } from '../../failure.ts'
import { type FuzzTarget, genuine, stanzas } from './arbitraries.ts'
import { factsOf } from './facts.ts'
import { heeded } from './heeded.ts'
import { judge } from './judge.ts'
import { ruleFor } from './oracle.ts'
import { type FuzzStanza, render, type Sender } from './stanza.ts'

/** Somebody who is logged in at the server of the device. */
export interface Sending {
  send(text: string): void
  /** Sends an iq of type get. @throws DeviceSilent */
  ask(to: string, payload: string, wait: WaitOptions & { timeoutMs: number }): Promise<XmlElement>
  /** What came, but for what `ask` returned; emptied here. */
  received: XmlElement[]
}

/** All that meets the device while it is fuzzed. */
export interface FuzzPeers extends Readonly<Record<Sender, Sending>> {
  readonly target: FuzzTarget
  /** Sessions with 6 CONNECTION REQUEST so far. */
  sessions(): number
  /** Resolves when there are so many. @throws DeviceSilent */
  sessionsReach(count: number): Promise<void>
}

export interface FuzzOptions extends WaitOptions {
  readonly seed: number
  /** At least so many stanzas are sent. */
  readonly budget: number
  /** How long the device may take for an answer. */
  readonly timeoutMs: number
}

/** Stanzas between two looks at the answers. */
const CHUNK = 200

/** Part of the budget that goes to stanzas of which none may start a session. */
const SILENT_PART = 2 / 3

/**
 * Sends stanzas to the device and holds every answer against the table in `oracle.ts`. After each chunk a genuine request has to be
 * heeded as if nothing had been. First come stanzas that may start no session, where each session is one of ours or one too many;
 * then those that may, too: a device may take several requests as one, so that sessions can only be held to a most.
 * @returns how many stanzas were sent
 * @throws ConformanceFailure with the stanza and what was allowed, at the first answer that is none of these
 */
export async function fuzzStanzas(peers: FuzzPeers, options: FuzzOptions): Promise<number> {
  const all = stanzas(peers.target)
  const silent = all.filter((stanza) => ruleFor(factsOf(stanza, peers.target)).session === 'no')
  const ledger: Ledger = { most: peers.sessions() }
  const sent = await sendMany(silent, Math.ceil(options.budget * SILENT_PART), peers, ledger, options)
  return sent + (await sendMany(all, options.budget - sent, peers, ledger, options))
}

/** The most sessions that there may have been. */
interface Ledger {
  most: number
}

async function sendMany(
  kind: fc.Arbitrary<FuzzStanza>,
  budget: number,
  peers: FuzzPeers,
  ledger: Ledger,
  options: FuzzOptions,
): Promise<number> {
  let sent = 0
  const chunks = fc.array(kind, { minLength: CHUNK / 2, maxLength: CHUNK, size: 'max' })
  const property = fc.asyncProperty(chunks, async (chunk) => {
    options.signal?.throwIfAborted()
    await sendChunk(peers, chunk, ledger, options)
    sent += chunk.length
  })
  for (let seed = options.seed; sent < budget; seed = (seed + 1) | 0) {
    const numRuns = Math.ceil(((budget - sent) * 2) / CHUNK)
    const { failed, errorInstance } = await fc.check(property, { seed, numRuns, endOnFailure: true })
    if (failed) throw errorInstance
  }
  return sent
}

async function sendChunk(
  peers: FuzzPeers,
  chunk: readonly FuzzStanza[],
  ledger: Ledger,
  options: FuzzOptions,
): Promise<void> {
  const before = peers.sessions()
  for (const { sender, element } of chunk) peers[sender].send(render(element))
  let promised = 0
  for (const sender of ['allowed', 'foreign'] as const) {
    const answers = await answersTo(peers, sender, options)
    const verdict = judge(
      chunk.filter((stanza) => stanza.sender === sender),
      answers,
      peers.target,
    )
    const [first] = verdict.findings
    if (first) throw new ConformanceFailure(first.expected, first.actual)
    promised += verdict.promised
    ledger.most += verdict.promised + verdict.possible
  }
  if (promised > 0) await peers.sessionsReach(before + 1)
  expectAtMost(ledger, peers)

  const settled = peers.sessions()
  await genuineRequest(peers, options)
  ledger.most += 1
  await peers.sessionsReach(settled + 1)
  expectAtMost(ledger, peers)
}

/**
 * Stanzas between two JIDs stay in order (RFC 6120 10.1): once a last request is answered, nothing more comes for those before it.
 * Its credentials are wrong, so that it starts nothing.
 */
async function answersTo(peers: FuzzPeers, sender: Sender, options: FuzzOptions): Promise<XmlElement[]> {
  const last = render(genuine({ ...peers.target, password: 'the last of these' }))
  await peers[sender].ask(peers.target.cpe, last, options)
  const came = peers[sender].received
  peers[sender].received = []
  return came.filter(({ name }) => name === 'iq')
}

async function genuineRequest({ allowed, target }: FuzzPeers, options: FuzzOptions): Promise<void> {
  const name = await heeded(() => allowed.ask(target.cpe, render(genuine(target)), options), options)
  if (name === 'no answer')
    throw new DeviceSilent('a result for a genuine request after the fuzzed ones', name)
  if (name !== 'result')
    throw new ConformanceFailure('a result for a genuine request after the fuzzed ones', name)
}

function expectAtMost({ most }: Ledger, peers: FuzzPeers): void {
  if (peers.sessions() <= most) return
  throw new ConformanceFailure(
    `${most} sessions at the most: no other request was genuine, allowed and answered with a result`,
    `${peers.sessions()} sessions with 6 CONNECTION REQUEST`,
  )
}
