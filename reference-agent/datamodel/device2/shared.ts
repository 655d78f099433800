/** Declarations that many objects repeat. */
import type { ParameterDefinition, PathReference } from '../definitions.ts'

type Parameters = Readonly<Record<string, ParameterDefinition>>

export const ALIAS: ParameterDefinition = { type: 'Alias', access: 'writeOnceReadOnly', default: 'cpe-{i}' }
export const ALIAS_KEY = { parameters: ['Alias'] } as const

/** Rows that the ACS creates start disabled. */
export const ENABLE: ParameterDefinition = { type: 'boolean', access: 'readWrite', default: 'false' }

/** State of an interface that works whenever it is enabled. */
export const INTERFACE_STATUS: ParameterDefinition = {
  type: 'string',
  enumeration: ['Up', 'Down', 'Unknown', 'Dormant', 'NotPresent', 'LowerLayerDown', 'Error'],
  follows: { parameter: 'Enable', values: { true: 'Up', false: 'Down' } },
}

/** State of a service that works whenever it is enabled. */
export const SERVICE_STATUS: ParameterDefinition = {
  type: 'string',
  enumeration: ['Disabled', 'Enabled', 'Error_Misconfigured', 'Error'],
  follows: { parameter: 'Enable', values: { true: 'Enabled', false: 'Disabled' } },
}

export const LOWER_LAYERS: ParameterDefinition = {
  type: 'string',
  access: 'readWrite',
  list: { length: [null, 1024] },
  pathRef: { refType: 'strong', targetType: 'row' },
}

const ANY_IP_INTERFACE: PathReference = {
  refType: 'strong',
  targetType: 'row',
  targetParent: ['Device.IP.Interface.'],
}

export const IP_INTERFACE: ParameterDefinition = {
  type: 'string',
  access: 'readWrite',
  length: [[null, 256]],
  pathRef: ANY_IP_INTERFACE,
}

/** State of a diagnosis (TR-106): what an ACS may write, and what the device says besides. */
export function diagnosticsState(...errors: string[]): ParameterDefinition {
  const reserved = ['None', 'Complete', ...errors]
  return {
    type: 'string',
    access: 'readWrite',
    enumeration: ['Requested', 'Canceled', ...reserved],
    reserved,
    trigger: true,
    default: 'None',
  }
}

/** Parameters that many diagnoses take. */
export const DSCP: ParameterDefinition = { type: 'unsignedInt', access: 'readWrite', range: [[0, 63]] }
export const PROTOCOL_VERSION: ParameterDefinition = {
  type: 'string',
  access: 'readWrite',
  enumeration: ['Any', 'IPv4', 'IPv6'],
  default: 'Any',
}

/** A test parameter of at least one, with a value to begin with. */
export function testNumber(initial: string, maximum: number | null = null): ParameterDefinition {
  return { type: 'unsignedInt', access: 'readWrite', range: [[1, maximum]], default: initial }
}

const COUNTER32: ParameterDefinition = { type: 'unsignedInt', activeNotify: 'canDeny' }
const COUNTER64: ParameterDefinition = { type: 'unsignedLong', activeNotify: 'canDeny' }

/** The counters that every interface object has; a few objects do not let the CPE deny active notification of all of them. */
export const INTERFACE_STATS: Parameters = {
  BytesSent: COUNTER64,
  BytesReceived: COUNTER64,
  PacketsSent: COUNTER64,
  PacketsReceived: COUNTER64,
  ErrorsSent: COUNTER32,
  ErrorsReceived: COUNTER32,
  UnicastPacketsSent: COUNTER64,
  UnicastPacketsReceived: COUNTER64,
  DiscardPacketsSent: COUNTER32,
  DiscardPacketsReceived: COUNTER32,
  MulticastPacketsSent: COUNTER64,
  MulticastPacketsReceived: COUNTER64,
  BroadcastPacketsSent: COUNTER64,
  BroadcastPacketsReceived: COUNTER64,
  UnknownProtoPacketsReceived: COUNTER32,
}
