import type { IncomingMessage } from 'node:http'
import type { DigestVerifier } from '../../../reference-agent/connection-request/connection-request.ts'
import { alterServer, alterShown, alterVerifier, grants } from './alter/connection-request.ts'
import type { Mutant } from './mutant.ts'

type Parts = Parameters<Mutant['apply']>[0]

/** Changes the challenges after they were made. */
function alterLines(parts: Parts, alter: (line: string, stale: boolean) => string | undefined): void {
  alterVerifier(
    parts,
    (Base) =>
      class extends Base {
        override challenges(stale: boolean): string[] {
          return super.challenges(stale).flatMap((line) => alter(line, stale) ?? [])
        }
      },
  )
}

/** Changes what is held against a nonce and its count. */
function alterNonces(
  parts: Parts,
  alter: (nonce: string, count: number | undefined, properly: DigestVerifier['useNonce']) => boolean,
): void {
  alterVerifier(
    parts,
    (Base) =>
      class extends Base {
        override useNonce(nonce: string, count: number | undefined): boolean {
          return alter(nonce, count, (...given) => super.useNonce(...given))
        }
      },
  )
}

const authorization = ({ headers }: IncomingMessage): string => headers.authorization ?? ''

/** What is wrong in the credentials of the case is put right before they are judged. */
const lenient = (parts: Parts, pattern: RegExp): void =>
  grants(parts, (request) => pattern.test(authorization(request)))

export const mutants: readonly Mutant[] = [
  {
    name: 'crq-challenge-without-nonce',
    cases: ['CRQ-DIGEST-001'],
    breaks: 'challenges without a nonce',
    apply: (parts) => alterLines(parts, (line) => line.replace(/nonce="\w+", /, '')),
  },
  {
    name: 'crq-sha-256-only',
    cases: ['CRQ-DIGEST-002', 'INT-CR-001'],
    breaks: 'offers SHA-256 only',
    apply: (parts) => alterLines(parts, (line) => (line.includes('SHA-256') ? line : undefined)),
  },
  {
    name: 'crq-offers-what-it-cannot',
    cases: ['CRQ-DIGEST-003'],
    breaks: 'offers SHA-256 and refuses it',
    apply: (parts) =>
      alterShown(parts, (value) => (value.includes('SHA-256') ? value.replace(/response="/, '$&0') : value)),
  },
  {
    name: 'crq-one-nonce-for-all',
    cases: ['CRQ-DIGEST-004'],
    breaks: 'has one nonce for all challenges',
    apply: (parts) =>
      alterVerifier(
        parts,
        (Base) =>
          class extends Base {
            #only: string | undefined
            protected override issueNonce(): string {
              this.#only ??= super.issueNonce()
              return this.#only
            }
          },
      ),
  },
  {
    name: 'crq-any-nonce',
    cases: ['CRQ-DIGEST-005', 'CRQ-DIGEST-006', 'CRQ-DIGEST-007', 'CRQ-DIGEST-008'],
    breaks: 'does not look at nonces',
    apply: (parts) => alterNonces(parts, () => true),
  },
  {
    name: 'crq-takes-credentials-again',
    cases: ['CRQ-DIGEST-006', 'CRQ-DIGEST-007'],
    language: 'connection-request',
    breaks: 'does not look at nonce counts',
    apply: (parts) => {
      const known = new Set<string>()
      alterNonces(parts, (nonce, count, properly) => {
        if (!known.has(nonce) && !properly(nonce, count)) return false
        known.add(nonce)
        return true
      })
    },
  },
  {
    name: 'crq-never-stale',
    cases: ['CRQ-DIGEST-008'],
    breaks: 'never says stale',
    apply: (parts) => alterLines(parts, (line) => line.replace(', stale=true', '')),
  },
  {
    name: 'crq-always-stale',
    cases: ['CRQ-DIGEST-009'],
    breaks: 'always says stale',
    apply: (parts) => alterLines(parts, (line, stale) => (stale ? line : `${line}, stale=true`)),
  },
  {
    name: 'crq-compares-the-beginning',
    cases: ['CRQ-DIGEST-010'],
    breaks: 'compares responses as far as the shorter one goes',
    apply: (parts) => lenient(parts, /response="\w{8}"/),
  },
  {
    name: 'crq-empty-response',
    cases: ['CRQ-DIGEST-010'],
    breaks: 'takes credentials with an empty response',
    apply: (parts) => lenient(parts, /response=""/),
  },
  {
    name: 'crq-any-realm',
    cases: ['CRQ-DIGEST-011'],
    breaks: 'takes the realm from the credentials',
    apply: (parts) => lenient(parts, /realm="a realm of somebody else"/),
  },
  {
    name: 'crq-any-uri',
    cases: ['CRQ-DIGEST-012'],
    breaks: 'takes credentials whatever URI they were made for',
    apply: (parts) => lenient(parts, /uri="\/made\/for\/another"/),
  },
  {
    name: 'crq-refuses-no-qop-and-comes',
    cases: ['CRQ-DIGEST-013'],
    breaks: 'refuses credentials without qop and opens a session all the same',
    apply: (parts) => {
      alterServer(
        parts,
        (Base) =>
          class extends Base {
            protected override judge(request: IncomingMessage) {
              const value = authorization(request)
              if (value === '' || value.includes('qop=')) return super.judge(request)
              setTimeout(() => this.options.requested(), 50)
              return 401
            }
          },
      )
    },
  },
  {
    name: 'crq-grants-no-qop-and-stays-away',
    cases: ['CRQ-DIGEST-013'],
    breaks: 'grants credentials without qop and opens no session',
    apply: (parts) =>
      alterServer(
        parts,
        (Base) =>
          class extends Base {
            protected override handle(
              ...[request, response]: Parameters<InstanceType<typeof Base>['handle']>
            ) {
              const value = authorization(request)
              if (value === '' || value.includes('qop=')) super.handle(request, response)
              else response.writeHead(200, { 'Content-Length': 0 }).end()
            }
          },
      ),
  },
  {
    name: 'crq-nonce-of-its-connection',
    cases: ['CRQ-DIGEST-014'],
    breaks: 'takes a nonce on the TCP connection of its challenge only',
    apply: (parts) =>
      alterServer(
        parts,
        (Base) =>
          class extends Base {
            readonly #challenged = new WeakSet<object>()
            protected override judge(request: IncomingMessage) {
              const status = super.judge(request)
              if (status === 200 && !this.#challenged.has(request.socket)) return 401
              this.#challenged.add(request.socket)
              return status
            }
          },
      ),
  },
  {
    name: 'crq-user-in-any-case',
    cases: ['CRQ-DIGEST-015'],
    breaks: 'compares user names without regard to case',
    apply: (parts) => lenient(parts, /username="CONFORMANCE-ACS"/),
  },
  {
    name: 'crq-deaf-after-malformed-credentials',
    cases: ['FUZZ-CR-001', 'CRQ-DIGEST-016'],
    language: 'connection-request',
    breaks: 'refuses everybody after malformed credentials',
    apply: (parts) => {
      let isBroken = false
      alterShown(parts, (value) => {
        isBroken ||= !value.includes('response=')
        return isBroken ? '' : value
      })
    },
  },
]
