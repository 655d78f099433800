import fc from 'fast-check'
import { DeviceSilent } from '../../failure.ts'
import type { LightweightReceiver } from '../../net/net.ts'
import type { TestBed } from '../../testbed/testbed.ts'
import { type Breakage, BreakageLanguage, type BrokenMessage } from '../breakage/breakage.ts'
import type { FuzzArena, Outcome } from '../campaign/field.ts'

/** What a peer does when a notification comes: sends datagrams back, or is not there. */
export interface PeerMessage {
  readonly answers: readonly string[]
  readonly isThere: boolean
}

const CLAUSE = 'TR-069 Annex M: lightweight notifications are not answered, and what comes back does no harm'

type PeerBreakage = Breakage<PeerMessage, null>

const octetText = fc.string({
  unit: fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code)),
  maxLength: 200,
})

const breakages: readonly PeerBreakage[] = [
  {
    element: 'datagram',
    breakage: 'sent back',
    rule: null,
    samples: [
      'x',
      '',
      '\0',
      'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n',
      'HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Digest realm="a", nonce="b"\r\n\r\n',
      'HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\n\r\n',
      'GET / HTTP/1.1\r\n\r\n',
      '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
      '\xff\xff\xff\xff',
      'x'.repeat(60_000),
    ],
    values: octetText,
    change: (message, text) => ({ ...message, answers: [...message.answers, text] }),
  },
  {
    element: 'number',
    breakage: 'many of them',
    rule: null,
    samples: ['10', '500'],
    change: (message, count) => ({ ...message, answers: Array<string>(Number(count)).fill('again') }),
  },
  {
    element: 'peer',
    breakage: 'not there',
    rule: null,
    change: (message) => ({ ...message, isThere: false }),
  },
]

/** What may come back for lightweight notifications. */
export function notificationPeers(): BreakageLanguage<PeerMessage, null> {
  return new BreakageLanguage(
    'notification-peer',
    { notification: { answers: [], isThere: true } },
    breakages,
  )
}

/** A device that notifies changes of a parameter by UDP. */
export class NotificationArena implements FuzzArena<BrokenMessage> {
  readonly state = 'between sessions'
  readonly #cpe: TestBed
  readonly #language: BreakageLanguage<PeerMessage, null>
  readonly #receiver: LightweightReceiver
  readonly #path: string
  #values: readonly [next: string, other: string]

  /** @param watched a parameter with notification 5, its value and another one */
  constructor(
    cpe: TestBed,
    language: BreakageLanguage<PeerMessage, null>,
    receiver: LightweightReceiver,
    watched: { readonly path: string; readonly before: string; readonly other: string },
  ) {
    this.#cpe = cpe
    this.#language = language
    this.#receiver = receiver
    this.#path = watched.path
    this.#values = [watched.other, watched.before]
  }

  get transcript() {
    return this.#cpe.transcript
  }

  /** Has the device notify a peer that does so, and then one that does nothing. */
  async meet(one: BrokenMessage, signal: AbortSignal): Promise<Outcome> {
    const { answers, isThere } = this.#language.build(one)
    this.#receiver.answers = answers.map((text) => Buffer.from(text, 'latin1'))
    try {
      if (isThere) await this.#told(signal)
      else await this.#receiver.absent(() => this.#change(signal))
      this.#receiver.answers = []
      await this.#told(signal)
      return { answer: 'notified' }
    } catch (error) {
      if (!(error instanceof DeviceSilent)) throw error
      const isAlive = await this.#cpe.dut.alive(signal)
      const wrong = {
        kind: isAlive ? 'hang' : 'crash',
        expected: ['the next change to be notified'],
        actual: error.observed,
        clause: CLAUSE,
        level: 'MUST',
      } as const
      return { answer: 'silent', wrong }
    } finally {
      this.#receiver.answers = []
    }
  }

  async settle() {
    return []
  }

  async restart(signal: AbortSignal): Promise<void> {
    const { dut, profile } = this.#cpe
    if (!dut.supports('powerCycle')) return this.#cpe.enrol()
    await dut.powerCycle(signal)
    const timeoutMs = profile.pixit.timing.rebootSeconds * 1000
    await (await this.#cpe.nextSession({ timeoutMs, signal })).end()
  }

  async close(): Promise<void> {}

  async #change(signal: AbortSignal): Promise<void> {
    await this.#cpe.dut.setLocally(this.#path, this.#values[0], signal)
    this.#values = [this.#values[1], this.#values[0]]
  }

  /** @throws DeviceSilent */
  async #told(signal: AbortSignal): Promise<void> {
    const timeoutMs = this.#cpe.profile.pixit.timing.informSeconds * 1000
    const told = this.#receiver.next({
      timeoutMs,
      where: ({ parameters }) => parameters.has(this.#path),
      signal,
    })
    await this.#change(signal)
    await told
  }
}
