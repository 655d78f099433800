import { describe, expect, test } from 'vitest'
import {
  attributeOf,
  buildEnvelope,
  parseEnvelope,
  SOAP_ENCODING,
  type XmlElement,
  XSI,
} from '../soap/soap.ts'
import { dispatch, type RpcHandler, standardRpcs } from './rpc.ts'
import { attribute, Cpe, names, PROVISIONING_CODE, spa, spv, value } from './test-cpe.ts'

/** Text of arguments by name; arrays become arrays of their members. */
function valuesOf(element: XmlElement): unknown {
  if (attributeOf(element, 'arrayType', SOAP_ENCODING) !== undefined) return element.children.map(valuesOf)
  if (element.children.length === 0) return element.text
  return Object.fromEntries(element.children.map((child) => [child.name, valuesOf(child)]))
}

describe('dispatch', () => {
  test('answers 9000 to a method it does not have', () => {
    expect(new Cpe().faultCode('X_EXAMPLE_Nothing')).toBe(9000)
    expect(new Cpe().faultCode('getparametervalues')).toBe(9000)
  })

  test('answers 9000 to a method of another namespace', () => {
    const cpe = new Cpe()
    const request = parseEnvelope(
      buildEnvelope('<GetRPCMethods xmlns="urn:other"/>', { version: '1.4' }),
    ).body

    expect(() => dispatch(request, cpe.rpcs, cpe.context)).toThrow(
      expect.objectContaining({ faultCode: 9000 }),
    )
  })

  test('answers 9002 to what nobody expected, and keeps the cause', () => {
    const cpe = new Cpe()
    const broken: RpcHandler = {
      method: 'Reboot',
      handle: () => {
        throw new TypeError('secret detail')
      },
    }
    cpe.rpcs.set('Reboot', broken)

    expect(() => cpe.call('Reboot')).toThrow(
      expect.objectContaining({
        faultCode: 9002,
        faultString: 'Internal error',
        cause: expect.any(TypeError),
      }),
    )
  })
})

test('GetRPCMethods lists what works', () => {
  const response = new Cpe().call('GetRPCMethods')

  expect(valuesOf(response)).toEqual({ MethodList: [...standardRpcs().keys()] })
  expect(attributeOf(response.children[0] as XmlElement, 'arrayType', SOAP_ENCODING)).toBe(
    `xsd:string[${standardRpcs().size}]`,
  )
})

describe('GetParameterValues', () => {
  test('answers names and partial paths in one list with types and a true count', () => {
    const cpe = new Cpe()
    cpe.tree.setValues([{ path: PROVISIONING_CODE, value: '<&> ü' }], '')
    const response = cpe.call('GetParameterValues', names(PROVISIONING_CODE, 'Device.WiFi.SSID.1.'))
    const [list] = response.children
    const members = list?.children ?? []

    expect(valuesOf(members[0] as XmlElement)).toEqual({ Name: PROVISIONING_CODE, Value: '<&> ü' })
    expect(members.length).toBeGreaterThan(10)
    expect(attributeOf(list as XmlElement, 'arrayType', SOAP_ENCODING)).toBe(
      `cwmp:ParameterValueStruct[${members.length}]`,
    )
    expect(
      members.every((each) =>
        /^(xsd|soap-enc):/.test(attributeOf(each.children[1] as XmlElement, 'type', XSI) ?? ''),
      ),
    ).toBe(true)
  })

  test('fails as a whole when one name is wrong', () => {
    expect(new Cpe().faultCode('GetParameterValues', names(PROVISIONING_CODE, 'Device.NoSuch'))).toBe(9005)
  })

  test('answers an empty table with an empty list', () => {
    expect(valuesOf(new Cpe().call('GetParameterValues', names('Device.NAT.PortMapping.')))).toEqual({
      ParameterList: [],
    })
  })

  test('answers 9004 to a request for everything a thousand times', () => {
    expect(new Cpe().faultCode('GetParameterValues', names(...Array<string>(1000).fill('')))).toBe(9004)
  })
})

test('GetParameterNames answers names with a true count', () => {
  const response = new Cpe().call(
    'GetParameterNames',
    '<ParameterPath>Device.Users.</ParameterPath><NextLevel>true</NextLevel>',
  )

  expect(valuesOf(response)).toEqual({
    ParameterList: [
      { Name: 'Device.Users.UserNumberOfEntries', Writable: '0' },
      { Name: 'Device.Users.User.', Writable: '1' },
    ],
  })
  expect(attributeOf(response.children[0] as XmlElement, 'arrayType', SOAP_ENCODING)).toBe(
    'cwmp:ParameterInfoStruct[2]',
  )
})

describe('SetParameterValues', () => {
  test('sets values of any order and type and answers Status 0', () => {
    const cpe = new Cpe()

    const response = cpe.call(
      'SetParameterValues',
      spv(
        value('Device.ManagementServer.PeriodicInformInterval', '60', 'xsi:type="xsd:unsignedInt"') +
          value(
            PROVISIONING_CODE,
            ' <![CDATA[<a>]]> ',
            'xmlns:x="http://www.w3.org/2001/XMLSchema" xsi:type="x:string"',
          ),
        'key',
      ),
    )

    expect(valuesOf(response)).toEqual({ Status: '0' })
    expect(cpe.tree.get(PROVISIONING_CODE)?.value).toBe(' <a> ')
    expect(cpe.tree.get('Device.ManagementServer.PeriodicInformInterval')?.value).toBe('60')
  })

  test('names each parameter in error', () => {
    const list = value('Device.NoSuch', 'x') + value(PROVISIONING_CODE, '1', 'xsi:type="xsd:int"')

    expect(() => new Cpe().call('SetParameterValues', spv(list))).toThrow(
      expect.objectContaining({
        faultCode: 9003,
        setParameterValuesFaults: [
          expect.objectContaining({ parameterName: 'Device.NoSuch', faultCode: 9005 }),
          expect.objectContaining({ parameterName: PROVISIONING_CODE, faultCode: 9006 }),
        ],
      }),
    )
  })
})

describe('attributes', () => {
  test('are set where the change flags say so, and read back', () => {
    const cpe = new Cpe()
    const hostName = 'Device.DeviceInfo.HostName'

    const response = cpe.call(
      'SetParameterAttributes',
      spa(
        attribute(
          hostName,
          '1',
          '<AccessListChange>1</AccessListChange><AccessList><string>X_&amp;</string></AccessList>',
        ) +
          `<SetParameterAttributesStruct><Name>Device.DeviceInfo.UpTime</Name><NotificationChange>false</NotificationChange><Notification>2</Notification>` +
          `<AccessListChange>false</AccessListChange><AccessList><string>ignored</string></AccessList></SetParameterAttributesStruct>`,
      ),
    )

    expect(response.children).toEqual([])
    expect(valuesOf(cpe.call('GetParameterAttributes', names(hostName, 'Device.DeviceInfo.UpTime')))).toEqual(
      {
        ParameterList: [
          { Name: hostName, Notification: '1', AccessList: ['X_&'] },
          { Name: 'Device.DeviceInfo.UpTime', Notification: '0', AccessList: ['Subscriber'] },
        ],
      },
    )
  })

  test.each([
    ['GetParameterAttributes', names('Device.NoSuch'), 9005],
    ['SetParameterAttributes', spa(attribute('Device.NoSuch', '1')), 9005],
    ['SetParameterAttributes', spa(attribute('Device.DeviceInfo.UpTime', '2')), 9009],
  ])('%s %s gives %i', (method, args, code) => {
    expect(new Cpe().faultCode(method, args)).toBe(code)
  })

  test.each([
    ['GetParameterValues', names('Device.WiFi.SSID.*.SSID')],
    ['GetParameterAttributes', names('Device.WiFi.SSID.*.SSID')],
    ['GetParameterNames', '<ParameterPath>Device.WiFi.SSID.*.</ParameterPath><NextLevel>0</NextLevel>'],
  ])('%s takes wildcards since CWMP 1.4', (method, args) => {
    const cpe = new Cpe()

    cpe.context.version = '1.3'
    expect(cpe.faultCode(method, args)).toBe(9005)
    cpe.context.version = '1.4'
    expect(cpe.faultCode(method, args)).toBe(0)
  })

  test('lightweight notification is there since CWMP 1.4', () => {
    const cpe = new Cpe()
    const request = spa(attribute('Device.DeviceInfo.HostName', '3'))

    cpe.context.version = '1.3'
    expect(cpe.faultCode('SetParameterAttributes', request)).toBe(9003)
    cpe.context.version = '1.4'
    expect(cpe.faultCode('SetParameterAttributes', request)).toBe(0)
  })
})

test('AddObject and DeleteObject answer number and status', () => {
  const cpe = new Cpe()

  expect(
    valuesOf(
      cpe.call('AddObject', '<ObjectName>Device.NAT.PortMapping.</ObjectName><ParameterKey>1</ParameterKey>'),
    ),
  ).toEqual({
    InstanceNumber: '1',
    Status: '0',
  })
  expect(
    valuesOf(
      cpe.call(
        'DeleteObject',
        '<ObjectName>Device.NAT.PortMapping.1.</ObjectName><ParameterKey>2</ParameterKey>',
      ),
    ),
  ).toEqual({
    Status: '0',
  })
  expect(
    cpe.faultCode(
      'DeleteObject',
      '<ObjectName>Device.NAT.PortMapping.1.</ObjectName><ParameterKey>3</ParameterKey>',
    ),
  ).toBe(9005)
  expect(
    cpe.faultCode('AddObject', '<ObjectName>Device.WiFi.Radio.</ObjectName><ParameterKey>3</ParameterKey>'),
  ).toBe(9005)
  expect(cpe.tree.get('Device.ManagementServer.ParameterKey')?.value).toBe('2')
})

test('Reboot and FactoryReset are answered and left for the end of the session', () => {
  const cpe = new Cpe()

  expect(cpe.call('Reboot', `<CommandKey>${'k'.repeat(32)}</CommandKey>`).children).toEqual([])
  expect(cpe.call('FactoryReset').children).toEqual([])
  expect(cpe.requested).toEqual([`reboot ${'k'.repeat(32)}`, 'factory reset'])
})
