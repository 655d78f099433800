import { digestAlgorithm } from '../../../reference-agent/transport/transport.ts'
import {
  alterAuthenticator,
  alterAuthorization,
  alterChallengeLines,
  alterChallenges,
  alterDigest,
  alterUri,
} from './alter/authentication.ts'
import type { Mutant } from './mutant.ts'

export const mutants: readonly Mutant[] = [
  {
    name: 'digest-count-stands-still',
    cases: ['AUTH-002'],
    breaks: 'has nc=00000001 in each request',
    apply: (parts) =>
      alterAuthenticator(
        parts,
        (Base) =>
          class extends Base {
            override nextCount(): number {
              return 1
            }
          },
      ),
  },
  {
    name: 'digest-counts-from-zero',
    cases: ['AUTH-003', 'AUTH-029'],
    breaks: 'has nc=00000000 in its first request',
    apply: (parts) => alterDigest(parts, (_answer) => ({ count: -1 })),
  },
  {
    name: 'digest-counts-on',
    cases: ['AUTH-029'],
    breaks: 'goes on counting when it is given another nonce',
    apply: (parts) =>
      alterAuthenticator(
        parts,
        (Base) =>
          class extends Base {
            #uses = 0

            override nextCount(): number {
              this.#uses += 1
              return this.#uses
            }
          },
      ),
  },
  {
    name: 'digest-cnonce-of-session',
    cases: ['AUTH-004'],
    breaks: 'keeps its cnonce on the next connection',
    apply: (parts) =>
      alterAuthenticator(
        parts,
        (Base) =>
          class extends Base {
            override refreshCnonce(): void {}
          },
      ),
  },
  {
    name: 'digest-cnonce-constant',
    cases: ['AUTH-004'],
    breaks: 'has always the same cnonce',
    apply: (parts) =>
      alterAuthenticator(
        parts,
        (Base) =>
          class extends Base {
            override newCnonce(): string {
              return '0a4f113b'
            }
          },
      ),
  },
  {
    name: 'digest-uri-without-query',
    cases: ['AUTH-005'],
    breaks: 'names the path alone as uri',
    apply: (parts) => alterUri(parts, ({ pathname }) => pathname),
  },
  {
    name: 'digest-uri-absolute',
    cases: ['AUTH-005'],
    breaks: 'names the whole URL as uri',
    apply: (parts) => alterUri(parts, ({ href }) => href),
  },
  {
    name: 'digest-uri-root',
    cases: ['AUTH-005'],
    breaks: 'names / as uri, whatever the target',
    apply: (parts) => alterUri(parts, () => '/'),
  },
  {
    name: 'digest-without-opaque',
    cases: ['AUTH-006'],
    breaks: 'does not return opaque',
    apply: (parts) => alterDigest(parts, () => ({ opaque: undefined })),
  },
  {
    name: 'digest-opaque-cut',
    cases: ['AUTH-006'],
    breaks: 'returns opaque up to its first blank',
    apply: (parts) => alterDigest(parts, (answer) => ({ opaque: answer.opaque?.split(' ', 1)[0] })),
  },
  {
    name: 'digest-realm-up-to-comma',
    cases: ['AUTH-007'],
    breaks: 'reads a realm up to its first comma',
    apply: (parts) => alterDigest(parts, (answer) => ({ realm: answer.realm.replace(/,.*/, '') })),
  },
  {
    name: 'digest-realm-up-to-equals',
    cases: ['AUTH-007'],
    breaks: 'reads a realm up to its first equals sign',
    apply: (parts) => alterDigest(parts, (answer) => ({ realm: answer.realm.replace(/=.*/, '') })),
  },
  {
    name: 'digest-quoted-qop',
    cases: ['AUTH-008'],
    breaks: 'puts qop into quotes',
    apply: (parts) => alterAuthorization(parts, (value) => value.replace('qop=auth', 'qop="auth"')),
  },
  {
    name: 'digest-quoted-count',
    cases: ['AUTH-008'],
    breaks: 'puts nc into quotes',
    apply: (parts) => alterAuthorization(parts, (value) => value.replace(/\bnc=(\w+)/, 'nc="$1"')),
  },
  {
    name: 'digest-bare-uri',
    cases: ['AUTH-008'],
    breaks: 'writes uri without quotes',
    apply: (parts) => alterAuthorization(parts, (value) => value.replace(/\buri="([^"]*)"/, 'uri=$1')),
  },
  {
    name: 'digest-algorithm-required',
    cases: ['AUTH-009'],
    breaks: 'does not answer a challenge without algorithm',
    apply: (parts) =>
      alterChallenges(parts, (challenges) =>
        challenges.filter(({ parameters }) => parameters.has('algorithm')),
      ),
  },
  {
    name: 'digest-sess-as-plain',
    cases: ['AUTH-010'],
    breaks: 'computes MD5-sess as MD5',
    apply: (parts) =>
      alterDigest(parts, ({ algorithm }) => ({ algorithm: { ...algorithm, session: false } })),
  },
  {
    name: 'digest-without-sess',
    cases: ['AUTH-010'],
    breaks: 'does not know MD5-sess',
    apply: (parts) => alterChallengeLines(parts, (lines) => lines.filter((line) => !/-sess/i.test(line))),
  },
  {
    name: 'digest-sha-256-as-md5',
    cases: ['AUTH-011'],
    breaks: 'computes MD5 where SHA-256 is asked for',
    apply: (parts) =>
      alterDigest(parts, ({ algorithmName, algorithm }) => ({
        algorithm: algorithmName === 'SHA-256' ? digestAlgorithm('MD5') : algorithm,
      })),
  },
  {
    name: 'digest-without-sha-256',
    cases: ['AUTH-011'],
    breaks: 'does not know SHA-256',
    apply: (parts) => alterChallengeLines(parts, (lines) => lines.filter((line) => !/SHA-256/i.test(line))),
  },
  {
    name: 'digest-first-challenge-alone',
    cases: ['AUTH-012', 'AUTH-013'],
    breaks: 'looks at the first challenge alone',
    apply: (parts) => alterChallengeLines(parts, (lines) => lines.slice(0, 1)),
  },
  {
    name: 'digest-first-digest-alone',
    cases: ['AUTH-012'],
    breaks: 'looks at the first Digest challenge alone',
    apply: (parts) =>
      alterChallenges(parts, (challenges) =>
        challenges.filter(({ scheme }) => scheme === 'digest').slice(0, 1),
      ),
  },
  {
    name: 'digest-qop-list-unknown',
    cases: ['AUTH-025'],
    breaks: 'does not answer where more than auth is offered',
    apply: (parts) =>
      alterChallenges(parts, (challenges) =>
        challenges.filter(({ parameters }) => !parameters.get('qop')?.includes(',')),
      ),
  },
  {
    name: 'digest-qop-list-returned',
    cases: ['AUTH-025'],
    breaks: 'returns the whole list of qop',
    apply: (parts) => alterAuthorization(parts, (value) => value.replace('qop=auth', 'qop="auth,auth-int"')),
  },
  {
    name: 'digest-qop-required',
    cases: ['AUTH-026'],
    breaks: 'does not answer a challenge without qop',
    apply: (parts) =>
      alterChallenges(parts, (challenges) => challenges.filter(({ parameters }) => parameters.has('qop'))),
  },
  {
    name: 'digest-realm-not-unescaped',
    cases: ['AUTH-031'],
    breaks: 'takes the backslashes of a quoted realm for part of it',
    apply: (parts) => alterDigest(parts, (answer) => ({ realm: answer.realm.replace(/["\\]/g, '\\$&') })),
  },
  {
    name: 'digest-realm-not-escaped',
    cases: ['AUTH-031'],
    breaks: 'writes quotes and backslashes of a realm as they are',
    apply: (parts) => alterAuthorization(parts, (value) => value.replace(/\\(["\\])/g, '$1')),
  },
]
