import { createHash } from 'node:crypto'
import { DefinitionError, type ParameterTree } from './datamodel/datamodel.ts'
import type { AgentOptions } from './options.ts'
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
 * has changed: then the operator wants that one.
 */
export function applyProvisioning(tree: ParameterTree, options: AgentOptions, store: StateStore): void {
  const applied = store.get<Record<string, string>>(SECTION) ?? {}
  const wanted = provisioningOf(options)
  applyConfiguration(tree, options, store)
  for (const [path, value] of Object.entries(wanted)) {
    if (!tree.get(path)) throw new DefinitionError(`the data model has no ${path}`)
    if (applied[path] !== fingerprint(value)) tree.setLocally(path, value, { report: false })
  }
  rememberProvisioning(wanted, store)
}

const CONFIGURED = 'configured'

/**
 * Puts into effect what the configuration file says and did not say last time; options of the command line go before it. A value that the data model
 * refuses is passed over with a line that names its place, at each boot until somebody corrects it. With `report` the changes are told to the ACS where it wants to know.
 */
export function applyConfiguration(
  tree: ParameterTree,
  options: AgentOptions,
  store: StateStore,
  report = false,
): void {
  const { configuration } = options
  if (!configuration) return
  const applied = store.get<Record<string, string>>(CONFIGURED) ?? {}
  const ordered = provisioningOf(options)
  const said = Object.entries(configuration.parameters()).filter(([path]) => tree.get(path) !== undefined)
  const accepted = said.filter(([path, value]) => {
    if (Object.hasOwn(ordered, path) || applied[path] === fingerprint(value)) return true
    try {
      tree.setLocally(path, value, { report })
      return true
    } catch (error) {
      if (!(error instanceof CwmpFault)) throw error
      configuration.refuse(path, error.faultString || error.message)
      return false
    }
  })
  rememberConfiguration(Object.fromEntries(accepted), store)
}

/** Notes what stands in the configuration file now. */
export function rememberConfiguration(said: Provisioning, store: StateStore): void {
  remember(CONFIGURED, said, store)
}

/** Notes values as applied, so that the next boot does not take them for new. */
export function rememberProvisioning(provisioning: Provisioning, store: StateStore): void {
  remember(SECTION, provisioning, store)
}

function remember(section: string, values: Provisioning, store: StateStore): void {
  const applied = store.get<Record<string, string>>(section) ?? {}
  const fingerprints = Object.entries(values).map(([path, value]) => [path, fingerprint(value)])
  store.commit({ [section]: { ...applied, ...Object.fromEntries(fingerprints) } })
}

/** Enough to see whether an option has changed, without keeping a second copy of a password. */
export function fingerprint(value: string): string {
  return createHash('sha256').update(value).digest('base64url')
}
