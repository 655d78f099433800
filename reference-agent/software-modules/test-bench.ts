/** For unit tests: a device with software modules, and files that wait at their URLs. */
import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { CommandMembers } from '../control/control.ts'
import { TestDevice } from '../services/test-device.ts'
import { buildEnvelope, childNamed, childrenNamed, parseEnvelope, type XmlElement } from '../soap/soap.ts'
import type { DuOperation } from './operation.ts'
import { SoftwareModules } from './service.ts'

/** A deployment unit as a file. */
export function unitFile(fields: Record<string, string> = {}, payload = 'payload'): Buffer {
  const sha256 = createHash('sha256').update(payload).digest('hex')
  const head = { name: 'clock', version: '1.0', vendor: 'vendor.example', sha256, ...fields }
  const lines = Object.entries(head).map(([key, value]) => `${key}: ${value}\n`)
  return Buffer.from(`CWMP-REFERENCE-UNIT 1\n${lines.join('')}\n${payload}`)
}

/** What a server does when it is asked for a file. */
type Answer = Buffer | Error | (() => Promise<Buffer>)

export interface Reported {
  method: string
  commandKey: string | undefined
  /** Members of each Results element; the fault as its code. */
  results: Record<string, string>[]
}

export class ModulesBench {
  readonly directory: string
  readonly files: Map<string, Answer>
  readonly device: TestDevice
  readonly service: SoftwareModules
  /** Credentials with which files were asked for. */
  readonly asked: string[] = []

  /** Boots a device; with what another has left, when one is given. */
  constructor(from?: ModulesBench) {
    this.directory = from?.directory ?? mkdtempSync(join(tmpdir(), 'cwmp-modules-'))
    this.files = from?.files ?? new Map()
    this.device = new TestDevice(from?.device.store, from?.device.clock)
    this.device.options.stateDirectory = this.directory
    this.device.parts.createFileClient = () => ({
      fetch: async ({ url, credentials }, sink, signal) => {
        this.asked.push(`${credentials.username}:${credentials.password}@${url.pathname}`)
        const answer = this.files.get(url.href) ?? new Error('no such file in this test')
        const content = typeof answer === 'function' ? await answer() : answer
        signal.throwIfAborted()
        if (content instanceof Error) throw content
        sink.write(content)
      },
      store: () => Promise.reject(new Error('nothing is stored here')),
    })
    this.service = new SoftwareModules(this.device)
    this.device.services = [this.service]
    this.device.tree.on('change', (change) => this.service.changed(change))
    this.service.start()
  }

  remove(): void {
    rmSync(this.directory, { recursive: true, force: true })
  }

  serve(path: string, answer: Answer): string {
    const url = `http://files.example/${path}`
    this.files.set(url, answer)
    return url
  }

  /** An order in a session that then ends; resolves when nothing more happens. */
  async order(...operations: DuOperation[]): Promise<void> {
    this.take(operations)
    await this.settled()
  }

  take(operations: readonly DuOperation[], commandKey = 'key'): void {
    this.device.inSession = true
    this.service.order(operations, commandKey)
    this.endSession()
  }

  endSession(): void {
    this.device.inSession = false
    this.service.sessionEnded()
  }

  /** A command of the control socket. */
  async command(members: Record<string, string>): Promise<void> {
    const text = (key: string) => {
      const value = members[key]
      if (value === undefined) throw new Error(`${key} is missing`)
      return value
    }
    const given: CommandMembers = { text, optional: (key) => members[key], texts: () => ({}) }
    this.service.commands.du(given)
    await this.settled()
  }

  async settled(): Promise<void> {
    for (let turns = 0; turns < 20; turns++) await new Promise((resolve) => setImmediate(resolve))
  }

  /** A session in which all events are told: the calls that are made in it. They count as answered unless `answered` is false. */
  session(answered = true): Reported[] {
    const { events, requests } = this.device
    const told = events.splice(0).map((event) => {
      const [, EventCode = '', CommandKey = ''] = /^(.*?)(?:\((.*)\))?$/.exec(event) ?? []
      return { EventCode, CommandKey }
    })
    this.device.inSession = true
    this.service.informing(told)
    const due = requests.filter((request) => request.isDue?.() ?? true)
    const reported = due.map(({ method, body }) => readReport(method, body))
    for (const request of answered ? due : []) {
      requests.splice(requests.indexOf(request), 1)
      request.answered?.(responseTo(request.method))
    }
    this.endSession()
    return reported
  }

  /** Results of the one report that is made now. */
  results(): Record<string, string>[] {
    const [report] = this.session()
    if (!report) throw new Error('nothing is reported')
    return report.results
  }

  /** Parameters of all rows of a table below Device.SoftwareModules, by name. */
  rows(table: string): Record<string, string>[] {
    return this.device.tree.rows(`Device.SoftwareModules.${table}.`).map((row) => {
      const parameters = this.device.tree.getParameters(row)
      return Object.fromEntries(parameters.map(({ path, value }) => [path.slice(row.length), value]))
    })
  }

  set(path: string, value: string): void {
    this.device.tree.setValues([{ path: `Device.SoftwareModules.${path}`, value }], '')
  }
}

function responseTo(method: string) {
  return parseEnvelope(buildEnvelope(`<cwmp:${method}Response/>`, { version: '1.4' }))
}

function readReport(method: string, body: string): Reported {
  const call = parseEnvelope(buildEnvelope(body, { version: '1.4' })).body
  return {
    method,
    commandKey: childNamed(call, 'CommandKey')?.text,
    results: childrenNamed(call, 'Results').map(readResult),
  }
}

function readResult(result: XmlElement): Record<string, string> {
  return Object.fromEntries(
    result.children.map((member) => [member.name, childNamed(member, 'FaultCode')?.text ?? member.text]),
  )
}
