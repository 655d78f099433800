/** Public face of scheduling/. */
export { Heartbeat } from './heartbeat.ts'
export { MOST_SCHEDULED_INFORMS, ScheduledInforms } from './scheduled-informs.ts'
export { ScheduledReboot } from './scheduled-reboot.ts'
