/** The Device:2 data model of the reference agent, with the configuration it has from the factory. */
import type { ObjectDefinition } from '../definitions.ts'
import { deviceInfo } from './device-info.ts'
import { dhcpv4 } from './dhcpv4.ts'
import { dns } from './dns.ts'
import { ethernet } from './ethernet.ts'
import { gatewayInfo } from './gateway-info.ts'
import { hosts } from './hosts.ts'
import { interfaceStack } from './interface-stack.ts'
import { ip } from './ip.ts'
import { ipDiagnostics } from './ip-diagnostics.ts'
import { managementServer } from './management-server.ts'
import { nat } from './nat.ts'
import { softwareModules } from './software-modules.ts'
import { throughputDiagnostics } from './throughput-diagnostics.ts'
import { time } from './time.ts'
import { userInterface } from './user-interface.ts'
import { users } from './users.ts'
import { wifi } from './wifi.ts'
import { wifiAccessPoint } from './wifi-access-point.ts'
import { wifiRadio } from './wifi-radio.ts'
import { xmpp } from './xmpp.ts'

export const device2: readonly ObjectDefinition[] = [
  ...deviceInfo,
  ...managementServer,
  ...gatewayInfo,
  ...time,
  ...ethernet,
  ...ip,
  ...interfaceStack,
  ...ipDiagnostics,
  ...throughputDiagnostics,
  ...dns,
  ...wifi,
  ...wifiRadio,
  ...wifiAccessPoint,
  ...dhcpv4,
  ...nat,
  ...hosts,
  ...users,
  ...userInterface,
  ...xmpp,
  ...softwareModules,
]
