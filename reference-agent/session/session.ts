/** Public face of session/. */
export { hasCompression, hasMethod, hasRetryParameters, versionsOf } from './amendment.ts'
export { EventQueue, type EventStruct } from './events.ts'
export {
  buildInform,
  type DeviceIdStruct,
  eventsOfInform,
  type InformArguments,
  roomForEvents,
} from './inform.ts'
export { MANAGEMENT_SERVER, ManagementServer, STANDARD_RETRY, timeOf } from './management-server.ts'
export { PeriodicInform, type PeriodicInformSettings } from './periodic-inform.ts'
export { type RetryParameters, RetryPolicy } from './retry-policy.ts'
export { type SchedulerOptions, SessionScheduler } from './scheduler.ts'
export {
  type CpeRequest,
  type Outgoing,
  Session,
  type SessionContext,
  type SessionOutcome,
} from './session-loop.ts'
