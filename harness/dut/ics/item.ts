/** One line of the implementation conformance statement (ISO/IEC 9646): what an agent may have or lack. */
export interface IcsItem {
  /** Clause of TR-069 or of the document named. */
  readonly clause: string
  /**
   * `mandatory`: an agent without it does not conform, whatever else it does. `conditional`: required under `condition`, which nobody
   * but its maker can judge. `deprecated`: optional, and no longer wanted.
   */
  readonly status: 'mandatory' | 'conditional' | 'optional' | 'deprecated'
  readonly condition?: string
  /** Goes on after "The agent …". */
  readonly text: string
  /** Items without which this one cannot be claimed. */
  readonly requires?: readonly string[]
  /** What of it is to be seen when a device is asked about itself, or why nothing is. */
  readonly shown: readonly Sign[] | { readonly unseen: string }
  /** The item speaks of the bench, too: a device that shows it although the statement denies it is no contradiction. */
  readonly onlyClaims?: boolean
}

/**
 * What shows that a device has an item. Paths are relative to the root of the data model, objects end with a dot; `gateway` is the path
 * under `InternetGatewayDevice.` where that differs, and `null` where it is not defined there.
 */
export type Sign =
  /** GetRPCMethods lists it. */
  | { readonly method: string }
  /** GetParameterNames lists it. */
  | { readonly path: string; readonly gateway?: string | null }
  /** A parameter that is true. */
  | { readonly flag: string }
  /** A parameter with a list of what the device supports; any entry will do where no `entry` is named. */
  | {
      readonly list: string
      readonly entry?: string
      /** Older data models do not have the parameter: a device without it says nothing either way. */
      readonly isNew?: true
    }

/** The table of one group of items: a heading for people, and the items by name. */
export interface IcsGroup<Name extends string> {
  readonly title: string
  readonly items: Readonly<Record<Name, IcsItem>>
}

/** Keeps the names of the items as types. */
export function group<Name extends string>(
  title: string,
  items: Readonly<Record<Name, IcsItem>>,
): IcsGroup<Name> {
  return { title, items }
}
