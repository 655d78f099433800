/** Keeps the UCI file up to date while the device runs. */
import type { ParameterChange } from '../datamodel/datamodel.ts'
import { rememberConfiguration } from '../provisioning.ts'
import type { CpeService, Device } from '../services/service.ts'
import { CONFIGURED_PARAMETERS } from './parameters.ts'

const PATHS = new Set(CONFIGURED_PARAMETERS.map(({ path }) => path))

export class ConfigurationService implements CpeService {
  readonly #device: Device
  readonly #changed = new Set<string>()
  #failed = false

  constructor(device: Device) {
    this.#device = device
  }

  /** What a power cut kept from being written last time. Defaults that the file does not speak of stay unsaid, and what it says in vain stays for whoever wrote it. */
  start(): void {
    const { configuration } = this.#device.options
    for (const path of PATHS) if (configuration?.names(path)) this.#changed.add(path)
    this.#write()
  }

  stop(): void {
    this.#write()
  }

  changed({ path }: ParameterChange): void {
    if (!PATHS.has(path)) return
    this.#changed.add(path)
    // A session writes once, at its end.
    if (!this.#device.inSession) this.#write()
  }

  sessionEnded(): void {
    this.#write()
  }

  /** The state has every change already: a file that cannot be written loses none. */
  #write(): void {
    const { tree, store, log, options } = this.#device
    const values = [...this.#changed].flatMap((path) => {
      const parameter = tree.get(path)
      return parameter ? [[path, parameter.value] as const] : []
    })
    this.#changed.clear()
    if (!options.configuration || values.length === 0) return
    try {
      options.configuration.write(Object.fromEntries(values))
      rememberConfiguration(Object.fromEntries(values), store)
      this.#failed = false
    } catch (error) {
      if (!this.#failed)
        log
          .about('configuration')
          .warning(`${options.configuration.path} cannot be written: ${(error as Error).message}`)
      this.#failed = true
    }
  }
}
