import { hash } from 'node:crypto'
import type { AcsSession, Exchange } from '../../acs/acs.ts'
import { checkUniversal, type UniversalExchange } from '../../cwmp/cwmp.ts'
import { loadRequirements } from '../../requirements/requirements.ts'
import type { Wrong } from '../campaign/field.ts'
import type { SoapTarget } from './target.ts'

/** Requirements on any message that answers are held against here; those about HTTP have cases of their own. */
const JUDGED = /^UNI-(SCHEMA|ARRAY|FAULT|SOAP|XML|TYPE)-/

/** Answers that are remembered as examined before all are forgotten, so that memory stays bounded. */
const MOST_SEEN = 20_000
/** Longer answers are examined now and then only: the time goes to the many short ones. */
const LONG = 20_000
const LONG_EVERY = 20

interface Entry {
  readonly met: number
  readonly request: UniversalExchange['request']
}

/** Answers that wait to be examined together: the schemas are loaded once for all of them, and what is the same is examined once. */
export class Ledger {
  #entries: Entry[] = []
  #seen = new Set<string>()
  #met = 0
  #long = 0
  /** What this device breaks with every answer: that has a finding of its own elsewhere. */
  #always: ReadonlySet<string> = new Set()

  /**
   * Sees what is wrong with answers to a request with which nothing is wrong, and to one that is to be refused.
   * @throws ConformanceFailure when the device gives no such answer; what came before is seen all the same
   */
  async calibrate(session: AcsSession, { root, readOnly }: SoapTarget): Promise<void> {
    await session.call('GetParameterValues', { ParameterNames: [readOnly.path] })
    this.#take(session.exchanges.at(-1))
    try {
      await session.call('GetParameterValues', { ParameterNames: [`${root}NoSuchParameterHere`] })
      this.#take(session.exchanges.at(-1))
    } finally {
      const broken = await this.#examine()
      this.#always = new Set(broken.map(({ requirement }) => requirement))
      this.clear()
    }
  }

  /** The case that is met now is over. */
  next(): void {
    this.#met += 1
  }

  clear(): void {
    this.#entries = []
    this.#met = 0
  }

  /** Keeps an answer to be examined. */
  note(exchange: Exchange): void {
    if (exchange.body.length > LONG && this.#long++ % LONG_EVERY > 0) return
    const { envelope } = exchange
    if (!envelope) return
    const { id, source } = envelope
    const key = hash('sha1', id === undefined ? source : source.replace(`>${id}<`, '><'), 'base64')
    if (this.#seen.has(key)) return
    if (this.#seen.size > MOST_SEEN) this.#seen.clear()
    this.#seen.add(key)
    this.#take(exchange)
  }

  #take(exchange: Exchange | undefined): void {
    if (exchange) this.#entries.push({ met: this.#met, request: exchange })
  }

  /** What was wrong since the last time. `isLured`: the device has fetched what only an entity named. */
  async settle(isLured: boolean): Promise<{ met: number; wrong: Wrong }[]> {
    const found = await this.#examine()
    const late = found
      .filter(({ requirement }) => !this.#always.has(requirement))
      .map(({ met, wrong }) => ({ met, wrong }))
    if (isLured) late.push({ met: Math.max(0, this.#met - 1), wrong: lured })
    this.clear()
    return late
  }

  async #examine(): Promise<{ met: number; requirement: string; wrong: Wrong }[]> {
    const entries = this.#entries
    if (entries.length === 0) return []
    const exchanges = entries.map(({ request }, index) => ({ request, session: String(index) }))
    const { findings } = await checkUniversal(exchanges)
    const requirements = loadRequirements()
    return findings
      .filter(({ requirement }) => JUDGED.test(requirement))
      .map(({ message, requirement, expected, actual }) => {
        const record = requirements.get(requirement)
        const wrong: Wrong = {
          kind: 'schema',
          expected: [expected],
          actual: `${actual} (${requirement})`,
          clause: record?.clause ?? 'TR-069 3.5',
          level: record?.level ?? 'MUST',
        }
        return { met: entries[message]?.met ?? 0, requirement, wrong }
      })
  }
}

const lured: Wrong = {
  kind: 'leak',
  expected: ['no request for an entity or document type'],
  actual: 'a request for it',
  clause: 'SOAP 1.1 section 3: a message has no document type declaration',
  level: 'MUST',
}
