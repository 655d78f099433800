/** The two places for firmware, one of which runs. What stands in them outlives a factory reset; the data model shows it (DeviceInfo.FirmwareImage). */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Device } from '../services/service.ts'
import { moveDurably, readIfThere, writeDurably } from './durable-file.ts'
import { type ImagePolicy, readFirmwareImage } from './firmware-image.ts'

const DEVICE_INFO = 'Device.DeviceInfo.'
const IMAGES = `${DEVICE_INFO}FirmwareImage.`
const BOOT_IMAGE = `${DEVICE_INFO}BootFirmwareImage`

/** Section of the store that says that the data model has been told which image is to boot; absent after a factory reset. */
const SECTION = 'firmware'

const FILE = 'banks.json'

type BankNumber = 1 | 2
const BANKS: readonly BankNumber[] = [1, 2]

interface Bank {
  /** Empty: no image. */
  version: string
  name: string
  /** Why it did not boot. */
  failure?: string
}

interface Banks {
  boot: BankNumber
  active: BankNumber
  1: Bank
  2: Bank
}

export class Firmware {
  protected readonly device: Device
  readonly #directory: string
  #banks: Banks | undefined

  constructor(device: Device, directory: string) {
    this.device = device
    this.#directory = directory
  }

  /** Boots the image that is to boot, or stays with the one before when that cannot run. Gives the reason for the latter. */
  boot(): string | undefined {
    const { store } = this.device
    const isKnown = store.get(SECTION) !== undefined
    const banks = this.banks
    const wanted = isKnown ? this.wantedByModel(banks.boot) : banks.boot
    const image = wanted === banks.active ? banks[wanted] : this.imageToRun(wanted)
    const active = image.failure === undefined ? wanted : banks.active
    this.#keep({ ...banks, boot: wanted, active, [wanted]: image })
    this.#guardChoice()
    store.together(() => {
      this.#show({ report: isKnown })
      store.commit({ [SECTION]: { known: true } })
    })
    return image.failure
  }

  /** Throws FileTransferError for a file that must not be installed. */
  check(path: string): void {
    readFirmwareImage(path, this.policy)
  }

  /** Puts an image into the place that does not run; `isToBoot` makes it the one to boot next. May be done again after a power cut. */
  install(path: string, name: string, isToBoot: boolean): void {
    const { version } = readFirmwareImage(path, this.policy)
    const banks = this.banks
    const free: BankNumber = banks.active === 1 ? 2 : 1
    moveDurably(path, this.#path(free))
    const bank = { version, name: [...name].slice(0, 64).join('') }
    this.#keep({ ...banks, boot: isToBoot ? free : banks.boot, [free]: bank })
    this.#show({ report: false })
  }

  protected get productClass(): string {
    return this.device.tree.get(`${DEVICE_INFO}ProductClass`)?.value ?? ''
  }

  protected get policy(): ImagePolicy {
    return { productClass: this.productClass, makerKey: this.device.options.firmwareKey }
  }

  /** The place that the ACS has chosen, or that the last installation has. */
  protected wantedByModel(otherwise: BankNumber): BankNumber {
    return bankOf(this.device.tree.get(BOOT_IMAGE)?.value ?? '') ?? otherwise
  }

  /** The bank of an image that is to run, with the reason when it cannot. */
  protected imageToRun(number: BankNumber): Bank {
    const { version, name } = this.banks[number]
    try {
      return this.isFactoryImage(number)
        ? { version, name }
        : { name, version: readFirmwareImage(this.#path(number), this.policy).version }
    } catch (error) {
      return { version, name, failure: (error as Error).message }
    }
  }

  /** The image that the device was made with is built in. */
  protected isFactoryImage(number: BankNumber): boolean {
    return number === 1 && !existsSync(this.#path(number))
  }

  protected get banks(): Banks {
    if (!this.#banks) {
      const path = join(this.#directory, FILE)
      const stored = readIfThere(path)
      this.#banks = stored === undefined ? this.fromFactory() : (readBanks(stored) ?? this.#recovered(path))
    }
    return this.#banks
  }

  /** The images speak for themselves, and the data model remembers which of them ran. */
  #recovered(path: string): Banks {
    const aside = `${path}.damaged-${new Date().toISOString().replaceAll(':', '')}`
    moveDurably(path, aside)
    this.device.log.alert(`${path} is damaged; kept as ${aside}, going on with the images that are there`)
    const factory = this.fromFactory()
    const running = bankOf(this.device.tree.get(`${DEVICE_INFO}ActiveFirmwareImage`)?.value ?? '') ?? 1
    const active = existsSync(this.#path(running)) ? running : 1
    const bank = (number: BankNumber): Bank => {
      const isThere = existsSync(this.#path(number))
      return isThere ? { version: this.#versionOf(number), name: 'recovered' } : factory[number]
    }
    return { boot: active, active, 1: bank(1), 2: bank(2) }
  }

  /** Empty for an image that cannot run. */
  #versionOf(number: BankNumber): string {
    try {
      return readFirmwareImage(this.#path(number), this.policy).version
    } catch {
      return ''
    }
  }

  protected fromFactory(): Banks {
    const version = this.device.tree.get(`${DEVICE_INFO}SoftwareVersion`)?.value ?? ''
    return { boot: 1, active: 1, 1: { version, name: 'factory' }, 2: { version: '', name: '' } }
  }

  #path(bank: BankNumber): string {
    return join(this.#directory, `image-${bank}`)
  }

  #keep(banks: Banks): void {
    const content = JSON.stringify(banks)
    if (content !== JSON.stringify(this.banks)) writeDurably(join(this.#directory, FILE), content)
    this.#banks = banks
  }

  /** What the ACS must not do to the images (9007). */
  #guardChoice(): void {
    const { tree } = this.device
    for (const bank of BANKS) {
      tree.guard(`${IMAGES}${bank}.Available`, (value, after) =>
        value === 'false' && (this.banks.active === bank || bankOf(after(BOOT_IMAGE)) === bank)
          ? 'the image is active or is to boot'
          : undefined,
      )
    }
    tree.guard(BOOT_IMAGE, (value, after) =>
      after(`${value}.Available`) === 'true' ? undefined : 'no image that is available',
    )
  }

  /** Writes what there is into the data model, as far as that has places for it. */
  #show(options: { report: boolean }): void {
    const { tree } = this.device
    const banks = this.banks
    const values: Record<string, string> = {
      [`${DEVICE_INFO}SoftwareVersion`]: banks[banks.active].version,
      [`${DEVICE_INFO}ActiveFirmwareImage`]: `${IMAGES}${banks.active}`,
      [BOOT_IMAGE]: `${IMAGES}${banks.boot}`,
    }
    for (const bank of BANKS) {
      const { version, name, failure } = banks[bank]
      const row = `${IMAGES}${bank}.`
      values[`${row}Name`] = name
      values[`${row}Version`] = version
      values[`${row}Status`] = statusOf(banks, bank)
      values[`${row}BootFailureLog`] = failure ?? ''
      if (version !== tree.get(`${row}Version`)?.value) values[`${row}Available`] = String(version !== '')
    }
    // A data model of somebody else's need not have them all, and no reference without what it refers to.
    const hasRows = BANKS.every((bank) => tree.get(`${IMAGES}${bank}.Version`) !== undefined)
    const known = Object.entries(values).filter(
      ([path, value]) => tree.get(path) !== undefined && (hasRows || !value.startsWith(IMAGES)),
    )
    tree.setAllLocally(Object.fromEntries(known), options)
  }
}

/** Undefined for a text that does not say what every list of firmware says. */
function readBanks(text: string): Banks | undefined {
  try {
    const banks = JSON.parse(text) as Banks
    const isBank = ({ version, name }: Bank) => typeof version === 'string' && typeof name === 'string'
    const isWhole =
      BANKS.includes(banks.boot) && BANKS.includes(banks.active) && BANKS.every((each) => isBank(banks[each]))
    return isWhole ? banks : undefined
  } catch {
    return undefined
  }
}

function statusOf(banks: Banks, bank: BankNumber): string {
  if (banks.active === bank) return 'Active'
  if (banks[bank].version === '') return 'NoImage'
  return banks[bank].failure === undefined ? 'Available' : 'ActivationFailed'
}

function bankOf(path: string): BankNumber | undefined {
  return BANKS.find((bank) => path === `${IMAGES}${bank}`)
}
