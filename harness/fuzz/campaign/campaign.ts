import { ConformanceFailure } from '../../failure.ts'
import type { FuzzFinding, FuzzSummary } from '../../report/verdict.ts'
import { leaveEvidence } from './evidence.ts'
import type { FuzzArena, FuzzLanguage } from './field.ts'
import { Meeting } from './meeting.ts'
import type { CampaignOptions } from './options.ts'
import { replay } from './replay.ts'

/** Public face of this folder. */
export { shownPath } from './evidence.ts'
export { keyOf } from './findings.ts'
export type { CampaignOptions } from './options.ts'
export type { Budget, Shard } from './plan.ts'
export { type Repro, ReproError, readRepro } from './repro.ts'

/** What came of a campaign; plain data, and the part of a fuzzing case in `verdict.json`. */
export type CampaignResult = FuzzSummary

/**
 * Meets the device with the cases of a language: kept examples, then each boundary of the grammar, then random cases, for as long as the
 * budget lasts. What comes out wrong is met again after a restart, alone and then with the last 2, 4 and 8 cases before it; what shows
 * again is made smaller, folded with what is the same, and left as a repro file. With `options.replay` only that file is met.
 * @throws HarnessError, or what aborted the signal; `options.onEnd` has what there was until then
 */
export async function runCampaign<Case>(
  language: FuzzLanguage<Case>,
  arena: FuzzArena<Case>,
  options: CampaignOptions<Case>,
): Promise<CampaignResult> {
  if (options.replay) {
    const result = await replayed(language, arena, { ...options, replay: options.replay })
    options.onEnd?.(result)
    return result
  }
  const meeting = new Meeting(language, arena, options)
  try {
    await meeting.hold()
  } finally {
    options.onEnd?.(meeting.summary)
  }
  const { summary } = meeting
  if (summary.met === 0) options.onNothing?.()
  return summary
}

/**
 * Passes when nothing was found. A case of a MUST in which nothing but a SHOULD was broken ends in WARN.
 * @throws ConformanceFailure with the first finding of the highest level whole and the others in a line each
 */
export function expectNoFindings({ findings }: CampaignResult): void {
  const worst = findings.find(({ level }) => level === 'MUST') ?? findings[0]
  if (!worst) return
  const others = findings.filter((each) => each !== worst).map((each) => `also: ${lineOf(each)}`)
  const failure = new ConformanceFailure(worst.expected, [wholeOf(worst), ...others].join('\n'))
  failure.level = worst.level
  failure.ofFindings = true
  throw failure
}

function wholeOf({ actual, kind, clause, state, script, times, file, reproduce }: FuzzFinding): string {
  const [last, ...before] = script.toReversed()
  return [
    `${actual} (${kind}, ${clause}${state === '' ? '' : `, ${state}`}; seen ${times} times)`,
    ...before.toReversed().map((line) => `after ${line}`),
    `upon ${last}`,
    `octets in ${file}`,
    reproduce,
  ].join('\n')
}

function lineOf({ level, kind, cell, expected, actual, file }: FuzzFinding): string {
  return `${level} ${kind}, ${cell.requestClass} ${cell.element} ${cell.breakage}: expected ${expected.join(' or ')}; got ${actual} (${file})`
}

async function replayed<Case>(
  language: FuzzLanguage<Case>,
  arena: FuzzArena<Case>,
  options: CampaignOptions<Case> & Required<Pick<CampaignOptions, 'replay'>>,
): Promise<CampaignResult> {
  const now = options.now ?? (() => performance.now())
  const began = now()
  const exhibit = await replay(options.replay, language, arena, options.signal, options.replayTries)
  const { phase, seed, path } = options.replay
  const finding = exhibit && {
    ...(await leaveEvidence(language, arena.transcript, exhibit, { phase, seed, path }, options)),
    times: 1,
  }
  return {
    met: options.replay.cases.length,
    perPhase: {},
    ms: Math.round(now() - began),
    findings: finding ? [finding] : [],
    unreproduced: [],
    matrix: [],
    gaps: [],
  }
}
