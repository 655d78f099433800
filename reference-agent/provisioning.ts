import { createHash } from 'node:crypto'
import type { ParameterTree } from './datamodel/datamodel.ts'
import type { AgentOptions } from './options.ts'
import type { Log } from './platform/platform.ts'
import { CwmpFault } from './soap/soap.ts'
import type { StateStore } from './state/state.ts'

/** Values of ManagementServer parameters, by path, in the order in which they are set. */
export type Provisioning = Record<string, string>

export interface AcsAccount {
  acsUrl?: string | undefined
  acsUsername?: string | undefined
  acsPassword?: string | undefined
  connectionRequestUsername?: string | undefined
  connectionRequestPassword?: string | undefined
  /** Seconds. */
  periodicInformInterval?: number | undefined
  /** Seconds. */
  retryMinimumWaitInterval?: number | undefined
  /** Thousandths. */
  retryIntervalMultiplier?: number | undefined
}

/** Parameters for an account. The URL stands last: credentials are there when it takes effect. */
export function provisioningOf(account: AcsAccount): Provisioning {
  const parameters = {
    Username: account.acsUsername,
    Password: account.acsPassword,
    ConnectionRequestUsername: account.connectionRequestUsername,
    ConnectionRequestPassword: account.connectionRequestPassword,
    PeriodicInformInterval: account.periodicInformInterval?.toString(),
    CWMPRetryMinimumWaitInterval: account.retryMinimumWaitInterval?.toString(),
    CWMPRetryIntervalMultiplier: account.retryIntervalMultiplier?.toString(),
    URL: account.acsUrl || undefined,
  }
  return Object.fromEntries(
    Object.entries(parameters).flatMap(([name, value]) =>
      value === undefined ? [] : [[`Device.ManagementServer.${name}`, value] as const],
    ),
  )
}

const SECTION = 'provisioned'

/**
 * Gives a device fresh from the factory the values of its options. Later boots leave alone what the ACS has changed since, unless an option itself
 * has changed: then the operator wants that one. A value of the configuration file that the data model refuses is passed over with a line in the log.
 */
export function applyProvisioning(
  tree: ParameterTree,
  options: AgentOptions,
  store: StateStore,
  log: Log,
): void {
  const applied = store.get<Record<string, string>>(SECTION) ?? {}
  const isNew = ([path, value]: [string, string]) => applied[path] !== fingerprint(value)
  const ordered = provisioningOf(options)
  const configured = Object.entries(options.configuration?.parameters() ?? {}).filter(
    ([path]) => !Object.hasOwn(ordered, path) && tree.get(path) !== undefined,
  )
  for (const [path, value] of configured.filter(isNew)) {
    try {
      tree.setLocally(path, value, { report: false })
    } catch (error) {
      if (!(error instanceof CwmpFault)) throw error
      log.warning(`${options.configuration?.path}: ${path}: ${error.faultString}`)
    }
  }
  for (const [path, value] of Object.entries(ordered).filter(isNew))
    tree.setLocally(path, value, { report: false })
  rememberProvisioning({ ...Object.fromEntries(configured), ...ordered }, store)
}

/** Notes values as applied, so that the next boot does not take them for new. */
export function rememberProvisioning(provisioning: Provisioning, store: StateStore): void {
  const applied = store.get<Record<string, string>>(SECTION) ?? {}
  const fingerprints = Object.entries(provisioning).map(([path, value]) => [path, fingerprint(value)])
  store.commit({ [SECTION]: { ...applied, ...Object.fromEntries(fingerprints) } })
}

/** Enough to see whether an option has changed, without keeping a second copy of a password. */
function fingerprint(value: string): string {
  return createHash('sha256').update(value).digest('base64url')
}
