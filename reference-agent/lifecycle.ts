/** How a boot of the device comes to its end. */
import type { StateStore } from './state/state.ts'

const SECTION = 'lifecycle'

/** Whether a factory reset was promised to the ACS and not carried out before the lights went out. */
export function factoryResetIsDue(store: StateStore): boolean {
  return store.get<{ factoryReset?: boolean }>(SECTION)?.factoryReset === true
}

/** Reboots, each boot once, and never in the middle of a session. */
export class Lifecycle {
  readonly #store: StateStore
  readonly #reboot: () => void
  #isRebootDue = false

  constructor(store: StateStore, reboot: () => void) {
    this.#store = store
    this.#reboot = reboot
  }

  /** Whether this boot ends with the running session, or has ended. */
  get isRebootDue(): boolean {
    return this.#isRebootDue
  }

  /** Demands a factory reset at the next boot, durably, and that boot after the running session. */
  requestFactoryReset(): void {
    this.#store.commit({ [SECTION]: { factoryReset: true } })
    this.#isRebootDue = true
  }

  requestReboot(): void {
    this.#isRebootDue = true
  }

  /** Reboots now, or after a session that runs. */
  rebootAfterSession(inSession: boolean): void {
    if (!inSession && !this.#isRebootDue) this.#reboot()
    this.#isRebootDue = true
  }

  sessionEnded(): void {
    if (this.#isRebootDue) this.#reboot()
  }
}
