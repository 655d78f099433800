/** DHCP options that concern CWMP (TR-069 3.1 and Annex F; RFC 2132 8.4, RFC 3925, and for DHCPv6 RFC 8415 21.16 and 21.17). */

/** Hexadecimal octets by option code, such as "43"; 16 and 17 are those of DHCPv6, all others of DHCPv4. */
export type DhcpOptions = Readonly<Record<string, string>>

/** What a DHCP server tells a CPE; what it does not tell is absent. */
export interface Discovered {
  url?: string
  provisioningCode?: string
  /** Seconds, in decimal digits. */
  retryMinimumWaitInterval?: string
  /** Thousandths, in decimal digits. */
  retryIntervalMultiplier?: string
  gatewayOui?: string
  gatewaySerialNumber?: string
  gatewayProductClass?: string
}

/** IANA's enterprise number of the Broadband Forum, whose name was DSL Forum. */
const BROADBAND_FORUM = 3561
const VENDOR_CLASS = 'dslforum.org'

/** Encapsulated options of option 43. */
const VENDOR_SPECIFIC: Readonly<Record<number, keyof Discovered>> = {
  1: 'url',
  2: 'provisioningCode',
  3: 'retryMinimumWaitInterval',
  4: 'retryIntervalMultiplier',
}

/** Those of option 125, and of 17 of DHCPv6: of a gateway that presents itself, and of a server that names the ACS. */
const IDENTIFYING: Readonly<Record<number, keyof Discovered>> = {
  4: 'gatewayOui',
  5: 'gatewaySerialNumber',
  6: 'gatewayProductClass',
  11: 'url',
  12: 'provisioningCode',
  13: 'retryMinimumWaitInterval',
  14: 'retryIntervalMultiplier',
}

/** The octets are not what the option's format asks for. */
class MalformedOption extends Error {}

/** What the options say, 17 before 125, and that before 43. `ignored` hears of each option that is malformed and so counts as absent. */
export function readDhcpOptions(options: DhcpOptions, ignored: (reason: string) => void): Discovered {
  const read = (code: string, parse: (octets: Buffer) => Discovered): Discovered => {
    const hex = options[code]
    try {
      return hex === undefined ? {} : parse(octetsOf(hex))
    } catch (error) {
      if (!(error instanceof MalformedOption)) throw error
      ignored(`DHCP option ${code}: ${error.message}`)
      return {}
    }
  }
  return {
    ...read('43', (octets) => textsOf(octets, VENDOR_SPECIFIC)),
    ...read('125', (octets) =>
      Object.assign({}, ...blocksOf(octets).map((each) => textsOf(each, IDENTIFYING))),
    ),
    ...read('17', (octets) => textsOfVersion6(octets)),
  }
}

/** What the device sends to a DHCP server: its vendor class (60 and 124, 16) and who it is (125). */
export function dhcpRequestOptions(device: {
  oui: string
  serialNumber: string
  productClass: string
}): DhcpOptions {
  const identity = [device.oui, device.serialNumber, device.productClass].map((text, index) =>
    withLength([index + 1], Buffer.from(text)),
  )
  const enterprise = Buffer.alloc(4)
  enterprise.writeUInt32BE(BROADBAND_FORUM)
  return {
    16: Buffer.concat([
      enterprise,
      Buffer.from([0, VENDOR_CLASS.length]),
      Buffer.from(VENDOR_CLASS),
    ]).toString('hex'),
    60: Buffer.from(VENDOR_CLASS).toString('hex'),
    124: withLength([...enterprise], withLength([], Buffer.from(VENDOR_CLASS))).toString('hex'),
    125: withLength([...enterprise], Buffer.concat(identity)).toString('hex'),
  }
}

function withLength(head: readonly number[], octets: Buffer): Buffer {
  return Buffer.concat([Buffer.from([...head, octets.length]), octets])
}

function octetsOf(hex: string): Buffer {
  if (!/^([0-9A-Fa-f]{2})*$/.test(hex)) throw new MalformedOption('not hexadecimal')
  return Buffer.from(hex, 'hex')
}

/** Code, length and value, again and again; of unknown codes only the length matters. */
function textsOf(octets: Buffer, names: Readonly<Record<number, keyof Discovered>>): Discovered {
  const found: Discovered = {}
  for (let at = 0; at < octets.length; ) {
    const code = octets[at] ?? 0
    // In option 43 these two stand alone: padding and the end.
    if (code === 0) at++
    else if (code === 255) break
    else {
      const value = sized(octets, at + 1)
      at += 2 + value.length
      const name = names[code]
      if (name) found[name] = textOf(value, code)
    }
  }
  return found
}

/** The same in an option of DHCPv6, where codes and lengths have two octets, behind the number of one enterprise. */
function textsOfVersion6(octets: Buffer): Discovered {
  if (octets.length < 4) throw new MalformedOption('an enterprise is cut short')
  const found: Discovered = {}
  if (octets.readUInt32BE(0) !== BROADBAND_FORUM) return found
  for (let at = 4; at < octets.length; ) {
    const start = at + 4
    if (start > octets.length) throw new MalformedOption('it ends too early')
    const code = octets.readUInt16BE(at)
    at = start + octets.readUInt16BE(at + 2)
    if (at > octets.length) throw new MalformedOption('it ends too early')
    const name = IDENTIFYING[code]
    if (name) found[name] = textOf(octets.subarray(start, at), code)
  }
  return found
}

/** Texts of servers may end with a null character, which is no part of them. */
function textOf(value: Buffer, code: number): string {
  const text = value.toString('latin1').replace(/\0$/, '')
  if (!/^[\x20-\x7e]*$/.test(text)) throw new MalformedOption(`encapsulated option ${code} is no text`)
  return text
}

/** Data of the Broadband Forum in an option of several enterprises. */
function blocksOf(octets: Buffer): Buffer[] {
  const blocks: Buffer[] = []
  for (let at = 0; at < octets.length; ) {
    if (octets.length - at < 5) throw new MalformedOption('an enterprise is cut short')
    const data = sized(octets, at + 4)
    if (octets.readUInt32BE(at) === BROADBAND_FORUM) blocks.push(data)
    at += 5 + data.length
  }
  return blocks
}

/** The octets whose number stands in front of them. */
function sized(octets: Buffer, at: number): Buffer {
  const length = octets[at]
  if (length === undefined || at + 1 + length > octets.length) throw new MalformedOption('it ends too early')
  return octets.subarray(at + 1, at + 1 + length)
}
