import { X509Certificate } from 'node:crypto'
import type { CpeService, Device } from '../services/service.ts'
import { CwmpFault } from '../soap/soap.ts'
import { MalformedVoucher } from './ordered-xml.ts'
import { BadSignature } from './signature.ts'
import { type OptionGrant, type OptionMode, readVoucher } from './voucher.ts'

/** What GetOptions tells of one option. */
export interface OptionStatus {
  name: string
  serialNumber: number
  isEnabled: boolean
  mode: OptionMode
  start: number
  expiration: number | undefined
  transferable: boolean
}

const SECTION = 'options'
const MOST_OPTIONS = 32
const LARGEST_VOUCHER = 65_536

/** Options of the device that vouchers enable and disable (TR-069 A.4.1.3, A.4.1.4, Annex C). */
export class Vouchers implements CpeService {
  protected readonly device: Device

  constructor(device: Device) {
    this.device = device
  }

  start(): void {
    for (const { name, isEnabled } of this.options(''))
      this.device.log.about('vouchers').info(`option ${name} is ${isEnabled ? 'enabled' : 'disabled'}`)
  }

  /** Applies all vouchers, durably, or none. Throws CwmpFault 9001 for one that is not to be trusted, 9003 for a malformed one, 9004 for too much. */
  apply(vouchers: readonly Buffer[]): void {
    const options = { ...this.#options }
    for (const voucher of vouchers) {
      if (voucher.length > LARGEST_VOUCHER) throw new CwmpFault(9004, 'a voucher is too large')
      for (const grant of this.read(voucher)) {
        this.checkIsNewer(grant, options[grant.name])
        options[grant.name] = grant
      }
    }
    if (Object.keys(options).length > MOST_OPTIONS) throw new CwmpFault(9004, 'too many options')
    this.device.store.commit({ [SECTION]: options })
  }

  /** The option of that name, if there is one; all of them for ''. */
  options(name: string): OptionStatus[] {
    const now = this.device.clock.now()
    return Object.values(this.#options)
      .filter((grant) => name === '' || grant.name === name)
      .map((grant) => ({ ...grant, expiration: grant.expiration, isEnabled: this.isEnabled(grant, now) }))
  }

  protected isEnabled({ mode, start, expiration }: OptionGrant, now: number): boolean {
    return mode !== 0 && now >= start && (expiration === undefined || now < expiration)
  }

  /** Throws CwmpFault 9001 or 9003. */
  protected read(voucher: Buffer): OptionGrant[] {
    const { tree, clock, log } = this.device
    const value = (name: string) => tree.get(`Device.DeviceInfo.${name}`)?.value ?? ''
    const id = {
      oui: value('ManufacturerOUI'),
      productClass: value('ProductClass'),
      serialNumber: value('SerialNumber'),
    }
    try {
      return readVoucher(voucher, id, { roots: this.roots(), now: clock.isSet ? clock.now() : undefined })
    } catch (error) {
      log.about('vouchers').warning((error as Error).message)
      if (error instanceof MalformedVoucher) throw new CwmpFault(9003, error.message)
      if (error instanceof BadSignature) throw new CwmpFault(9001, error.message)
      throw error
    }
  }

  /** Whose vouchers are good: roots that this device was given for itself, never those that anybody can get a certificate from. */
  protected roots(): X509Certificate[] {
    const { voucherCa, trustedCa } = this.device.options
    const pem = voucherCa ?? trustedCa ?? ''
    const blocks = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? []
    return blocks.map((block) => new X509Certificate(block))
  }

  /** An old voucher must not bring back what a newer one has taken away. */
  protected checkIsNewer(grant: OptionGrant, known: OptionGrant | undefined): void {
    if (known && grant.serialNumber < known.serialNumber)
      throw new CwmpFault(9001, 'a newer voucher for this option is in force')
  }

  get #options(): Readonly<Record<string, OptionGrant>> {
    return this.device.store.get(SECTION) ?? {}
  }
}
