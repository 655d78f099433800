/** Messages of the Domain Name System (RFC 1035), as far as looking up the addresses of a host needs them. */

const RECORD_TYPES = { A: 1, AAAA: 28 } as const
export type RecordType = keyof typeof RECORD_TYPES

export interface DnsResponse {
  id: number
  authoritative: boolean
  /** 0: no error, 3: no such name. */
  code: number
  /** The name in the question, as the server repeats it, without the final dot. */
  name: string
  /** Addresses in the answers, A or AAAA. */
  addresses: string[]
}

/** Names cannot be written as a question: an empty, a too long or a malformed one. */
export class BadName extends Error {
  override readonly name = 'BadName'
}

const CLASS_INTERNET = 1
const RECURSION_DESIRED = 0x0100

/** A question for the addresses of a host. Throws BadName. */
export function encodeQuery(id: number, host: string, type: RecordType): Buffer {
  const header = Buffer.alloc(12)
  header.writeUInt16BE(id, 0)
  header.writeUInt16BE(RECURSION_DESIRED, 2)
  header.writeUInt16BE(1, 4)
  const tail = Buffer.alloc(4)
  tail.writeUInt16BE(RECORD_TYPES[type], 0)
  tail.writeUInt16BE(CLASS_INTERNET, 2)
  return Buffer.concat([header, encodeName(host), tail])
}

function encodeName(host: string): Buffer {
  const labels = host.replace(/\.$/, '').split('.')
  const parts = labels.map((label) => {
    const octets = Buffer.from(label)
    if (octets.length === 0 || octets.length > 63) throw new BadName(`${host} is no host name`)
    return Buffer.concat([Buffer.from([octets.length]), octets])
  })
  const name = Buffer.concat([...parts, Buffer.from([0])])
  if (name.length > 255) throw new BadName(`${host} is longer than a host name can be`)
  return name
}

/** Reads a response with one question. Throws RangeError for anything else. */
export function decodeResponse(message: Buffer): DnsResponse {
  const flags = message.readUInt16BE(2)
  if ((flags & 0x8000) === 0 || message.readUInt16BE(4) !== 1) throw new RangeError('no response')
  const question = readName(message, 12)
  let at = question.end + 4
  const addresses: string[] = []
  for (let left = message.readUInt16BE(6); left > 0; left--) {
    const record = readName(message, at).end
    const length = message.readUInt16BE(record + 8)
    const data = message.subarray(record + 10, record + 10 + length)
    if (data.length < length) throw new RangeError('a record ends beyond the message')
    const address = addressOf(message.readUInt16BE(record), data)
    if (address !== undefined) addresses.push(address)
    at = record + 10 + length
  }
  return {
    id: message.readUInt16BE(0),
    authoritative: (flags & 0x0400) !== 0,
    code: flags & 0x000f,
    name: question.name,
    addresses,
  }
}

function addressOf(type: number, data: Buffer): string | undefined {
  if (type === RECORD_TYPES.A && data.length === 4) return data.join('.')
  if (type !== RECORD_TYPES.AAAA || data.length !== 16) return undefined
  const groups = Array.from({ length: 8 }, (_, index) => data.readUInt16BE(index * 2).toString(16))
  return new URL(`http://[${groups.join(':')}]`).hostname.slice(1, -1)
}

/** A name at an offset, compressed or not, and where what follows it begins. */
function readName(message: Buffer, start: number): { name: string; end: number } {
  const labels: string[] = []
  let at = start
  let end: number | undefined
  for (let steps = 0; steps < 128; steps++) {
    const length = message.readUInt8(at)
    if (length === 0) return { name: labels.join('.'), end: end ?? at + 1 }
    if (length >= 0xc0) {
      end ??= at + 2
      at = message.readUInt16BE(at) & 0x3fff
    } else {
      labels.push(message.toString('utf8', at + 1, at + 1 + length))
      at += 1 + length
    }
  }
  throw new RangeError('a name that does not end')
}
