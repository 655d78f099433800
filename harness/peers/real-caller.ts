import { setTimeout } from 'node:timers/promises'
import type { AcsStack } from '../../containers/containers.ts'
import {
  type AuthenticationField,
  type ConnectionRequestResult,
  digestAlgorithm,
  digestResponse,
  GenieAcs,
  NoConnectionRequestAnswer,
  parseAuthentication,
  RawCpe,
  storedValue,
} from '../acs/acs.ts'
import { buildRequest } from '../cwmp/cwmp.ts'
import type { Transcript } from '../cwmp/transcript.ts'
import { HarnessError, Untestable } from '../failure.ts'
import type { CertificateAuthority } from '../net/net.ts'
import { CallerGate } from './caller-gate.ts'

/** What the ACS takes the device for: it is told no more of it than where to call. */
const identity = { Manufacturer: 'conformance', OUI: '00AA11', ProductClass: 'Called', SerialNumber: '1' }

/** How long the ACS may take until its database has what an Inform told, and how often one looks, in milliseconds. */
const STORED_MS = 10_000
const LOOK_MS = 50

interface Credentials {
  readonly username: string
  readonly password: string
}

interface CallerOptions {
  readonly authority: CertificateAuthority
  /** Where the logs of the containers are kept. */
  readonly logFolder: string
}

/** A real ACS that does nothing but ask a device for sessions, which the device opens at whatever ACS it has. */
export class RealCaller {
  readonly name = 'GenieACS in a container'
  readonly #stack: AcsStack
  readonly #genie: GenieAcs

  private constructor(stack: AcsStack, genie: GenieAcs) {
    this.#stack = stack
    this.#genie = genie
  }

  /**
   * Starts GenieACS with what it needs, which takes about five seconds.
   * @throws Untestable with the reason when it cannot be had on this machine
   */
  static async start(domain: string, { authority, logFolder }: CallerOptions): Promise<RealCaller> {
    // Read only when it is needed: most runs have no container.
    const { PeerUnavailable, startAcsStack } = await import('../../containers/containers.ts')
    try {
      const stack = await startAcsStack({
        xmpp: { domain, certificate: await authority.issue({ names: [domain] }) },
        authority: authority.cert,
        publicHost: '127.0.0.1',
        logFolder,
      })
      return new RealCaller(stack, new GenieAcs(stack.origins.nbi))
    } catch (error) {
      throw error instanceof PeerUnavailable ? new Untestable(error.message) : error
    }
  }

  /**
   * Has the ACS ask for a session, and gives what the device answered last.
   * @throws NoConnectionRequestAnswer when nobody takes the request
   * @throws Untestable when the ACS cannot do what the device rightly asks for, or does not wait for its answer
   */
  async request(
    url: string,
    credentials: Credentials,
    transcript: Transcript,
  ): Promise<ConnectionRequestResult> {
    const target = URL.parse(url)
    if (target?.protocol !== 'http:')
      throw new NoConnectionRequestAnswer('refused', `no http URL to call: ${JSON.stringify(url)}`)
    const gate = await CallerGate.open({ host: this.#stack.gateway, target, transcript })
    try {
      const refusal = await this.#genie.requestConnection(await this.#introduce(gate.url, credentials))
      transcript.note(`${this.name}: ${refusal ?? 'the device agreed'}`)
      return resultOf(gate, credentials, refusal)
    } finally {
      await gate.close()
    }
  }

  async close(): Promise<void> {
    await this.#genie.close()
    await this.#stack.stop()
  }

  /** Tells the ACS in the name of the device where to call, and by which name and password, as Informs tell parameters. @returns the device's id */
  async #introduce(url: string, { username, password }: Credentials): Promise<string> {
    const server = 'Device.ManagementServer.ConnectionRequest'
    const ParameterList = [
      { Name: `${server}URL`, Value: url, type: 'xsd:string' },
      { Name: `${server}Username`, Value: username, type: 'xsd:string' },
      { Name: `${server}Password`, Value: password, type: 'xsd:string' },
    ]
    const inform = buildRequest(
      'Inform',
      {
        DeviceId: identity,
        Event: [{ EventCode: '2 PERIODIC', CommandKey: '' }],
        MaxEnvelopes: 1,
        CurrentTime: new Date().toISOString(),
        RetryCount: 0,
        ParameterList,
      },
      { id: '1' },
    )
    const device = await RawCpe.connect(`${this.#stack.origins.cwmp}/`)
    try {
      const statuses = [(await device.post(inform)).status, (await device.post()).status]
      if (statuses.join() !== '200,204')
        throw new HarnessError(`GenieACS does not take an Inform: HTTP status ${statuses.join(' and ')}`)
    } finally {
      device.destroy()
    }
    const id = `${identity.OUI}-${identity.ProductClass}-${identity.SerialNumber}`
    await this.#untilStored(id, ParameterList)
    return id
  }

  /** The ACS answers a device before its database has what that told, and calls where the database says. */
  async #untilStored(
    id: string,
    parameters: readonly { readonly Name: string; readonly Value: string }[],
  ): Promise<void> {
    const end = performance.now() + STORED_MS
    for (;;) {
      const device = await this.#genie.device(id)
      if (device && parameters.every(({ Name, Value }) => storedValue(device, Name) === Value)) return
      if (performance.now() > end)
        throw new Untestable(`GenieACS did not store within ${STORED_MS / 1000} s where to call the device`)
      await setTimeout(LOOK_MS)
    }
  }
}

function resultOf(
  gate: CallerGate,
  credentials: Credentials,
  refusal: string | undefined,
): ConnectionRequestResult {
  const { answers, authorization, challenges, requestCount } = gate
  const last = answers.at(-1)
  // It waits two seconds; a device may take longer.
  if (answers.length < requestCount)
    throw new Untestable(`GenieACS did not wait for the answer of the device: ${refusal}`)
  if (requestCount === 0) throw new Untestable(`GenieACS did not call the device: ${refusal}`)
  if (last === undefined) throw new NoConnectionRequestAnswer('refused', refusal ?? 'none')
  // It shows credentials that were never asked for, or none, where challenges are more or others than it knows.
  if (last.status === 401 && !isMet(authorization, challenges, credentials))
    throw new Untestable(`GenieACS does not meet the challenge of the device: ${refusal}`)
  const header = (name: string) =>
    last.headers.find(([each]) => each.toLowerCase() === name.toLowerCase())?.[1]
  return { ...last, header, challenges, answers, ...(authorization !== undefined && { authorization }) }
}

/** Whether credentials are what one of the challenges asks for. */
function isMet(
  authorization: string | undefined,
  challenges: readonly AuthenticationField[],
  { username, password }: Credentials,
): boolean {
  const of = (name: string) => parseAuthentication(authorization ?? '')[0]?.parameters.get(name)
  const algorithm = digestAlgorithm(of('algorithm'))
  const isOffered = challenges.some(
    ({ parameters }) => digestAlgorithm(parameters.get('algorithm')) === algorithm,
  )
  if (algorithm === undefined || !isOffered || of('username') !== username) return false
  const [realm = '', uri = '', nonce = '', nc, cnonce] = ['realm', 'uri', 'nonce', 'nc', 'cnonce'].map(of)
  const qop = of('qop') as 'auth' | undefined
  const right = digestResponse({
    algorithm,
    username,
    password,
    realm,
    uri,
    nonce,
    method: 'GET',
    ...(qop && { qop, nc: nc ?? '', cnonce: cnonce ?? '' }),
  })
  return of('response')?.toLowerCase() === right
}
