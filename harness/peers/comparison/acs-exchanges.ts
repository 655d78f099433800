import { gzipSync } from 'node:zlib'
import {
  digestResponse,
  formatAuthentication,
  informOfRaw as informOf,
  parseAuthentication,
  type RawAnswer,
  RawCpe,
  Waiting,
} from '../../acs/acs.ts'
import { buildFault, buildRequest, buildResponse, CWMP_1_0, CWMP_1_1 } from '../../cwmp/cwmp.ts'
import { HarnessError } from '../../failure.ts'
import { acsAnswerFacts } from './acs-facts.ts'
import type { Facts, Seen } from './comparison.ts'

/** What the ACS lets devices in by once it is locked. */
export const credentials = { username: 'device', password: 'a password of the bench' } as const

/** An ACS that is looked at from the side of a device. */
export interface AcsSubject {
  readonly url: string
  /** Has it ask the device of that serial number, which it has met, for a reboot in the next session. */
  wantReboot(serialNumber: string): Promise<void>
  /** Lets nobody in any more without `credentials`. */
  lock(): Promise<void>
}

/** The manufacturer's OUI and the product class of all devices of the list, as the ACS may put them before the serial number. */
export const deviceIdPrefix = '00AA11-Box'

/** Devices of one exchange; their connections are cut after it. */
class Devices {
  readonly subject: AcsSubject
  readonly serialNumber: string
  readonly #all: RawCpe[] = []

  constructor(subject: AcsSubject, serialNumber: string) {
    this.subject = subject
    this.serialNumber = serialNumber
  }

  async fresh(): Promise<RawCpe> {
    const device = await RawCpe.connect(this.subject.url)
    this.#all.push(device)
    return device
  }

  inform(options: Parameters<typeof informOf>[0] = {}): string {
    return informOf({ serialNumber: this.serialNumber, ...options })
  }

  /** One whose Inform has been answered. */
  async inSession(options?: Parameters<typeof informOf>[0]): Promise<RawCpe> {
    const device = await this.fresh()
    await device.post(this.inform(options))
    return device
  }

  /** One that has been asked to reboot; gives the request, too. */
  async asked(): Promise<{ device: RawCpe; request: RawAnswer }> {
    const first = await this.inSession()
    await first.post()
    await this.subject.wantReboot(this.serialNumber)
    const device = await this.inSession({ events: ['2 PERIODIC'] })
    return { device, request: await device.post() }
  }

  destroy(): void {
    for (const device of this.#all) device.destroy()
  }
}

type Run = (devices: Devices) => Promise<RawAnswer | undefined>

/** What the ACS answers; nothing when it ends the connection instead. */
async function orEnd(answer: Promise<RawAnswer>): Promise<RawAnswer | undefined> {
  try {
    return await answer
  } catch {
    return undefined
  }
}

/** What comes of octets of any kind on a new connection. */
function octets(text: (url: URL) => string): Run {
  return async (devices) => {
    const device = await devices.fresh()
    device.send(text(new URL(devices.subject.url)))
    return orEnd(device.answer())
  }
}

/** What comes of a body on a new connection. */
function body(text: string, headers?: Record<string, string>): Run {
  return async (devices) => orEnd((await devices.fresh()).post(text, headers))
}

/** What comes of a request of the device in its session. */
function inSession(request: string): Run {
  return async (devices) => orEnd((await devices.inSession()).post(request))
}

const idOf = ({ body }: RawAnswer) => /<(?:[\w-]+:)?ID[^>]*>([^<]*)</.exec(body.toString())?.[1] ?? null
const times = { StartTime: '2026-01-01T00:00:00Z', CompleteTime: '2026-01-01T00:00:01Z' }
const noFault = { FaultCode: 0, FaultString: '' }

/** The fixed list, by name. */
const exchanges: Readonly<Record<string, Run>> = {
  'an Inform': async (devices) => (await devices.fresh()).post(devices.inform()),
  'an Inform of CWMP 1.0': async (devices) =>
    (await devices.fresh()).post(devices.inform({ namespace: CWMP_1_0 })),
  'an Inform of CWMP 1.1': async (devices) =>
    (await devices.fresh()).post(devices.inform({ namespace: CWMP_1_1 })),
  'an Inform of CWMP 1.4': async (devices) =>
    (await devices.fresh()).post(
      devices.inform({ supportedCwmpVersions: ['1.0', '1.1', '1.2', '1.3', '1.4'], sessionTimeout: 30 }),
    ),
  'an Inform without an id': async (devices) => (await devices.fresh()).post(devices.inform({ id: null })),
  'an Inform that says 100-continue': async (devices) => {
    const device = await devices.fresh()
    const first = await device.post(devices.inform(), { Expect: '100-continue' })
    return first.status === 100 ? device.answer() : first
  },
  'an Inform in chunks': async (devices) => {
    const device = await devices.fresh()
    const text = devices.inform()
    const { pathname, host } = new URL(devices.subject.url)
    device.send(
      `POST ${pathname} HTTP/1.1\r\nHost: ${host}\r\nContent-Type: text/xml\r\nSOAPAction:\r\nTransfer-Encoding: chunked\r\n\r\n${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n0\r\n\r\n`,
    )
    return device.answer()
  },
  'an Inform in gzip': async (devices) =>
    (await devices.fresh()).post(gzipSync(devices.inform()), { 'Content-Encoding': 'gzip' }),
  'a second Inform in a session': async (devices) =>
    orEnd((await devices.inSession()).post(devices.inform({ events: ['2 PERIODIC'] }))),
  'an empty POST with nothing to be done': async (devices) => (await devices.inSession()).post(),
  'an empty POST with something to be done': async (devices) => (await devices.asked()).request,
  'the answer to a request': async (devices) => {
    const { device, request } = await devices.asked()
    return orEnd(device.respond('Reboot', {}, { id: idOf(request) }))
  },
  'a fault in answer to a request': async (devices) => {
    const { device, request } = await devices.asked()
    return orEnd(device.post(buildFault({ code: 9002, string: 'Internal error' }, { id: idOf(request) })))
  },
  'an answer that nobody asked for': inSession(
    buildResponse('GetRPCMethods', { MethodList: [] }, { id: '8' }),
  ),
  GetRPCMethods: inSession(buildRequest('GetRPCMethods', {}, { id: '8' })),
  TransferComplete: inSession(
    buildRequest('TransferComplete', { CommandKey: 'key', FaultStruct: noFault, ...times }, { id: '8' }),
  ),
  AutonomousTransferComplete: inSession(
    buildRequest(
      'AutonomousTransferComplete',
      {
        AnnounceURL: '',
        TransferURL: 'http://example/file',
        IsDownload: true,
        FileType: '1 Firmware Upgrade Image',
        FileSize: 1,
        TargetFileName: 'file',
        FaultStruct: noFault,
        ...times,
      },
      { id: '8' },
    ),
  ),
  // Not RequestDownload: GenieACS 1.2.16 ends when one comes.
  'a method that no ACS has': inSession(
    buildRequest('GetRPCMethods', {}, { id: '8' }).replaceAll('GetRPCMethods', 'X_00AA11_Nothing'),
  ),
  'an empty POST on another connection, with the cookie': async (devices) => {
    const first = await devices.inSession()
    const second = await devices.fresh()
    second.cookie = first.cookie
    first.destroy()
    return orEnd(second.post())
  },
  'an empty POST without a session': body(''),
  'an empty POST with the cookie of no session': body('', { Cookie: 'session=nobody-has-it' }),
  'a body that is not well-formed': body('<soap:Envelope'),
  'a body that is no envelope': body('<hello/>'),
  GET: octets(({ pathname, host }) => `GET ${pathname} HTTP/1.1\r\nHost: ${host}\r\n\r\n`),
  PUT: octets(
    ({ pathname, host }) => `PUT ${pathname} HTTP/1.1\r\nHost: ${host}\r\nContent-Length: 0\r\n\r\n`,
  ),
  'no HTTP at all': octets(() => 'hello there\r\n\r\n'),
}

/** Those with an ACS that has been locked. */
const lockedExchanges: Readonly<Record<string, Run>> = {
  'an Inform without credentials': async (devices) => (await devices.fresh()).post(devices.inform()),
  'an Inform with credentials': (devices) => digest(devices, credentials.password),
  'an Inform with a wrong password': (devices) => digest(devices, 'wrong'),
}

/** An Inform, and once more with what its challenge asks for. */
async function digest(devices: Devices, password: string): Promise<RawAnswer | undefined> {
  const device = await devices.fresh()
  const { head } = await device.post(devices.inform())
  const [challenge] = parseAuthentication(/^www-authenticate: *(.*)$/im.exec(head)?.[1] ?? '')
  const of = (name: string) => challenge?.parameters.get(name) ?? ''
  const uri = new URL(devices.subject.url).pathname
  const shown = { username: credentials.username, realm: of('realm'), nonce: of('nonce'), uri }
  const turn = { nc: '00000001', cnonce: 'a-nonce-of-the-client' }
  const response = digestResponse({
    ...shown,
    ...turn,
    algorithm: 'MD5',
    password,
    method: 'POST',
    qop: 'auth',
  })
  const Authorization = formatAuthentication('Digest', { ...shown, ...turn, qop: 'auth', response })
  return orEnd(device.post(devices.inform(), { Authorization }))
}

/**
 * Has all exchanges take place, one after the other, each with devices of its own.
 * @throws HarnessError naming the exchange that cannot take place
 */
export async function seenOfAcs(subject: AcsSubject): Promise<Seen> {
  const seen = new Map<string, Facts>()
  await meet(exchanges, subject, seen)
  await subject.lock()
  await meet(lockedExchanges, subject, seen)
  return seen
}

async function meet(
  list: Readonly<Record<string, Run>>,
  subject: AcsSubject,
  seen: Map<string, Facts>,
): Promise<void> {
  for (const [name, run] of Object.entries(list)) {
    const devices = new Devices(subject, `S${seen.size + 1}`)
    try {
      seen.set(name, acsAnswerFacts(await inTime(run(devices))))
    } catch (error) {
      throw new HarnessError(`${name}: ${(error as Error).message}`)
    } finally {
      devices.destroy()
    }
  }
}

/** An ACS that says nothing for so long says nothing at all. */
const ANSWER_MS = 30_000

async function inTime<T>(answer: Promise<T>): Promise<T> {
  const late = new Waiting<never>(
    { timeoutMs: ANSWER_MS },
    () => new HarnessError(`the ACS says nothing within ${ANSWER_MS / 1000} s`),
  )
  try {
    return await Promise.race([answer, late.promise])
  } finally {
    late.reject(undefined)
  }
}
