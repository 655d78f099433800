/** One session with the ACS (TR-069 3.7). */
import type { Log, Random } from '../platform/platform.ts'
import {
  type buildEnvelope,
  CWMP_VERSIONS,
  CwmpFault,
  type CwmpVersion,
  type Envelope,
  EnvelopeError,
  faultBody,
  type parseEnvelope,
  type ReceivedFault,
  SoapFault,
} from '../soap/soap.ts'
import {
  type HttpResponse,
  type OutgoingMessage,
  type Transport,
  TransportError,
} from '../transport/transport.ts'
import { negotiateVersion } from './version.ts'

/** An RPC that this CPE wants to call on the ACS. */
export interface CpeRequest {
  method: string
  /** The element for the Body. */
  body: string
  answered?(response: Envelope): void
  faulted?(fault: ReceivedFault): void
  /** Whether it may be sent in this session, asked each time before; always, when absent. */
  isDue?(): boolean
}

export interface SessionContext {
  transport: Transport
  /** The Inform element. */
  inform: string
  /** Called when the InformResponse has come, which delivers the events. */
  informed(): void
  /** Calls that wait, first come first served; a session takes away what was answered. Calls added while it runs are made too, as long as they may. */
  requests: CpeRequest[]
  /** Carries out an RPC of the ACS: gives the response element or throws CwmpFault. */
  perform(request: Envelope, version: CwmpVersion): string
  parseEnvelope: typeof parseEnvelope
  buildEnvelope: typeof buildEnvelope
  /** SessionTimeout in seconds. */
  sessionTimeout: number
  /** Versions that the device speaks, oldest first; all when absent. */
  versions?: readonly CwmpVersion[] | undefined
  random: Random
  log: Log
}

/** A failed session that is not to be retried leaves RetryCount and the waits between retries as they are. */
export type SessionOutcome = { successful: true } | { successful: false; reason: string; retried?: false }

/** What one POST carries. */
export type Outgoing =
  | { kind: 'request'; method: string; id: string; xml: string; request?: CpeRequest }
  | { kind: 'answer'; xml: string }
  | { kind: 'empty' }

/** The ACS broke the protocol, or refused the Inform: the session is unsuccessful (3.7.1.4). */
class SessionFailure extends Error {
  override readonly name = 'SessionFailure'
}

/** ACS fault 8005: send the same request again (3.7.1.6). */
const RETRY_REQUEST = 8005

/** An ACS that asks for more repeats in a row than this is not going to be content. */
const MOST_REPEATS = 100

export class Session {
  protected readonly context: SessionContext
  protected version: CwmpVersion
  protected holdRequests = false
  /** An empty POST was sent while HoldRequests was false: no request of ours may follow. */
  protected requestsEnded = false
  readonly #idPrefix: string
  #ids = 0
  #repeats = 0
  /** A request that the ACS wants to see again. */
  #repeat: Outgoing | undefined

  constructor(context: SessionContext) {
    this.context = context
    this.version = newest(this.versions)
    this.#idPrefix = context.random.token(4)
  }

  protected get versions(): readonly CwmpVersion[] {
    return this.context.versions ?? CWMP_VERSIONS
  }

  /** Runs the session to its end. */
  async run(): Promise<SessionOutcome> {
    try {
      let outgoing: Outgoing | undefined = this.informMessage()
      while (outgoing) outgoing = await this.step(outgoing)
      return { successful: true }
    } catch (error) {
      const expected =
        error instanceof SessionFailure || error instanceof TransportError || error instanceof EnvelopeError
      if (!expected) this.context.log.error(`session broken off: ${(error as Error).stack}`)
      return { successful: false, reason: (error as Error).message }
    } finally {
      this.context.transport.close()
    }
  }

  /** Sends one message, takes in what comes back, and gives the message to send next; undefined when the session has ended. */
  protected async step(outgoing: Outgoing): Promise<Outgoing | undefined> {
    if (outgoing.kind === 'empty' && !this.holdRequests) this.requestsEnded = true
    const { log } = this.context
    this.trace(outgoing)
    const response = await this.context.transport.post(this.httpMessage(outgoing))
    const body = this.payload(response)
    if (body === undefined) log.info(`Receive HTTP ${response.status} without content`)
    if (body === undefined) return this.receiveEmpty(outgoing)
    let received: Envelope
    try {
      received = this.context.parseEnvelope(body)
    } catch (error) {
      if (!(error instanceof SoapFault)) throw error
      // Only a request can be answered with a fault.
      if (outgoing.kind === 'request') throw new SessionFailure(error.message)
      return this.answer(faultBody(error), error.id)
    }
    return this.receive(outgoing, received)
  }

  /** Says what is sent, with the words that operators search logs for; what may come a thousand times in a session only when details are wanted. */
  protected trace(outgoing: Outgoing): void {
    const { log } = this.context
    if (outgoing.kind === 'empty') log.info('Send empty message to the ACS')
    else if (outgoing.kind === 'answer') log.debug('Send the answer to the ACS')
    else if (outgoing.request) log.info(`Send the ${outgoing.method} RPC message to the ACS`)
    else log.info('Send the Inform RPC message to the ACS')
  }

  /** The body of a response, or undefined for an empty one: 204, or 200 as older ACSs say it. Every other status ends the session. */
  protected payload(response: HttpResponse): Buffer | undefined {
    if (response.status === 204) return undefined
    if (response.status !== 200) throw new SessionFailure(`HTTP status ${response.status}`)
    return response.body.length > 0 ? response.body : undefined
  }

  protected receiveEmpty(outgoing: Outgoing): Outgoing | undefined {
    if (outgoing.kind === 'request') throw new SessionFailure(`empty HTTP response to ${outgoing.method}`)
    this.holdRequests = false
    return this.nextRequest() ?? (this.requestsEnded ? undefined : { kind: 'empty' })
  }

  protected receive(outgoing: Outgoing, received: Envelope): Outgoing {
    this.holdRequests = received.holdRequests
    if (received.kind === 'request') {
      if (outgoing.kind === 'request')
        throw new SessionFailure(`${received.method} instead of the response to ${outgoing.method}`)
      return this.answer(this.perform(received), received.id)
    }
    if (outgoing.kind !== 'request') throw new SessionFailure(`${received.method} that answers nothing`)
    this.checkId(outgoing, received)
    if (received.fault) this.receiveFault(outgoing, received.fault)
    else this.receiveResponse(outgoing, received)
    return this.nextRequest() ?? { kind: 'empty' }
  }

  protected checkId(sent: Outgoing & { kind: 'request' }, { id }: Envelope): void {
    if (id === undefined) this.context.log.warning(`the answer to ${sent.method} has no cwmp:ID`)
    // An ACS that indents what it writes has put white space around it.
    else if (id.trim() !== sent.id)
      throw new SessionFailure(`the answer to ${sent.method} has the cwmp:ID of another`)
  }

  protected receiveResponse(sent: Outgoing & { kind: 'request' }, received: Envelope): void {
    if (received.method !== sent.method) {
      throw new SessionFailure(`${received.method}Response instead of ${sent.method}Response`)
    }
    this.#repeats = 0
    this.context.log.info(`Get the ${received.method}Response message from the ACS`)
    if (sent.request) {
      this.settle(sent.request)
      sent.request.answered?.(received)
      return
    }
    const version = negotiateVersion(received, this.versions)
    if (!version) {
      throw new SessionFailure(`the ACS wants CWMP ${received.useCwmpVersion ?? received.namespace}`)
    }
    this.version = version
    this.context.informed()
  }

  protected receiveFault(sent: Outgoing & { kind: 'request' }, fault: ReceivedFault): void {
    if (fault.faultCode === 0) throw new SessionFailure(`SOAP fault ${fault.soapFaultCode} to ${sent.method}`)
    if (fault.faultCode === RETRY_REQUEST && this.#repeats < MOST_REPEATS) {
      this.#repeats++
      this.#repeat = sent
      return
    }
    this.#repeats = 0
    const reason = `the ACS answers ${sent.method} with fault ${fault.faultCode}: ${fault.faultString}`
    if (!sent.request) throw new SessionFailure(reason)
    this.context.log.warning(reason)
    this.settle(sent.request)
    sent.request.faulted?.(fault)
  }

  /** The next call to the ACS, when there is one and it may be made now (3.7.1.3). Until the InformResponse has come, only the Inform may. */
  protected nextRequest(): Outgoing | undefined {
    const repeat = this.#repeat
    if (repeat?.kind === 'request' && !repeat.request) {
      this.#repeat = undefined
      return repeat
    }
    if (!this.mayRequest()) return undefined
    if (repeat) {
      this.#repeat = undefined
      return repeat
    }
    const request = this.context.requests.find((each) => each.isDue?.() ?? true)
    return request && this.requestMessage(request.method, request.body, request)
  }

  protected mayRequest(): boolean {
    return !this.holdRequests && !this.requestsEnded
  }

  protected settle(request: CpeRequest): void {
    const index = this.context.requests.indexOf(request)
    if (index >= 0) this.context.requests.splice(index, 1)
  }

  /** Carries out an RPC of the ACS and gives the element to answer with: its response or a fault. */
  protected perform(request: Envelope): string {
    this.context.log.debug(`Receive the ${request.method} RPC message from the ACS`)
    try {
      return this.context.perform(request, this.version)
    } catch (error) {
      if (error instanceof CwmpFault) {
        this.context.log.info(`${request.method} answered with fault ${error.message}`)
        if (error.cause) this.context.log.error(`${request.method}: ${(error.cause as Error).stack}`)
        return faultBody(error)
      }
      this.context.log.error(`${request.method}: ${(error as Error).stack}`)
      return faultBody(new CwmpFault(9002))
    }
  }

  protected informMessage(): Outgoing {
    const id = this.nextId()
    const xml = this.context.buildEnvelope(this.context.inform, {
      version: this.version,
      id,
      ...(this.versions.includes('1.3') && { sessionTimeout: this.context.sessionTimeout }),
      ...(this.versions.includes('1.4') && { supportedCwmpVersions: this.versions }),
    })
    return { kind: 'request', method: 'Inform', id, xml }
  }

  protected requestMessage(method: string, body: string, request: CpeRequest): Outgoing {
    const id = this.nextId()
    const xml = this.context.buildEnvelope(body, { version: this.version, id })
    return { kind: 'request', method, id, xml, request }
  }

  /** An answer repeats the cwmp:ID of the request, and has none when that had none (3.5). */
  protected answer(body: string, id: string | undefined): Outgoing {
    return { kind: 'answer', xml: this.context.buildEnvelope(body, { version: this.version, id }) }
  }

  /** Unique among the requests of this CPE. */
  protected nextId(): string {
    this.#ids++
    return `${this.#idPrefix}-${this.#ids}`
  }

  /** SOAPAction names the method of a request, is there without a value for an answer, and is absent from the empty POST (3.4.1). */
  protected httpMessage(outgoing: Outgoing): OutgoingMessage {
    switch (outgoing.kind) {
      case 'request':
        return { body: outgoing.xml, soapAction: `"${outgoing.method}"` }
      case 'answer':
        return { body: outgoing.xml, soapAction: '' }
      case 'empty':
        return { body: '' }
    }
  }
}

function newest(versions: readonly CwmpVersion[]): CwmpVersion {
  return versions.at(-1) ?? '1.0'
}
