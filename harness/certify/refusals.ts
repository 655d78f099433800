import type { KeyObject } from 'node:crypto'
import { readdir } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { Waiver } from '../report/report.ts'
import { type Checkout, changeSince, lookAtCheckout } from './checkout.ts'
import { readSigningKey } from './keys.ts'
import { BundleError } from './sums.ts'

/** What a run would leave out, or accept, that a certificate must not. */
interface CertifyFacts {
  /** Options of the command line that choose among cases, as they are typed. */
  readonly filters: readonly string[]
  readonly waivers: readonly Waiver[]
  /** Mandatory items that the device's statement answers with no. */
  readonly mandatoryDenied: readonly string[]
  readonly checkout: Checkout
}

/** What of the release this machine cannot examine. */
interface Incomplete {
  /** Suites that cannot run here, each with the reason. */
  readonly missingSuites: readonly { readonly name: string; readonly reason: string }[]
  /** Requirements that the wire can show and that no case examines. */
  readonly withoutCase: readonly string[]
}

/** What a run needs to be sealed when it ends. */
export interface Certification {
  readonly commit: string
  readonly key: KeyObject | undefined
}

/** One line for each reason why this run cannot be certified. Pure. */
export function refusals({ filters, waivers, mandatoryDenied, checkout }: CertifyFacts): string[] {
  const flaky = waivers.filter(({ kind }) => kind === 'flaky').map(({ id }) => id)
  return [
    ...(filters.length > 0 ? [`all cases have to run: leave out ${filters.join(', ')}`] : []),
    ...(flaky.length > 0
      ? [`a flaky waiver says that the answer is not known: mend or take out ${flaky.join(', ')}`]
      : []),
    ...mandatoryDenied.map((item) => `the profile answers no to what is mandatory: ${item}`),
    ...('problem' in checkout ? [checkout.problem] : []),
  ].map(line)
}

/** @throws BundleError with a line for each suite, and one for all requirements, that would not be examined */
export function refuseIncomplete({ missingSuites, withoutCase }: Incomplete): void {
  const lines = [
    ...missingSuites.map(({ name, reason }) => `the suite ${name} cannot run here: ${reason}`),
    ...(withoutCase.length > 0 ? [`no suite here has a case for ${withoutCase.join(', ')}`] : []),
  ]
  if (lines.length > 0) throw new BundleError(lines.map(line).join('\n'))
}

function line(reason: string): string {
  return `--certify: ${reason}`
}

interface Asked extends Omit<CertifyFacts, 'checkout'> {
  /** PEM file of the signing key, if one was given. */
  readonly sign: string | undefined
  readonly outDir: string
}

const root = fileURLToPath(new URL('../../', import.meta.url))

/**
 * Looks, before anything runs, whether the run can be certified; all that takes no time is looked at together.
 * @throws BundleError with a line for each reason why it cannot
 */
export async function prepareCertification(asked: Asked): Promise<Certification> {
  const key = asked.sign === undefined ? undefined : await readSigningKey(asked.sign)
  const checkout = await lookAtCheckout(root)
  const lines = refusals({ ...asked, checkout })
  // What an older run has left would be sealed with this one.
  if ((await readdir(asked.outDir).catch(() => [])).length > 0)
    lines.push(line(`${asked.outDir} is not empty; a bundle needs a folder of its own`))
  if (lines.length > 0 || 'problem' in checkout) throw new BundleError(lines.join('\n'))
  return { commit: checkout.commit, key }
}

/**
 * Looks at the checkout again, when the run is over.
 * @returns one line where it is not what it was when the run began: such a run is evidence of no commit
 */
export async function refusalAfter({ commit }: Certification): Promise<string | undefined> {
  const change = await changeSince(root, commit)
  return change === undefined ? undefined : line(`not sealed, the suite changed during the run: ${change}`)
}
