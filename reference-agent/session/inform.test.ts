import { describe, expect, test } from 'vitest'
import { buildEnvelope, childNamed, parseEnvelope, type XmlElement } from '../soap/soap.ts'
import { buildInform, eventsOfInform, roomForEvents } from './inform.ts'

function parse(inform: string): XmlElement {
  return parseEnvelope(buildEnvelope(inform, { version: '1.4' })).body
}

const text = (element: XmlElement | undefined, name: string) => element && childNamed(element, name)?.text

describe('buildInform', () => {
  const inform = parse(
    buildInform({
      deviceId: { Manufacturer: 'A & B', OUI: '00D09E', ProductClass: 'Gerät', SerialNumber: '1' },
      events: [
        { EventCode: '1 BOOT', CommandKey: '' },
        { EventCode: 'M Reboot', CommandKey: '<key>' },
      ],
      currentTime: '2026-03-01T12:00:00Z',
      retryCount: 3,
      parameters: [{ path: 'Device.X', value: '"<&>', type: 'xsd:string' }],
    }),
  )

  test('has its arguments in the order of the schema', () => {
    expect(inform.name).toBe('Inform')
    expect(inform.children.map(({ name }) => name)).toEqual([
      'DeviceId',
      'Event',
      'MaxEnvelopes',
      'CurrentTime',
      'RetryCount',
      'ParameterList',
    ])
    expect([text(inform, 'MaxEnvelopes'), text(inform, 'RetryCount')]).toEqual(['1', '3'])
  })

  test('keeps every character', () => {
    const device = childNamed(inform, 'DeviceId')
    const event = childNamed(inform, 'Event')?.children[1]
    const parameter = childNamed(inform, 'ParameterList')?.children[0]

    expect([text(device, 'Manufacturer'), text(device, 'ProductClass')]).toEqual(['A & B', 'Gerät'])
    expect([text(event, 'EventCode'), text(event, 'CommandKey')]).toEqual(['M Reboot', '<key>'])
    expect([text(parameter, 'Name'), text(parameter, 'Value')]).toEqual(['Device.X', '"<&>'])
  })

  test('counts its arrays', () => {
    const sizes = ['Event', 'ParameterList'].map(
      (name) =>
        childNamed(inform, name)?.attributes.find((attribute) => attribute.name === 'arrayType')?.value,
    )

    expect(sizes).toEqual(['cwmp:EventStruct[2]', 'cwmp:ParameterValueStruct[1]'])
  })
})

test('a reported change brings 4 VALUE CHANGE, whatever the session is for, and never a 65th event', () => {
  const waiting = Array.from({ length: roomForEvents(true) }, () => ({
    EventCode: 'M Reboot',
    CommandKey: '',
  }))

  const events = eventsOfInform(waiting, true)

  expect(events).toHaveLength(64)
  expect(events.at(-1)).toEqual({ EventCode: '4 VALUE CHANGE', CommandKey: '' })
  expect(eventsOfInform([], false)).toEqual([])
})
