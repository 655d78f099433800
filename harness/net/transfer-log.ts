import { Waiting, type WaitOptions } from '../acs/acs.ts'
import { DeviceSilent } from '../failure.ts'

interface Claim<Entry> {
  readonly fits: (entry: Entry) => boolean
  readonly waiting: Waiting<Entry>
}

/** What devices asked of a server, in order, and the means to wait for more. */
export class TransferLog<Entry> {
  #entries: Entry[] = []
  readonly #describe: (entry: Entry) => string
  #claims: Claim<Entry>[] = []
  /** Those that `next` has given out. */
  readonly #given = new Set<Entry>()

  /** @param describe an entry in a few words, for failures */
  constructor(describe: (entry: Entry) => string) {
    this.#describe = describe
  }

  get all(): readonly Entry[] {
    return this.#entries
  }

  add(entry: Entry): void {
    this.#entries.push(entry)
    const claim = this.#claims.find(({ fits }) => fits(entry))
    if (!claim) return
    this.#given.add(entry)
    claim.waiting.resolve(entry)
  }

  /**
   * The first entry that fits and was not given out yet, come already or not.
   * @param expected what is waited for, in words
   * @throws DeviceSilent when none comes in time
   */
  next(
    expected: string,
    {
      where = () => true,
      ...options
    }: WaitOptions & { timeoutMs: number; where?: (entry: Entry) => boolean },
  ): Promise<Entry> {
    const claim: Claim<Entry> = {
      fits: where,
      waiting: new Waiting<Entry>(
        options,
        () => new DeviceSilent(expected, this.#insteadWithin(options.timeoutMs)),
        () => {
          this.#claims = this.#claims.filter((other) => other !== claim)
        },
      ),
    }
    const present = this.#entries.find((entry) => !this.#given.has(entry) && where(entry))
    if (present) {
      this.#given.add(present)
      claim.waiting.resolve(present)
    } else if (!claim.waiting.settled) this.#claims.push(claim)
    return claim.waiting.promise
  }

  /** Forgets what has come so far, given out or not. */
  forget(): void {
    this.#entries = []
    this.#given.clear()
  }

  /** Lets nobody wait any more. */
  close(reason: Error): void {
    for (const { waiting } of [...this.#claims]) waiting.reject(reason)
  }

  #insteadWithin(ms: number): string {
    const others = this.#entries.slice(-10).map(this.#describe)
    return `nothing of that kind within ${Math.round(ms)} ms${others.length > 0 ? `, but ${others.join(', ')}` : ''}`
  }
}
