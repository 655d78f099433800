import type { AgentParts } from '../../../reference-agent/agent.ts'
import { HttpConnection, type HttpRequest } from '../../../reference-agent/transport/transport.ts'
import { alterAuthenticator, alterAuthorization, alterChallengeLines } from './alter/authentication.ts'
import { alterExchange, alterPosts } from './alter/wire.ts'
import { alterStateAtBoot } from './alter/writing.ts'
import type { Mutant } from './mutant.ts'

/** Changes the requests that show credentials. */
function alterCredentialed(parts: AgentParts, alter: (request: HttpRequest) => HttpRequest): void {
  alterPosts(parts, (request) =>
    request.headers.some(([name]) => name === 'Authorization') ? alter(request) : request,
  )
}

export const mutants: readonly Mutant[] = [
  {
    name: 'auth-another-method',
    cases: ['AUTH-001'],
    breaks: 'computes its Digest response for GET',
    apply: (parts) =>
      alterAuthenticator(
        parts,
        (Base) =>
          class extends Base {
            override authorization(_method: string, url: URL, connection: number): string | undefined {
              return super.authorization('GET', url, connection)
            }
          },
      ),
  },
  {
    name: 'auth-without-digest',
    cases: ['AUTH-001', 'AUTH-014'],
    breaks: 'knows Basic alone',
    apply: (parts) => alterChallengeLines(parts, (lines) => lines.filter((line) => line.startsWith('Basic'))),
  },
  {
    name: 'auth-first-scheme-alone',
    cases: ['AUTH-013'],
    breaks: 'gives up when the first scheme is one that it does not know',
    apply: (parts) =>
      alterChallengeLines(parts, (lines) => (/^(digest|basic) /i.test(lines[0] ?? '') ? lines : [])),
  },
  {
    name: 'auth-basic-where-first',
    cases: ['AUTH-014'],
    breaks: 'shows its password in plain text where Basic is offered before Digest',
    apply: (parts) =>
      alterChallengeLines(parts, (lines) =>
        lines.toSorted((a, b) => Number(!a.startsWith('Basic')) - Number(!b.startsWith('Basic'))).slice(0, 1),
      ),
  },
  {
    name: 'auth-without-basic',
    cases: ['AUTH-015'],
    breaks: 'knows Digest alone',
    apply: (parts) =>
      alterChallengeLines(parts, (lines) => lines.filter((line) => !line.startsWith('Basic'))),
  },
  {
    name: 'auth-basic-in-plain-text',
    cases: ['AUTH-015'],
    breaks: 'does not encode its Basic credentials',
    apply: (parts) =>
      alterAuthorization(parts, (value) =>
        value.replace(/^Basic (.*)$/, (_, encoded: string) => `Basic ${Buffer.from(encoded, 'base64')}`),
      ),
  },
  {
    name: 'auth-stale-is-refused',
    cases: ['AUTH-016'],
    breaks: 'takes a stale nonce for a refusal',
    apply: (parts) =>
      alterAuthenticator(
        parts,
        (Base) =>
          class extends Base {
            override isStale(): boolean {
              return false
            }
          },
      ),
  },
  {
    name: 'auth-stale-nonce-again',
    cases: ['AUTH-016'],
    breaks: 'tries again with the stale nonce',
    apply: (parts) =>
      alterAuthenticator(
        parts,
        (Base) =>
          class extends Base {
            #isAnswered = false

            override challenged(lines: readonly string[], connection: number): boolean {
              if (this.#isAnswered) return true
              this.#isAnswered = super.challenged(lines, connection)
              return this.#isAnswered
            }
          },
      ),
  },
  {
    name: 'auth-refused-again',
    cases: ['AUTH-017', 'AUTH-030'],
    breaks: 'shows credentials again that were refused',
    apply: (parts) =>
      alterAuthenticator(
        parts,
        (Base) =>
          class extends Base {
            override isStale(): boolean {
              return true
            }
          },
      ),
  },
  {
    name: 'auth-inform-alone-challenged',
    cases: ['AUTH-018'],
    breaks: 'does not answer a challenge after the InformResponse',
    apply: (parts) =>
      alterExchange(parts, async (request, properly) => {
        const response = await properly(request)
        const headers = { ...response.headers, 'www-authenticate': undefined }
        return request.body.includes('<cwmp:Inform>') ? response : { ...response, headers }
      }),
  },
  {
    name: 'auth-challenge-costs-message',
    cases: ['AUTH-018'],
    breaks: 'answers a challenge in mid-session with an empty POST',
    apply: (parts) => {
      let isChallenged = false
      alterExchange(parts, async (request, properly) => {
        const isInform = request.body.includes('<cwmp:Inform>')
        const isSecond = isChallenged && !isInform
        const response = await properly(isSecond ? { ...request, body: Buffer.alloc(0) } : request)
        isChallenged = response.status === 401
        return response
      })
    },
  },
  {
    name: 'auth-on-new-connection',
    cases: ['AUTH-019'],
    breaks: 'closes the connection after a challenge',
    apply: (parts) => {
      parts.createConnection = (options) => {
        let inner = new HttpConnection(options)
        return new (class extends HttpConnection {
          override async roundTrip(request: HttpRequest) {
            const response = await inner.roundTrip(request)
            if (response.status === 401) {
              inner.close()
              inner = new HttpConnection(options)
            }
            return response
          }

          override close(): void {
            inner.close()
          }
        })(options)
      }
    },
  },
  {
    name: 'auth-closed-with-challenge',
    cases: ['AUTH-020'],
    breaks: 'does not answer a challenge that closes the connection',
    apply: (parts) =>
      alterExchange(parts, async (request, properly) => {
        const response = await properly(request)
        if (response.status !== 401 || response.headers.connection !== 'close') return response
        return { ...response, headers: { ...response.headers, 'www-authenticate': undefined } }
      }),
  },
  {
    name: 'auth-shown-everywhere',
    cases: ['AUTH-021'],
    breaks: 'shows its credentials to another host unasked',
    apply: (parts) =>
      alterAuthenticator(
        parts,
        (Base) =>
          class extends Base {
            override reset(): void {}
          },
      ),
  },
  {
    name: 'auth-inform-alone-credentialed',
    cases: ['AUTH-022'],
    breaks: 'shows its credentials with the Inform alone',
    apply: (parts) =>
      alterCredentialed(parts, (request) =>
        request.body.includes('<cwmp:Inform>')
          ? request
          : { ...request, headers: request.headers.filter(([name]) => name !== 'Authorization') },
      ),
  },
  {
    name: 'auth-again-without-soap-action',
    cases: ['AUTH-023'],
    breaks: 'repeats a request without its SOAPAction',
    apply: (parts) =>
      alterCredentialed(parts, (request) => ({
        ...request,
        headers: request.headers.filter(([name]) => name !== 'SOAPAction'),
      })),
  },
  {
    name: 'auth-again-is-retry',
    cases: ['AUTH-023'],
    breaks: 'counts a challenge as an unsuccessful session',
    apply: (parts) =>
      alterCredentialed(parts, (request) => ({
        ...request,
        body: Buffer.from(request.body.toString().replace('<RetryCount>0<', '<RetryCount>1<')),
      })),
  },
  {
    name: 'auth-unknown-algorithm-as-md5',
    cases: ['AUTH-024'],
    breaks: 'computes MD5 where it does not know the algorithm',
    apply: (parts) =>
      alterChallengeLines(parts, (lines) => lines.map((line) => line.replace('SHA3-1024', 'MD5'))),
  },
  {
    name: 'auth-scheme-in-one-case',
    cases: ['AUTH-027'],
    breaks: 'knows schemes in their usual spelling alone',
    apply: (parts) =>
      alterChallengeLines(parts, (lines) => lines.filter((line) => /^(Digest|Basic) /.test(line))),
  },
  {
    name: 'auth-no-space-at-equals',
    cases: ['AUTH-027'],
    breaks: 'does not read parameters with white space at their equals signs',
    apply: (parts) => alterChallengeLines(parts, (lines) => lines.filter((line) => !/\s=|=\s/.test(line))),
  },
  {
    name: 'auth-one-challenge-a-line',
    cases: ['AUTH-028'],
    breaks: 'knows the scheme at the beginning of a header field alone',
    apply: (parts) =>
      alterChallengeLines(parts, (lines) => lines.filter((line) => /^(digest|basic) /i.test(line))),
  },
  {
    name: 'auth-scheme-anywhere',
    cases: ['AUTH-028'],
    breaks: 'takes a scheme in a quoted string for a challenge',
    apply: (parts) =>
      alterChallengeLines(parts, (lines) => lines.map((line) => line.replace(/^Newauth.*?(?=Digest)/, ''))),
  },
  {
    name: 'auth-credentials-of-the-first-session',
    cases: ['AUTH-032'],
    breaks: 'goes on authenticating by the credentials that it had first',
    apply: (parts) => {
      const { createAuthenticator } = parts
      let first: Parameters<typeof createAuthenticator>[0] | undefined
      parts.createAuthenticator = (credentials, random) => {
        first ??= { ...credentials }
        return createAuthenticator(first, random)
      }
    },
  },
  {
    name: 'auth-password-lost-at-boot',
    cases: ['AUTH-033'],
    breaks: 'has the password of the factory again after each boot',
    apply: (parts) =>
      alterStateAtBoot<Record<string, string>>(
        parts,
        'datamodel.values',
        ({ 'Device.ManagementServer.Password': _, ...kept }) => kept,
      ),
  },
]
