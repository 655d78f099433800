/** What a feature of the device is to the rest of it. */
import type { CommandMembers } from '../control/control.ts'
import type { ParameterChange, ParameterTree } from '../datamodel/datamodel.ts'
import type { AgentOptions } from '../options.ts'
import type { AgentParts } from '../parts.ts'
import type { Clock, Log } from '../platform/platform.ts'
import type { CpeRequest, EventStruct, SessionOutcome } from '../session/session.ts'
import type { StateStore } from '../state/state.ts'
import type { Dialer, Names } from '../transport/transport.ts'

/** The device as a service sees it, from one boot to the next. */
export interface Device {
  readonly tree: ParameterTree
  /** Use `store.together` where an event and what the service remembers must be durable at once. */
  readonly store: StateStore
  readonly clock: Clock
  readonly log: Log
  readonly options: AgentOptions
  readonly parts: AgentParts
  /** What connects to other servers as the device does, with its DNS, roots and certificate. One for each session or transfer. */
  createDialer(): Dialer
  /** What looks names up as the device does, each for so many device milliseconds at most. */
  createNames(timeout: number): Names
  /** Whether a session runs or is about to. */
  readonly inSession: boolean
  /** Whether connection requests reach the device: they do not while it sleeps so soundly that none would wake it. */
  readonly hearsConnectionRequests: boolean
  /** Whether the last session failed, so that the next one is a retry. */
  readonly isRetrying: boolean
  /** Notes an event, durably where its kind asks for it, and opens a session for it, at once or after the running one. */
  occurred(code: string, commandKey?: string): void
  /** As `occurred`, but opens no session: for what the next one is to tell anyway. */
  remember(code: string, commandKey?: string): void
  /** How many events of that code and command key wait or are under way. Any command key when none is given. */
  undelivered(code: string, commandKey?: string): number
  /** Whether an event has occurred and has not been delivered. Any command key when none is given. */
  isUndelivered(code: string, commandKey?: string): boolean
  /** Adds a call on the ACS, for the running session if that still allows it, otherwise for the next. It is not remembered over a reboot. */
  request(request: CpeRequest): void
  /** Opens a session when there is reason for one. */
  openSession(): void
  /** Opens a session if something waits for one that could not be opened. */
  resume(): void
  /** Reboots after the running session, which 1 BOOT and M Reboot will report to the ACS that asked. */
  requestReboot(commandKey: string): void
  /** Reboots once no session runs, for a reason of the device itself; 1 BOOT reports it. */
  rebootAfterSession(): void
  /** When the next session is due as far as that is known, in device milliseconds since the Unix epoch. */
  readonly nextSession: number | undefined
  /** Calls GetRPCMethods on the ACS in the running or the next session. */
  askForMethods(): void
  /** Ends the program. */
  exit(): void
  /** Reboots now, for a reason of the device itself; 1 BOOT reports it. */
  reboot(): void
  /** The service of that class. Throws when the device has none. */
  service<T extends CpeService>(type: ServiceClass<T>): T
}

/** A feature that lives as long as one boot: it begins anew from the store with the next. */
export interface CpeService {
  /**
   * Commands of the control socket that this feature carries out, by name. Each gives the members of its answer; a failure is thrown with a message for whoever gave
   * the command.
   */
  readonly commands?: Readonly<Record<string, (members: CommandMembers) => object | Promise<object>>>
  /** When this feature opens a session by itself next, in device milliseconds since the Unix epoch, as far as it knows. */
  readonly nextSession?: number | undefined
  /** Called first at each boot, before the device looks which ACS it has. */
  configure?(): void
  /** Called once, when the device has booted and before its first session. */
  start?(): void | Promise<void>
  /** The lights go out: nothing may happen after this has ended. */
  stop?(): void | Promise<void>
  /** A durable change of the data model, by whomever. */
  changed?(change: ParameterChange): void
  /** The ACS has set attributes of parameters. */
  attributesChanged?(): void
  /** The device's clock was set, after which moments of the calendar are at another distance. */
  clockSet?(): void
  /** An ACS with another URL is met, or the first one: what older ones have asked for is void (3.7.1.5). */
  bootstrapped?(): void
  /** A session begins, and these are the events of its Inform: calls that belong to one of them are to be made in it. */
  informing?(events: readonly EventStruct[]): void
  /** After each session, before the next one may begin. */
  sessionEnded?(outcome: SessionOutcome): void
}

/** A class by which a service is found; an altered subclass is found by the class that it extends. */
export type ServiceClass<T extends CpeService> = abstract new (...args: never[]) => T

/** Makes a service for one boot of a device. */
export type ServiceFactory = (device: Device) => CpeService

/** The service of that class. Throws when there is none, which is an error of the composition. */
export function serviceOf<T extends CpeService>(services: readonly CpeService[], type: ServiceClass<T>): T {
  const found = services.find((service) => service instanceof (type as new () => T))
  if (!found) throw new Error(`this device is composed without ${type.name}`)
  return found as T
}
