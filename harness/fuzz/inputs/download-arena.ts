import type { AcsSession } from '../../acs/acs.ts'
import { decodeRequest, isFault } from '../../cwmp/cwmp.ts'
import { ConformanceFailure } from '../../failure.ts'
import type { HttpFileServer } from '../../net/net.ts'
import type { TestBed } from '../../testbed/testbed.ts'
import type { BrokenMessage } from '../breakage/breakage.ts'
import type { BreakageLanguage } from '../breakage/language.ts'
import type { FuzzArena, Outcome, Wrong } from '../campaign/field.ts'
import type { DownloadMessage, DownloadRule } from './download-language.ts'
import { answerOfDownload, combinedDownload, type DownloadEnd, judgeDownload } from './download-rules.ts'

/** A file that the profile names. */
export interface NamedFile {
  readonly fileType: string
  readonly octets: Buffer
  /** A parameter that a configuration file changes. */
  readonly path?: string
}

/** A device that downloads one file after the other. */
export class DownloadArena implements FuzzArena<BrokenMessage> {
  readonly state = 'between transfers'
  readonly #cpe: TestBed
  readonly #language: BreakageLanguage<DownloadMessage, DownloadRule>
  readonly #web: HttpFileServer
  readonly #files: Readonly<Partial<Record<DownloadMessage['kind'], NamedFile>>>
  #session: AcsSession | undefined
  #version: string | undefined
  #keys = 0

  constructor(
    cpe: TestBed,
    language: BreakageLanguage<DownloadMessage, DownloadRule>,
    web: HttpFileServer,
    files: Readonly<Partial<Record<DownloadMessage['kind'], NamedFile>>>,
  ) {
    this.#cpe = cpe
    this.#language = language
    this.#web = web
    this.#files = files
  }

  get transcript() {
    return this.#cpe.transcript
  }

  async meet(one: BrokenMessage, signal: AbortSignal): Promise<Outcome> {
    const message = this.#language.build(one)
    const effect = combinedDownload(this.#language.rulesOf(one))
    const file = this.#files[message.kind]
    if (!file) throw new Error(`there is no ${message.kind} file`)
    try {
      const session = await this.#open(signal)
      this.#version ??= this.#versionIn(session)
      const before = await this.#value(session, file, signal)
      const end = await this.#download(session, message, file, signal)
      const after = await this.#open(signal)
      const wrong =
        judgeDownload(message.kind, effect, end) ??
        this.#otherVersion(after) ??
        unlike(before, await this.#value(after, file, signal), end)
      return { answer: answerOfDownload(end), ...(wrong && { wrong }) }
    } catch (error) {
      if (!(error instanceof ConformanceFailure)) throw error
      this.#session = undefined
      await this.#cpe.acs.drain()
      const wrong: Wrong = {
        kind: (await this.#cpe.dut.alive(signal)) ? 'hang' : 'crash',
        expected: error.tolerated,
        actual: error.observed,
        clause: 'TR-069 A.3.2.8: the outcome of a transfer is told, and the device lives on',
        level: 'MUST',
      }
      return { answer: 'gone', wrong }
    }
  }

  async settle() {
    return []
  }

  async restart(signal: AbortSignal): Promise<void> {
    this.#session = undefined
    await this.#cpe.acs.drain()
    const { dut, profile } = this.#cpe
    if (!dut.supports('powerCycle')) return this.#cpe.enrol()
    await dut.powerCycle(signal)
    const timeoutMs = profile.pixit.timing.rebootSeconds * 1000
    await (await this.#cpe.nextSession({ timeoutMs, signal })).end()
  }

  async close(): Promise<void> {
    await this.#session?.end().catch(() => {})
  }

  /** The session that is open, or one that the device is asked for. @throws DeviceSilent */
  async #open(signal: AbortSignal): Promise<AcsSession> {
    if (this.#session?.over) this.#session = undefined
    this.#session ??= await this.#cpe.openSession(signal)
    return this.#session
  }

  /** Has the device download it, and waits for the end. @throws ConformanceFailure when that is never told */
  async #download(
    session: AcsSession,
    { content, sizeShare }: DownloadMessage,
    { fileType, octets }: NamedFile,
    signal: AbortSignal,
  ): Promise<DownloadEnd> {
    this.#keys += 1
    const CommandKey = `fuzz ${this.#keys}`
    const body = Buffer.from(content(octets.toString('latin1')), 'latin1')
    const answer = await session.call('Download', {
      CommandKey,
      FileType: fileType,
      URL: this.#web.serve('/fuzz', { body }),
      Username: '',
      Password: '',
      FileSize: Math.floor((body.length * sizeShare) / 100),
      TargetFileName: '',
      DelaySeconds: 0,
      SuccessURL: '',
      FailureURL: '',
    })
    if (isFault(answer)) return { faultCode: answer.faultCode, isRefused: true }
    if (answer.Status === 0) return { faultCode: 0, isRefused: false }
    return { faultCode: await this.#told(session, CommandKey, signal), isRefused: false }
  }

  /** The code in the TransferComplete with that key. The session in which it came stays open. @throws DeviceSilent */
  async #told(first: AcsSession, key: string, signal: AbortSignal): Promise<number> {
    const { transferSeconds } = this.#cpe.profile.pixit.timing
    const deadline = performance.now() + transferSeconds * 1000
    let session = first
    for (;;) {
      await session.end({ signal })
      this.#session = undefined
      for (const request of session.cpeRequests.filter(({ name }) => name === 'TransferComplete')) {
        const { CommandKey, FaultStruct } = decodeRequest(request, 'TransferComplete')
        if (CommandKey === key) return FaultStruct.FaultCode
      }
      const timeoutMs = Math.max(1, deadline - performance.now())
      session = await this.#cpe.nextSession({ timeoutMs, signal })
    }
  }

  #versionIn(session: AcsSession): string | undefined {
    return session.parameters.get(`${this.#cpe.profile.cwmp.root}DeviceInfo.SoftwareVersion`)?.Value
  }

  #otherVersion(session: AcsSession): Wrong | undefined {
    const version = this.#versionIn(session)
    if (version === this.#version) return undefined
    return {
      kind: 'state',
      expected: [`SoftwareVersion ${this.#version}`],
      actual: `${version}`,
      clause: 'TR-069 A.3.2.8: firmware that is no good is not installed',
      level: 'MUST',
    }
  }

  async #value(session: AcsSession, { path }: NamedFile, signal: AbortSignal): Promise<string | undefined> {
    if (path === undefined) return undefined
    const answer = await session.call('GetParameterValues', { ParameterNames: [path] }, { signal })
    return isFault(answer) ? undefined : answer.ParameterList[0]?.Value
  }
}

/** A file that was refused changes nothing. */
function unlike(
  before: string | undefined,
  after: string | undefined,
  { faultCode }: DownloadEnd,
): Wrong | undefined {
  if (faultCode === 0 || before === after) return undefined
  return {
    kind: 'state',
    expected: [`${JSON.stringify(before)}, as before the file that was refused with ${faultCode}`],
    actual: JSON.stringify(after) ?? 'nothing',
    clause: 'TR-069 A.3.2.8: a transfer that failed has no effect',
    level: 'SHOULD',
  }
}
