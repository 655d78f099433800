import {
  type Bundle,
  type Certification,
  prepareCertification,
  refuseIncomplete,
  sealBundle,
} from '../certify/certify.ts'
import { mandatoryItemsAnsweredNo, type Profile } from '../dut/dut.ts'
import type { RealAcsPlan } from '../peers/peers.ts'
import type { Waiver } from '../report/report.ts'
import type { Requirement } from '../requirements/requirements.ts'
import { realAcsSuite } from '../suite-names.ts'
import type { Arguments } from './arguments.ts'
import { collectCases } from './catalogue.ts'

/**
 * What `--certify` needs of a command line, a profile and this checkout.
 * @throws BundleError with a line for each reason why this run cannot be certified
 */
export function certificationOf(
  given: Arguments,
  profile: Profile,
  waivers: readonly Waiver[],
  outDir: string,
): Promise<Certification> {
  return prepareCertification({
    sign: given.sign,
    outDir,
    waivers,
    filters: filtersOf(given),
    mandatoryDenied: mandatoryItemsAnsweredNo(profile).map(({ name, clause }) => `${name} (${clause})`),
  })
}

/** @throws BundleError when a suite cannot run on this machine, or a requirement of the release has no case here */
export async function refuseLeftOut(
  given: Arguments,
  { unavailable }: RealAcsPlan,
  requirements: ReadonlyMap<string, Requirement>,
): Promise<void> {
  const known = new Set((await collectCases(given)).map(({ id }) => id))
  refuseIncomplete({
    missingSuites: unavailable === undefined ? [] : [{ name: realAcsSuite, reason: unavailable }],
    withoutCase: [...requirements.values()]
      .filter(({ excluded, retired }) => excluded === undefined && retired === undefined)
      .map(({ id }) => id)
      .filter((id) => !known.has(id)),
  })
}

/** Seals the report and says so; an interrupted run has no bundle, because it would look like evidence. */
export async function seal(bundle: Bundle): Promise<void> {
  if (bundle.verdict.interrupted) {
    console.log(`${bundle.folder} is not sealed: the run was interrupted`)
    return
  }
  const { result, because, key } = await sealBundle(bundle)
  console.log(`bundle: ${bundle.folder}, ${key ? `signed by ${key.fingerprint}` : 'not signed'}`)
  for (const line of [result, ...because]) console.log(`  ${line}`)
}

/** The options that choose among the cases, or say how much of them is met. */
function filtersOf(given: Arguments): string[] {
  const chosen: Record<string, boolean> = {
    '--suite': given.suites.length > 0,
    '--grep': given.grep !== undefined,
    '--level': given.level !== 'MAY',
    '--shard': given.shard !== undefined,
    '--phases': given.phases !== undefined,
    '--budget': given.budget !== undefined,
    'options for vitest': given.vitest.length > 0,
  }
  return Object.keys(chosen).filter((name) => chosen[name])
}
