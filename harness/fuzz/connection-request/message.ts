import { randomBytes } from 'node:crypto'
import {
  type AuthenticationField,
  digestAlgorithm,
  digestResponse,
  formatAuthentication,
} from '../../acs/acs.ts'

/** A connection request over HTTP as a template: what is known only when it is sent is filled in by `octetsOf`. */
export interface CrMessage {
  readonly credentials: 'right' | 'wrong' | 'none'
  /** Octets ahead of the request line. */
  readonly before: string
  readonly method: string
  /** The request target, made of the path of ConnectionRequestURL. */
  target(path: string, host: string): string
  readonly version: string
  /** Between the three parts of the request line. */
  readonly gap: string
  readonly lineEnd: string
  /** Lines between request line and Authorization, made of the host of ConnectionRequestURL. */
  lines(host: string): readonly string[]
  /** The user name that is shown, made of ConnectionRequestUsername. */
  username(right: string): string
  /** Parameters of the digest credentials in place of the right ones; null leaves one out. */
  readonly digest: Readonly<Record<string, string | null>>
  /** Changes the value of Authorization; the response of the credentials stands last. */
  authorization(right: string, known: Account): string
  /** The whole line or lines of Authorization; none for an empty value. */
  authorizationLines(value: string): readonly string[]
  readonly body: string
  /** Changes all octets, as latin1. */
  octets(all: string): string
  /** Whether it is sent, what comes of it awaited, and then the same octets sent once more, which is what the case is about. */
  readonly isRepeated: boolean
  /** So often is it sent, without a wait between. */
  readonly copies: number
  readonly delivery: 'whole' | 'octets' | 'halves'
  /** What the sender does when all is sent. `leave`: waits no longer, but keeps the connection until the device was called again. */
  readonly ending: 'await' | 'half-close' | 'reset' | 'leave'
  /** Connections that stand idle meanwhile. */
  readonly idle: number
}

/** What the ACS knows of the device. */
export interface Account {
  readonly username: string
  readonly password: string
}

/** A request without credentials, such as begins every connection request. */
export const plainRequest: CrMessage = {
  credentials: 'none',
  before: '',
  method: 'GET',
  target: (path) => path,
  version: 'HTTP/1.1',
  gap: ' ',
  lineEnd: '\r\n',
  lines: (host) => [`Host: ${host}`],
  username: (right) => right,
  digest: {},
  authorization: (right) => right,
  authorizationLines: (value) => (value === '' ? [] : [`Authorization: ${value}`]),
  body: '',
  octets: (all) => all,
  isRepeated: false,
  copies: 1,
  delivery: 'whole',
  ending: 'await',
  idle: 0,
}

/** Where it goes, and what the device has asked for. */
export interface Addressee extends Account {
  readonly url: URL
  /** The challenge that the credentials answer; undefined when there was none. */
  readonly challenge: AuthenticationField | undefined
}

/** The octets of one copy. */
export function octetsOf(message: CrMessage, to: Addressee): Buffer {
  const { method, gap, version, lineEnd } = message
  const target = message.target(to.url.pathname + to.url.search, to.url.host)
  const right = message.credentials === 'none' ? '' : credentials(message, to, target)
  const value = message.authorization(right, to)
  const lines = [
    `${method}${gap}${target}${gap}${version}`,
    ...message.lines(to.url.host),
    ...message.authorizationLines(value),
  ]
  const all = `${message.before}${lines.map((line) => line + lineEnd).join('')}${lineEnd}${message.body}`
  return Buffer.from(message.octets(all), 'latin1')
}

/** Digest credentials (RFC 7616) for the request as it is sent. */
function credentials(message: CrMessage, to: Addressee, target: string): string {
  const offered = to.challenge?.parameters
  const pick = (name: string, proper: string | undefined) => {
    const own = message.digest[name]
    return own === null ? undefined : (own ?? proper)
  }
  const qop = pick('qop', offered?.has('qop') ? 'auth' : undefined)
  const algorithm = pick('algorithm', offered?.get('algorithm'))
  const fields = {
    username: pick('username', message.username(to.username)),
    realm: pick('realm', offered?.get('realm') ?? ''),
    nonce: pick('nonce', offered?.get('nonce') ?? ''),
    uri: pick('uri', target),
    qop,
    nc: pick('nc', qop === undefined ? undefined : '00000001'),
    cnonce: pick('cnonce', qop === undefined ? undefined : randomBytes(8).toString('hex')),
    algorithm,
    opaque: pick('opaque', offered?.get('opaque')),
  }
  const response = digestResponse({
    algorithm: digestAlgorithm(algorithm) ?? 'MD5',
    username: fields.username ?? '',
    realm: fields.realm ?? '',
    password: message.credentials === 'right' ? to.password : `not ${to.password}`,
    method: message.method,
    uri: fields.uri ?? '',
    nonce: fields.nonce ?? '',
    qop: qop as 'auth' | undefined,
    nc: fields.nc,
    cnonce: fields.cnonce,
  })
  const shown = { ...fields, response: pick('response', response) }
  return formatAuthentication('Digest', shown, ['algorithm', 'nc', 'qop'])
}
