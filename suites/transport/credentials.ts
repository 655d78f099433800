import type { AcsAuthentication, AcsSession, Exchange } from '../../harness/acs/acs.ts'
import { ConformanceFailure } from '../../harness/conformance.ts'
import type { TestBed } from '../../harness/testbed/testbed.ts'

type Digest = Extract<AcsAuthentication, { scheme: 'digest' }>
type Basic = Extract<AcsAuthentication, { scheme: 'basic' }>

/** Has the ACS ask for the credentials of the profile by Digest (TR-069 3.4.5). */
export function askForDigest(cpe: TestBed, knobs: Omit<Partial<Digest>, 'scheme'> = {}): void {
  cpe.acs.authentication = { scheme: 'digest', ...credentialsOf(cpe), ...knobs }
}

/** Has the ACS ask for the credentials of the profile by Basic. */
export function askForBasic(cpe: TestBed, knobs: Omit<Partial<Basic>, 'scheme'> = {}): void {
  cpe.acs.authentication = { scheme: 'basic', ...credentialsOf(cpe), ...knobs }
}

function credentialsOf({ profile }: TestBed): { username: string; password: string } {
  const { acsUsername, acsPassword } = profile.pixit.credentials
  return { username: acsUsername, password: acsPassword }
}

/** The Digest parameters of every request of a session that was let in by them, in order. */
export function digestsOf(session: AcsSession): ReadonlyMap<string, string>[] {
  return session.exchanges.flatMap(({ authorization }) =>
    authorization?.accepted ? [authorization.parameters] : [],
  )
}

/** Holds the credentials of a session to have none of the flaws that match, be they improper or refused. */
export function assertNoFlaw(
  { exchanges }: Pick<AcsSession, 'exchanges'>,
  flaw: RegExp,
  expected: string,
): void {
  for (const { authorization, transcriptSeq } of exchanges) {
    const { findings = [], problem = '' } = authorization ?? {}
    const found = [...findings, problem].find((finding) => flaw.test(finding))
    if (found === undefined) continue
    const failure = new ConformanceFailure(expected, found)
    failure.transcriptSeq = transcriptSeq
    throw failure
  }
}

/** Answers a request with 401 and challenges as the case spells them. */
export function challenge(post: Exchange, ...challenges: string[]): Promise<void> {
  return post.respond({ status: 401, headers: { 'WWW-Authenticate': challenges } })
}
