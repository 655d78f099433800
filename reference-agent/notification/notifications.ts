/** Changes that the ACS did not make, told in Informs (TR-069 3.7.1.5, A.3.2.4). */
import {
  opensSession,
  type ParameterChange,
  type ParameterValue,
  type PendingChange,
} from '../datamodel/datamodel.ts'
import type { Timer } from '../platform/platform.ts'
import type { CpeService, Device } from '../services/services.ts'
import { MANAGEMENT_SERVER, type SessionOutcome } from '../session/session.ts'
import { applyCustomNotifications, readForcedInform } from './configured-lists.ts'

const THROTTLES = new Set([
  `${MANAGEMENT_SERVER}DefaultActiveNotificationThrottle`,
  `${MANAGEMENT_SERVER}ManageableDeviceNotificationLimit`,
])
/** Events whose Informs carry what the operator wants besides. */
const BOOTS = new Set(['0 BOOTSTRAP', '1 BOOT'])

const MANAGEABLE_DEVICES = `${MANAGEMENT_SERVER}ManageableDeviceNumberOfEntries`

/** Opens sessions for changes with active notification, no sooner than the throttles allow, and says which parameters an Inform carries. */
export class Notifications implements CpeService {
  protected readonly device: Device
  /** Actively notified changes that no session was opened for yet. */
  readonly #noted = new Set<string>()
  /** Device milliseconds at the end of the last successful session; before the first one anything goes. */
  #lastSuccess = Number.NEGATIVE_INFINITY
  /** The same for the last one that told how many manageable devices there are. */
  #lastManageableDevices = Number.NEGATIVE_INFINITY
  #delayed: Timer | undefined
  /** Parameters that the operator wants in the Informs of a boot. */
  #forcedAtBoot: readonly string[] = []

  constructor(device: Device) {
    this.device = device
  }

  /** Reads what the operator of the device has decided. */
  configure(): void {
    const { options, tree, log } = this.device
    const { configuration } = options
    // Both names are in use for the first one.
    const custom =
      configuration?.get('cpe.custom_notify_json') ?? configuration?.get('cpe.json_custom_notify_file')
    const forced = configuration?.get('cpe.forced_inform_json')
    const topic = log.about('notification')
    if (custom !== undefined) applyCustomNotifications(custom, tree, topic)
    if (forced !== undefined) this.#forcedAtBoot = readForcedInform(forced, tree, topic)
  }

  stop(): void {
    this.#delayed?.cancel()
  }

  changed({ path, cause }: ParameterChange): void {
    if (THROTTLES.has(path)) this.#openWhenAllowed()
    if (cause !== 'local') return
    const { tree } = this.device
    const name = tree.wireName(path)
    if (tree.pendingChanges().some((each) => each.path === name && this.isActive(each)))
      this.notifyActively(path)
  }

  sessionEnded(outcome: SessionOutcome): void {
    if (outcome.successful) this.#succeeded()
    // A failed session is followed by a retry, which tells everything.
    if (outcome.successful || outcome.retried === false) this.#openWhenAllowed()
  }

  /** Whether a change asks for a session: its parameter has active notification. */
  isActive({ notification }: PendingChange): boolean {
    return opensSession(notification)
  }

  /** Whether a change waits that asks for a session. */
  get hasActiveChanges(): boolean {
    return this.device.tree.pendingChanges().some((change) => this.isActive(change))
  }

  /** What an Inform with these changes and events carries: forced parameters, changed ones, and those that InformParameter or the operator asks for, each once (4.1). */
  parametersOfInform(
    changes: readonly PendingChange[],
    eventCodes: readonly string[],
  ): readonly ParameterValue[] {
    const { tree } = this.device
    const paths = new Set([
      ...tree.forcedInformParameters(),
      ...changes.map(({ path }) => path),
      ...tree.informParameters(eventCodes),
      ...(eventCodes.some((code) => BOOTS.has(code)) ? this.#forcedAtBoot : []),
    ])
    return tree.ownParameters([...paths])
  }

  /** Opens a session for a change at once, or as soon as a throttle allows. */
  protected notifyActively(path: string): void {
    this.#noted.add(path)
    this.#openWhenAllowed()
  }

  /** Device milliseconds until a session may be opened for nothing but the change of a parameter. */
  protected waitFor(path: string): number {
    const now = this.device.clock.monotonic()
    const sinceSuccess = this.seconds('DefaultActiveNotificationThrottle') * 1000 - (now - this.#lastSuccess)
    if (path !== MANAGEABLE_DEVICES) return sinceSuccess
    const limit = this.seconds('ManageableDeviceNotificationLimit') * 1000
    return Math.max(sinceSuccess, limit - (now - this.#lastManageableDevices))
  }

  /** During a session nothing needs to be opened: its end asks again for what it did not tell. */
  #openWhenAllowed(): void {
    this.#delayed?.cancel()
    const { clock, inSession } = this.device
    if (this.#noted.size === 0 || inSession) return
    const wait = Math.min(...[...this.#noted].map((path) => this.waitFor(path)))
    if (wait > 0) this.#delayed = clock.after(wait, () => this.#openWhenAllowed())
    else this.device.openSession()
  }

  #succeeded(): void {
    const now = this.device.clock.monotonic()
    this.#lastSuccess = now
    const waiting = new Set(this.device.tree.pendingChanges().map(({ path }) => path))
    for (const path of this.#noted) {
      if (waiting.has(this.device.tree.wireName(path))) continue
      this.#noted.delete(path)
      if (path === MANAGEABLE_DEVICES) this.#lastManageableDevices = now
    }
  }

  protected seconds(name: string): number {
    return Number(this.device.tree.get(MANAGEMENT_SERVER + name)?.value ?? 0)
  }
}
