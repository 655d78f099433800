/** The device as its services see it: a narrow view of the parts of one boot. */
import type { CpeSurroundings } from './cpe-surroundings.ts'
import type { ParameterTree } from './datamodel/datamodel.ts'
import type { Lifecycle } from './lifecycle.ts'
import { type CpeService, type Device, serviceOf } from './services/services.ts'
import type { EventQueue, PeriodicInform, RetryPolicy, SessionScheduler } from './session/session.ts'
import { Standby } from './standby/standby.ts'
import { createDialer, createNames } from './wiring.ts'

interface Internals
  extends Pick<Device, 'occurred' | 'request' | 'requestReboot' | 'resume' | 'askForMethods'> {
  surroundings: CpeSurroundings
  tree: ParameterTree
  queue: EventQueue
  scheduler: SessionScheduler
  periodic: PeriodicInform
  retry: RetryPolicy
  lifecycle: Lifecycle
  /** Made after the view, of which each is given one. */
  services(): readonly CpeService[]
}

export function deviceView(internals: Internals): Device {
  const { surroundings, tree, queue, scheduler, periodic, retry, lifecycle } = internals
  const { store, clock, log, options, parts } = surroundings
  return {
    tree,
    store,
    clock,
    log,
    options,
    parts,
    createDialer: () => createDialer(surroundings),
    createNames: (timeout) => createNames(surroundings, timeout),
    get inSession() {
      return scheduler.running
    },
    get hearsConnectionRequests() {
      return serviceOf(internals.services(), Standby).hearsConnectionRequests
    },
    get isRetrying() {
      return retry.retryCount > 0
    },
    get nextSession() {
      const planned = internals.services().map(({ nextSession }) => nextSession)
      const known = [periodic.next, scheduler.nextRetry, ...planned].filter((moment) => moment !== undefined)
      return known.length > 0 ? Math.min(...known) : undefined
    },
    occurred: internals.occurred,
    remember: (code, commandKey) => queue.add(code, commandKey),
    undelivered: (code, commandKey) => queue.count(code, commandKey),
    isUndelivered: (code, commandKey) => queue.holds(code, commandKey),
    request: internals.request,
    openSession: () => scheduler.trigger(),
    resume: internals.resume,
    requestReboot: internals.requestReboot,
    rebootAfterSession: () => lifecycle.rebootAfterSession(scheduler.running),
    reboot: () => surroundings.reboot(),
    askForMethods: internals.askForMethods,
    exit: () => surroundings.exit(),
    service: (type) => serviceOf(internals.services(), type),
  }
}
