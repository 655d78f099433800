import { createHash, sign } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Profile } from '../dut/dut.ts'
import type { VerdictFile } from '../report/report.ts'
import type { Requirement } from '../requirements/requirements.ts'
import { fingerprint, publicPem } from './keys.ts'
import { maskedProfile } from './profile-copy.ts'
import type { Certification } from './refusals.ts'
import { contentsOf, formatSums, signatureFile, sumOf, sumsFile } from './sums.ts'

export const keyFile = 'public-key.pem'
export const statementFile = 'statement.json'

/** Files without which a bundle is none. */
export const requiredFiles: readonly string[] = [
  ...['verdict.json', 'junit.xml', 'index.html'],
  ...['profile.json', 'requirements.json', statementFile],
]

/** What a bundle says in short; everything else in it is there to prove this. */
export interface Statement {
  readonly format: 1
  /** By every MUST that the device claims: met, broken, or not known because something could not be examined. */
  readonly result: 'conforming' | 'not conforming' | 'inconclusive'
  readonly because: readonly string[]
  readonly suite: { readonly version: string; readonly commit: string }
  readonly dut: VerdictFile['dut']
  readonly startedAt: string
  readonly seed: number
  readonly totals: VerdictFile['totals']
  /** Waived or not. */
  readonly notMet: readonly string[]
  readonly waived: readonly string[]
  /** Of the file `public-key.pem`, so that an altered key is told from an altered list. */
  readonly key?: { readonly fingerprint: string; readonly fileSha256: string }
}

/** What is sealed besides the report that the run has left in the folder. */
export interface Bundle {
  readonly folder: string
  readonly verdict: VerdictFile
  readonly profile: Profile
  readonly requirements: ReadonlyMap<string, Requirement>
  readonly certification: Certification
}

/** Makes the report a bundle: nothing in it can change any more without being noticed. @returns its statement */
export async function sealBundle(bundle: Bundle): Promise<Statement> {
  const { folder, certification } = bundle
  const { key } = certification
  const write = (name: string, content: string | Uint8Array) => writeFile(join(folder, name), content)
  const pem = key ? publicPem(key) : undefined
  const statement: Statement = {
    ...stated(bundle),
    ...(key &&
      pem !== undefined && {
        key: {
          fingerprint: fingerprint(key),
          fileSha256: createHash('sha256').update(pem).digest('hex'),
        },
      }),
  }
  await write('profile.json', json(maskedProfile(bundle.profile)))
  await write('requirements.json', json([...bundle.requirements.values()]))
  await write(statementFile, json(statement))
  if (pem !== undefined) await write(keyFile, pem)

  const sums = new Map<string, string>()
  for (const path of (await contentsOf(folder)).files) sums.set(path, await sumOf(join(folder, path)))
  const list = formatSums(sums)
  await write(sumsFile, list)
  if (key) await write(signatureFile, sign(null, Buffer.from(list), key))
  return statement
}

function stated({ verdict, certification, requirements }: Bundle): Statement {
  const { suiteVersion, dut, startedAt, seed, totals, notMet, cases } = verdict
  const judged = new Set(cases.map(({ id }) => id))
  const missing = [...requirements.values()].filter(
    ({ id, excluded, retired }) => excluded === undefined && retired === undefined && !judged.has(id),
  )
  const [result, because] = resultOf(
    verdict,
    missing.map(({ id }) => id),
  )
  return {
    format: 1,
    result,
    because,
    suite: { version: suiteVersion, commit: certification.commit },
    dut,
    startedAt,
    seed,
    totals,
    notMet,
    waived: cases.filter((subject) => subject.verdict === 'WAIVED').map(({ id }) => id),
  }
}

/** A MUST that was seen broken is broken, whatever else went wrong; a gate may be red for less. */
function resultOf(verdict: VerdictFile, missing: readonly string[]): [Statement['result'], string[]] {
  const { cases, units, notMet, badPeers = [] } = verdict
  if (notMet.length > 0) return ['not conforming', [`not met: ${notMet.join(', ')}`]]
  const untestable = cases.filter((subject) => subject.verdict === 'UNTESTABLE' && subject.level === 'MUST')
  const errors = cases.filter((subject) => subject.verdict === 'ERROR')
  const failedUnits = units.filter(({ state }) => state === 'failed')
  const named = (what: string, names: readonly string[]) =>
    names.length === 0 ? [] : [`${what}: ${names.join(', ')}`]
  const because = [
    ...named('not examined', missing),
    ...named(
      'could not be tested',
      untestable.map(({ id }) => id),
    ),
    ...named(
      'ended in an error',
      errors.map(({ id }) => id),
    ),
    ...named(
      'unit tests of the suite failed',
      failedUnits.map(({ name }) => name),
    ),
    ...badPeers,
  ]
  return because.length > 0 ? ['inconclusive', because] : ['conforming', []]
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`
}
