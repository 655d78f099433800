import { createSocket, type RemoteInfo, type Socket } from 'node:dgram'
import { isIPv4, isIPv6 } from 'node:net'
import {
  type Answer,
  AUTHORITATIVE_ANSWER,
  decode,
  encode,
  type Packet,
  type Question,
  RECURSION_AVAILABLE,
  RECURSION_DESIRED,
  type SrvData,
} from 'dns-packet'
import type { WaitOptions } from '../acs/acs.ts'
import { HarnessError } from '../failure.ts'
import { TransferLog } from './transfer-log.ts'

/** What a name has; without an address of the family that is asked for the answer is empty. */
export interface NameRecord {
  /** IPv4 and IPv6 addresses, answered in this order. */
  readonly addresses: readonly string[]
  /** Hosts of a service (RFC 2782), for a name such as `_xmpp-client._tcp.example`; none unless given. */
  readonly services?: readonly SrvData[]
  /** Seconds that the answer may be kept; 0 unless given. */
  readonly ttl?: number
}

/** How a name is answered: with addresses, that it does not exist, that the server has failed, or not at all. */
export type NameAnswer = NameRecord | 'NXDOMAIN' | 'SERVFAIL' | 'silence'

/** One question of a device. */
export interface NameQuery {
  /** In lower case. */
  readonly name: string
  /** Such as `A` or `AAAA`. */
  readonly type: string
  readonly answer: NameAnswer
}

interface DnsServerOptions {
  /** Address to listen on; 127.0.0.1 unless given. */
  readonly host?: string
  /** 0 (any free one) unless given. */
  readonly port?: number
  /** Gets a line for each question. */
  readonly note?: (line: string) => void
}

const responseCodes = { NXDOMAIN: 3, SERVFAIL: 2 } as const

/** A DNS server over UDP that says what a case wants. Names that it was not told do not exist. */
export class DnsServer {
  readonly #socket: Socket
  readonly #options: DnsServerOptions
  readonly #names = new Map<string, NameAnswer>()
  readonly #log = new TransferLog<NameQuery>(({ name, type }) => `a question for ${type} of ${name}`)

  private constructor(socket: Socket, options: DnsServerOptions) {
    this.#socket = socket
    this.#options = options
    socket.on('message', (octets, from) => this.#onMessage(octets, from))
    socket.on('error', (error) => options.note?.(`DNS server: ${error.message}`))
  }

  /** @throws HarnessError when the port is taken or the address is not ours */
  static async listen(options: DnsServerOptions = {}): Promise<DnsServer> {
    const { host = '127.0.0.1', port = 0 } = options
    const socket = createSocket(isIPv6(host) ? 'udp6' : 'udp4')
    await new Promise<void>((resolve, reject) => {
      socket.once('error', (error) =>
        reject(new HarnessError(`DNS server: cannot listen on ${host} port ${port}: ${error.message}`)),
      )
      socket.bind({ address: host, port }, () => {
        socket.removeAllListeners('error')
        resolve()
      })
    })
    return new DnsServer(socket, options)
  }

  /** Address and port, as the device is given them; an IPv6 address in brackets. */
  get address(): string {
    const { host = '127.0.0.1' } = this.#options
    return `${isIPv6(host) ? `[${host}]` : host}:${this.#socket.address().port}`
  }

  /** Says how a name is answered from now on. */
  answer(name: string, answer: NameAnswer): void {
    this.#names.set(name.toLowerCase(), answer)
  }

  /** All questions so far. */
  get queries(): readonly NameQuery[] {
    return this.#log.all
  }

  /**
   * The next question for a name that was not waited for yet, come already or not; with `answer` one that was answered so.
   * @throws DeviceSilent when none comes in time
   */
  nextQuery(
    name: string,
    { answer, ...options }: WaitOptions & { timeoutMs: number; answer?: NameAnswer },
  ): Promise<NameQuery> {
    const where = (query: NameQuery) =>
      query.name === name.toLowerCase() && (answer === undefined || query.answer === answer)
    return this.#log.next(`a question for ${name} at the DNS server`, { ...options, where })
  }

  async close(): Promise<void> {
    this.#log.close(new HarnessError('the DNS server was closed'))
    await new Promise<void>((resolve) => {
      this.#socket.close(resolve)
    })
  }

  #onMessage(octets: Buffer, from: RemoteInfo): void {
    let query: Packet
    try {
      query = decode(octets)
    } catch (error) {
      this.#options.note?.(`DNS server: what came is no DNS message (${(error as Error).message})`)
      return
    }
    const [question] = query.questions ?? []
    if (query.type !== 'query' || !question) return
    const name = question.name.toLowerCase()
    const answer = this.#names.get(name) ?? 'NXDOMAIN'
    this.#options.note?.(`DNS: ${question.type} of ${name} → ${inWords(answer)}`)
    this.#log.add({ name, type: question.type, answer })
    if (answer === 'silence') return
    this.#socket.send(encode(response(query, question, answer)), from.port, from.address)
  }
}

function response(query: Packet, question: Question, answer: Exclude<NameAnswer, 'silence'>): Packet {
  const asked = (query.flags ?? 0) & RECURSION_DESIRED
  return {
    id: query.id,
    type: 'response',
    flags:
      AUTHORITATIVE_ANSWER |
      RECURSION_AVAILABLE |
      asked |
      (typeof answer === 'string' ? responseCodes[answer] : 0),
    questions: [question],
    answers: typeof answer === 'string' ? [] : answersTo(question, answer),
  }
}

function answersTo({ name, type }: Question, { addresses, services = [], ttl = 0 }: NameRecord): Answer[] {
  if (type === 'SRV') return services.map((data) => ({ name, type, class: 'IN', ttl, data }))
  const fits = type === 'A' ? isIPv4 : type === 'AAAA' ? isIPv6 : () => false
  return addresses.filter((one) => fits(one)).map((data) => ({ name, type, class: 'IN', ttl, data }))
}

function inWords(answer: NameAnswer): string {
  if (typeof answer === 'string') return answer
  const services = (answer.services ?? []).map(({ target, port }) => `${target}:${port}`)
  return [...answer.addresses, ...services].join(', ') || 'no address'
}
