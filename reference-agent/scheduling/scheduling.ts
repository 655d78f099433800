/** Public face of scheduling/. */
export { MOST_SCHEDULED_INFORMS, ScheduledInforms } from './scheduled-informs.ts'
