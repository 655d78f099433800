/** The Device:2 data model of the reference agent, with the configuration it has from the factory. */
import type { ObjectDefinition } from '../definitions.ts'
import { deviceInfo } from './device-info.ts'
import { managementServer } from './management-server.ts'

export const device2: readonly ObjectDefinition[] = [...deviceInfo, ...managementServer]
