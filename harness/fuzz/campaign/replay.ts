import type { Transcript } from '../../cwmp/transcript.ts'
import { HarnessError } from '../../failure.ts'
import type { FuzzArena, FuzzLanguage } from './field.ts'
import type { Exhibit } from './inquest.ts'
import { mapStrings, type Repro } from './repro.ts'

/** A defect that shows now and then is not mended because it once did not. */
const TRIES = 3

/** @throws HarnessError when the file is of another language, or says what this language cannot */
export function scriptOf<Case>(
  repro: Repro,
  language: FuzzLanguage<Case>,
  transcript: Transcript,
): [...Case[], Case] {
  if (repro.language !== language.name)
    throw new HarnessError(
      `the repro file is in language ${repro.language}, and this case speaks ${language.name}`,
    )
  try {
    const cases = repro.cases.map((json) =>
      language.fromJson(mapStrings(json, (text) => transcript.revealed(text))),
    )
    return cases as [...Case[], Case]
  } catch (error) {
    throw new HarnessError(
      `the repro file holds no case of language ${language.name}: ${(error as Error).message}`,
    )
  }
}

/**
 * Meets the device with what the file says, `tries` times after a restart each.
 * @returns the first time that anything is wrong, be it what the file says or something else
 */
export async function replay<Case>(
  repro: Repro,
  language: FuzzLanguage<Case>,
  arena: FuzzArena<Case>,
  signal: AbortSignal,
  tries = TRIES,
): Promise<Exhibit<Case> | undefined> {
  const script = scriptOf(repro, language, arena.transcript)
  for (let left = tries; left > 0; left--) {
    const seen = await replayOnce(script, arena, signal)
    if (seen) return seen
  }
  return undefined
}

async function replayOnce<Case>(
  script: [...Case[], Case],
  arena: FuzzArena<Case>,
  signal: AbortSignal,
): Promise<Exhibit<Case> | undefined> {
  await arena.restart(signal)
  const mark = arena.transcript.mark()
  const met: { readonly answer: string; readonly state: string }[] = []
  for (const [at, one] of script.entries()) {
    signal.throwIfAborted()
    const { answer, wrong } = await arena.meet(one, signal)
    met.push({ answer, state: arena.state })
    const exhibit = { script: [...script.slice(0, at), one] as [...Case[], Case], answer, state: arena.state }
    if (wrong) return { ...exhibit, wrong, wire: arena.transcript.since(mark) }
  }
  const late = (await arena.settle()).find(({ wrong }) => wrong !== undefined)
  const one = late && met[late.met]
  if (!late?.wrong || !one) return undefined
  const { wrong, answer = one.answer } = late
  const wire = arena.transcript.since(mark)
  return { script: script.slice(0, late.met + 1) as [...Case[], Case], ...one, answer, wrong, wire }
}
