import { setTimeout } from 'node:timers/promises'
import fc from 'fast-check'
import type { WaitOptions } from '../../acs/acs.ts'
import type { XmlElement } from '../../cwmp/cwmp.ts'
import { ConformanceFailure } from '../../failure.ts'
import { type FuzzTarget, stanzas } from './arbitraries.ts'
import { answerName, judge, requestPayload } from './judge.ts'
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
const CHUNK = 60

/**
 * Sends stanzas to the device and holds every answer against the table in `oracle.ts`. After each chunk a genuine request has to be
 * heeded as if nothing had been.
 * @returns how many stanzas were sent
 * @throws ConformanceFailure with the stanza and what was allowed, at the first answer that is none of these
 */
export async function fuzzStanzas(peers: FuzzPeers, options: FuzzOptions): Promise<number> {
  let sent = 0
  const chunks = fc.array(stanzas(peers.target), { minLength: 1, maxLength: CHUNK, size: 'max' })
  const property = fc.asyncProperty(chunks, async (chunk) => {
    options.signal?.throwIfAborted()
    await sendChunk(peers, chunk, options)
    sent += chunk.length
  })
  for (let seed = options.seed; sent < options.budget; seed = (seed + 1) | 0) {
    const numRuns = Math.ceil(((options.budget - sent) * 2) / CHUNK)
    const { failed, errorInstance } = await fc.check(property, { seed, numRuns, endOnFailure: true })
    if (failed) throw errorInstance
  }
  return sent
}

async function sendChunk(
  peers: FuzzPeers,
  chunk: readonly FuzzStanza[],
  options: FuzzOptions,
): Promise<void> {
  const before = peers.sessions()
  for (const { sender, element } of chunk) peers[sender].send(render(element))
  let promised = 0
  let possible = 0
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
    possible += verdict.possible
  }
  if (promised > 0) await peers.sessionsReach(before + 1)
  else if (possible === 0 && peers.sessions() > before) throw tooMany(0, peers.sessions() - before)

  const settled = peers.sessions()
  await genuineRequest(peers, options)
  await peers.sessionsReach(settled + 1)
  const most = promised + possible + 1
  if (peers.sessions() - before > most) throw tooMany(most, peers.sessions() - before)
}

/**
 * Stanzas between two JIDs stay in order (RFC 6120 10.1): once a last request is answered, nothing more comes for those before it.
 * Its credentials are wrong, so that it starts nothing.
 */
async function answersTo(peers: FuzzPeers, sender: Sender, options: FuzzOptions): Promise<XmlElement[]> {
  const { cpe, username } = peers.target
  await peers[sender].ask(cpe, requestPayload(username, 'the last of these'), options)
  const came = peers[sender].received
  peers[sender].received = []
  return came.filter(({ name }) => name === 'iq')
}

/** A device that has had too many requests may say so for a while. */
async function genuineRequest({ allowed, target }: FuzzPeers, options: FuzzOptions): Promise<void> {
  const deadline = performance.now() + options.timeoutMs
  for (let pause = 10; ; pause *= 2) {
    const name = answerName(
      await allowed.ask(target.cpe, requestPayload(target.username, target.password), options),
    )
    if (name === 'result') return
    if (name !== 'service-unavailable' || performance.now() + pause > deadline)
      throw new ConformanceFailure('a result for a genuine request after the fuzzed ones', name)
    await setTimeout(pause, undefined, { signal: options.signal })
  }
}

function tooMany(most: number, came: number): ConformanceFailure {
  return new ConformanceFailure(
    `at most ${most} sessions: no other request was genuine, allowed and answered with a result`,
    `${came} sessions with 6 CONNECTION REQUEST`,
  )
}
