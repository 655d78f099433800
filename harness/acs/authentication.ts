import { randomBytes, timingSafeEqual } from 'node:crypto'
import {
  type AuthenticationField,
  type DigestAlgorithm,
  digestAlgorithm,
  digestResponse,
  formatAuthentication,
  parseAuthentication,
} from './digest.ts'

/** A request as far as its credentials are concerned. */
export interface GuardedRequest {
  readonly method: string
  /** The request target as sent. */
  readonly path: string
  readonly body: Uint8Array
  /** Value of a header field; undefined if absent. */
  header(name: string): string | undefined
  /** What its credentials were worth, once judged. */
  authorization: AuthorizationCheck | undefined
}

interface Credentials {
  username: string
  password: string
}

/** What every authentication can do against the rules or beyond the usual. */
interface AuthenticationKnobs {
  /** `cwmp` unless given. */
  realm?: string
  /** Answers 401 even to right credentials: the session must end as unsuccessful (TR-069 3.7.1.4). */
  refuse?: boolean
  /** Wants credentials with each request and not only with the first of a connection. */
  everyRequest?: boolean
  /** Says `Connection: close` with the 401, so that the device comes back on a new connection. */
  close?: boolean
  /** Values of WWW-Authenticate that stand before the proper ones, such as a scheme that nobody knows. */
  extraChallenges?: string[]
  /** Values of WWW-Authenticate in the place of the proper ones; none at all for an empty list. */
  rawChallenges?: string[]
}

interface DigestKnobs {
  /** One challenge for each, in that order; MD5 unless given. */
  algorithms?: DigestAlgorithm[]
  /** `auth` for true and unless given; false leaves qop out (RFC 2069 form). */
  qop?: boolean | 'auth' | 'auth-int' | 'auth,auth-int'
  /** So many times right credentials are answered with a new nonce and `stale=true`. */
  stale?: number
  opaque?: string
  domain?: string
  /** Leaves `algorithm` out of an MD5 challenge, as RFC 2617 allows. */
  omitAlgorithm?: boolean
}

/** How the ACS lets devices in. Without TLS an ACS must not use Basic (TR-069 3.4.4); a case may all the same. */
export type AcsAuthentication =
  | { scheme: 'none' }
  | ({ scheme: 'basic' } & Credentials & AuthenticationKnobs)
  | ({ scheme: 'digest' } & Credentials & AuthenticationKnobs & DigestKnobs)

/** What the Authorization header of a request was worth. */
export interface AuthorizationCheck {
  /** Whether the ACS let the request in. */
  accepted: boolean
  /** As sent; undefined without credentials. */
  scheme?: string
  /** Parameters of the credentials by lower-case name, without `response`. */
  parameters: ReadonlyMap<string, string>
  /** Why the credentials are wrong; undefined if they are right, refused or not. */
  problem?: string
  /** Departures from RFC 2617/7616 that do not make them wrong. */
  findings: string[]
}

interface Nonce {
  /** The highest nonce count seen with it. */
  count: number
}

const NONCES_KEPT = 1000

/** The gate of one ACS with one setting. A new setting is a new gate: no connection is let in by an older one. */
export class Gate {
  readonly authentication: AcsAuthentication
  readonly #nonces = new Map<string, Nonce>()
  readonly #admitted = new WeakSet<object>()
  #stale: number

  constructor(authentication: AcsAuthentication) {
    this.authentication = authentication
    this.#stale = authentication.scheme === 'digest' ? (authentication.stale ?? 0) : 0
  }

  /**
   * Judges a request. Credentials once shown let the connection in (TR-069 3.4.5: a CPE should send them with each request,
   * but need not), unless `everyRequest` is set.
   * @param connection any object that stands for the TCP connection
   * @returns the values of WWW-Authenticate to answer 401 with, or undefined to let it in
   */
  judge(exchange: GuardedRequest, connection: object): string[] | undefined {
    const wanted = this.authentication
    if (wanted.scheme === 'none') return undefined
    const given = exchange.header('authorization')
    if (given === undefined && this.#admitted.has(connection) && !wanted.everyRequest) return undefined

    const field = given === undefined ? undefined : parseAuthentication(given)[0]
    const findings: string[] = []
    let problem = field
      ? this.#problemOf(field, exchange, findings)
      : given === undefined
        ? 'no credentials'
        : 'unreadable credentials'
    let stale = false
    if (problem === undefined && this.#stale > 0) {
      this.#stale -= 1
      this.#nonces.clear()
      stale = true
    } else if (problem === 'the nonce is not one of ours') {
      stale = true
    }
    const accepted = problem === undefined && !stale && !wanted.refuse
    if (stale) problem ??= 'the nonce was declared stale'
    const parameters = new Map(field?.parameters)
    parameters.delete('response')
    exchange.authorization = { accepted, scheme: field?.scheme, parameters, problem, findings }
    if (accepted) {
      this.#admitted.add(connection)
      return undefined
    }
    return this.#challenges(stale)
  }

  #challenges(stale: boolean): string[] {
    const wanted = this.authentication
    if (wanted.scheme === 'none') return []
    if (wanted.rawChallenges) return wanted.rawChallenges
    const realm = wanted.realm ?? 'cwmp'
    const before = wanted.extraChallenges ?? []
    if (wanted.scheme === 'basic') return [...before, formatAuthentication('Basic', { realm })]
    const nonce = this.#newNonce()
    const digests = (wanted.algorithms ?? ['MD5']).map((algorithm) =>
      formatAuthentication('Digest', {
        realm,
        domain: wanted.domain,
        nonce,
        opaque: wanted.opaque,
        stale: stale ? 'true' : undefined,
        algorithm: wanted.omitAlgorithm && algorithm === 'MD5' ? undefined : algorithm,
        qop: wanted.qop === false ? undefined : wanted.qop === true ? 'auth' : (wanted.qop ?? 'auth'),
      }),
    )
    return [...before, ...digests]
  }

  #newNonce(): string {
    const nonce = randomBytes(16).toString('hex')
    this.#nonces.set(nonce, { count: 0 })
    if (this.#nonces.size > NONCES_KEPT) this.#nonces.delete(this.#nonces.keys().next().value as string)
    return nonce
  }

  /** Why credentials are wrong, or undefined; appends to `findings` what is merely improper. */
  #problemOf(field: AuthenticationField, exchange: GuardedRequest, findings: string[]): string | undefined {
    const wanted = this.authentication
    if (wanted.scheme === 'none') return undefined
    if (field.scheme.toLowerCase() !== wanted.scheme)
      return `the scheme is ${field.scheme}, not ${wanted.scheme}`
    if (wanted.scheme === 'basic') {
      const right = Buffer.from(`${wanted.username}:${wanted.password}`)
      return equal(Buffer.from(field.token ?? '', 'base64'), right)
        ? undefined
        : 'wrong user name or password'
    }

    const of = (name: string) => field.parameters.get(name)
    for (const name of ['username', 'realm', 'nonce', 'uri', 'response'])
      if (of(name) === undefined) return `the parameter ${name} is missing`
    const nonce = this.#nonces.get(of('nonce') as string)
    if (!nonce) return 'the nonce is not one of ours'
    if (of('realm') !== (wanted.realm ?? 'cwmp')) return `the realm is not that of the challenge`
    const algorithm = digestAlgorithm(of('algorithm'))
    if (!algorithm || !(wanted.algorithms ?? ['MD5']).includes(algorithm))
      return `the algorithm ${of('algorithm') ?? 'MD5 (none named)'} was not offered`

    const qop = of('qop')
    const offered =
      wanted.qop === false ? [] : wanted.qop === true ? ['auth'] : (wanted.qop ?? 'auth').split(',')
    if (qop !== undefined && !offered.includes(qop)) return `qop ${qop} was not offered`
    if (qop !== undefined && (of('cnonce') === undefined || of('nc') === undefined))
      return 'qop without cnonce and nc'
    if (of('username') !== wanted.username) return 'wrong user name or password'
    const right = digestResponse({
      algorithm,
      username: wanted.username,
      realm: of('realm') as string,
      password: wanted.password,
      method: exchange.method,
      uri: of('uri') as string,
      nonce: of('nonce') as string,
      qop: qop as 'auth' | 'auth-int' | undefined,
      nc: of('nc'),
      cnonce: of('cnonce'),
      body: exchange.body,
    })
    const { length } = of('response') as string
    if (length !== right.length) return `the response has ${length} characters, not ${right.length}`
    if (!equal(Buffer.from((of('response') as string).toLowerCase()), Buffer.from(right))) {
      const isOfTarget = of('uri') === exchange.path
      return `wrong user name or password${isOfTarget ? '' : `, or a slip with the uri: "${of('uri')}" for ${exchange.path}`}`
    }

    if (qop === undefined && offered.length > 0) findings.push('qop was offered but not used')
    if (of('uri') !== exchange.path) findings.push(`uri is ${of('uri')}, the request target ${exchange.path}`)
    if (wanted.opaque !== undefined && of('opaque') !== wanted.opaque)
      findings.push('opaque was not returned unchanged')
    if (wanted.opaque === undefined && of('opaque') !== undefined)
      findings.push('opaque was not in the challenge')
    for (const name of ['username', 'realm', 'nonce', 'uri', 'response', 'cnonce', 'opaque'])
      if (of(name) !== undefined && !field.quoted.has(name)) findings.push(`${name} is not a quoted string`)
    for (const name of ['nc', 'qop', 'algorithm'])
      if (field.quoted.has(name)) findings.push(`${name} is a quoted string`)
    if (qop !== undefined) {
      const count = /^[0-9a-fA-F]{8}$/.test(of('nc') as string) ? Number.parseInt(of('nc') as string, 16) : 0
      if (count <= nonce.count)
        findings.push(
          `nc is ${of('nc')} after ${nonce.count.toString(16).padStart(8, '0')} with the same nonce`,
        )
      nonce.count = Math.max(nonce.count, count)
    }
    return undefined
  }
}

function equal(a: Buffer, b: Buffer): boolean {
  return a.length === b.length && timingSafeEqual(a, b)
}
