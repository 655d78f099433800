/** DHCP options that name an ACS (TR-069 3.1), as octets. */

/** What a DHCP server says of the ACS. */
export interface Discovery {
  readonly url?: string
  readonly provisioningCode?: string
  /** Seconds. */
  readonly minimumWait?: number
  /** Thousandths. */
  readonly multiplier?: number
}

type Part = readonly [code: number, octets: Buffer]

/** IANA's number of the Broadband Forum, and the one that is left for examples (RFC 5612). */
const BROADBAND_FORUM = 3561
const SOMEBODY_ELSE = 32473

/** Option 43: encapsulated options 1 to 4, in their order unless `order` changes it. */
export function option43(
  discovery: Discovery,
  order: (parts: Buffer[]) => Buffer[] = (parts) => parts,
): string {
  return Buffer.concat(
    order(partsOf(discovery, 1).map(([code, octets]) => encapsulated(code, octets))),
  ).toString('hex')
}

/** Option 125: encapsulated options 11 to 14 of the Broadband Forum, behind those of somebody else where asked. */
export function option125(discovery: Discovery, { afterOthers = false } = {}): string {
  const ours = block(BROADBAND_FORUM, partsOf(discovery, 11))
  const others = block(
    SOMEBODY_ELSE,
    partsOf({ url: 'http://somebody.else.example/', provisioningCode: 'theirs' }, 11),
  )
  return Buffer.concat(afterOthers ? [others, ours] : [ours]).toString('hex')
}

/** Who a device says it is by option 125 (Annex F). */
export interface DhcpIdentity {
  readonly oui: string
  readonly serialNumber: string
  readonly productClass: string
}

/** Option 125 of a gateway that presents itself: encapsulated options 4 to 6. */
export function gatewayOption125({ oui, serialNumber, productClass }: DhcpIdentity): string {
  const texts = [oui, serialNumber, productClass]
  const parts = texts.map((text, index) => [4 + index, Buffer.from(text)] as const)
  return block(BROADBAND_FORUM, parts).toString('hex')
}

/** Who sent an option 125: encapsulated options 1 to 3 of the Broadband Forum; empty texts where it says nothing. */
export function senderOf(option: string): DhcpIdentity {
  const octets = Buffer.from(option, 'hex')
  const said = new Map<number, string>()
  for (let at = 0; at + 5 <= octets.length; at += 5 + (octets[at + 4] ?? 0)) {
    if (octets.readUInt32BE(at) !== BROADBAND_FORUM) continue
    const data = octets.subarray(at + 5, at + 5 + (octets[at + 4] ?? 0))
    for (let from = 0; from + 2 <= data.length; from += 2 + (data[from + 1] ?? 0))
      said.set(data[from] ?? 0, data.toString('latin1', from + 2, from + 2 + (data[from + 1] ?? 0)))
  }
  const [oui = '', serialNumber = '', productClass = ''] = [1, 2, 3].map((code) => said.get(code))
  return { oui, serialNumber, productClass }
}

/** Option 17 of DHCPv6. The sources disagree on the numbers of its options: 11 to 14, or 1 to 4; here are both. */
export function option17(discovery: Discovery): string {
  const parts = [...partsOf(discovery, 1), ...partsOf(discovery, 11)]
  const wide = parts.map(([code, octets]) => {
    const head = Buffer.alloc(4)
    head.writeUInt16BE(code, 0)
    head.writeUInt16BE(octets.length, 2)
    return Buffer.concat([head, octets])
  })
  return Buffer.concat([enterprise(BROADBAND_FORUM), ...wide]).toString('hex')
}

/** Code, length and value. */
export function encapsulated(code: number, octets: Buffer): Buffer {
  return Buffer.concat([Buffer.from([code, octets.length]), octets])
}

/** Numbers travel as text. */
function partsOf({ url, provisioningCode, minimumWait, multiplier }: Discovery, first: number): Part[] {
  return [url, provisioningCode, minimumWait?.toString(), multiplier?.toString()].flatMap((text, index) =>
    text === undefined ? [] : [[first + index, Buffer.from(text)] as const],
  )
}

function block(number: number, parts: readonly Part[]): Buffer {
  const data = Buffer.concat(parts.map(([code, octets]) => encapsulated(code, octets)))
  return Buffer.concat([enterprise(number), Buffer.from([data.length]), data])
}

function enterprise(number: number): Buffer {
  const octets = Buffer.alloc(4)
  octets.writeUInt32BE(number)
  return octets
}

/** The octets as text, one character each. */
export function decodeHex(octets: string): string {
  return Buffer.from(octets, 'hex').toString('latin1')
}
