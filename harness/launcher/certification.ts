import {
  type Bundle,
  type Certification,
  prepareCertification,
  refusalAfter,
  refuseIncomplete,
  sealBundle,
} from '../certify/certify.ts'
import { mandatoryItemsAnsweredNo, type Profile } from '../dut/dut.ts'
import type { RealAcsPlan } from '../peers/peers.ts'
import { keepReport, type Waiver } from '../report/report.ts'
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

/**
 * Seals the report and says so; an interrupted run has no bundle, because it would look like evidence. Nor has one whose suite is not what
 * it was, or whose seal cannot be written: one line on stderr says so.
 * @param look whether something has changed since the run began
 * @returns whether the run has what it was to have
 */
export async function seal(bundle: Bundle, look = refusalAfter): Promise<boolean> {
  const { folder, verdict, certification } = bundle
  if (verdict.interrupted) {
    console.log(`${folder} is not sealed: the run was interrupted`)
    return true
  }
  const refusal = await look(certification)
  if (refusal !== undefined) {
    console.error(refusal)
    return false
  }
  return await keepReport(folder, async () => {
    const { result, because, key } = await sealBundle(bundle)
    console.log(`bundle: ${folder}, ${key ? `signed by ${key.fingerprint}` : 'not signed'}`)
    for (const line of [result, ...because]) console.log(`  ${line}`)
  })
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
