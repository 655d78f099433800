/** The Inform RPC (TR-069 A.3.3.1). */
import { escapeXml } from '../soap/soap.ts'
import { type EventStruct, MOST_EVENTS } from './events.ts'

export interface DeviceIdStruct {
  Manufacturer: string
  OUI: string
  ProductClass: string
  SerialNumber: string
}

/** A parameter with the xsi:type it travels under, such as xsd:string. */
export interface ParameterValueStruct {
  path: string
  value: string
  type: string
}

export interface InformArguments {
  deviceId: DeviceIdStruct
  /** 0 to 64. */
  events: readonly EventStruct[]
  /** dateTime with the local offset. */
  currentTime: string
  retryCount: number
  /** Each path once. */
  parameters: readonly ParameterValueStruct[]
}

/** The events of an Inform: those that wait, and 4 VALUE CHANGE whenever a notified change is reported (4.1). */
export function eventsOfInform(waiting: readonly EventStruct[], hasChanges: boolean): EventStruct[] {
  const isNamed = waiting.some(({ EventCode }) => EventCode === '4 VALUE CHANGE')
  return hasChanges && !isNamed ? [...waiting, { EventCode: '4 VALUE CHANGE', CommandKey: '' }] : [...waiting]
}

/** Room that `eventsOfInform` leaves for waiting events. */
export function roomForEvents(hasChanges: boolean): number {
  return hasChanges ? MOST_EVENTS - 1 : MOST_EVENTS
}

/** Writes the Inform element for the Body of an envelope. One envelope in each HTTP message is all that CWMP allows. */
export function buildInform({
  deviceId,
  events,
  currentTime,
  retryCount,
  parameters,
}: InformArguments): string {
  const device = Object.entries(deviceId).map(([name, value]) => `<${name}>${escapeXml(value)}</${name}>`)
  const eventList = events.map(
    ({ EventCode, CommandKey }) =>
      `<EventStruct><EventCode>${escapeXml(EventCode)}</EventCode><CommandKey>${escapeXml(CommandKey)}</CommandKey></EventStruct>`,
  )
  const parameterList = parameters.map(
    ({ path, value, type }) =>
      `<ParameterValueStruct><Name>${escapeXml(path)}</Name><Value xsi:type="${type}">${escapeXml(value)}</Value></ParameterValueStruct>`,
  )
  return [
    `<cwmp:Inform><DeviceId>${device.join('')}</DeviceId>`,
    `<Event soap-enc:arrayType="cwmp:EventStruct[${events.length}]">${eventList.join('')}</Event>`,
    `<MaxEnvelopes>1</MaxEnvelopes><CurrentTime>${currentTime}</CurrentTime><RetryCount>${retryCount}</RetryCount>`,
    `<ParameterList soap-enc:arrayType="cwmp:ParameterValueStruct[${parameters.length}]">${parameterList.join('')}</ParameterList>`,
    '</cwmp:Inform>',
  ].join('')
}
