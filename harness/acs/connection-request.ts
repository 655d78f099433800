import { randomBytes } from 'node:crypto'
import {
  type ConnectionRequestAnswer,
  ConnectionRequestDialogue,
  type ConnectionRequestOptions,
  NoConnectionRequestAnswer,
} from './connection-request-dialogue.ts'
import {
  type AuthenticationField,
  digestAlgorithm,
  digestResponse,
  formatAuthentication,
  parseAuthentication,
} from './digest.ts'

/** The last answer, and how it came to it. */
export interface ConnectionRequestResult extends ConnectionRequestAnswer {
  header(name: string): string | undefined
  /** Those of the first 401. */
  challenges: AuthenticationField[]
  /** Every answer in order: usually a 401 and a 200 or 204. */
  answers: ConnectionRequestAnswer[]
  /** The Authorization value sent last, for replays. */
  authorization?: string
}

/**
 * Asks a device to open a session: GET on its ConnectionRequestURL, with digest credentials once it asks for them (MD5 or SHA-256, with
 * qop or without, cnonce of 16 characters because some devices keep no more than 32).
 * @param options.timeoutMs for the whole dialogue; 10 s unless given
 * @throws NoConnectionRequestAnswer (a DeviceSilent) when there is no HTTP answer
 */
export async function connectionRequest(
  url: string,
  options: ConnectionRequestOptions = {},
): Promise<ConnectionRequestResult> {
  options.signal?.throwIfAborted()
  const target = URL.parse(url)
  if (target?.protocol !== 'http:')
    throw new NoConnectionRequestAnswer('refused', `no http URL to call: ${JSON.stringify(url)}`)
  const dialogue = new ConnectionRequestDialogue(target, options)
  try {
    let authorization = options.authorization
    const answers = [await dialogue.ask(authorization)]
    const challenges = challengesOf(answers[0] as ConnectionRequestAnswer)
    const credentials = answers[0]?.status === 401 ? credentialsFor(challenges, target, options) : undefined
    if (credentials !== undefined) {
      authorization = credentials
      answers.push(await dialogue.ask(credentials))
    }
    const last = answers.at(-1) as ConnectionRequestAnswer
    return { ...last, header: (name) => headerOf(last, name), challenges, answers, authorization }
  } finally {
    dialogue.close()
  }
}

/** Credentials for the first challenge that can be met; undefined if there is none. */
function credentialsFor(
  challenges: AuthenticationField[],
  target: URL,
  options: ConnectionRequestOptions,
): string | undefined {
  const { scheme = 'digest', username, password } = options
  if (username === undefined || password === undefined || scheme === 'none') return undefined
  // A device must not accept Basic, so it is sent unasked.
  if (scheme === 'basic') return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`
  const possible = challenges.filter(
    ({ scheme, parameters }) =>
      scheme.toLowerCase() === 'digest' && digestAlgorithm(parameters.get('algorithm')),
  )
  const wanted = options.digest?.algorithm
  const challenge =
    possible.find(({ parameters }) => wanted && (parameters.get('algorithm') ?? 'MD5') === wanted) ??
    possible[0]
  if (!challenge) return undefined
  return digestCredentials(challenge, target, options, username, password)
}

function digestCredentials(
  challenge: AuthenticationField,
  target: URL,
  options: ConnectionRequestOptions,
  username: string,
  password: string,
): string {
  const knobs = options.digest ?? {}
  const pick = (name: keyof typeof knobs, proper: string | undefined) => {
    const own = knobs[name]
    return own === null ? undefined : (own ?? proper)
  }
  const offered = challenge.parameters
    .get('qop')
    ?.split(',')
    .map((one) => one.trim().toLowerCase())
  const properQop = offered ? (offered.includes('auth') ? 'auth' : offered[0]) : undefined
  const qop = pick('qop', properQop)
  const algorithm = pick('algorithm', challenge.parameters.get('algorithm'))
  const session = algorithm?.toLowerCase().endsWith('-sess')
  const fields = {
    username,
    realm: pick('realm', challenge.parameters.get('realm') ?? ''),
    nonce: pick('nonce', challenge.parameters.get('nonce') ?? ''),
    uri: pick('uri', options.path ?? target.pathname + target.search),
    qop,
    nc: pick('nc', qop === undefined ? undefined : '00000001'),
    cnonce: pick('cnonce', qop === undefined && !session ? undefined : randomBytes(8).toString('hex')),
    algorithm,
    opaque: pick('opaque', challenge.parameters.get('opaque')),
  }
  const response = digestResponse({
    algorithm: digestAlgorithm(algorithm) ?? 'MD5',
    username,
    realm: fields.realm ?? '',
    password,
    method: options.method ?? 'GET',
    uri: fields.uri ?? '',
    nonce: fields.nonce ?? '',
    qop: qop as 'auth' | undefined,
    nc: fields.nc,
    cnonce: fields.cnonce,
    body: Buffer.from(options.body ?? ''),
  })
  const shown = pick('response', options.alterResponse?.(response) ?? response)
  return formatAuthentication('Digest', { ...fields, response: shown }, ['algorithm', 'nc', 'qop'])
}

function challengesOf(answer: ConnectionRequestAnswer): AuthenticationField[] {
  return answer.headers
    .filter(([name]) => name.toLowerCase() === 'www-authenticate')
    .flatMap(([, value]) => parseAuthentication(value))
}

function headerOf(answer: ConnectionRequestAnswer, name: string): string | undefined {
  const values = answer.headers.filter(([one]) => one.toLowerCase() === name.toLowerCase())
  return values.length > 0 ? values.map(([, value]) => value).join(', ') : undefined
}
