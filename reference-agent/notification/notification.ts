/** Public face of notification/. */
export { Notifications } from './notifications.ts'
