/** For tests: the transfers of a device whose clock stands still, and whose files come from wherever the test says. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Cpe } from '../rpc/test-cpe.ts'
import { TestDevice } from '../services/test-device.ts'
import type { XmlElement } from '../soap/soap.ts'
import type { FileSink } from './file-client.ts'
import { membersOf } from './test-agent.ts'
import { Transfers } from './transfers.ts'

type Fetching = (sink: FileSink, signal: AbortSignal) => Promise<void>

export class TransferDevice {
  readonly directory = mkdtempSync(join(tmpdir(), 'cwmp-transfers-'))
  device = new TestDevice()
  transfers = new Transfers(this.device)
  cpe = new Cpe()
  /** How fetching ends; with seven octets, unless a test has it otherwise. */
  fetching: Fetching = async (sink) => sink.write(Buffer.from('content'))
  maximumFileSize: number | undefined
  /** Locations that were fetched or stored to. */
  readonly visited: string[] = []

  constructor() {
    this.boot()
  }

  boot(): void {
    const { device } = this
    device.options.stateDirectory = this.directory
    device.options.maximumFileSize = this.maximumFileSize
    device.parts.createFileClient = () => ({
      fetch: (file, sink, signal) => {
        this.visited.push(file.url.href)
        return this.fetching(sink, signal)
      },
      store: async (file) => void this.visited.push(file.url.href),
    })
    this.transfers = new Transfers(device)
    device.services = [this.transfers]
    this.cpe = new Cpe()
    this.cpe.services = [this.transfers]
    this.transfers.start()
  }

  /** Power off and on: what was not durable is gone. */
  async powerCycle(): Promise<void> {
    await this.transfers.stop()
    this.device = new TestDevice(this.device.store, this.device.clock)
    this.boot()
  }

  async close(): Promise<void> {
    await this.transfers.stop()
    rmSync(this.directory, { recursive: true, force: true })
  }

  /** The session in which orders came is over, and everything happens that needs no time. */
  async sessionEnds(): Promise<void> {
    this.transfers.sessionEnded()
    await settled()
  }

  /** Lets device time pass. */
  async pass(milliseconds: number): Promise<void> {
    await settled()
    this.device.clock.advance(milliseconds)
    await settled()
  }

  /** The calls that a session makes now which tells of everything that waits: method and members. They are all answered. */
  session(): Record<string, string>[] {
    const { device, transfers } = this
    const events = device.events.splice(0).map((each) => {
      const [, EventCode = '', CommandKey = ''] = /^(.*?)(?:\((.*)\))?$/.exec(each) ?? []
      return { EventCode, CommandKey }
    })
    transfers.informing(events)
    const calls: Record<string, string>[] = []
    for (const request of device.requests.splice(0)) {
      if (request.isDue?.() === false) continue
      calls.push({ method: request.method, ...membersOf(leavesOf(request.body)) })
      request.answered?.({} as never)
    }
    transfers.sessionEnded()
    return calls
  }
}

/** A server that never answers. */
export const silence: Fetching = (_sink, signal) =>
  new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)))

/** Lets everything happen that needs no time. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve))
}

function leavesOf(body: string): XmlElement {
  const leaf = /<(\w+)>([^<]*)<\/\1>/g
  const children = [...body.matchAll(leaf)].map(([, name = '', text = '']) => ({ name, text, children: [] }))
  return { name: '', text: '', children } as unknown as XmlElement
}

const order = (key: string, fileType = '2 Web Content') =>
  `<CommandKey>${key}</CommandKey><FileType>${fileType}</FileType><URL>http://files/${key}</URL><Username/><Password/>`

/** Arguments of a Download of seven octets. */
export const download = (key = 'key', delay = 0) =>
  `${order(key)}<FileSize>7</FileSize><TargetFileName>t</TargetFileName><DelaySeconds>${delay}</DelaySeconds><SuccessURL/><FailureURL/>`

export const upload = (key = 'key', delay = 0) =>
  `${order(key, '1 Vendor Configuration File')}<DelaySeconds>${delay}</DelaySeconds>`

export const schedule = (windows: string, key = 'key') =>
  `${order(key)}<FileSize>0</FileSize><TargetFileName/><TimeWindowList>${windows}</TimeWindowList>`

export const windowStruct = (start: number, end: number, mode = '2 Immediately', retries = 0) =>
  `<TimeWindowStruct><WindowStart>${start}</WindowStart><WindowEnd>${end}</WindowEnd><WindowMode>${mode}</WindowMode>` +
  `<UserMessage>may I?</UserMessage><MaxRetries>${retries}</MaxRetries></TimeWindowStruct>`
