/** Public face of services/. */

import { AcsDiscovery } from '../acs-discovery/acs-discovery.ts'
import { ConfigurationService } from '../config/config.ts'
import { UdpConnectionRequests } from '../connection-request/connection-request.ts'
import { LocalControl } from '../control/local-control.ts'
import { diagnosticsService, UdpEcho } from '../diagnostics/diagnostics.ts'
import { InterfaceStack } from '../interface-stack/interface-stack.ts'
import { Kicked } from '../kicked/kicked.ts'
import { LanDevices } from '../lan-devices/lan-devices.ts'
import { LightweightNotifier, Notifications } from '../notification/notification.ts'
import { Heartbeat, ScheduledInforms, ScheduledReboot } from '../scheduling/scheduling.ts'
import { SoftwareModules } from '../software-modules/software-modules.ts'
import { Standby } from '../standby/standby.ts'
import { Transfers } from '../transfer/transfer.ts'
import { Vouchers } from '../vouchers/vouchers.ts'
import { XmppConfiguration, XmppConnections } from '../xmpp/xmpp.ts'
import type { ServiceFactory } from './service.ts'

export { type CpeService, type Device, type ServiceClass, type ServiceFactory, serviceOf } from './service.ts'

/** All services of this agent, by name; they start in this order. */
export function standardServices(): Map<string, ServiceFactory> {
  return new Map<string, ServiceFactory>([
    ['Notifications', (device) => new Notifications(device)],
    ['InterfaceStack', (device) => new InterfaceStack(device)],
    ['LanDevices', (device) => new LanDevices(device)],
    ['LightweightNotifier', (device) => new LightweightNotifier(device)],
    ['Configuration', (device) => new ConfigurationService(device)],
    ['LocalControl', (device) => new LocalControl(device)],
    ['AcsDiscovery', (device) => new AcsDiscovery(device)],
    ['ScheduledInforms', (device) => new ScheduledInforms(device)],
    ['Heartbeat', (device) => new Heartbeat(device)],
    ['ScheduledReboot', (device) => new ScheduledReboot(device)],
    ['Standby', (device) => new Standby(device)],
    ['Diagnostics', diagnosticsService],
    ['Transfers', (device) => new Transfers(device)],
    ['Kicked', (device) => new Kicked(device)],
    ['Vouchers', (device) => new Vouchers(device)],
    ['SoftwareModules', (device) => new SoftwareModules(device)],
    ['UdpConnectionRequests', (device) => new UdpConnectionRequests(device)],
    ['XmppConfiguration', (device) => new XmppConfiguration(device)],
    ['XmppConnections', (device) => new XmppConnections(device)],
    ['UdpEcho', (device) => new UdpEcho(device)],
  ])
}
