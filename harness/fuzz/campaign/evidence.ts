import { join, relative } from 'node:path'
import fc from 'fast-check'
import { commandName } from '../../command-name.ts'
import type { Transcript } from '../../cwmp/transcript.ts'
import type { FuzzFinding } from '../../report/verdict.ts'
import { suiteVersion } from '../../suite-version.ts'
import type { FuzzLanguage } from './field.ts'
import type { Exhibit, Origin } from './inquest.ts'
import type { CampaignOptions } from './options.ts'
import { FORMAT, fileOf, mapStrings, type Repro, wireOf, writeRepro } from './repro.ts'

/** Characters of a text that a device may have made endless. */
const LONGEST = 4000

/**
 * Leaves the repro file of a finding and says what a report shows of it. No secret of the device gets into either.
 * Throws what the file system throws.
 */
export async function leaveEvidence<Case>(
  language: FuzzLanguage<Case>,
  transcript: Transcript,
  exhibit: Exhibit<Case>,
  origin: Origin,
  options: Pick<CampaignOptions, 'id' | 'seed' | 'runSeed' | 'outDir' | 'reproduce'>,
): Promise<Omit<FuzzFinding, 'times'>> {
  const { script, wrong, answer, state } = exhibit
  const masked = (text: string) => cut(transcript.masked(text))
  const last = script.at(-1) as Case
  const { requestClass, element, breakage } = language.cellOf(last)
  const common = {
    cell: { requestClass, element, breakage },
    phase: origin.phase,
    kind: wrong.kind,
    level: wrong.level,
    clause: wrong.clause,
    expected: wrong.expected.map(masked),
    actual: masked(wrong.actual),
    answer,
    state,
    script: script.map((one) => masked(language.describe(one))),
  }
  const replayPath = /replayPath="([^"]+)"/.exec(fc.stringify(last))?.[1]
  const reproduce = (name: string): string => {
    const file = shownPath(join(options.outDir, fileOf(name)))
    return options.reproduce?.(file) ?? `${commandName} --replay ${file}`
  }
  const contents = (name: string): Repro => ({
    format: FORMAT,
    suiteVersion,
    id: options.id,
    language: language.name,
    runSeed: options.runSeed ?? options.seed,
    ...(origin.seed !== undefined && { seed: origin.seed }),
    ...(origin.path !== undefined && { path: origin.path }),
    ...(replayPath !== undefined && { replayPath }),
    ...common,
    cases: script.map((one) => mapStrings(language.toJson(one), (text) => transcript.hidden(text))),
    wire: wireOf(exhibit.wire, transcript),
    reproduce: reproduce(name),
  })
  const wanted = [options.id, requestClass, wrong.kind, answer].map(word).filter(Boolean).join('-')
  const name = await writeRepro(options.outDir, wanted, contents)
  const requests = script.reduce((sum, one) => sum + (language.requestsOf?.(one) ?? 1), 0)
  return { name, ...common, requests, file: fileOf(name), reproduce: reproduce(name) }
}

/** From where the command is typed, if it is below that. */
export function shownPath(file: string): string {
  const below = relative(process.cwd(), file)
  return below.startsWith('..') ? file : below
}

/** A part of a file name. */
function word(text: string): string {
  return text
    .replace(/[^\w.-]+/g, '_')
    .replace(/^_+|_+$/g, '')
    .slice(0, 40)
}

function cut(text: string): string {
  return text.length <= LONGEST
    ? text
    : `${text.slice(0, LONGEST)} … ${text.length - LONGEST} more characters`
}
