/** Asking the ACS for a Download on behalf of whoever stands beside the device (TR-069 A.4.2.2). Not remembered over a reboot. */
import type { Device } from '../services/service.ts'
import type { EventStruct } from '../session/session.ts'
import { CwmpFault, escapeXml } from '../soap/soap.ts'
import { contentOf } from './file-types.ts'

const EVENT = '9 REQUEST DOWNLOAD'
const MOST_ARGUMENTS = 16

export class DownloadRequests {
  readonly #device: Device
  /** Made and not yet answered. */
  readonly #pending = new Set<object>()
  #isAnnounced = false

  constructor(device: Device) {
    this.#device = device
  }

  /** Has the ACS asked, with arguments that say which file. Throws CwmpFault 9003 for what the call cannot carry. */
  ask(fileType: string, arguments_: Readonly<Record<string, string>>): void {
    const entries = Object.entries(arguments_)
    const isTooLong = entries.some(([name, value]) => [...name].length > 64 || [...value].length > 256)
    if (!contentOf(fileType) || entries.length > MOST_ARGUMENTS || isTooLong)
      throw new CwmpFault(9003, 'no file type to ask for, or arguments beyond what the call carries')
    const structs = entries.map(
      ([name, value]) =>
        `<ArgStruct><Name>${escapeXml(name)}</Name><Value>${escapeXml(value)}</Value></ArgStruct>`,
    )
    const token = {}
    const done = () => void this.#pending.delete(token)
    this.#pending.add(token)
    this.#device.request({
      method: 'RequestDownload',
      body: [
        `<cwmp:RequestDownload><FileType>${fileType}</FileType>`,
        `<FileTypeArg soap-enc:arrayType="cwmp:ArgStruct[${structs.length}]">${structs.join('')}</FileTypeArg>`,
        '</cwmp:RequestDownload>',
      ].join(''),
      isDue: () => this.#isAnnounced && this.#pending.has(token),
      answered: done,
      faulted: done,
    })
    this.#device.occurred(EVENT)
  }

  /** Another ACS was not meant: nothing is asked any more. */
  bootstrapped(): void {
    this.#pending.clear()
  }

  informing(events: readonly EventStruct[]): void {
    this.#isAnnounced = events.some(({ EventCode }) => EventCode === EVENT)
  }

  /** What was not answered is asked again, with its event. */
  sessionEnded(): void {
    this.#isAnnounced = false
    if (this.#pending.size > 0 && this.#device.undelivered(EVENT) === 0) this.#device.remember(EVENT)
  }
}
