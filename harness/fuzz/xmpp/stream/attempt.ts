import type { XmlElement } from '../../../cwmp/cwmp.ts'
import type { Transcript } from '../../../cwmp/transcript.ts'
import { DeviceSilent } from '../../../failure.ts'
import { attr, namespaces, type Stage, type XmppConnection, type XmppServer } from '../../../xmpp/xmpp.ts'
import { EARLY } from './breakage.ts'
import { breakageOf } from './breakages/all.ts'
import type { Seen } from './judge.ts'
import { perform } from './perform.ts'
import type { StreamCase } from './stream-case.ts'

/** A device that logs in at a scripted server, and what is known of it. */
export interface StreamBench {
  readonly transcript: Transcript
  /** Good but for what the arena has it do. The device has to be told of it, and that it is to use TLS. */
  readonly server: XmppServer
  /** The server's address as see-other-host has it. */
  readonly here: string
  /** What the device logs in with. */
  readonly password: string
  /** A JID that may ask, and the payload of a connection request with the right credentials. */
  readonly from: string
  readonly payload: string
  /** From a cause to its effect at the device, and from a request to its answer; milliseconds. */
  readonly informMs: number
  readonly responseMs: number
  /** Sessions with 6 CONNECTION REQUEST so far. */
  sessions(): number
  /** Resolves when there are so many. @throws DeviceSilent */
  sessionsReach(count: number): Promise<void>
  /** Whether the device runs. */
  alive(signal: AbortSignal): Promise<boolean>
  /** Starts the device anew; it need not be logged in yet. */
  restart(signal: AbortSignal): Promise<void>
  close(): Promise<void>
}

/** Id of the request by which a device shows that it is there. */
const PING = 'still-there'

/** What is seen of a device that does not even meet a case. */
export const nothing: Seen = {
  acted: false,
  end: 'stays',
  conditions: [],
  tellsPassword: false,
  loginInClear: false,
  binds: false,
  letIn: false,
  proves: false,
  answersEarly: false,
  sessions: 0,
  returned: true,
  crashed: false,
  served: 'result',
}

/** One case on one connection, or on several where it goes on. */
export class Attempt {
  /** The connection that met the case first. */
  subject: XmppConnection | undefined
  /** Connections that the case is about. */
  readonly rounds: number
  readonly #bench: StreamBench
  readonly #case: StreamCase
  readonly #line: XmppConnection
  readonly #acted = Promise.withResolvers<void>()
  readonly #subjects = new Set<XmppConnection>()
  readonly #done = new Set<XmppConnection>()
  /** Elements of the subject before TLS protected it. */
  #inClear: number | undefined
  #isThere = Promise.withResolvers<void>()

  constructor(bench: StreamBench, one: StreamCase, line: XmppConnection) {
    this.#bench = bench
    this.#case = one
    this.#line = line
    const lasting = one.parts.filter((part) => breakageOf(part).goesOn).map(({ size = 1 }) => size)
    this.rounds = Math.max(1, ...lasting)
  }

  /** Has the device meet the case, and says what it did until `watchMs` later. */
  async run(watchMs: number, signal: AbortSignal): Promise<Seen['end']> {
    const { informMs, server } = this.#bench
    if (this.#case.stage === 'online') {
      this.#arm([])
      this.#subjects.add(this.#line)
      this.subject = this.#line
      this.#act(this.#line, undefined, () => this.#ping(this.#line))
    } else {
      this.#arm(['connected', 'secured', 'bind', this.#case.stage])
      this.#line.destroy()
      if (!(await inTime(this.#acted.promise, informMs, signal))) return 'stays'
    }
    const subject = this.subject
    if (!subject) return 'stays'
    const over = new AbortController()
    const wait = { timeoutMs: watchMs, signal: AbortSignal.any([signal, over.signal]) }
    const end = await Promise.race([
      subject.closed(wait).then((): Seen['end'] => (subject.hungUp ? 'ended' : 'left')),
      this.#isThere.promise
        .then(() => subject.nextElement('an answer', { ...wait, where: isAnswerTo(PING) }))
        .then((): Seen['end'] => 'goes on'),
    ]).catch((error: unknown): Seen['end'] => {
      if (error instanceof DeviceSilent) return subject.hungUp ? 'ended' : 'stays'
      throw error
    })
    over.abort()
    // The rest of the rounds is met on the way back.
    if (this.rounds === 1) server.script = { ...server.script, instead: {} }
    return end
  }

  /** What the device did on the connection. */
  seen(end: Seen['end']): Omit<Seen, 'sessions' | 'returned' | 'crashed' | 'served'> {
    const { subject } = this
    if (!subject) return nothing
    const { elements, malformed, mechanism } = subject
    const isOnline = this.#case.stage === 'online'
    const inClear = isOnline ? [] : elements.slice(0, subject.secured ? this.#inClear : undefined)
    return {
      acted: this.#done.has(subject),
      end,
      conditions: elements.filter(isStreamError).map(conditionOf),
      malformed,
      mechanism,
      tellsPassword: inClear.some((element) => tells(element, this.#bench.password)),
      loginInClear: inClear.some(({ name, uri }) => name === 'auth' && uri === namespaces.SASL),
      binds: elements.some((element) => element.children.some(({ uri }) => uri === namespaces.BIND)),
      letIn: subject.authenticated,
      proves: elements.some(({ name, text }) => name === 'response' && decoded(text).includes('p=')),
      answersEarly: elements.some(isAnswerTo(EARLY)),
    }
  }

  #arm(stages: readonly Stage[]): void {
    const { server } = this.#bench
    const instead = Object.fromEntries(
      stages.map((stage) => [
        stage,
        (line: XmppConnection, element: XmlElement | undefined, usual: () => void) =>
          this.#reached(stage, line, element, usual),
      ]),
    )
    server.script = { ...server.script, instead }
  }

  #reached(stage: Stage, line: XmppConnection, element: XmlElement | undefined, usual: () => void): void {
    if (stage === 'connected' && this.#subjects.size < this.rounds) {
      this.subject ??= line
      this.#subjects.add(line)
    }
    if (!this.#subjects.has(line)) {
      usual()
      return
    }
    if (stage === 'secured' && line === this.subject) this.#inClear ??= line.elements.length
    if (stage !== this.#case.stage || this.#done.has(line)) usual()
    else this.#act(line, element, usual)
    if (stage !== 'bind' || line !== this.subject || line.jid === undefined) return
    // A device that does not pass through the stage meets nothing odd.
    this.#acted.resolve()
    this.#ping(line)
  }

  #act(line: XmppConnection, element: XmlElement | undefined, usual: () => void): void {
    const { from, payload, server, here } = this.#bench
    this.#done.add(line)
    const genuine = `<iq from="${from}" to="${line.jid ?? ''}" id="${EARLY}" type="get">${payload}</iq>`
    const scene = { line, element, stage: this.#case.stage, domain: server.domain, here, genuine }
    perform(this.#case, scene, usual)
    if (line === this.subject) this.#acted.resolve()
  }

  /** Only a device that has its resource answers, and only when it has read what came before. */
  #ping(line: XmppConnection): void {
    line.request({
      from: this.#bench.server.domain,
      payload: `<ping xmlns="${namespaces.PING}"/>`,
      id: PING,
    })
    this.#isThere.resolve()
  }
}

async function inTime(promise: Promise<void>, timeoutMs: number, signal: AbortSignal): Promise<boolean> {
  const end = Promise.withResolvers<boolean>()
  const timer = setTimeout(() => end.resolve(false), timeoutMs)
  const abort = () => end.reject(signal.reason)
  signal.addEventListener('abort', abort)
  try {
    return await Promise.race([promise.then(() => true), end.promise])
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', abort)
  }
}

function isAnswerTo(id: string): (element: XmlElement) => boolean {
  return (element) =>
    element.name === 'iq' &&
    attr(element, 'id') === id &&
    ['result', 'error'].includes(attr(element, 'type') ?? '')
}

function isStreamError({ name, uri }: XmlElement): boolean {
  return name === 'error' && uri === namespaces.STREAM
}

function conditionOf(error: XmlElement): string {
  const condition = error.children.find(({ uri, name }) => uri === namespaces.STREAMS && name !== 'text')
  return condition?.name ?? 'no condition'
}

/** Whether an element has the password in it, as it is or in Base64. */
function tells(element: XmlElement, password: string): boolean {
  return (
    element.text.includes(password) ||
    decoded(element.text).includes(password) ||
    element.attributes.some(({ value }) => value.includes(password)) ||
    element.children.some((child) => tells(child, password))
  )
}

function decoded(text: string): string {
  return Buffer.from(text, 'base64').toString()
}
