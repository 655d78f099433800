import type { TranscriptEntry } from '../../cwmp/transcript.ts'
import type { FuzzArena, Phase, Settlement, Wrong } from './field.ts'

/** Where a case comes from: the phase, and for a random one where fast-check finds it again. */
export interface Origin {
  readonly phase: Phase
  readonly seed?: number
  readonly path?: string
}

/** A case that came out wrong once. */
export interface Suspect<Case> {
  readonly one: Case
  /** What was met before it since the last restart, the latest last; as many as an inquest may need. */
  readonly before: readonly Case[]
  readonly origin: Origin
  readonly wrong: Wrong
  readonly answer: string
  readonly state: string
  /** Whether only `settle` saw it. */
  readonly isSettled: boolean
  /** Where the first of them begins in the transcript. */
  readonly mark: number
}

/** A script that shows the same after a restart. */
export interface Exhibit<Case> {
  readonly script: readonly [...Case[], Case]
  readonly wrong: Wrong
  readonly answer: string
  readonly state: string
  readonly wire: readonly TranscriptEntry[]
}

/** How many cases before it a wrong one is met with, until it shows again. */
const HISTORIES = [0, 2, 4, 8]

/** The longest history that an inquest asks for. */
export const LONGEST_HISTORY = 8

/** Meets the device with a script, after a restart. */
export type Attempt<Case> = (script: readonly Case[]) => Promise<Exhibit<Case> | undefined>

/** An attempt to see again what was wrong with `suspect`: the same kind of wrong with the same class of answer. */
export function attemptAt<Case>(
  arena: FuzzArena<Case>,
  suspect: Pick<Suspect<Case>, 'wrong' | 'answer' | 'isSettled'>,
  signal: AbortSignal,
): Attempt<Case> {
  return async (script) => {
    await arena.restart(signal)
    const mark = arena.transcript.mark()
    for (const [at, one] of script.entries()) {
      signal.throwIfAborted()
      const told = await arena.meet(one, signal)
      const { state } = arena
      const isLast = at === script.length - 1
      const late = !told.wrong && isLast && suspect.isSettled ? await settled(arena, at) : undefined
      const seen = told.wrong ?? late?.wrong
      const answer = late?.answer ?? told.answer
      if (seen?.kind !== suspect.wrong.kind || !isSameAnswer(suspect, answer)) continue
      const wire = arena.transcript.since(mark)
      return { script: [...script.slice(0, at), one], wrong: seen, answer, state, wire }
    }
    return undefined
  }
}

/** What a device said in the moment of its end is a matter of chance. */
function isSameAnswer({ wrong, answer }: Pick<Suspect<unknown>, 'wrong' | 'answer'>, seen: string): boolean {
  return wrong.kind === 'crash' || answer === seen
}

/** Meets a suspect alone, then with the last 2, 4 and 8 cases before it, until what was wrong shows again; undefined when it never does. */
export async function confirm<Case>(
  suspect: Suspect<Case>,
  attempt: Attempt<Case>,
): Promise<Exhibit<Case> | undefined> {
  let longest = -1
  for (const wanted of HISTORIES) {
    const history = wanted === 0 ? [] : suspect.before.slice(-wanted)
    if (history.length === longest) return undefined
    longest = history.length
    const exhibit = await attempt([...history, suspect.one])
    if (exhibit) return exhibit
  }
  return undefined
}

async function settled<Case>(arena: FuzzArena<Case>, at: number): Promise<Settlement | undefined> {
  return (await arena.settle()).find(({ met, wrong }) => met === at && wrong !== undefined)
}
