import { isInShard, isSelected } from '../run-context.ts'
import type { CaseVerdict, Level, VerdictFile } from './verdict.ts'

/** Options that choose among the cases, each with a value. */
const CHOOSING = ['--suite', '--grep', '--level', '--peers', '--rerun-failed', '--replay']

/** What a run was asked to examine, as its command line tells it. */
export class RunSelection {
  /** In one line, the same for the same selection; a shard is not in it. */
  readonly words: string
  readonly #run: VerdictFile
  readonly #given: ReadonlyMap<string, readonly string[]>
  readonly #ids: ReadonlySet<string>

  constructor(run: VerdictFile) {
    const { commandLine, cases } = run
    const given = CHOOSING.map((option) => {
      const values = commandLine.filter((_word, at) => commandLine[at - 1] === option)
      return [option, option === '--suite' ? [...new Set(values)].toSorted() : values.slice(-1)] as const
    })
    this.#run = run
    this.#given = new Map(given)
    this.#ids = new Set(cases.map(({ suite, id }) => `${suite} ${id}`))
    this.words =
      given.flatMap(([option, values]) => values.map((value) => `${option} ${value}`)).join(' ') ||
      'everything'
  }

  /**
   * Whether a case that this run has not, but another one, was asked for all the same: then it has got lost. Of what a report
   * or a repro file has chosen (`--rerun-failed`, `--replay`) nothing can have.
   * @param other the run that has it
   */
  has(subject: CaseVerdict, other: VerdictFile): boolean {
    if (this.#one('--rerun-failed') !== undefined || this.#one('--replay') !== undefined) return false
    const { id, title, requirement, level } = subject
    if (!isInShard(id, this.#run.shard)) return false
    const selection = {
      level: (this.#one('--level')?.toUpperCase() ?? 'MAY') as Level,
      ...(this.#one('--grep') !== undefined && { grep: this.#one('--grep') as string }),
    }
    const isAskedFor = (text: string) => isSelected(id, text, level, selection)
    if (!id.startsWith('UNI-')) return isAskedFor(title) && this.#hasPlace(subject.suite, id)
    // A universal check is made wherever it can be broken, and its title is then its requirement.
    if (!isAskedFor(title) && !isAskedFor(requirement)) return false
    const brokenIn = other.cases.filter((each) => each.id === subject.observations?.firstIn)
    return [subject, ...brokenIn].some((each) => this.#hasPlace(each.suite, each.id))
  }

  /** Whether the suite was asked for, and the peer that a case meets in it. */
  #hasPlace(place: string, id: string): boolean {
    const [suite = '', realPeer] = place.split('@')
    const suites = this.#given.get('--suite') ?? []
    if (suites.length > 0 && !suites.includes(suite)) return false
    const peers = this.#one('--peers') ?? 'embedded'
    if (realPeer !== undefined) return peers !== 'embedded'
    // A case that a real peer can serve meets that one alone.
    return peers !== 'containers' || ![...this.#ids].some((known) => isAtRealPeer(known, suite, id))
  }

  #one(option: string): string | undefined {
    return this.#given.get(option)?.[0]
  }
}

function isAtRealPeer(known: string, suite: string, id: string): boolean {
  return known.startsWith(`${suite}@`) && known.endsWith(` ${id}`)
}
