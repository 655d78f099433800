/** For tests: a whole agent between an ACS and a file server. */
import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Agent, type AgentOptions, type AgentParts, composeAgent, defaultParts } from '../agent.ts'
import { Log } from '../platform/platform.ts'
import type { XmlElement } from '../soap/soap.ts'
import { TinyAcs } from '../tiny-acs.ts'
import { type ScriptedAnswer, ScriptedServer } from '../transport/scripted-server.ts'

/** Members of a message, at whatever depth, by name. */
export function membersOf(element: XmlElement | undefined): Record<string, string> {
  const members = (each: XmlElement): [string, string][] =>
    each.children.length > 0 ? each.children.flatMap(members) : [[each.name, each.text]]
  return Object.fromEntries(element ? members(element) : [])
}

/** A firmware image, with a payload of its own. */
export function firmwareImage(version: string, more = '', payload = `payload of ${version}`): string {
  const sha256 = createHash('sha256').update(payload).digest('hex')
  return `CWMP-REFERENCE-FIRMWARE 1\nversion: ${version}\nsha256: ${sha256}\n${more}\n${payload}`
}

/** What an order leaves open. */
export interface Order {
  commandKey?: string
  fileType?: string
  url?: string
  username?: string
  password?: string
  fileSize?: number
  targetFileName?: string
  delaySeconds?: number
}

export class TransferBench {
  readonly directory = mkdtempSync(join(tmpdir(), 'cwmp-transfer-'))
  readonly lines: string[] = []
  readonly acs: TinyAcs
  readonly files: ScriptedServer
  /** What the file server has been asked: method and path. */
  readonly requests: string[] = []
  #agent: Agent | undefined

  private constructor(acs: TinyAcs, files: ScriptedServer) {
    this.acs = acs
    this.files = files
  }

  static async open(answer: (path: string, body: string) => ScriptedAnswer | Promise<ScriptedAnswer>) {
    const bench: TransferBench = new TransferBench(
      await TinyAcs.listen(),
      await ScriptedServer.listen(({ method, url, body }) => {
        bench.requests.push(`${method} ${url}`)
        return answer(url, body)
      }),
    )
    return bench
  }

  /** Switches an agent on, in place of one that ran before. */
  async start(changes: Partial<AgentOptions> = {}, parts: AgentParts = defaultParts()): Promise<Agent> {
    await this.#agent?.stop()
    const options: AgentOptions = {
      stateDirectory: this.directory,
      acsUrl: this.acs.url(),
      connectionRequestHost: '127.0.0.1',
      connectionRequestPort: 0,
      clockRate: 1,
      responseTimeout: 30,
      ...changes,
    }
    this.#agent = composeAgent(options, new Log('DEBUG', (line) => this.lines.push(line)), parts)
    await this.#agent.start()
    return this.#agent
  }

  download(order: Order = {}): string {
    const {
      commandKey = 'key',
      fileType = '3 Vendor Configuration File',
      url = this.files.url('/file'),
    } = order
    const { username = '', password = '', fileSize = 0, targetFileName = '', delaySeconds = 0 } = order
    return [
      `<cwmp:Download><CommandKey>${commandKey}</CommandKey><FileType>${fileType}</FileType><URL>${url}</URL>`,
      `<Username>${username}</Username><Password>${password}</Password><FileSize>${fileSize}</FileSize>`,
      `<TargetFileName>${targetFileName}</TargetFileName><DelaySeconds>${delaySeconds}</DelaySeconds>`,
      '<SuccessURL/><FailureURL/></cwmp:Download>',
    ].join('')
  }

  upload(order: Order = {}): string {
    const {
      commandKey = 'key',
      fileType = '1 Vendor Configuration File',
      url = this.files.url('/file'),
    } = order
    const { username = '', password = '', delaySeconds = 0 } = order
    return [
      `<cwmp:Upload><CommandKey>${commandKey}</CommandKey><FileType>${fileType}</FileType><URL>${url}</URL>`,
      `<Username>${username}</Username><Password>${password}</Password><DelaySeconds>${delaySeconds}</DelaySeconds></cwmp:Upload>`,
    ].join('')
  }

  async close(): Promise<void> {
    await this.#agent?.stop()
    await this.acs.close()
    await this.files.close()
    rmSync(this.directory, { recursive: true, force: true })
  }
}
