import { describe, expect, test } from 'vitest'
import { attribute, Cpe, PROVISIONING_CODE, spa, spv, value } from './test-cpe.ts'

const LONG_KEY = 'k'.repeat(33)

describe('missing and malformed arguments are 9003', () => {
  test.each([
    ['GetParameterValues', ''],
    ['GetParameterValues', '<ParameterNames/>'],
    ['GetParameterValues', `<c:ParameterNames xmlns:c="urn:c"><string>Device.</string></c:ParameterNames>`],
    ['GetParameterValues', '<ParameterNames><string><b/></string></ParameterNames>'],
    [
      'GetParameterValues',
      '<ParameterNames soap-enc:arrayType="xsd:string[2]"><string>Device.</string></ParameterNames>',
    ],
    ['GetParameterAttributes', ''],
    ['GetParameterAttributes', '<ParameterNames/>'],
    ['GetParameterNames', '<ParameterPath>Device.</ParameterPath>'],
    ['GetParameterNames', '<NextLevel>1</NextLevel>'],
    ['GetParameterNames', '<ParameterPath>Device.</ParameterPath><NextLevel>yes</NextLevel>'],
    ['GetParameterNames', '<ParameterPath>Device.</ParameterPath><NextLevel/>'],
    ['GetParameterNames', '<ParameterPath/><ParameterPath/><NextLevel>1</NextLevel>'],
    ['GetParameterNames', `<ParameterPath>${PROVISIONING_CODE}</ParameterPath><NextLevel>1</NextLevel>`],
    ['SetParameterValues', '<ParameterKey/>'],
    ['SetParameterValues', `<ParameterList>${value(PROVISIONING_CODE, 'x')}</ParameterList>`],
    ['SetParameterValues', spv(value(PROVISIONING_CODE, 'x'), LONG_KEY)],
    ['SetParameterValues', spv('<ParameterValueStruct><Value>x</Value></ParameterValueStruct>')],
    [
      'SetParameterValues',
      spv(`<ParameterValueStruct><Name>${PROVISIONING_CODE}</Name></ParameterValueStruct>`),
    ],
    ['SetParameterValues', spv(value(PROVISIONING_CODE, '<b>x</b>'))],
    ['SetParameterValues', spv(value(PROVISIONING_CODE, 'x') + value(PROVISIONING_CODE, 'x'))],
    ['SetParameterAttributes', ''],
    ['SetParameterAttributes', spa('')],
    ['SetParameterAttributes', spa(attribute(PROVISIONING_CODE, '7'))],
    ['SetParameterAttributes', spa(attribute(PROVISIONING_CODE, '-1'))],
    ['SetParameterAttributes', spa(attribute(PROVISIONING_CODE, 'active'))],
    [
      'SetParameterAttributes',
      spa(attribute(PROVISIONING_CODE, '2', '<AccessListChange>0</AccessListChange>')),
    ],
    ['SetParameterAttributes', spa(attribute(PROVISIONING_CODE, '2', '<AccessList/>'))],
    [
      'SetParameterAttributes',
      spa(
        attribute(
          PROVISIONING_CODE,
          '2',
          `<AccessListChange>1</AccessListChange><AccessList><string>${'a'.repeat(65)}</string></AccessList>`,
        ),
      ),
    ],
    ['AddObject', '<ParameterKey/>'],
    ['AddObject', '<ObjectName>Device.NAT.PortMapping.</ObjectName>'],
    ['AddObject', `<ObjectName>Device.NAT.PortMapping.</ObjectName><ParameterKey>${LONG_KEY}</ParameterKey>`],
    ['DeleteObject', '<ParameterKey/>'],
    ['DeleteObject', '<ObjectName>Device.WiFi.SSID.1.</ObjectName>'],
    ['DeleteObject', `<ObjectName>Device.WiFi.SSID.1.</ObjectName><ParameterKey>${LONG_KEY}</ParameterKey>`],
    ['Reboot', ''],
    ['Reboot', `<CommandKey>${LONG_KEY}</CommandKey>`],
  ])('%s %s', (method, args) => {
    const cpe = new Cpe()
    const before = cpe.tree.getParameters('')

    expect(cpe.faultCode(method, args)).toBe(9003)
    expect(cpe.tree.getParameters('')).toEqual(before)
    expect(cpe.requested).toEqual([])
  })
})
