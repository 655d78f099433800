/** Public face of notification/. */
export { sendDatagram } from './datagram.ts'
export { LightweightNotifier } from './lightweight.ts'
export { Notifications } from './notifications.ts'
