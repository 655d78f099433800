import type { AgentParts } from '../../../../reference-agent/agent.ts'
import { Authenticator } from '../../../../reference-agent/transport/transport.ts'

/** What the reference agent can do wrong with a challenge and its credentials. */

type Challenges = Parameters<Authenticator['digestAnswer']>[0]
type DigestAnswer = Extract<ReturnType<Authenticator['digestAnswer']>, { scheme: 'digest' }>
type AuthenticatorClass = new (...args: ConstructorParameters<typeof Authenticator>) => Authenticator

/** Puts a subclass in place of what answers challenges. */
export function alterAuthenticator(
  parts: AgentParts,
  subclass: (base: typeof Authenticator) => AuthenticatorClass,
): void {
  const Altered = subclass(Authenticator)
  parts.createAuthenticator = (credentials, random) => new Altered(credentials, random)
}

/** Changes the WWW-Authenticate lines of a 401 before they are read. */
export function alterChallengeLines(parts: AgentParts, alter: (lines: string[]) => string[]): void {
  alterAuthenticator(
    parts,
    (Base) =>
      class extends Base {
        override challenged(lines: readonly string[], connection: number): boolean {
          return super.challenged(alter([...lines]), connection)
        }
      },
  )
}

/** Changes which challenges are considered for Digest. */
export function alterChallenges(parts: AgentParts, alter: (challenges: Challenges) => Challenges): void {
  alterAuthenticator(
    parts,
    (Base) =>
      class extends Base {
        override digestAnswer(challenges: Challenges, connection: number) {
          return super.digestAnswer(alter(challenges), connection)
        }
      },
  )
}

/** Changes what is remembered of a Digest challenge. */
export function alterDigest(parts: AgentParts, alter: (answer: DigestAnswer) => Partial<DigestAnswer>): void {
  alterAuthenticator(
    parts,
    (Base) =>
      class extends Base {
        override digestAnswer(challenges: Challenges, connection: number) {
          const answer = super.digestAnswer(challenges, connection)
          return answer?.scheme === 'digest' ? { ...answer, ...alter(answer) } : answer
        }
      },
  )
}

/** Changes the text of Authorization. */
export function alterAuthorization(parts: AgentParts, alter: (value: string) => string): void {
  alterAuthenticator(
    parts,
    (Base) =>
      class extends Base {
        override authorization(method: string, url: URL, connection: number): string | undefined {
          const value = super.authorization(method, url, connection)
          return value === undefined ? undefined : alter(value)
        }
      },
  )
}

/** Names another target than that of the request as uri, in the computation, too. */
export function alterUri(parts: AgentParts, alter: (url: URL) => string): void {
  alterAuthenticator(
    parts,
    (Base) =>
      class extends Base {
        override authorization(method: string, url: URL, connection: number): string | undefined {
          const target = { pathname: alter(url), search: '' } as URL
          return super.authorization(method, target, connection)
        }
      },
  )
}
