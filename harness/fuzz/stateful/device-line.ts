import { setTimeout } from 'node:timers/promises'
import { type AcsSession, ScriptedAcs } from '../../acs/acs.ts'
import { buildFault, decodeRequest, type Envelope, type RequestOf } from '../../cwmp/cwmp.ts'
import { DeviceSilent } from '../../failure.ts'
import { HttpFileServer } from '../../net/net.ts'
import { longestWaitMs } from '../../testbed/session-retries.ts'
import type { TestBed } from '../../testbed/testbed.ts'
import type { Spoiling, WayToCall } from './commands.ts'
import type { CallResult, Contact, CpeRequest, Line, RequestAnswer } from './line.ts'

/** Calls the device by another way than HTTP. */
export type Caller = (signal: AbortSignal) => Promise<CallResult>

/** What one second of the device is at least before its first retry, where it lets the ACS say so. */
const quick = { minimum: 1, multiplier: 1000 }
const usual = { minimum: 5, multiplier: 2000 }

/** The device on its bench, with a second ACS and a file server. */
export class DeviceLine implements Line {
  readonly urls: readonly string[]
  readonly enrolments: Line['enrolments']
  readonly #bed: TestBed
  readonly #other: ScriptedAcs
  readonly #files: HttpFileServer
  readonly #callers: Readonly<Partial<Record<WayToCall, Caller>>>
  readonly #fileUrls: Readonly<Record<'good' | 'missing' | 'upload', string>>
  /** Informs from before the latest power cut lead nowhere. */
  #bootedMs = Number.NEGATIVE_INFINITY

  private constructor(
    bed: TestBed,
    other: ScriptedAcs,
    files: HttpFileServer,
    callers: Readonly<Partial<Record<WayToCall, Caller>>>,
    octets: Uint8Array | undefined,
  ) {
    this.#bed = bed
    this.#other = other
    this.#files = files
    this.#callers = callers
    this.urls = [bed.acs.url, new URL('/elsewhere?of=this', bed.acs.url).href, other.url]
    this.#fileUrls = {
      good: files.serve('/good', { body: octets ?? 'nothing' }),
      missing: files.serve('/missing', { status: 404 }),
      upload: files.serve('/upload', {}),
    }
    const server = `${bed.profile.cwmp.root}ManagementServer.`
    const { connectionRequestUsername, connectionRequestPassword } = bed.profile.pixit.credentials
    const value = (name: string, Value: string, type: string) => ({ Name: `${server}${name}`, Value, type })
    const { ics } = bed.profile
    this.enrolments = [
      [
        value('ConnectionRequestUsername', connectionRequestUsername, 'xsd:string'),
        value('ConnectionRequestPassword', connectionRequestPassword, 'xsd:string'),
      ],
      ics.HttpConnectionRequest
        ? [value('PeriodicInformEnable', '0', 'xsd:boolean')]
        : [
            value('PeriodicInformEnable', '1', 'xsd:boolean'),
            value('PeriodicInformInterval', '5', 'xsd:unsignedInt'),
          ],
      ...(ics.SessionRetryParameters
        ? [
            [
              value('CWMPRetryMinimumWaitInterval', String(quick.minimum), 'xsd:unsignedInt'),
              value('CWMPRetryIntervalMultiplier', String(quick.multiplier), 'xsd:unsignedInt'),
            ],
          ]
        : []),
    ]
  }

  /** @throws HarnessError when a port is taken */
  static async open(
    bed: TestBed,
    callers: Readonly<Partial<Record<WayToCall, Caller>>>,
    octets: Uint8Array | undefined,
  ): Promise<DeviceLine> {
    const { acs, fileServer, timing } = bed.profile.pixit
    const other = await ScriptedAcs.listen({
      transcript: bed.transcript,
      host: acs.host,
      publicHost: acs.publicHost,
      xmlDeclaration: acs.xmlDeclaration,
      soapPrefixes: acs.soapPrefixes,
      silenceMs: timing.responseSeconds * 1000,
      onRequest: (exchange) => bed.messages.add(exchange),
    })
    try {
      const { host, port, publicHost } = fileServer
      const note = (line: string) => void bed.transcript.note(line)
      const files = await HttpFileServer.listen({ host, port, publicHost, note })
      return new DeviceLine(bed, other, files, callers, octets)
    } catch (error) {
      await other.close()
      throw error
    }
  }

  async close(): Promise<void> {
    await this.#other.drain()
    await this.#other.close()
    await this.#files.close()
  }

  now(): number {
    return this.#bed.transcript.now()
  }

  async nextContact(withinMs: number, signal: AbortSignal): Promise<Contact | undefined> {
    const found = new AbortController()
    const options = {
      timeoutMs: withinMs,
      signal: AbortSignal.any([signal, found.signal]),
      inform: 'later' as const,
      where: (_inform: unknown, { atMs }: { readonly atMs: number }) => atMs >= this.#bootedMs,
    }
    const at = (acs: ScriptedAcs) => acs.nextSession(options).then((session) => ({ session, acs }))
    const here = at(this.#bed.acs)
    const there = at(this.#other)
    try {
      const { session, acs } = await Promise.race([here, there])
      const server = `${this.#bed.profile.cwmp.root}ManagementServer.`
      const stated = session.parameters.get(`${server}ConnectionRequestURL`)?.Value
      if (stated !== undefined) this.#bed.connectionRequestUrl = stated
      return new DeviceContact(session, new URL(session.informExchange.path, acs.url).href)
    } catch (error) {
      if (error instanceof DeviceSilent) return undefined
      throw error
    } finally {
      found.abort()
      here.catch(() => {})
      there.catch(() => {})
    }
  }

  async call(way: WayToCall, signal: AbortSignal): Promise<CallResult> {
    const caller = this.#callers[way]
    if (caller) return caller(signal)
    try {
      return resultOf((await this.#bed.requestConnection(signal)).status)
    } catch (error) {
      // Real agents close the connection in place of a 503; one that grants it may be too slow to say so.
      if (error instanceof DeviceSilent) return 'lost'
      throw error
    }
  }

  async callPatiently(way: WayToCall, signal: AbortSignal, lost: () => void): Promise<CallResult> {
    const deadline = performance.now() + this.#bed.profile.pixit.timing.informSeconds * 1000
    for (let pause = 10; ; pause = Math.min(pause * 2, 1000)) {
      const result = await this.call(way, signal)
      const mayCome = result === 'busy' || result === 'lost'
      if (!mayCome || performance.now() + pause > deadline) return result
      if (result === 'lost') lost()
      await setTimeout(pause, undefined, { signal })
    }
  }

  setLocally(name: string, value: string, signal: AbortSignal): Promise<void> {
    return this.#bed.dut.setLocally(name, value, signal)
  }

  async powerCycle(signal: AbortSignal): Promise<void> {
    this.#bootedMs = this.now()
    await this.#bed.dut.powerCycle(signal)
  }

  factoryReset(signal: AbortSignal): Promise<void> {
    return this.#bed.dut.factoryReset(signal)
  }

  provision(signal: AbortSignal): Promise<void> {
    return this.#bed.pointAt(this.#bed.acs.url, signal)
  }

  retryWaitMs(retry: number): number {
    if (retry === 0) return 0
    const waits = this.#bed.profile.ics.SessionRetryParameters ? quick : usual
    return longestWaitMs(this.#bed, waits, retry)
  }

  fileUrl(which: 'good' | 'missing' | 'upload'): string {
    return this.#fileUrls[which]
  }
}

function resultOf(status: number): CallResult {
  if (status === 200 || status === 204) return 'heard'
  return status === 503 ? 'busy' : { refused: `HTTP status ${status}` }
}

class DeviceContact implements Contact {
  readonly url: string
  readonly #session: AcsSession

  constructor(session: AcsSession, url: string) {
    this.#session = session
    this.url = url
  }

  get inform(): RequestOf<'Inform'> {
    return this.#session.inform
  }

  get atMs(): number {
    return this.#session.informExchange.atMs
  }

  accept(onRequest: (request: CpeRequest) => RequestAnswer): void {
    this.#session.onCpeRequest = (request) => {
      if (onRequest(cpeRequestOf(request)) === 'properly') return undefined
      const options = { namespace: request.cwmpNamespace, id: request.id ?? null }
      return { body: buildFault({ code: 8005, string: 'Retry request' }, options) }
    }
    this.#session.answerInform()
  }

  spoil(how: Spoiling): void {
    if (how === 'cut') this.#session.abort()
    else if (how === '500') this.#session.answerInform({ status: 500 })
    else {
      const string = how === '8005' ? 'Retry request' : 'Internal error'
      this.#session.answerInform({ fault: { code: Number(how), string } })
    }
  }

  call: Contact['call'] = (name, args) => this.#session.call(name, args)

  async end(how: 'properly' | '500'): Promise<void> {
    await this.#session.end(how === '500' ? { status: 500 } : {})
  }

  cut(): void {
    this.#session.abort()
  }
}

function cpeRequestOf(request: Envelope): CpeRequest {
  if (request.name !== 'TransferComplete') return { name: request.name }
  return { name: request.name, report: decodeRequest(request, 'TransferComplete') }
}
