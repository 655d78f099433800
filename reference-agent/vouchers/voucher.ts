/** What a voucher says of options (TR-069 Annex C). */
import type { X509Certificate } from 'node:crypto'
import {
  childOf,
  childrenOf,
  elementsIn,
  MalformedVoucher,
  type OrderedElement,
  parseOrdered,
  textOf,
} from './ordered-xml.ts'
import { BadSignature, SIGNATURES, signedElements } from './signature.ts'

/** 0: disabled. 1: enabled for a while. 2: enabled for good. */
export type OptionMode = 0 | 1 | 2

export interface OptionGrant {
  name: string
  /** The serial number of the voucher. */
  serialNumber: number
  mode: OptionMode
  /** Milliseconds since the epoch. */
  start: number
  /** Only with mode 1. */
  expiration?: number
  transferable: boolean
}

/** Whom a voucher is for. */
export interface VoucherDevice {
  oui: string
  productClass: string
  serialNumber: string
}

export interface VoucherTrust {
  roots: readonly X509Certificate[]
  /** Milliseconds; undefined while the device does not know the time. */
  now: number | undefined
}

const MODES: Readonly<Record<string, OptionMode>> = {
  Disable: 0,
  EnableWithExpiration: 1,
  EnableWithoutExpiration: 2,
}

const SECOND = 1000
const DAY = 86_400 * SECOND
const UNITS: Readonly<Record<string, number>> = {
  Seconds: SECOND,
  Minutes: 60 * SECOND,
  Hours: 3600 * SECOND,
  Days: DAY,
  Weeks: 7 * DAY,
  Months: 30 * DAY,
}

/** Reads a voucher: a Signature with its Options inside, each of them signed. Throws MalformedVoucher, or BadSignature for one that does not hold or is for another device. */
export function readVoucher(
  content: Buffer,
  device: VoucherDevice,
  { roots, now }: VoucherTrust,
): OptionGrant[] {
  const signature = parseOrdered(content.toString('utf8'))
  if (signature.name !== 'Signature' || signature.uri !== SIGNATURES)
    throw new MalformedVoucher('the document is no signature')
  const options = [...elementsIn(signature)].filter(({ name }) => name === 'Option')
  if (options.length === 0) throw new MalformedVoucher('there is no option in it')
  const grants = options.map(grantOf)
  const signed = new Set(signedElements(signature, roots, now))
  if (!options.every((option) => signed.has(option))) throw new BadSignature('an option is not signed')
  for (const option of options) checkDevice(childOf(option, 'DeviceId'), device)
  return grants
}

function grantOf(option: OrderedElement): OptionGrant {
  const text = (name: string) => textOf(childOf(option, name))
  const name = text('OptionIdent')
  if (name === '' || [...name].length > 64) throw new MalformedVoucher('OptionIdent is empty or too long')
  const mode = MODES[text('Mode')]
  if (mode === undefined) throw new MalformedVoucher('an unknown Mode')
  const start = momentOf(text('StartDate'))
  const [transferable] = childrenOf(option, 'Transferable').map(textOf)
  return {
    name,
    serialNumber: numberOf(text('VSerialNum')),
    mode,
    start,
    ...(mode === 1 && { expiration: start + durationOf(text('Duration'), text('DurationUnits')) }),
    transferable: transferable === 'Yes',
  }
}

function checkDevice(id: OrderedElement, device: VoucherDevice): void {
  const isMeant = (name: string, value: string) =>
    childrenOf(id, name).every((element) => textOf(element) === value)
  const isNamed = childrenOf(id, 'SerialNumber').length > 0
  if (
    !isNamed ||
    !isMeant('OUI', device.oui) ||
    !isMeant('ProductClass', device.productClass) ||
    !isMeant('SerialNumber', device.serialNumber)
  )
    throw new BadSignature('the voucher is for another device')
}

function numberOf(text: string): number {
  const number = Number(text)
  if (!/^\d{1,10}$/.test(text) || number > 0xffff_ffff) throw new MalformedVoucher(`${text} is no number`)
  return number
}

function durationOf(text: string, unit: string): number {
  const milliseconds = UNITS[unit]
  if (milliseconds === undefined) throw new MalformedVoucher('unknown DurationUnits')
  return numberOf(text) * milliseconds
}

/** A dateTime, its date with or without hyphens, in UTC where no zone is given. */
function momentOf(text: string): number {
  const extended = text.replace(/^(\d{4})(\d{2})(\d{2})T/, '$1-$2-$3T')
  const moment = Date.parse(/(Z|[+-]\d{2}:\d{2})$/.test(extended) ? extended : `${extended}Z`)
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:/.test(extended) || Number.isNaN(moment))
    throw new MalformedVoucher('StartDate is no dateTime')
  return moment
}
